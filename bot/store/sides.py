"""The sides of a person, one address in each app: one is handed over to who they are elsewhere, or taken off.

What waits for a side goes with it, or keeps it: nothing that is owed to somebody loses the only way to them.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import BindParameter, bindparam, delete, exists, select, update

from bot.model.outgoing import Priority
from bot.model.person import Address, Platform
from bot.model.queue import LaneKind
from bot.store import addresses, owner, refs
from bot.store.padded import padded
from bot.store.tables import address, inbox, line_message, message_ref, outbox
from bot.store.tables import role as role_table
from bot.store.unit import Unit

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_EARLIER = update(address).where(address.c.person_id == bindparam("who")).values(later=False)
_HAND_OVER = (
    update(address)
    .where(address.c.id == bindparam("which"))
    .values(person_id=bindparam("who"), routing_sealed=bindparam("sealed"), later=True, reachable=True)
)
_WRITTEN = (
    update(inbox)
    .where(
        inbox.c.lane_kind == LaneKind.PERSON.value,
        inbox.c.lane_id == bindparam("before"),
        inbox.c.handled_at.is_(None),
        inbox.c.origin.in_([one.value for one in Platform]),
    )
    .values(lane_id=bindparam("after"))
)
_PROVE_ANEW = update(role_table).where(role_table.c.person_id == bindparam("who")).values(elevated_until=None)
_other = address.alias("other")
_CAN_GO = select(address.c.id).where(
    address.c.id == bindparam("which"),
    exists().where(
        _other.c.person_id == address.c.person_id, _other.c.id != address.c.id, _other.c.reachable
    ),
    ~exists().where(
        outbox.c.address_id == address.c.id,
        outbox.c.priority.in_([int(Priority.RELAY), int(Priority.CHECK_IN)]),
    ),
)
_OTHER = (
    select(_other.c.id)
    .join(address, address.c.person_id == _other.c.person_id)
    .where(address.c.id == outbox.c.address_id, _other.c.id.not_in(_IDS))
    .limit(1)
    .scalar_subquery()
)
_UNREAD = (
    update(inbox)
    .where(
        inbox.c.lane_kind == LaneKind.HELD.value,
        inbox.c.handled_at.is_(None),
        inbox.c.lane_id.in_(
            select(address.c.person_id).where(address.c.id.in_(_IDS), address.c.rekeyed_at.is_not(None))
        ),
    )
    .values(lane_kind=LaneKind.NOBODY.value, lane_id=inbox.c.id, body=None, handled_at=inbox.c.received_at)
)
_LEAVE = (
    _UNREAD,
    update(outbox)
    .where(outbox.c.address_id.in_(_IDS), outbox.c.notice_id.is_not(None))
    .values(address_id=_OTHER),
    delete(outbox).where(outbox.c.address_id.in_(_IDS), outbox.c.owed.is_(False)),
    delete(message_ref).where(message_ref.c.address_id.in_(_IDS)),
    delete(line_message).where(line_message.c.address_id.in_(_IDS)),
    delete(address).where(address.c.id.in_(_IDS)),
)


async def hand_over(unit: Unit, side: Address, *, to: int) -> None:
    """This address belongs to another person from now on, who is written to there, with what was written from it.

    What is to be deleted in its chat still is. Whoever proved a role proves it anew there.
    """
    name = owner.of_person(to)
    keys = await unit.keyring.keys_for([name])
    sealed = unit.seal(side.routing_id.encode(), keys[name], place=addresses.place(side.id, to))
    known = await refs.of_people(unit, [side.person_id])
    await refs.forget(unit, list(known))
    await unit.change(_EARLIER, {"who": to})
    await unit.change(_HAND_OVER, {"which": side.id, "who": to, "sealed": sealed})
    await refs.remember(unit, [replace(one, person_id=to) for one in known.values()])
    await unit.change(_WRITTEN, {"before": side.person_id, "after": to})
    await unit.change(_PROVE_ANEW, {"who": to})


async def can_go(unit: Unit, side: Address) -> bool:
    """Whether its person can be reached without this address, and nothing is on its way there."""
    return bool(await unit.fetch(_CAN_GO, {"which": side.id}))


async def take_off(unit: Unit, sides: Sequence[Address]) -> None:
    """Forget these addresses of people who have another one: what is said there later in this unit is owed.

    Notices that wait go to the other one. What another phone wrote there is nobody's words, and read by nobody.
    """
    if not sides:
        return
    unit.left.update({one.id: one for one in sides})
    for statement in _LEAVE:
        await unit.change(statement, {"ids": padded([one.id for one in sides])})

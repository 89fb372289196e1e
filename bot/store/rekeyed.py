"""Addresses where another phone answers: marking one, what waits for it to be known who that is, and letting it go on.

Nothing leaves for such an address but what asks (`departure`); what comes from it lies in a lane of its own. Called by
`pipeline.rekeyed` and by the organizers' second yes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, or_, select, update

from bot.model.outgoing import Priority
from bot.model.queue import LaneKind
from bot.store.moment import to_ms
from bot.store.padded import padded
from bot.store.pauses import FOREVER
from bot.store.tables import address, inbox, outbox
from bot.store.unit import Unit

_MARK: Final = (
    update(address)
    .where(address.c.id == bindparam("which"))
    .values(rekeyed_at=bindparam("now"), asked_at=bindparam("asked"))
)
_OUT: Final = (
    update(address)
    .where(address.c.id.in_(bindparam("ids", expanding=True)), address.c.asked_at == to_ms(FOREVER))
    .values(asked_at=bindparam("now"))
)
_IS_COMING: Final = select(outbox.c.id).where(
    outbox.c.address_id == bindparam("which"),
    outbox.c.asks.is_(True),
    or_(outbox.c.attempts == 0, outbox.c.sending.is_(True)),
)
_IS_ASKED: Final = select(address.c.id).where(
    address.c.id == bindparam("which"), address.c.rekeyed_at.is_not(None)
)
_KNOWN: Final = (
    update(address).where(address.c.person_id == bindparam("who")).values(rekeyed_at=None, asked_at=None)
)
_HOLD: Final = (
    update(inbox)
    .where(inbox.c.id == bindparam("which"))
    .values(lane_kind=LaneKind.HELD.value, due_at=bindparam("never"))
)
_BRING: Final = (
    update(inbox)
    .where(
        inbox.c.lane_kind == LaneKind.HELD.value,
        inbox.c.lane_id == bindparam("who"),
        inbox.c.handled_at.is_(None),
    )
    .values(lane_kind=LaneKind.PERSON.value, due_at=bindparam("now"))
)
_GO_ON: Final = (
    update(outbox)
    .where(
        outbox.c.address_id == bindparam("which"),
        outbox.c.attempts > 0,
        outbox.c.sending.is_(False),
        outbox.c.asks.is_not(True),
    )
    .values(due_at=bindparam("now"))
)
_TAKE_BACK: Final = delete(outbox).where(
    outbox.c.address_id == bindparam("which"), outbox.c.asks.is_(True), outbox.c.sending.is_(False)
)
_other: Final = address.alias("other")
_PASS_ON: Final = (
    update(outbox)
    .where(
        outbox.c.address_id == bindparam("which"),
        outbox.c.priority.in_([int(Priority.RELAY), int(Priority.CHECK_IN)]),
        outbox.c.asks.is_not(True),
        outbox.c.sending.is_(False),
    )
    .values(
        address_id=select(_other.c.id)
        .where(_other.c.person_id == outbox.c.person_id, _other.c.id != bindparam("which"))
        .limit(1)
        .scalar_subquery(),
        due_at=outbox.c.created_at,
    )
)


async def mark(unit: Unit, address_id: int, *, now: datetime, asked: datetime = FOREVER) -> None:
    """Another phone answers at this address from now on, and is asked who it is; since `asked`, if it was already.

    What was put off there waits for the answer alone: what no guard lets pass any more is told at once.
    """
    await unit.change(_MARK, {"which": address_id, "now": to_ms(now), "asked": to_ms(asked)})
    await unit.change(_GO_ON, {"which": address_id, "now": to_ms(now)})


async def take_back(unit: Unit, address_id: int) -> bool:
    """The question that could not go out yet is to be asked anew; whether there was one."""
    return await unit.change(_TAKE_BACK, {"which": address_id}) > 0


async def are_out(unit: Unit, address_ids: Sequence[int], *, now: datetime) -> None:
    """The question has gone out there: what is written from now on can be an answer to it."""
    if address_ids:
        await unit.change(_OUT, {"ids": padded(address_ids), "now": to_ms(now)})


async def is_coming(unit: Unit, address_id: int) -> bool:
    """Whether the question is on its way, and was not put off."""
    return bool(await unit.fetch(_IS_COMING, {"which": address_id}))


async def is_asked(unit: Unit, address_id: int) -> bool:
    """Whether another phone answers there, and nobody knows yet who that is."""
    return bool(await unit.fetch(_IS_ASKED, {"which": address_id}))


async def hold(unit: Unit, row_id: int) -> None:
    """What came from there waits, in its order, until it is known who wrote it."""
    await unit.change(_HOLD, {"which": row_id, "never": to_ms(FOREVER)})


async def settle(unit: Unit, person_id: int, *, now: datetime) -> None:
    """It is this person: what waited for them goes out, and what they wrote is handled, each in its order."""
    await unit.change(_KNOWN, {"who": person_id})
    await unit.change(_BRING, {"who": person_id, "now": to_ms(now)})


async def pass_on(unit: Unit, address_id: int) -> None:
    """It begins anew there: what others wrote goes to their other address."""
    await unit.change(_PASS_ON, {"which": address_id})

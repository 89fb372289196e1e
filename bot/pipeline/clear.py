"""Taking messages out of chats: what is sensitive after a day, a whole chat when its person asks.

A reference stays until the platform confirms the deletion; one that is still there later is tried again, and one that
never worked is told when it lapses. A call of several is tried again one by one where the platform refused it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from bot.model.limit import DELETED_AT_ONCE
from bot.model.outgoing import DeleteMessages
from bot.model.person import Address
from bot.model.queue import Ending, Guard, Keep, MessageRef, NewOutbox, Settlement
from bot.store import outbox, owner, refs
from bot.store.unit import Unit

AGAIN: Final = timedelta(hours=2)  # then an unconfirmed deletion is written anew, and the old one dropped
CHATS: Final = 100  # at once


async def what_is_due(unit: Unit, *, now: datetime) -> None:
    """Write the deletions whose time has come."""
    found = await refs.due(unit, now=now, chats=CHATS)
    guard = Guard(useless_after=now + AGAIN)
    await outbox.add(unit, _calls(found.values(), guard), now=now)
    await refs.put_off(unit, list(found), until=now + AGAIN)


async def whole_chats(unit: Unit, address_ids: Sequence[int], *, now: datetime) -> None:
    """Empty these chats as far as the bot may."""
    if address_ids:
        await refs.hide(unit, address_ids, now=now)
        await what_is_due(unit, now=now)


async def before_forgetting(unit: Unit, person_ids: Sequence[int]) -> list[NewOutbox]:
    """What was to be deleted later goes now: nobody will know of it any more."""
    found = await refs.of_people(unit, person_ids) if person_ids else {}
    return _calls((ref for ref in found.values() if ref.keep is Keep.SENSITIVE), Guard())


async def before_leaving(
    unit: Unit, sides: Sequence[Address], *, heard: Sequence[MessageRef]
) -> list[NewOutbox]:
    """All that can still be deleted in chats that are left, `heard` just now or known: nobody will know it later."""
    found = await refs.of_people(unit, [one.person_id for one in sides]) if sides else {}
    ids = {one.id for one in sides}
    there = {ref.message_id: ref for ref in (*found.values(), *heard) if ref.address_id in ids}
    return _calls(there.values(), Guard())


async def one_by_one(unit: Unit, settlements: Sequence[Settlement], *, now: datetime) -> None:
    """Try deletions of several that were refused again, each by itself, for whoever is not forgotten meanwhile."""
    rows = [row for one in settlements for row in _apart(one)]
    keys = await unit.keyring.keys_for({owner.of_person(row.person_id) for row in rows})
    await outbox.add(unit, [row for row in rows if owner.of_person(row.person_id) in keys], now=now)


def _apart(settlement: Settlement) -> list[NewOutbox]:
    """A deletion of several that was refused: one message among them may stand in the way of all."""
    delivery, payload = settlement.delivery, settlement.delivery.payload
    if settlement.ending is not Ending.FAILED or settlement.unreachable or delivery.owed:
        return []
    if not isinstance(payload, DeleteMessages) or len(payload.message_ids) == 1:
        return []
    return [
        NewOutbox(
            address_id=delivery.address_id,
            person_id=delivery.person_id,
            payload=DeleteMessages(message_ids=(message_id,)),
            guard=Guard(useless_after=delivery.written_at + AGAIN),
        )
        for message_id in payload.message_ids
    ]


def _calls(found: Iterable[MessageRef], guard: Guard) -> list[NewOutbox]:
    """As few calls as delete all of these."""
    in_chats = ((chat, list(of_chat)) for chat, of_chat in groupby(sorted(found, key=_chat), key=_chat))
    return [
        NewOutbox(
            address_id=address_id,
            person_id=person_id,
            payload=DeleteMessages(
                message_ids=tuple(ref.message_id for ref in of_chat[at : at + DELETED_AT_ONCE])
            ),
            guard=guard,
        )
        for (address_id, person_id), of_chat in in_chats
        for at in range(0, len(of_chat), DELETED_AT_ONCE)
    ]


def _chat(ref: MessageRef) -> tuple[int, int]:
    return ref.address_id, ref.person_id

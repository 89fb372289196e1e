"""The line between two people, as the machinery sees it: whether words may still arrive, and what became of them.

Before a turn: what the database says of words from the other end. After a call: the other side's copy is remembered,
the writer's message gets a quiet mark, and who cannot be reached is told of. Nothing here reads a word.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.engine.event import Asked, Carried, Led, Loss, Lost, Typed
from bot.engine.need import LINE
from bot.model.case import HELD, Case, Freed, Side, Why
from bot.model.limit import LIMITS
from bot.model.outgoing import EditMessage, MarkDelivered, Priority, SendMedia
from bot.model.person import Address
from bot.model.queue import Delivery, Ending, Guard, NewInbox, NewOutbox, Settlement
from bot.pipeline import loss
from bot.store import cases, lanes, lines, outbox, people, refs
from bot.store.ids import made_at
from bot.store.lines import Copy
from bot.store.outbox import Refusal, Refused
from bot.store.unit import Unit

MARKED_WITHIN: Final = timedelta(hours=1)  # later the mark says nothing any more
FAILED: Final = {EditMessage: Loss.UNCHANGED, SendMedia: Loss.UNCARRIED}
EDIT_WAITS: Final = timedelta(seconds=4)  # for the message that it changes to arrive
EDIT_GIVEN_UP: Final = timedelta(minutes=1)


async def arriving(
    unit: Unit, event: Carried, person_id: int, *, here: Address | None, now: datetime
) -> Carried | None:
    """The words as they can be shown to this person; None if it changed hands, or they wait or are deleted.

    Nor are they for whoever blocked the bot (no `here`): no call is made then that could fail.

    A reply gets the number of the message it answers, an edit that of the message it changes, in this chat.
    """
    if await lines.is_gone(unit, int(event.line), int(event.sender)):
        return None
    case = await cases.load(unit, int(event.case))
    if not _still_holds(case, event, person_id):
        await lanes.to_person(unit, int(event.sender), Lost(how=Loss.UNHEARD), now=now)
        return None
    if here is None:
        lost = Loss.UNCHANGED if event.is_edit else Loss.UNREACHABLE
        await lanes.to_person(unit, int(event.sender), Lost(how=lost), now=now)
        await _out_of_reach(unit, int(event.case), person_id, now=now)
        return None
    if event.is_edit:
        return await _editing(unit, event, person_id, now=now)
    answered = await lines.copy_of(unit, int(event.reply), person_id) if event.reply else None
    return replace(event, reply_to=answered.message_id if answered else None)


async def answering(unit: Unit, event: Typed | Asked, here: Address) -> Led | None:
    """Where words go that quote a message of a line, wherever their writer is: there. None if they quote none."""
    found = await lines.find(unit, here, event.reply_to or "")
    case = await cases.load(unit, found[1]) if found else None
    side = case.side(here.person_id) if case else None
    if case is None or side is None:
        return None
    answers = {"case": str(case.id), "who": case.name_for(side)}
    return Led(flow=LINE, step="answer", answers=answers)


def _still_holds(case: Case | None, event: Carried, person_id: int) -> bool:
    if case is None or case.state not in HELD or case.epoch != event.epoch:
        return False
    return case.side(person_id) is not None


async def _editing(unit: Unit, event: Carried, person_id: int, *, now: datetime) -> Carried | None:
    """An edit of what is there; one that overtook its message comes again, for a while."""
    there = await lines.copy_of(unit, int(event.line), person_id)
    if there:
        return replace(event, edits=there.message_id)
    written = made_at(int(event.line))
    if now - written < EDIT_GIVEN_UP:
        await lanes.to_person(unit, person_id, event, now=now, due_at=now + EDIT_WAITS)
    else:
        await lanes.to_person(unit, int(event.sender), Lost(how=Loss.UNCHANGED), now=now)
    return None


async def settled(unit: Unit, settlements: Sequence[Settlement], *, now: datetime) -> None:
    """What comes of calls that carried something of a line."""
    for one in settlements:
        if one.delivery.line_id is None:
            continue
        if await _is_gone(unit, one.delivery):
            await _come_too_late(unit, one, now=now)
        elif one.ending is Ending.SENT:
            await _arrived(unit, one, now=now)
        elif one.ending is Ending.FAILED:
            await _failed(unit, one.delivery, unreachable=one.unreachable, now=now)


def untold(refused: Sequence[Refused]) -> list[NewInbox]:
    """To whoever wrote what its guard let nobody read: the line changed hands in between."""
    return [
        loss.news(one.sender_id, Loss.UNHEARD, row_id=one.id)
        for one in refused
        if one.sender_id is not None and one.priority is Priority.RELAY and one.refusal is Refusal.GUARD
    ]


async def _is_gone(unit: Unit, delivery: Delivery) -> bool:
    if delivery.line_id is None or delivery.sender_id is None:
        return False
    return await lines.is_gone(unit, delivery.line_id, delivery.sender_id)


async def _come_too_late(unit: Unit, settlement: Settlement, *, now: datetime) -> None:
    """Its writer deleted it while it was under way: what has arrived is deleted, what has not is tried no more."""
    delivery = settlement.delivery
    if settlement.ending is Ending.RETRY:
        await outbox.remove(unit, [delivery.id])
    elif settlement.message_id is not None:
        await refs.bring_on(unit, delivery.address_id, [settlement.message_id], now=now)


async def _arrived(unit: Unit, settlement: Settlement, *, now: datetime) -> None:
    delivery, message_id = settlement.delivery, settlement.message_id
    if message_id is None or delivery.line_id is None or delivery.case_id is None:
        return
    copy = Copy(
        line=delivery.line_id,
        case_id=delivery.case_id,
        address_id=delivery.address_id,
        person_id=delivery.person_id,
        message_id=message_id,
    )
    if not await lines.remember(unit, copy, now=now):
        await lines.add_part(unit, copy)
        return
    if delivery.sender_id is None:
        return
    theirs = await lines.copy_of(unit, delivery.line_id, delivery.sender_id)
    if theirs:
        await _mark(unit, theirs, now=now)


async def _mark(unit: Unit, copy: Copy, *, now: datetime) -> None:
    known = (await people.load(unit, [copy.person_id])).get(copy.person_id)
    found = [one for one in known.addresses if one.id == copy.address_id] if known else []
    if found and LIMITS[found[0].platform].marks:
        mark = NewOutbox(
            address_id=copy.address_id,
            person_id=copy.person_id,
            payload=MarkDelivered(message_id=copy.message_id),
            priority=Priority.RELAY,
            guard=Guard(useless_after=now + MARKED_WITHIN),
        )
        await outbox.add(unit, [mark], now=now)


async def _failed(unit: Unit, delivery: Delivery, *, unreachable: bool, now: datetime) -> None:
    """The writer is told."""
    how = Loss.UNREACHABLE if unreachable else FAILED.get(type(delivery.payload), Loss.UNREACHABLE)
    if delivery.sender_id is not None:
        await lanes.to_person(unit, delivery.sender_id, Lost(how=how), now=now)
    if unreachable and delivery.case_id is not None:
        await _out_of_reach(unit, delivery.case_id, delivery.person_id, now=now)


async def _out_of_reach(unit: Unit, case_id: int, person_id: int, *, now: datetime) -> None:
    """A volunteer who cannot be reached no longer has the case."""
    case = await cases.load(unit, case_id)
    if case and case.side(person_id) is Side.VOLUNTEER and await cases.free(unit, case, now=now):
        await lanes.to_case(unit, case.id, Freed(epoch=case.epoch, why=Why.UNREACHABLE), now=now)

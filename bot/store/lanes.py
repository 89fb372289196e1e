"""How a turn reaches others: an event in their lane, written with the turn's own transaction.

Each is handled by a turn of its own, in that person's language; nobody writes into another's session.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, update

from bot.engine.event import Event, Fired
from bot.model.case import CaseEvent
from bot.model.notice import LOOK
from bot.model.queue import Lane, LaneKind, NewInbox, Origin
from bot.store import codec, inbox
from bot.store.tables import inbox as inbox_table
from bot.store.unit import Unit

_HAND_ON: Final = (
    update(inbox_table)
    .where(inbox_table.c.id == bindparam("which"), inbox_table.c.handled_at.is_(None))
    .values(lane_id=bindparam("who"))
)


async def to_person(
    unit: Unit, person_id: int, event: Event, *, now: datetime, due_at: datetime | None = None
) -> None:
    """Let `event` happen to a person, at once if it is not due at a later moment."""
    row = _row(unit, Lane(kind=LaneKind.PERSON, id=person_id), codec.event_to_bytes(event), now)
    await inbox.add(unit, [replace(row, due_at=due_at)], now=now)


async def to_people(unit: Unit, events: Sequence[tuple[int, Event]], *, now: datetime) -> None:
    """Let an event happen to each of several people."""
    rows = [
        _row(unit, Lane(kind=LaneKind.PERSON, id=person_id), codec.event_to_bytes(event), now)
        for person_id, event in events
    ]
    if rows:
        await inbox.add(unit, rows, now=now)


async def to_case(
    unit: Unit, case_id: int, event: CaseEvent, *, now: datetime, due_at: datetime | None = None
) -> None:
    """Let `event` happen to a case, at once if it is not due at a later moment."""
    lane = Lane(kind=LaneKind.CASE, id=case_id)
    row = _row(unit, lane, codec.case_event_to_bytes(event), now)
    await inbox.add(unit, [replace(row, due_at=due_at)], now=now)


async def hand_on(unit: Unit, row_id: int, *, to: int) -> None:
    """What somebody wrote is that person's, and is handled in their lane."""
    await unit.change(_HAND_ON, {"which": row_id, "who": to})


async def to_notice(unit: Unit, notice_id: int, *, now: datetime) -> None:
    """Have a notice looked at, as soon as its lane comes to it."""
    event = Fired(timer=LOOK, version="")
    lane = Lane(kind=LaneKind.NOTICE, id=notice_id)
    await inbox.add(unit, [_row(unit, lane, codec.event_to_bytes(event), now)], now=now)


def _row(unit: Unit, lane: Lane, body: bytes, now: datetime) -> NewInbox:
    """A turn that fails is rolled back with what it wrote, so a name of its own is enough."""
    return NewInbox(lane=lane, origin=Origin.TURN, external_id=f"turn/{unit.ids.ordered(now)}", body=body)

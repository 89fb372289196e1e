"""A message that comes to nothing is not lost in silence: its writer hears one honest sentence, by a turn of theirs.

Used wherever a row is given up: process (it fails), retention (its time is up), deliver (it can't be passed on).
"""

from typing import Final

from bot.engine.event import Carried, Loss, Lost
from bot.model.person import Platform
from bot.model.queue import InboxRow, Lane, LaneKind, NewInbox, Origin
from bot.store import codec
from bot.store.errors import Unopenable

WRITTEN: Final = frozenset(Origin(platform.value) for platform in Platform)


def is_written(row: InboxRow) -> bool:
    """Whether a person wrote the row: of a timer they know nothing, and the news of a loss has no news of its own."""
    return row.lane.kind is LaneKind.PERSON and row.origin in WRITTEN


def writer_of(row: InboxRow) -> int | None:
    """Who is told of the loss of a row: whoever wrote it, also where it brought their words to somebody else."""
    if is_written(row):
        return row.lane.id
    if row.body is None or row.lane.kind is not LaneKind.PERSON or row.origin is not Origin.TURN:
        return None
    try:
        event = codec.event_from_bytes(row.body)
    except Unopenable:
        return None
    return int(event.sender) if isinstance(event, Carried) else None


def news(person_id: int, how: Loss, *, row_id: int) -> NewInbox:
    """The event that tells a person of the loss of a row, once."""
    return NewInbox(
        lane=Lane(kind=LaneKind.PERSON, id=person_id),
        origin=Origin.TURN,
        external_id=f"{how}/{row_id}",
        body=codec.event_to_bytes(Lost(how=how)),
    )

"""A message that comes to nothing is not lost in silence: its writer hears one honest sentence, by a turn of theirs.

Used wherever a row is given up: process (it fails), retention (its time is up), deliver (it can't be passed on).
"""

from typing import Final

from bot.engine.event import Loss, Lost
from bot.model.person import Platform
from bot.model.queue import InboxRow, Lane, LaneKind, NewInbox, Origin
from bot.store import codec

WRITTEN: Final = frozenset(Origin(platform.value) for platform in Platform)


def is_written(row: InboxRow) -> bool:
    """Whether a person wrote the row: of a timer they know nothing, and the news of a loss has no news of its own."""
    return row.lane.kind is LaneKind.PERSON and row.origin in WRITTEN


def news(person_id: int, how: Loss, *, row_id: int) -> NewInbox:
    """The event that tells a person of the loss of a row, once."""
    return NewInbox(
        lane=Lane(kind=LaneKind.PERSON, id=person_id),
        origin=Origin.TURN,
        external_id=f"{how}/{row_id}",
        body=codec.event_to_bytes(Lost(how=how)),
    )

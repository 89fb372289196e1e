"""Whose key a sealed value is under: the names in the key file, and where the tables of the data file meet them.

The names are the only link between the two files. Nothing here knows a key.
"""

from datetime import date
from typing import Final

from bot.model.person import Platform
from bot.model.queue import Lane, LaneKind, Origin

CHECK: Final = "check"
PAIRED: Final = "paired"
SERVICE: Final = "service"
PERSON: Final = "person/"
DAY: Final = "day/"
MESSAGE: Final = "message/"
DRAFT: Final = "draft/"
SPOOL: Final = "spool/"
WORDS: Final = "words/"
PAIR: Final = "index/data/pair"
INVITE: Final = "index/data/invite"
MOVE: Final = "index/data/move"
AUDIT: Final = "index/data/audit"
LINE: Final = "index/data/line"
RECEIPT: Final = "index/data/receipt"


def of_person(person_id: int) -> str:
    """The key that goes with a person. Example: person/42."""
    return f"{PERSON}{person_id}"


def of_day(day: date) -> str:
    """The key of the inbox bodies of one UTC day. Example: day/2026-11-23."""
    return f"{DAY}{day.isoformat()}"


def of_message(outbox_id: int) -> str:
    """The key of one outbox row whose person is gone. Example: message/7."""
    return f"{MESSAGE}{outbox_id}"


def of_draft(draft: int) -> str:
    """The key of a name that is being typed, and of all that shows it. Example: draft/7."""
    return f"{DRAFT}{draft}"


def of_spool(place: str, name: str) -> str:
    """The private half of a pair that a folder's lines are sealed to. Example: spool/3f9a/07c1."""
    return f"{SPOOL}{place}/{name}"


def of_words(row: int) -> str:
    """The key of the words of one row, which lie about for weeks. Example: words/7."""
    return f"{WORDS}{row}"


def of_lane(lane: Lane) -> str:
    """The key of what waits in a lane: the person's, or the service's where no person is meant."""
    return of_person(lane.id) if lane.kind is LaneKind.PERSON else SERVICE


def of_addresses(platform: Platform) -> str:
    """The index key of routing ids. Example: index/telegram/address."""
    return f"index/{platform.value}/address"


def of_events(origin: Origin) -> str:
    """The index key of external ids. Example: index/telegram/event."""
    return f"index/{origin.value}/event"


INDEXES: Final = (
    PAIR,
    INVITE,
    MOVE,
    AUDIT,
    LINE,
    RECEIPT,
    *(of_addresses(platform) for platform in Platform),
    *(of_events(origin) for origin in Origin),
)

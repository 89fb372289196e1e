"""One message as it stands in a Signal chat, and what hangs on it. Only values; who shows them watches the person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LONG_TEXT = 2000  # bytes of UTF-8; apps fold what is longer behind "read more"


class Turn(StrEnum):
    """What happened in a chat that is no message."""

    TIMER = "timer"  # the disappearing timer was set
    NEW_PHONE = "new_phone"  # the person's safety number changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A styled span in UTF-16 units: ``Style(style="BOLD", start=0, length=4)``."""

    style: str
    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A file at a message; `id` gets its content."""

    id: str
    kind: str  # its media type
    name: str | None
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The message that is answered: when it was sent, whose it is, and its words as quoted."""

    timestamp: int
    mine: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One entry of a chat as it stands now; ``mine`` means that the person wrote it, not the bot.

    ``reaction`` is what the other side put on it. A deleted one keeps its place and loses its words, as in the apps.
    """

    timestamp: int  # ms, when it was sent: with its author the name of the message
    mine: bool
    text: str = ""
    styles: tuple[Style, ...] = ()
    quote: Quote | None = None
    files: tuple[Enclosed, ...] = ()
    reaction: str | None = None
    edited: bool = False
    deleted: bool = False
    expires: int = 0  # seconds it stays after it was seen; 0 for ever
    turn: Turn | None = None
    options: tuple[str, ...] = ()  # of a poll, whose question is its text
    vote: int | None = None  # the one that was chosen, from zero

    @property
    def is_long(self) -> bool:
        """Whether an app shows only its beginning at first."""
        return len(self.text.encode()) > LONG_TEXT

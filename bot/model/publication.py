"""A publication of a letter: two organizers call it, everybody who signed is asked once more, and two of them end it.

Silence never publishes: whoever does not say a fresh yes to these very words, before the call ends, is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.model.letter import PublicForm

CLOSING: Final = "closing"  # the timer at the end of a call
CALLS: Final[Mapping[str, timedelta]] = {
    "three_days": timedelta(days=3),
    "week": timedelta(days=7),
    "two_weeks": timedelta(days=14),
}  # how long a call may be open


class Stage(StrEnum):
    """Where a publication is."""

    CALLING = "calling"  # everybody who signed is asked
    CLOSED = "closed"  # who said yes stands in the bundle, unless they withdraw
    PUBLISHED = "published"
    CALLED_OFF = "called_off"


OPEN: Final = frozenset({Stage.CALLING, Stage.CLOSED})
FOLLOWS: Final[Mapping[Stage, frozenset[Stage]]] = {
    Stage.CALLING: frozenset({Stage.CLOSED, Stage.CALLED_OFF}),
    Stage.CLOSED: frozenset({Stage.PUBLISHED, Stage.CALLED_OFF}),
    Stage.PUBLISHED: frozenset(),
    Stage.CALLED_OFF: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody who is asked: what would be public of them, and whether they said a fresh yes.

    `is_quiet`: they stopped everything, so the question waits where they may look, and does not come to them.
    """

    form: PublicForm
    is_fresh: bool
    is_quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One publication. `text` is the fingerprint of the letter that is published, whatever it becomes later."""

    id: int
    letter: str
    text: str
    stage: Stage
    closes_at: datetime

"""Standing under a letter: what is kept of it, and how long somebody thinks between the first yes and the second. Pure.

The first yes is to a form only; the second to the words and the line as they will appear, and it seals them.
Whoever signed is known here by a letter, a form and a day: a name is in no field.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.model.consent import Purpose
from bot.model.gentle import NEVER, WEEK
from bot.model.letter import PublicForm

NOTE: Final = "letter_note"  # what comes at the end of the time to think, and the kind of its timers
TALK: Final = "verify_note"  # the question whether to talk with the letter team, and its timer
UNCONFIRMED: Final = "unconfirmed"  # the word that the letter team could not confirm, and its timer
SHORT: Final = timedelta(hours=24)
LONG: Final = timedelta(hours=72)
WIPED: Final = timedelta(minutes=50)  # with a sweep every five minutes, within the hour
NOT_BOUND: Final = "none"  # neither an order nor service, now or lately


class SignatureState(StrEnum):
    """How far somebody is."""

    THINKING = "thinking"  # a first yes; only a second one makes it count
    SIGNED = "signed"


class Verified(StrEnum):
    """How far the letter team came with a signature; nothing is written where they never asked."""

    ASKED = "asked"  # whether its person would talk with them; silence stays this
    AGREED = "agreed"  # to a talk
    YES = "yes"
    NO = "no"  # it stands in no bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One person and one letter. `text` is the fingerprint of the letter as it was read.

    `draft` names the key of a name that is being typed, `draft_at` is when it was begun; `entry` names what is sealed.
    `called` is the publication that asked last, `fresh` the one that got a yes, `published` the last one it stood in.
    `verified` is about what is sealed: what is sealed anew begins without it.
    """

    id: int
    letter: str
    text: str
    form: PublicForm
    state: SignatureState
    ready_at: datetime
    agreed_on: date
    draft: int | None = None
    draft_at: datetime | None = None
    entry: str | None = None
    called: int | None = None
    fresh: int | None = None
    published: int | None = None
    verified: Verified | None = None

    @property
    def purpose(self) -> Purpose:
        """What it is a consent to."""
        return purpose_of(self.form)


def note_of(letter: str) -> str:
    """The kind of the timer of a note about `letter`: each letter has its own."""
    return f"{NOTE}:{letter}"


def is_note(timer: str) -> bool:
    """Whether a timer of this kind comes to a note about a letter."""
    return timer.partition(":")[0] == NOTE


def purpose_of(form: PublicForm) -> Purpose:
    """The purpose that a form of standing under a letter belongs to."""
    return Purpose.LETTER_COUNT if form is PublicForm.COUNTED else Purpose.LETTER_NAME


def ready_from(ready_at: datetime, *, gentle_until: date) -> datetime:
    """From when the second yes can be said: after a hard moment in between, three whole days later at the earliest."""
    if gentle_until == NEVER:
        return ready_at
    after = (
        gentle_until - WEEK + LONG + timedelta(days=1)
    )  # the moment itself is not remembered, only its day
    return max(ready_at, datetime.combine(after, time(), tzinfo=UTC))


def time_to_think(duty: str, *, had_a_crisis: bool) -> timedelta:
    """How long, at least, between the two: longer for whoever is bound, or had a very hard moment (CONTENT D9)."""
    return LONG if had_a_crisis or duty != NOT_BOUND else SHORT

"""Check-ins: notes a person asked for, when they come, and what becomes of one that is late. Pure.

A note is a timer of its person's lane and nothing more: its kind says for which moment it was planned, so that no
table has to. The days are the person's own; the hours of a day and the quiet times are the caller's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Self

KIND: Final = "checkin:"  # how the kind of a note's timer begins; the moment it was planned for follows
LOOK: Final = "checkin_look"  # the timer that asks whether anybody answered
FLOWS: Final = ("note", "note_late")  # the prompts a note can be
MOST: Final = 12  # notes of one person at once
UNANSWERED: Final = 2  # after so many it is silent
PAUSE: Final = timedelta(hours=12)  # what comes due so soon after a note is that note
ANSWER: Final = timedelta(hours=24)
_WEEKS: Final = 4
_DAY: Final = timedelta(days=1)
_IN_TIME: Final = timedelta(hours=6)
_IN_VAIN: Final = timedelta(hours=36)


class Rhythm(StrEnum):
    """On which days notes come."""

    TOMORROW = "tomorrow"
    FEW_DAYS = "few_days"
    WEEK = "week"
    WEEKLY = "weekly"
    AROUND = "around"  # the day before a date and the day after it


class Part(StrEnum):
    """At what time of the day."""

    MORNING = "morning"
    NOON = "noon"
    EVENING = "evening"


class Greeting(StrEnum):
    """What a note says on a locked screen, by its phrase of flows/system.yaml; none of them tells anything."""

    NOTE = "greet_note"
    HELLO = "greet_hello"
    REMINDER = "greet_reminder"


class Rest(StrEnum):
    """Whether a note may come on the Sabbath and on holy days, by its phrase."""

    QUIET = "rest_quiet"
    OPEN = "rest_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a note comes. It is kept sealed with the note's timer, and goes with it."""

    greeting: Greeting = Greeting.NOTE
    rest: Rest = Rest.QUIET

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """From the values of a timer or the answers of a question; what is missing is the quieter one."""
        return cls(
            greeting=Greeting(values.get("greeting") or Greeting.NOTE),
            rest=Rest(values.get("rest") or Rest.QUIET),
        )

    @property
    def values(self) -> dict[str, str]:
        """As `of` reads them."""
        return {"greeting": self.greeting.value, "rest": self.rest.value}

    @property
    def allows_rest_days(self) -> bool:
        """Whether it may come on them."""
        return self.rest is Rest.OPEN


class Late(StrEnum):
    """What becomes of a note at the moment it could be sent."""

    SEND = "send"
    SORRY = "sorry"
    SKIP = "skip"


HOUR: Final = {Part.MORNING: time(9), Part.NOON: time(13), Part.EVENING: time(19)}
_AHEAD: Final = {
    Rhythm.TOMORROW: (1,),
    Rhythm.FEW_DAYS: (3,),
    Rhythm.WEEK: (7,),
    Rhythm.WEEKLY: tuple(7 * week for week in range(1, _WEEKS + 1)),
}


def days(rhythm: Rhythm, *, today: date, about: date | None) -> tuple[date, ...]:
    """The days notes come on, all after today. `about` is the date of AROUND."""
    if rhythm is not Rhythm.AROUND:
        return tuple(today + ahead * _DAY for ahead in _AHEAD[rhythm])
    around = (about - _DAY, about + _DAY) if about else ()
    return tuple(day for day in around if day > today)


def kind_of(moment: datetime) -> str:
    """The kind of the timer of a note planned for that moment. Example: checkin:1795762800."""
    return f"{KIND}{int(moment.timestamp())}"


def planned_for(kind: str) -> datetime | None:
    """For when the note of that kind of timer was planned; None for any other timer."""
    _, is_note, seconds = kind.partition(KIND)
    return datetime.fromtimestamp(int(seconds), tz=UTC) if is_note and seconds.isdecimal() else None


def lateness(planned: datetime, now: datetime) -> Late:
    """A few hours do not matter; after a day and a half it would say nothing any more."""
    late = now - planned
    if late <= _IN_TIME:
        return Late.SEND
    return Late.SORRY if late <= _IN_VAIN else Late.SKIP

"""The clock of an appeal against a disciplinary verdict: pure counting, by the rule of card A34.

Source: GHQ Order 33.0302, s.221-233: three days, the verdict's day not counted; a last day that is a day of rest gives
way to the next that is none. Friday counts as a working day: too early is safe, too late is not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

DAYS: Final = 3
_ONE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How long an appeal is open. `third` is the last day as counted; `last` the one after the rest, or the same."""

    third: date
    last: date


def clock(verdict: date, *, is_rest: Callable[[date], bool]) -> Clock:
    """The clock that the day of a verdict starts; `is_rest` knows the Sabbath and the holidays.

    Example: a verdict of Wednesday has its third day on the Sabbath, and its last on Sunday.
    """
    third = last = verdict + timedelta(days=DAYS)
    while is_rest(last):
        last += _ONE
    return Clock(third=third, last=last)


def is_near(day: date, *, today: date) -> bool:
    """Whether what happens on `day` can't wait: within forty-eight hours, counted in whole days."""
    return today <= day <= today + timedelta(days=2)

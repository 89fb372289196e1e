"""The week after a hard moment, in which notes are gentler and nothing is hurried. Pure.

All that is remembered of such a moment is the last day of that week, in the session of its person. Days are those of
UTC: the week is never shorter than seven times 24 hours, and less than a day longer. Where there is none, a day stands
too, one that is long over: a session is as long with such a week as without it, and its sealed length tells nothing.
"""

from datetime import date, datetime, timedelta
from typing import Final

WEEK: Final = timedelta(days=7)
NEVER: Final = date.min


def gentle_until(moment: datetime) -> date:
    """The last day of the week that begins at `moment` (UTC)."""
    return moment.date() + WEEK


def is_gentle(until: date, *, now: datetime) -> bool:
    """Whether that day is not over yet."""
    return now.date() <= until


def is_hard(until: date, *, now: datetime) -> bool:
    """Whether the hard moment was today or yesterday: never less than 24 hours, whatever its hour."""
    return until != NEVER and now.date() <= until - WEEK + timedelta(days=1)

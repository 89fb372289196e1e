"""Hours of a week as one number: seven days of four quarters each, in the wall time of whoever keeps them.

The week begins on Sunday, a day at midnight; its quarters are night, morning, afternoon and evening, six hours each.
Bit `4 * day + quarter`. Pure: the zone is an argument, and summer time is whatever the zone says it is.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from enum import IntEnum
from typing import Final
from zoneinfo import ZoneInfo

DAYS: Final = 7
QUARTERS: Final = 4
QUARTER_HOURS: Final = 24 // QUARTERS
NAMES: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
NEVER: Final = 0
ALWAYS: Final = (1 << (DAYS * QUARTERS)) - 1


class Quarter(IntEnum):
    """Six hours of a day."""

    NIGHT = 0
    MORNING = 1
    AFTERNOON = 2
    EVENING = 3


def slot(day: int, quarter: Quarter) -> int:
    """The hours of one quarter. Example: day 0 and EVENING are Sunday evening."""
    return 1 << (QUARTERS * day + quarter)


def covers(hours: int, moment: datetime, *, zone: str) -> bool:
    """Whether a moment is within these hours."""
    local = moment.astimezone(ZoneInfo(zone))
    return bool(hours & slot(local.isoweekday() % DAYS, Quarter(local.hour // QUARTER_HOURS)))


def next_quarter(moment: datetime, *, zone: str) -> datetime:
    """When the next quarter of a day begins there, in UTC; always later than `moment`."""
    local = moment.astimezone(ZoneInfo(zone))
    midnight = datetime.combine(local.date(), time(), tzinfo=local.tzinfo)
    starts = (
        (midnight + timedelta(days=ahead, hours=QUARTER_HOURS * quarter)).astimezone(UTC)
        for ahead in (0, 1, 2)  # a day can be missing from a calendar
        for quarter in Quarter
    )
    return next(start for start in starts if start > moment)


def toggled(hours: int, days: Iterable[int], *, quarter: Quarter) -> int:
    """The hours with that quarter of all these days, or without it where it was there on all of them."""
    marks = 0
    for day in days:
        marks |= slot(day % DAYS, quarter)
    return hours & ~marks if hours & marks == marks else hours | marks


def spelled(hours: int) -> list[str]:
    """Every quarter of them by its day and name. Example: sunday evening."""
    return [
        f"{name} {quarter.name.lower()}"
        for day, name in enumerate(NAMES)
        for quarter in Quarter
        if hours & slot(day, quarter)
    ]

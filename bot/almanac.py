"""When the bot may begin to speak by itself: not at night, and not on days of rest. Pure; the only home of the sun.

Nights are by the clocks of whoever is spoken to. Sabbath and holy days (as kept in Israel) are by Jerusalem's sun for
who lives by its clocks, elsewhere by hours wide enough. Replies are never held back: only what the bot begins.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import dusk, sunset
from pyluach.dates import GregorianDate

MORNING: Final = time(8)  # the night is over
NIGHT: Final = time(22)
JERUSALEM: Final = "Asia/Jerusalem"
_CITY: Final = Observer(latitude=31.778, longitude=35.235)
_CANDLES: Final = timedelta(minutes=40)  # before sunset, the custom of Jerusalem
_STARS: Final = 8.5  # degrees of the sun below the horizon
_ELSEWHERE: Final = (time(15), NIGHT)  # from the eve on, to the end of the day
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


def next_allowed(moment: datetime, *, zone: str, allows_rest_days: bool = False) -> datetime:
    """The first moment from `moment` on (UTC) at which the bot may begin to speak to somebody in `zone` (IANA)."""
    moment = moment.astimezone(UTC)
    while (later := _end(moment, zone, allows_rest_days=allows_rest_days)) is not None:
        moment = later
    return moment


def local(day: date, clock: time, *, zone: str) -> datetime:
    """That time of day there, in UTC; one that summer time leaves out is an hour later, of two the first counts."""
    return datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _end(moment: datetime, zone: str, *, allows_rest_days: bool) -> datetime | None:
    """When the quiet in which `moment` lies ends; None where it lies in none."""
    there = moment.astimezone(ZoneInfo(zone))
    today = there.date()
    if there.time() >= NIGHT:
        return local(today + _DAY, MORNING, zone=zone)
    if there.time() < MORNING:
        return local(today, MORNING, zone=zone)
    if allows_rest_days:
        return None
    rests = (_rest(day, zone) for day in (today, today + _DAY) if is_holy(day))
    return next((end for start, end in rests if start <= moment < end), None)


@lru_cache(maxsize=1024)
def _rest(day: date, zone: str) -> tuple[datetime, datetime]:
    """From when to when a holy day is kept there; the end is a full minute, so that no timer falls just before it."""
    if zone != JERUSALEM:
        begins, ends = _ELSEWHERE
        return local(day - _DAY, begins, zone=zone), local(day, ends, zone=zone)
    stars = dusk(_CITY, date=day, depression=_STARS) + timedelta(minutes=1)
    return sunset(_CITY, date=day - _DAY) - _CANDLES, stars.replace(second=0, microsecond=0)


@lru_cache(maxsize=1024)
def is_holy(day: date) -> bool:
    """A Saturday, or a holy day on which no work is done."""
    if day.weekday() == _SATURDAY:
        return True
    there = GregorianDate(day.year, day.month, day.day)
    return there.festival(israel=True, include_working_days=False) is not None

"""How fast a notice goes and how long it still takes, from two looks at its copies. Pure.

What the first look saw is kept with the screen as `since`; a measure is of the time between it and now.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from bot.model.notice import Report

NONE: Final = "\u2013"
MEASURED: Final = timedelta(minutes=1)  # after which a look begins a new measure
SHORTEST: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = 60  # minutes


def pace(report: Report, since: str, *, now: datetime) -> Mapping[str, str]:
    """`rate` in copies a minute, time `left` in hours and minutes, and `since` for the next look."""
    settled, at = _read(since) or (report.settled, now)
    span = now - at
    fresh = f"{report.settled}@{now.isoformat()}"
    values = {"rate": NONE, "left": NONE, "since": since if since and span < MEASURED else fresh}
    if span < SHORTEST:
        return values
    rate = (report.settled - settled) * (MINUTE / span)
    values["rate"] = str(round(rate))
    if rate > 0 and report.is_whole:
        minutes = ceil((report.total - report.settled) / rate)
        values["left"] = f"{minutes // HOUR}:{minutes % HOUR:02}"
    return values


def _read(since: str) -> tuple[int, datetime] | None:
    settled, _, at = since.partition("@")
    return (int(settled), datetime.fromisoformat(at)) if at else None

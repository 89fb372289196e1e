"""A typed time of day -> that time, or None: "18:30", "at 18.30", "19", "7 pm", "בשעה 18:30", "בשמונה וחצי בערב".

The whole message has to be one time. What can be read in two ways ("7", "half past eight", "18-20") is None: asking
again costs less than people who come at the wrong hour.
"""

import re
from collections.abc import Iterable
from datetime import time
from typing import Final

from bot.i18n.clockword import HOURS, MINUTES, PARTS, PAST
from bot.i18n.normal import normalise


def _one_of(words: Iterable[str]) -> str:
    """A pattern of these, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_TIME: Final = re.compile(
    rf"(?:at |about |בשעה |שעה )?(?:(?P<past>{_one_of(PAST)}) )?(?:ב ?)?"
    rf"(?:(?P<hour>\d{{1,2}})(?: (?P<minute>\d{{2}}))?|(?P<named>{_one_of(HOURS)}))"
    rf"(?: (?P<more>{_one_of(MINUTES)}))? ?(?P<part>{_one_of(PARTS)})?"
)
_PARTED: Final = re.compile(r"\d\s*[:.]\s*\d")  # "18-20" is from one hour to another, "18/11" a day
_SURE: Final = 13  # from here on a bare hour can only be one of the afternoon
_DAY: Final = 24


def parse_time(text: str) -> time | None:
    """The time of day that `text` as a whole names, to the minute; None if it names none, or not surely one."""
    found = _TIME.fullmatch(normalise(text))
    minute = _minute(found, text) if found else None
    if found is None or minute is None:
        return None
    hour = int(found["hour"]) if found["hour"] else HOURS[found["named"]]
    read = hour if found["minute"] or hour >= _SURE else None
    if found["part"]:
        read = PARTS[found["part"]].get(hour)
    return time(read, minute) if read is not None and read < _DAY and minute < 60 else None


def _minute(found: re.Match[str], text: str) -> int | None:
    """The minutes, named once at most."""
    if found["minute"] and not _PARTED.search(text):
        return None
    named = [int(found["minute"] or 0), PAST.get(found["past"] or "", 0), MINUTES.get(found["more"] or "", 0)]
    stated = [group for group in ("minute", "past", "more") if found[group]]
    return sum(named) if len(stated) <= 1 else None

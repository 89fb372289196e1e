"""A typed time of day -> that time, or None: "18:30", "at 18.30", "19", "7 pm", "בשעה 18:30", "7 בערב".

The whole message has to be one time. What can be read in two ways ("7", "6 o'clock") is None: asking again costs less
than people who come at the wrong hour.
"""

import re
from collections.abc import Mapping
from datetime import time
from typing import Final

from bot.i18n.normal import normalise

_TIME: Final = re.compile(
    r"(?:at |about |בשעה |שעה |ב ?)?(?P<hour>\d{1,2})(?: (?P<minute>\d{2}))? ?(?P<part>[a-zא-ת][a-zא-ת ]*)?"
)
_MORNING: Final = "morning"
_EVENING: Final = "evening"
_NOON: Final = "noon"
_NIGHT: Final = "night"
_PARTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("am", "a m", "in the morning", "בבוקר", "לפנות בוקר"), _MORNING),
    **dict.fromkeys(("pm", "p m", "in the evening", "in the afternoon"), _EVENING),
    **dict.fromkeys(("בערב", "אחר הצהריימ", "אחהצ", "אחרי הצהריימ"), _EVENING),
    **dict.fromkeys(("noon", "בצהריימ"), _NOON),
    **dict.fromkeys(("at night", "בלילה"), _NIGHT),
}
_SURE: Final = 13  # from here on a bare hour can only be one of the afternoon
_HALF: Final = 12
_LATE: Final = 8


def parse_time(text: str) -> time | None:
    """The time of day that `text` as a whole names, to the minute; None if it names none, or not surely one."""
    found = _TIME.fullmatch(normalise(text))
    if found is None:
        return None
    part = _PARTS.get(found["part"].strip()) if found["part"] else ""
    if part is None or not (part or found["minute"] or int(found["hour"]) >= _SURE):
        return None
    hour = _hour(int(found["hour"]), part)
    minute = int(found["minute"] or 0)
    return time(hour, minute) if hour is not None and hour < 2 * _HALF and minute < 60 else None


def _hour(hour: int, part: str) -> int | None:
    """The hour by a clock of twenty-four. At night, only what is surely before midnight."""
    if not part:
        return hour
    if not 1 <= hour <= _HALF or (part == _NIGHT and not _LATE <= hour < _HALF):
        return None
    if part == _NOON:
        return hour if hour >= _HALF - 1 else hour + _HALF
    return hour % _HALF + (0 if part == _MORNING else _HALF)

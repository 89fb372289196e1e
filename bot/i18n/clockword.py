"""The words that times of day are named with in Hebrew and English, as data; `clock` reads sentences of them.

Hebrew stands here as `normalise` leaves it: without final letters and quotes. What is not here is asked for again:
"a quarter to" and "half eight" are not the same hour everywhere.
"""

from collections.abc import Mapping
from typing import Final

# Which hour of twenty-four a part of the day makes of one that is named. What is not there can be two hours, or none.
_AM: Final = {12: 0} | {hour: hour for hour in range(1, 12)}
_PM: Final = {12: 12} | {hour: hour + 12 for hour in range(1, 12)}
_MORNING: Final = {hour: hour for hour in range(1, 12)}
_NOON: Final = {11: 11, 12: 12, 1: 13, 2: 14, 3: 15}
_AFTERNOON: Final = {hour: hour + 12 for hour in range(1, 8)}
_EVENING: Final = {hour: hour + 12 for hour in range(4, 12)}
_NIGHT: Final = {hour: hour + 12 for hour in range(8, 12)}

PARTS: Final[Mapping[str, Mapping[int, int]]] = {
    **dict.fromkeys(("am", "a m"), _AM),
    **dict.fromkeys(("pm", "p m"), _PM),
    **dict.fromkeys(("in the morning", "before noon"), _MORNING),
    **dict.fromkeys(("בבוקר", "לפנות בוקר", "לפני הצהריימ", "לפנהצ"), _MORNING),
    **dict.fromkeys(("noon", "בצהריימ"), _NOON),
    **dict.fromkeys(("in the afternoon", "אחר הצהריימ", "אחהצ", "אחרי הצהריימ"), _AFTERNOON),
    **dict.fromkeys(("in the evening", "בערב", "לפנות ערב"), _EVENING),
    **dict.fromkeys(("at night", "בלילה"), _NIGHT),
}
_HOURS: Final = (
    ("one", "אחת"),
    ("two", "שתיימ", "שתימ"),
    ("three", "שלוש"),
    ("four", "ארבע"),
    ("five", "חמש"),
    ("six", "שש"),
    ("seven", "שבע"),
    ("eight", "שמונה"),
    ("nine", "תשע"),
    ("ten", "עשר"),
    ("eleven", "אחת עשרה"),
    ("twelve", "שתימ עשרה", "שתיימ עשרה"),
)
HOURS: Final[Mapping[str, int]] = {word: hour for hour, words in enumerate(_HOURS, start=1) for word in words}
MINUTES: Final[Mapping[str, int]] = {
    "fifteen": 15,
    "thirty": 30,
    "forty five": 45,
    "ורבע": 15,
    "וחצי": 30,
    "ועשרה": 10,
    "ועשרימ": 20,
}
PAST: Final[Mapping[str, int]] = {
    "quarter past": 15,
    "a quarter past": 15,
    "half past": 30,
}  # before the hour

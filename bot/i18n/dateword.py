"""The words that days are named with in Hebrew and English, as data; `dates` reads sentences of them.

Hebrew stands here as `normalise` leaves it: without final letters and quotes.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a word does in a date. The letters are those of the grammar in `dates`."""

    RELATIVE = "R"  # a day by its distance from today
    WEEKDAY = "W"  # Monday is 0
    MONTH = "M"
    COUNT = "N"
    UNIT = "U"  # in days
    SPAN = "S"  # a dual, a count and its unit in one
    FUTURE = "F"
    PAST = "P"
    AFTER = "A"  # "from now", which adds nothing
    SMALL = "D"  # digits: a day, a count or a short year
    YEAR = "Y"
    DATE = "X"  # a whole date in digits
    FILLER = "-"


_RELATIVE: Final = {
    "day before yesterday": -2,
    "yesterday": -1,
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
    "day after tomorrow": 2,
    "שלשומ": -2,
    "אתמול": -1,
    "היומ": 0,
    "הערב": 0,
    "הלילה": 0,
    "מחר": 1,
    "מחרתיימ": 2,
}
_WEEKDAYS: Final = (
    ("monday", "mon", "שני", "יומ שני", "יומ ב"),
    ("tuesday", "tue", "tues", "שלישי", "יומ שלישי", "יומ ג"),
    ("wednesday", "wed", "רביעי", "יומ רביעי", "יומ ד"),
    ("thursday", "thu", "thurs", "חמישי", "יומ חמישי", "יומ ה"),
    ("friday", "fri", "שישי", "יומ שישי", "יומ ו"),
    ("saturday", "sat", "שבת", "יומ שבת", "מוצש", "מוצאי שבת"),
    ("sunday", "sun", "ראשונ", "יומ ראשונ", "יומ א"),
)
_MONTHS: Final = (
    ("january", "jan", "ינואר"),
    ("february", "feb", "פברואר"),
    ("march", "mar", "מרצ", "מרס"),
    ("april", "apr", "אפריל"),
    ("may", "מאי"),
    ("june", "jun", "יוני"),
    ("july", "jul", "יולי"),
    ("august", "aug", "אוגוסט"),
    ("september", "sep", "sept", "ספטמבר"),
    ("october", "oct", "אוקטובר"),
    ("november", "nov", "נובמבר"),
    ("december", "dec", "דצמבר"),
)
_COUNTS: Final = (
    ("a", "one", "אחד"),
    ("two", "שתי"),
    ("three", "שלושה", "שלוש"),
    ("four", "ארבעה", "ארבע"),
    ("five", "חמישה", "חמש"),
    ("six", "שישה", "שש"),
    ("seven", "שבעה", "שבע"),
    ("eight", "שמונה"),
    ("nine", "תשעה", "תשע"),
    ("ten", "עשרה", "עשר"),
)
_UNITS: Final = {"day": 1, "days": 1, "week": 7, "weeks": 7, "יומ": 1, "ימימ": 1, "שבוע": 7, "שבועות": 7}
_SPANS: Final = {"יומיימ": 2, "שני ימימ": 2, "שבועיימ": 14, "שני שבועות": 14, "יומ אחד": 1, "שבוע אחד": 7}
_FUTURE: Final = ("in", "within", "בעוד", "עוד", "תוכ")
_PAST: Final = ("ago", "לפני")
_AFTER: Final = ("from now", "from today", "מהיומ", "מעכשיו")
_FILLERS: Final = (
    *("on", "by", "until", "till", "the", "of", "this", "coming"),
    *("עד", "ב", "ה", "ל", "ביומ", "הקרוב", "הקרובה", "הזה", "בתאריכ", "תאריכ"),
)

WORDS: Final[Mapping[str, tuple[Kind, int]]] = {
    **{word: (Kind.RELATIVE, days) for word, days in _RELATIVE.items()},
    **{word: (Kind.WEEKDAY, day) for day, words in enumerate(_WEEKDAYS) for word in words},
    **{word: (Kind.MONTH, month) for month, words in enumerate(_MONTHS, start=1) for word in words},
    **{word: (Kind.COUNT, count) for count, words in enumerate(_COUNTS, start=1) for word in words},
    **{word: (Kind.UNIT, days) for word, days in _UNITS.items()},
    **{word: (Kind.SPAN, days) for word, days in _SPANS.items()},
    **dict.fromkeys(_FUTURE, (Kind.FUTURE, 1)),
    **dict.fromkeys(_PAST, (Kind.PAST, -1)),
    **dict.fromkeys(_AFTER, (Kind.AFTER, 1)),
    **dict.fromkeys(_FILLERS, (Kind.FILLER, 0)),
}
LONGEST: Final = max(word.count(" ") + 1 for word in WORDS)

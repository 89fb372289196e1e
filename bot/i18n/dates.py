"""A typed day -> the date it names, or None: "23.11", "tomorrow", "יום שני", "in 3 days", "בעוד שבוע".

The whole message has to be one date; the day stands before the month. What can be read in two ways ("next Monday", a
day just passed, a weekday that does not fit its date) is None: asking again costs less than a wrong day. A message
becomes words of a few kinds (`dateword.Kind`), and the kinds in a row pick the reading from `_GRAMMAR`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.i18n.dateword import LONGEST, WORDS, Kind
from bot.i18n.normal import normalise

_PASSED: Final = timedelta(days=90)  # a day without its year that lies so near behind may well be meant
_YEARS: Final = range(1950, 2101)
_IN_DIGITS: Final = re.compile(
    r"(?<![\d:])(?:(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<day>\d{1,2})([./-])(?P<month>\d{1,2})(?:\3(?P<year>\d{4}|\d{2}))?)(?![\d:-])"
)
_DAY: Final = re.compile(r"(\d{1,3})(?:st|nd|rd|th)?")
_YEAR: Final = re.compile(r"\d{4}")
_ATTACHED: Final = "בהל"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """One word of a date. `day` is there for a date in digits only."""

    kind: Kind
    value: int = 0
    day: date | None = None


def parse_date(text: str, today: date) -> date | None:
    """The day that `text` as a whole names, seen from `today`; None if it names none, or not surely one."""
    try:
        words = [word for word in _words(text, today) if word.kind is not Kind.FILLER]
        read = _reading("".join(word.kind for word in words))
        day = read(words, today) if read else None
    except (ValueError, OverflowError):
        return None
    return day if day and day.year in _YEARS else None


def _words(text: str, today: date) -> Iterator[_Word]:
    """The words of a message. Raises ValueError for a word that dates don't have."""
    found = _IN_DIGITS.search(text)
    if found is None:
        yield from _plain_words(text)
    else:
        yield from _plain_words(text[: found.start()])
        yield _Word(kind=Kind.DATE, day=_in_digits(found, today))
        yield from _plain_words(text[found.end() :])


def _in_digits(found: re.Match[str], today: date) -> date | None:
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
        return date(year, month, day)
    if found["year"] is None:
        return _coming(int(found["day"]), int(found["month"]), today) if found[3] != "-" else None
    return date(_full_year(int(found["year"])), int(found["month"]), int(found["day"]))


def _plain_words(text: str) -> Iterator[_Word]:
    """The longest names first: "day after tomorrow" is one word here."""
    rest = normalise(text).split()
    while rest:
        size = next((size for size in range(LONGEST, 0, -1) if _known(rest[:size])), 1)
        yield _word(" ".join(rest[:size]))
        rest = rest[size:]


def _known(words: Sequence[str]) -> str | None:
    """The name these words are, with one or two of ב ה ל before it or without."""
    name = " ".join(words)
    bare = (name[cut:] for cut in range(3) if set(name[:cut]) <= set(_ATTACHED))
    return next((known for known in bare if known in WORDS), None)


def _word(name: str) -> _Word:
    if known := _known([name]):
        kind, value = WORDS[known]
        return _Word(kind=kind, value=value)
    digits = name.lstrip(_ATTACHED)
    if _YEAR.fullmatch(digits):
        return _Word(kind=Kind.YEAR, value=int(digits))
    if found := _DAY.fullmatch(digits):
        return _Word(kind=Kind.SMALL, value=int(found[1]))
    raise ValueError("no word of a date")


Reading = Callable[[Sequence[_Word], date], date | None]


def _reading(kinds: str) -> Reading | None:
    return next((read for pattern, read in _GRAMMAR.items() if re.fullmatch(pattern, kinds)), None)


def _relative(words: Sequence[_Word], today: date) -> date:
    return today + timedelta(days=words[0].value)


def _on_weekday(words: Sequence[_Word], today: date) -> date | None:
    """The next such day; on the very day it may be this one or the next."""
    ahead = (words[0].value - today.weekday()) % 7
    return today + timedelta(days=ahead) if ahead else None


def _calendar(words: Sequence[_Word], today: date) -> date | None:
    """A day and a month in words; of two numbers, the later one is a short year."""
    month = next(word.value for word in words if word.kind is Kind.MONTH)
    day, *years = (word.value for word in words if word.kind in (Kind.SMALL, Kind.YEAR))
    return date(_full_year(years[0]), month, day) if years else _coming(day, month, today)


def _with_weekday(words: Sequence[_Word], today: date) -> date | None:
    """A date that has to fall on the weekday before it."""
    weekday, *rest = words
    day = _whole(rest, today) if rest[0].kind is Kind.DATE else _calendar(rest, today)
    return day if day and day.weekday() == weekday.value else None


def _whole(words: Sequence[_Word], _today: date) -> date | None:
    return words[0].day


def _distance(words: Sequence[_Word], today: date) -> date:
    """A count of days or weeks, ahead or behind."""
    days = 1
    for word in words:
        days *= word.value
    return today + timedelta(days=days)


_GRAMMAR: Final[dict[str, Reading]] = {
    "R": _relative,
    "W": _on_weekday,
    "X": _whole,
    "DM[YD]?|MDY?": _calendar,
    "W(X|DM[YD]?|MDY?)": _with_weekday,
    "F?([DN]U|S)A?|FUA?|UA": _distance,
    "P([DN]?U|S)|([DN]?U|S)P": _distance,
}


def _coming(day: int, month: int, today: date) -> date | None:
    """The next such day of the calendar; None if it has only just been."""
    this_year = date(today.year, month, day)
    if this_year >= today:
        return this_year
    return this_year.replace(year=today.year + 1) if today - this_year > _PASSED else None


def _full_year(year: int) -> int:
    return year + 2000 if year < 100 else year

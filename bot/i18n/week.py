"""Hours of a week in words: days that are alike together, each with its parts. The words themselves are given.

The number is that of `model.hours`; the names of days are Babel's, as of dates.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final

from babel.dates import get_day_names

from bot.i18n.error import BadValue
from bot.i18n.moment import LOCALES
from bot.model.hours import ALWAYS, DAYS, NEVER, QUARTERS, Quarter
from bot.model.person import Language

_EVERY: Final = (1 << QUARTERS) - 1


def told(value: str, language: Language, *, word: Callable[[str], str]) -> str:
    """Hours as people read them. Example: Sunday–Thursday: evening; Friday: morning, afternoon. Raises BadValue."""
    hours = int(value) if value.isdecimal() else -1
    if not NEVER <= hours <= ALWAYS:
        raise BadValue("not a week of hours")
    if hours in (NEVER, ALWAYS):
        return word("none" if hours == NEVER else "always")
    return "; ".join(_spells(hours, language, word))


def _spells(hours: int, language: Language, word: Callable[[str], str]) -> Iterator[str]:
    """Each row of days with the same parts."""
    names = get_day_names("wide", locale=LOCALES[language])
    for parts, days in groupby(range(DAYS), key=lambda day: hours >> (QUARTERS * day) & _EVERY):
        if parts:
            first, *rest = [names[(day - 1) % DAYS] for day in days]  # Babel counts from Monday
            those = f"{first}\u2013{rest[-1]}" if rest else first
            said = (word("always"),) if parts == _EVERY else tuple(_parts(parts, word))
            yield f"{those}: {', '.join(said)}"


def _parts(parts: int, word: Callable[[str], str]) -> Iterator[str]:
    return (word(quarter.name.lower()) for quarter in Quarter if parts >> quarter & 1)

"""Whether a text holds a crisis phrase. Lists miss and over-fire: it only ever adds help, it never closes anything.

The phrases are content (`flows/crisis_words.yaml`), compiled once into one pattern. Words are compared in their
plain shape with Hebrew's attached prefixes; `*` ends a word openly ("להתאבד*"), and a `*` alone stands for up to
two words. Exceptions ("מת על") are cut out of a text before it is searched.
"""

import re
from collections.abc import Iterable
from typing import Final

from bot.i18n.normal import normalise

_LONG: Final = 4  # letters from which a Hebrew word may carry any prefix
_HEBREW: Final = re.compile("[א-ת]")
_DRAWN_OUT: Final = re.compile(r"([^\W\d])\1{2,}")
_GAP: Final = r"(?:\w+ ){0,2}"
_CUT: Final = " . "


class CrisisWords:
    """The crisis phrases, ready to search with."""

    def __init__(self, phrases: Iterable[str], exceptions: Iterable[str] = ()) -> None:
        self._phrases = _pattern(phrases)
        self._exceptions = _pattern(exceptions)

    def found_in(self, text: str) -> bool:
        """Whether a crisis phrase is in `text`, also with letters drawn out ("diiie")."""
        said = normalise(text)
        return any(map(self._is_found, {said, _DRAWN_OUT.sub(r"\1", said), _DRAWN_OUT.sub(r"\1\1", said)}))

    def _is_found(self, said: str) -> bool:
        rest = self._exceptions.sub(_CUT, f" {said} ")
        return self._phrases.search(rest) is not None


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all phrases; with none of them, one that finds nothing."""
    parts = sorted(filter(None, map(_phrase, phrases)))
    return re.compile(f"(?<= )(?:{'|'.join(parts)})(?= )" if parts else "(?!)")


def _phrase(phrase: str) -> str:
    return "".join(map(_word, phrase.split())).removesuffix(" ")


def _word(word: str) -> str:
    """A word of a phrase as a pattern, with the space behind it."""
    if word == "*":
        return _GAP
    plain = normalise(word)
    if not plain:
        return ""
    return _prefix(plain) + re.escape(plain).replace(r"\ ", " ") + (r"\w* " if word.endswith("*") else " ")


def _prefix(plain: str) -> str:
    """What may be attached in front: in short words only what no other word begins with."""
    if not _HEBREW.match(plain):
        return ""
    return "[ושהכלבמ]{0,2}" if len(plain) >= _LONG else "(?:ו?ש|וכש|כש|ו)?"

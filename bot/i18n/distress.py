"""Whether a text holds a crisis phrase, or an urgent one. Lists miss and over-fire: they only ever add help.

The phrases are content (`flows/crisis_words.yaml`, `urgent_words.yaml`), each list compiled once into one pattern.
Words are compared in their plain shape with Hebrew's attached prefixes; `*` ends a word openly ("להתאבד*"), and a `*`
alone stands for up to two words. Exceptions ("מת על") are cut out of a text before it is searched.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.i18n.normal import normalise

_LONG: Final = 4  # letters from which a Hebrew word may carry any prefix
_HEBREW: Final = re.compile("[א-ת]")
_DRAWN_OUT: Final = re.compile(r"([^\W\d])\1{2,}")
_ANY_PREFIX: Final = "[ושהכלבמ]{0,2}"
_SHORT_PREFIX: Final = "(?:ו?ש|וכש|כש|ו)?"
_GAP: Final = r"(?:\w+ ){0,2}"
_CUT: Final = " . "

Atoms = tuple[str, ...]


class CrisisWords:
    """The phrases of one list, ready to search with."""

    def __init__(self, phrases: Iterable[str], exceptions: Iterable[str] = ()) -> None:
        self._phrases = _pattern(phrases)
        self._exceptions = _pattern(exceptions)

    def found_in(self, text: str) -> bool:
        """Whether a phrase of the list is in `text`, also with letters drawn out ("diiie")."""
        said = normalise(text)
        return any(map(self._is_found, {said, _DRAWN_OUT.sub(r"\1", said), _DRAWN_OUT.sub(r"\1\1", said)}))

    def _is_found(self, said: str) -> bool:
        rest = self._exceptions.sub(_CUT, f" {said} ")
        return self._phrases.search(rest) is not None


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all phrases; with none of them, one that finds nothing."""
    spelled = list(filter(None, map(_phrase, phrases)))
    return re.compile(f"(?<= ){_tree(spelled)}(?= )" if spelled else "(?!)")


def _tree(spelled: Sequence[Atoms]) -> str:
    """The phrases as one pattern in which what they begin with in common is tried once: many times as fast."""
    branches: dict[str, list[Atoms]] = {}
    for first, *rest in filter(None, spelled):
        branches.setdefault(first, []).append(tuple(rest))
    grown = (first + _tree(rests) for first, rests in branches.items())
    may_end = "" if all(spelled) else "?"
    return f"(?:{'|'.join(grown)}){may_end}" if branches else ""


def _phrase(phrase: str) -> Atoms:
    """A phrase as the pieces of a pattern, without the space behind it."""
    atoms = [atom for word in phrase.split() for atom in _word(word)]
    return tuple(atoms[:-1]) if atoms[-1:] == [" "] else tuple(atoms)


def _word(word: str) -> Atoms:
    """A word of a phrase, with the space behind it."""
    if word == "*":
        return (_GAP,)
    plain = normalise(word)
    if not plain:
        return ()
    return (*_prefix(plain), *plain, *((r"\w*",) if word.endswith("*") else ()), " ")


def _prefix(plain: str) -> Atoms:
    """What may be attached in front: in short words only what no other word begins with."""
    if not _HEBREW.match(plain):
        return ()
    return (_ANY_PREFIX,) if len(plain) >= _LONG else (_SHORT_PREFIX,)

"""Words of courtesy alone: thanks, a heart, a plain "ok". A text that says anything else beside them is none.

The words are phrases of `flows/system.yaml`, parted by commas, in both languages at once; `vocabulary` asks here.
"""

import re
from collections.abc import Iterable
from typing import Final
from unicodedata import category

from bot.i18n.normal import normalise, with_hearts

_QUESTIONS: Final = re.compile("[?\u061f\uff1f]")
_SIGN: Final = "So"  # what Unicode calls a picture: no letter, no point, not the tone of a hand


class Courtesy:
    """The words and signs of some lists, ready to compare with."""

    def __init__(self, lists: Iterable[str]) -> None:
        words = [word for one in lists for word in one.split(",")]
        self._plain = sorted(filter(None, {normalise(word) for word in words}), key=len, reverse=True)
        self._signs = frozenset[str]().union(*map(_signs, words))
        self._words = re.compile(f"(?>(?:{'|'.join(self._plain)}) )*+")

    def is_all_of(self, text: str) -> bool:
        """Whether `text` is nothing but these, one after the other, and no question. Example: "Thanks, thanks 🙏"."""
        said, signs = normalise(text), _signs(text)
        if not (said or signs) or not signs <= self._signs or _QUESTIONS.search(text):
            return False
        return not said or self._words.fullmatch(f"{said} ") is not None

    def begins(self, label: str) -> bool:
        """Whether one of these stands at the beginning of `label`. Example: "All right for now"."""
        return any(f"{normalise(label)} ".startswith(f"{word} ") for word in self._plain)


def _signs(text: str) -> frozenset[str]:
    return frozenset(char for char in with_hearts(text) if category(char) == _SIGN)

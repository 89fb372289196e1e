"""Direction in mixed Hebrew and Latin text: isolates around values, a right-to-left mark where a line needs one.

Apps choose a line's direction by its first strong letter, and Telegram deletes embeddings and overrides
(U+202A..U+202E), so only isolates and RLM are used. Everything here is pure display: nothing of it is stored.
"""

import re
import unicodedata
from typing import Final

FSI: Final = "\u2068"
LRI: Final = "\u2066"
PDI: Final = "\u2069"
RLM: Final = "\u200f"
EMBEDDINGS: Final = "\u202a\u202b\u202c\u202d\u202e"

_ISOLATES: Final = "\u2066\u2067\u2068"
_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BANNED: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u206a-\u206f\ud800-\udfff]"
)
_FIRST_READABLE: Final = re.compile(r"[^\W_]|[/{]")
_LEFT_TO_RIGHT: Final = re.compile(
    r"(?P<link>https?://\S+)|(?<![\w/:.=-])(?:[*#+]\d[\d-]*|\d+(?:[-\u2013\u2014]\d+)+|/[a-z_]+)"
)


def isolate(value: str, *, rtl: bool = False) -> str:
    """`value` cleaned and wrapped so that it can't turn the text around it; line by line, as isolates end there.

    In a right-to-left message every line after the first gets a mark of its own.
    """
    between = f"{PDI}\n{RLM}{FSI}" if rtl else f"{PDI}\n{FSI}"
    return FSI + clean(value).replace("\n", between) + PDI


def clean(value: str) -> str:
    """`value` without controls, marks, overrides, lone surrogates and isolates that nothing closes."""
    value = _BANNED.sub("", _LINE_ENDS.sub("\n", value).replace("\t", " "))
    return "\n".join(_balanced(line) for line in value.split("\n"))


def _balanced(line: str) -> str:
    """`line` with only those isolates and their ends that belong together."""
    opened: list[int] = []
    paired: set[int] = set()
    for at, letter in enumerate(line):
        if letter in _ISOLATES:
            opened.append(at)
        elif letter == PDI and opened:
            paired |= {opened.pop(), at}
    return "".join(letter for at, letter in enumerate(line) if at in paired or letter not in _ISOLATES + PDI)


def lead(text: str) -> str:
    """A Hebrew `text` with RLM before each line that would begin with a Latin letter, a digit, a value or a slash."""
    return "\n".join(RLM + line if _leans_left(line) else line for line in text.split("\n"))


def listed(sign: str, words: str, *, rtl: bool) -> str:
    """One line of a list, in the direction of its message whatever its words begin with. Example: "2. Lawyer"."""
    if rtl:
        return lead(f"{sign if sign.isdigit() else LRI + sign + PDI}. {words}")
    first = _FIRST_READABLE.search(words)
    turns = first is not None and unicodedata.bidirectional(first[0]) in ("R", "AL")
    return f"{sign}. {FSI + words + PDI if turns else words}"


def _leans_left(line: str) -> bool:
    first = _FIRST_READABLE.search(line)
    return first is not None and unicodedata.bidirectional(first[0]) not in ("R", "AL")


def steady(text: str) -> str:
    """A Hebrew `text` whose star numbers, ranges and /commands keep their order; links are left alone."""
    return _LEFT_TO_RIGHT.sub(_wrapped, text)


def _wrapped(found: re.Match[str]) -> str:
    return found[0] if found["link"] else f"{LRI}{found[0]}{PDI}"

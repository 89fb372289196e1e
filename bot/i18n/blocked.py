"""Blocked wording in a text (`flows/wording.yaml`): what urges, promises, pays or judges.

An entry is words parted by spaces, compared as `normal` reads them: `a/b` are alternatives, `~` is up to
three words of any kind in one sentence, `^` at the start is the start of a clause. A Hebrew word may follow an
attached ו, ש, כש or ה. Asked by `bot check` of all that is written ahead, and of a notice while it is written.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from bot.i18n.normal import normalise
from bot.model.person import Language

_SENTENCE_ENDS: Final = re.compile(r"[.!?:;\n\u2013\u2014]+|\s-\s")
_CLAUSE_ENDS: Final = re.compile(f"{_SENTENCE_ENDS.pattern}|,")
_PREFIX: Final = "(?:[וש]{1,2}|ו?כש|ה)?"  # what leaves an imperative one; ל would make it an infinitive
_ANYTHING: Final = r"(?:\w+ ){0,3}"


def blocked_in(text: str, entries: tuple[str, ...], *, language: Language) -> Iterator[str]:
    """The entries that `text` matches."""
    sentences = [normalise(part) for part in _SENTENCE_ENDS.split(text)]
    clauses = [normalise(part) for part in _CLAUSE_ENDS.split(text)]
    for entry in entries:
        pattern = _pattern(entry, language)
        if any(pattern.search(part) for part in (clauses if entry.startswith("^") else sentences)):
            yield entry


@cache
def _pattern(entry: str, language: Language) -> re.Pattern[str]:
    """What an entry matches in normalised words."""
    anchored = entry.startswith("^")
    prefix = _PREFIX if language is Language.HEBREW else ""
    parts = [_part(word, prefix) for word in entry.removeprefix("^").split()]
    body = "".join(parts).rstrip()
    return re.compile(rf"{'^' if anchored else chr(92) + 'b'}{body}\b")


def _part(word: str, prefix: str) -> str:
    if word == "~":
        return _ANYTHING
    words = "|".join(re.escape(normalise(one)) for one in word.split("/"))
    return f"{prefix}(?:{words}) "

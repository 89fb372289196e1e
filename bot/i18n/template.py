"""A text of a flow or catalog, taken apart once: words, named slots for values, and styled stretches.

Markup is read here and only here, so a value that looks like markup stays what it is. `*bold*`, `_italic_` and
`` `code` `` count only around whole words: "*8944" and "my_data" are plain text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import Final

from bot.i18n.bidi import lead, steady
from bot.i18n.error import BadTemplate, MissingValue
from bot.model.text import Rich, Span, Style

_SLOT: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")
_MARKUP: Final = re.compile(
    r"(?<![\w*])\*(?=[^\s*])(?P<bold>[^*\n]+)(?<=\S)\*(?![\w*])"
    r"|(?<!\w)_(?=[^\s_])(?P<italic>(?:\{[\w:]+\}|[^_\n{])+)(?<=\S)_(?!\w)"
    r"|`(?P<code>[^`\n]+)`"
)


class Format(StrEnum):
    """How a slot shows its value. Dates and moments are ISO 8601; a moment is aware."""

    PLAIN = "plain"
    DATE = "date"  # with its weekday
    DAY = "day"
    MONTH = "month"  # of a day
    TIME = "time"
    MOMENT = "moment"
    CITY = "city"  # of a time zone (IANA): by whose clocks a time is told
    NUMBER = "number"
    ROUGH = "rough"  # a number of people; less than five are not told apart
    COUNTS = (
        "counts"  # people by word, `word=number` parted by spaces, a line each: in fives, none told apart
    )
    TALLY = "tally"  # the same, to the last one
    WORD = "word"  # the phrase `words.<value>`
    WORDS = "words"  # several of them, parted by spaces
    LIST = "list"  # the same, each on a line of its own
    EVEN = "even"  # one, as long as the longest of its kind: the length of a message says nothing
    HOURS = "hours"  # a week of `model.hours`
    NAME = "name"  # what the sides of a case call each other: a key of names.yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Where a value goes. Example: Slot(name="when", format=Format.DATE) is `{when:date}`."""

    name: str
    format: Format = Format.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The pieces from `first` up to, not with, `last` are shown in `style`."""

    style: Style
    first: int
    last: int


Insert = Callable[[str, Format], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A parsed text. `fixed` is the whole result where no value has a place in it."""

    pieces: tuple[str | Slot, ...]
    marks: tuple[Mark, ...]
    fixed: Rich | None

    @property
    def slots(self) -> frozenset[Slot]:
        """The slots, each once."""
        return frozenset(piece for piece in self.pieces if isinstance(piece, Slot))

    def fill(self, values: Mapping[str, str], insert: Insert) -> Rich:
        """The text with its values, each put through `insert`. Raises MissingValue."""
        return _assembled([_words(piece, values, insert) for piece in self.pieces], self.marks)


@lru_cache(maxsize=16384)
def parse(text: str, *, rtl: bool = False) -> Template:
    """Take `text` apart, once; `rtl` adds the marks that a Hebrew message needs. Raises BadTemplate."""
    reader = _Reader(rtl)
    reader.read(lead(text) if rtl else text)
    pieces = tuple(reader.pieces)
    marks = tuple(sorted(reader.marks, key=lambda mark: (mark.first, -mark.last)))
    words = [piece for piece in pieces if isinstance(piece, str)]
    fixed = _assembled(words, marks) if len(words) == len(pieces) else None
    return Template(pieces=pieces, marks=marks, fixed=fixed)


class _Reader:
    """Collects pieces and marks while a text is read from its start."""

    def __init__(self, rtl: bool) -> None:
        self.rtl = rtl
        self.pieces: list[str | Slot] = []
        self.marks: list[Mark] = []

    def read(self, text: str) -> None:
        """Text that may hold markup."""
        at = 0
        for found in _MARKUP.finditer(text):
            self._plain(text[at : found.start()])
            self._styled(Style(str(found.lastgroup)), found)
            at = found.end()
        self._plain(text[at:])

    def _styled(self, style: Style, found: re.Match[str]) -> None:
        first, inner = len(self.pieces), found[style]
        if style is Style.CODE:
            self._plain(inner, copied=True)
        else:
            self.read(inner)
        self.marks.append(Mark(style=style, first=first, last=len(self.pieces)))

    def _plain(self, text: str, *, copied: bool = False) -> None:
        """Words and slots; what is `copied` out of the message gets no invisible marks."""
        at = 0
        for found in _SLOT.finditer(text):
            self._words(text[at : found.start()], copied)
            self.pieces.append(Slot(name=found[1], format=_format(found)))
            at = found.end()
        self._words(text[at:], copied)

    def _words(self, text: str, copied: bool) -> None:
        if "{" in text or "}" in text:
            raise BadTemplate(f"stray brace in {text!r}")
        if text:
            self.pieces.append(steady(text) if self.rtl and not copied else text)


def _format(found: re.Match[str]) -> Format:
    try:
        return Format(found[2] or Format.PLAIN)
    except ValueError as error:
        raise BadTemplate(f"unknown format in {found[0]!r}") from error


def _words(piece: str | Slot, values: Mapping[str, str], insert: Insert) -> str:
    if isinstance(piece, str):
        return piece
    if piece.name not in values:
        raise MissingValue(piece.name)
    return insert(values[piece.name], piece.format)


def _assembled(words: list[str], marks: tuple[Mark, ...]) -> Rich:
    starts = list(accumulate(map(len, words), initial=0))
    spans = (
        Span(start=starts[mark.first], length=starts[mark.last] - starts[mark.first], style=mark.style)
        for mark in marks
    )
    return Rich("".join(words), tuple(span for span in spans if span.length))

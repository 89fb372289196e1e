"""Formatted text, neutral of any platform: words, and spans counted in code points.

Telegram and Signal both want UTF-16 offsets; the transports convert with `utf16_length`, so that nothing else
counts in surrogates. Splitting cuts inside a span only where it must.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, takewhile
from typing import Final
from unicodedata import category

Measure = Callable[[str], int]

_JOINER: Final = "\u200d"
_SKINS: Final = frozenset(map(chr, range(0x1F3FB, 0x1F400)))  # the tones an emoji can have, behind it
_FLAGS: Final = frozenset(map(chr, range(0x1F1E6, 0x1F200)))  # two of these letters are one


class Style(StrEnum):
    """What a span of text looks like."""

    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """`length` code points from `start` shown in `style`; `url` only for a link."""

    start: int
    length: int
    style: Style
    url: str | None = None

    @property
    def end(self) -> int:
        """The first code point after the span."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Rich:
    """A text with its spans, in order of their start."""

    text: str
    spans: tuple[Span, ...] = ()

    def __add__(self, other: "Rich") -> "Rich":
        """The two texts in a row, the second one's spans moved along."""
        moved = tuple(_moved(span, len(self.text)) for span in other.spans)
        return Rich(self.text + other.text, self.spans + moved)


def joined(parts: Iterable[Rich], separator: str = "\n\n") -> Rich:
    """The parts as paragraphs of one text; empty parts leave no gap."""
    whole = Rich("")
    for part in parts:
        if part.text:
            whole = whole + Rich(separator) + part if whole.text else part
    return whole


def utf16_length(text: str) -> int:
    """The length of `text` in UTF-16 code units, as Telegram's and Signal's offsets count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_length(text: str) -> int:
    """The length of `text` in bytes of UTF-8, as Signal's limit counts."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def split(rich: Rich, limit: int, *, measure: Measure = utf16_length) -> tuple[Rich, ...]:
    """`rich` in parts of at most `limit` (four or more) as `measure` counts, cut at paragraphs, else lines, else words.

    The blank at a cut is left out, everything else is kept. A span is cut only where its words don't fit in one
    part; it goes on in the next.
    """
    if measure(rich.text) <= limit:
        return (rich,)
    parts, rest = [], _part(rich, 0, len(rich.text))
    while measure(rest.text) > limit:
        cut = _cut(rest, limit, measure)
        parts.append(_part(rest, 0, cut))
        rest = _part(rest, cut, len(rest.text))
    return (*parts, rest)


def _part(rich: Rich, start: int, end: int) -> Rich:
    """What stands between two places, without blanks at its ends, and of every span what lies in it."""
    text = rich.text[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    end = start + len(text)
    inside = (span for span in rich.spans if max(span.start, start) < min(span.end, end))
    return Rich(text, tuple(_clipped(span, start, end) for span in inside))


def _clipped(span: Span, start: int, end: int) -> Span:
    """The piece of a span that lies in a part, counted from where the part starts."""
    first, last = max(span.start, start), min(span.end, end)
    return replace(span, start=first - start, length=last - first)


def _cut(rich: Rich, limit: int, measure: Measure) -> int:
    """Where to cut: the last break whose head fits, outside of every span where there is one."""
    room = _fitting(rich.text, limit, measure)
    for spans in (rich.spans, ()):
        for separator in ("\n\n", "\n", " "):
            at = rich.text.rfind(separator, 1, room + len(separator))
            while at > 0 and any(span.start < at < span.end for span in spans):
                at = rich.text.rfind(separator, 1, at)
            if at > 0:
                return at
    return _between_letters(rich.text, room)


def _between_letters(text: str, room: int) -> int:
    """The last place up to `room` that parts no letter from its points and no joined emoji."""
    near = range(room, max(room - 16, 0), -1)
    return next((at for at in near if not _is_joined(text[at - 1], text[at])), room)


def _is_joined(before: str, after: str) -> bool:
    is_emoji = _JOINER in (before, after) or after in _SKINS or {before, after} <= _FLAGS
    return is_emoji or category(after) in ("Mn", "Me")


def _fitting(text: str, limit: int, measure: Measure) -> int:
    """How many code points of `text` fit; one at least."""
    used = accumulate(map(measure, text))
    return max(sum(1 for _ in takewhile(lambda length: length <= limit, used)), 1)


def _moved(span: Span, by: int) -> Span:
    return replace(span, start=span.start + by)

"""Numbers to look at: as figures that name their words, and as a chart with the words of one language.

A number from one to four could be told apart from people, so it is never there: None stands for "fewer than five".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

SMALLEST: Final = 5  # a smaller group is not told as a number; nobody at all is


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of figures: the phrase it is called by with its values, and a number for each of the series."""

    phrase: str
    values: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Numbers with the names of phrases: of the whole, of each of the series, and of each row."""

    title: str
    series: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A row of a chart: its label, and what each of its bars shows."""

    label: str
    numbers: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Figures in the words of one language, to be drawn. `rtl`: from right to left; `few` stands at what is None."""

    title: str
    series: tuple[str, ...]
    rows: tuple[Bars, ...]
    few: str
    rtl: bool


def told(count: int) -> int | None:
    """The number as it may be told; None for one to four."""
    return count if count == 0 or count >= SMALLEST else None


def told_parts(whole: int, parts: Sequence[int]) -> tuple[int | None, ...]:
    """A whole and parts of it as they may be told together: no small number is left by taking one from the other."""
    return told(whole), *(None if told(whole - part) is None else told(part) for part in parts)

"""A page to draw on: words in either direction, lines, squares. The only module that knows the PDF library.

The file tells nothing of who made it, where and when.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

from fpdf import FPDF
from fpdf.enums import Align
from fpdf.fonts import TTFFont

FONTS: Final = Path(__file__).parents[1] / "fonts"
NAME: Final = "Heebo"
POINT: Final = 25.4 / 72  # millimetres
SMALLEST: Final = 5.0  # points that can still be read
LEADING: Final = 1.35  # from line to line, in letters
NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)

Colour = tuple[int, int, int]
BLACK: Final[Colour] = (20, 20, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How words look: their size in points, their weight, their colour, and whether they stand in the middle."""

    size: float
    bold: bool = False
    colour: Colour = BLACK
    centred: bool = False

    @property
    def line(self) -> float:
        """The height of a line."""
        return self.size * POINT * LEADING


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A column that words stand in: its upper left corner, and how wide it is."""

    x: float
    y: float
    width: float


class Pages:
    """The pages of one file, all of one size. Everything is placed: nothing flows on to a next page by itself."""

    def __init__(self, width: float, height: float) -> None:
        self._pdf = FPDF(unit="mm", format=(width, height))
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.set_producer("")
        self._pdf.set_creation_date(NO_TIME)
        self._pdf.c_margin = 0
        self._pdf.add_font(NAME, fname=FONTS / "Heebo-Regular.ttf")
        self._pdf.add_font(NAME, style="B", fname=FONTS / "Heebo-Bold.ttf")

    def begin(self) -> None:
        """A new page."""
        self._pdf.add_page()

    def write(self, words: str, place: Place, *, look: Look, rtl: bool) -> float:
        """Put words into a column, as many lines as they take; where the next ones can begin."""
        self._dress(look, rtl=rtl)
        self._pdf.set_xy(place.x, place.y)
        align = Align.C if look.centred else Align.R if rtl else Align.L
        self._pdf.multi_cell(place.width, look.line, words, align=align)
        return place.y + self.height(words, place.width, look=look, rtl=rtl)

    def height(self, words: str, width: float, *, look: Look, rtl: bool) -> float:
        """How high words would stand in a column of this width."""
        self._dress(look, rtl=rtl)
        tall = self._pdf.multi_cell(width, look.line, words, dry_run=True, output="HEIGHT")
        return cast("float", tall)

    def on_one_line(self, words: str, width: float, *, look: Look, rtl: bool) -> Look:
        """The look, smaller where that is needed for words that must not be broken."""
        while look.size > SMALLEST and self.height(words, width, look=look, rtl=rtl) > look.line * 1.5:
            look = replace(look, size=look.size - 0.5)
        return look

    def fill(self, place: Place, height: float, *, colour: Colour) -> None:
        """A rectangle of one colour."""
        self._pdf.set_fill_color(*colour)
        self._pdf.rect(place.x, place.y, place.width, height, style="F")

    def line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A hair line, to cut along."""
        self._pdf.set_draw_color(*BLACK)
        self._pdf.set_line_width(0.1)
        self._pdf.line(*start, *end)

    def done(self) -> bytes:
        """The file. Nothing can be put on its pages any more."""
        file = bytes(self._pdf.output())
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()
        return file

    def _dress(self, look: Look, *, rtl: bool) -> None:
        script, language = ("Hebr", "heb") if rtl else ("Latn", "eng")
        direction = "rtl" if rtl else "ltr"
        self._pdf.set_font(NAME, style="B" if look.bold else "", size=look.size)
        self._pdf.set_text_color(*look.colour)
        self._pdf.set_text_shaping(direction=direction, script=script, language=language)

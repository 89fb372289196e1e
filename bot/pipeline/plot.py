"""A chart drawn as a PNG for a phone: bars that lie, the first on top, in the direction of the language.

A program of its own, run by `carry` as another process, which is over with the picture: the library that draws is
larger than the bot. It imports nothing of the project. Called with the folder of the fonts; the chart comes in as JSON.
"""

import io
import json
import sys
from pathlib import Path
from typing import Any, Final, TypedDict

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

WIDTH: Final = 5.4  # inches; with `DPI` a phone's width
DPI: Final = 200
COLOURS: Final = ("#1f4e79", "#7fb3d5", "#c9a227")  # told apart in grey, too
INK: Final = "#1c1c1c"
FAINT: Final = "#9a9a9a"
THICK: Final = 0.27  # inches of one bar
BETWEEN: Final = 0.5  # inches from row to row, for its label
TITLE: Final = 0.8  # inches
LEGEND: Final = 0.3  # inches, where there is more than one of the series
LEAST: Final = 0.012  # of the width: what is few is seen as something


class Bars(TypedDict):
    """A row: what it is called, and its numbers."""

    label: str
    numbers: list[int | None]


class Chart(TypedDict):
    """As `bot.model.chart.Chart` is written in JSON."""

    title: str
    series: list[str]
    rows: list[Bars]
    few: str
    rtl: bool


class Plot:
    """One picture while it is drawn."""

    def __init__(self, chart: Chart, fonts: Path) -> None:
        self._chart = chart
        self._fonts = fonts
        self._most = max((number or 0 for row in chart["rows"] for number in row["numbers"]), default=0) or 1
        each = BETWEEN + THICK * len(chart["series"])
        self._top = TITLE + (LEGEND if len(chart["series"]) > 1 else 0.0)
        self._height = self._top + each * len(chart["rows"])
        self._figure = Figure(figsize=(WIDTH, self._height), dpi=DPI, facecolor="white")
        self._axes: Axes = self._figure.add_axes((0.05, 0.0, 0.9, 1.0))
        self._side: Any = "right" if chart["rtl"] else "left"

    def drawn(self) -> bytes:
        """The picture as PNG."""
        self._axes.set_axis_off()
        room = 1.0 + 0.3  # beside the longest bar stands its number
        self._axes.set_xlim((room, 0.0) if self._chart["rtl"] else (0.0, room))
        self._axes.set_ylim(self._height, 0.0)
        self._say(self._chart["title"], 0.42, size=15, weight="Bold")
        if len(self._chart["series"]) > 1:
            self._legend()
        top = self._top
        for row in self._chart["rows"]:
            self._row(row, top)
            top += BETWEEN + THICK * len(self._chart["series"])
        out = io.BytesIO()
        self._figure.savefig(out, format="png", metadata={"Software": None})
        return out.getvalue()

    def _legend(self) -> None:
        """What each colour is, one after the other in the direction of reading."""
        place = 0.0
        for name, colour in zip(self._chart["series"], COLOURS, strict=False):
            self._axes.barh(0.8, 0.03, height=0.16, left=place, color=colour)
            self._say(name, 0.8, at=place + 0.045, size=10)
            place += 0.08 + 0.024 * len(name)

    def _row(self, row: Bars, top: float) -> None:
        self._say(row["label"], top + 0.12, size=11.5)
        for place, number in enumerate(row["numbers"]):
            middle = top + 0.3 + THICK * (place + 0.5)
            share = LEAST if number is None else number / self._most
            colour = FAINT if number is None else COLOURS[place]
            self._axes.barh(middle, share, height=THICK * 0.82, color=colour)
            words = self._chart["few"] if number is None else f"{number:,}"
            self._say(words, middle, at=share + 0.015, size=10.5)

    def _say(self, words: str, y: float, *, at: float = 0.0, **style: Any) -> None:
        """Words from `at` on, in the direction they have themselves: matplotlib shapes and orders them."""
        size, weight = style["size"], style.get("weight", "Regular")
        font = FontProperties(fname=self._fonts / f"Heebo-{weight}.ttf", size=size)
        self._axes.text(at, y, words, fontproperties=font, color=INK, ha=self._side, va="center")


def main(fonts: str) -> int:
    """Draw what comes in at standard input into what goes out; the exit code."""
    mpl.rcParams["text.parse_math"] = False
    sys.stdout.buffer.write(Plot(json.load(sys.stdin), Path(fonts)).drawn())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

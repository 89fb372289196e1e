"""Numbers in the words of one person: as a chart to be drawn, as lines to read, as a table for a spreadsheet. Pure."""

import csv
import io
from collections.abc import Mapping
from typing import Final

from bot.engine.flow import Phrase
from bot.i18n.render import Renderer
from bot.model.chart import Bars, Chart, Figures
from bot.model.person import Language, Voice

FEW: Final = "words.fewer"
BOM: Final = "\ufeff"  # without it spreadsheets take UTF-8 for something else


def chart_of(figures: Figures, voice: Voice, *, renderer: Renderer, phrases: Mapping[str, Phrase]) -> Chart:
    """The figures in the words of `voice`."""
    return Chart(
        title=renderer.label(voice, phrases[figures.title]),
        series=tuple(renderer.label(voice, phrases[name]) for name in figures.series),
        rows=tuple(
            Bars(label=renderer.label(voice, phrases[row.phrase], row.values), numbers=row.numbers)
            for row in figures.rows
        ),
        few=renderer.label(voice, phrases[FEW]),
        rtl=voice.language is Language.HEBREW,
    )


def in_words(chart: Chart) -> str:
    """A line for each row, in the order of the picture, with its numbers in the order of the series."""
    lines = [
        f"{row.label}: {', '.join(_told(chart, number) for number in row.numbers)}" for row in chart.rows
    ]
    legend = [" / ".join(chart.series)] if len(chart.series) > 1 else []
    return "\n".join([chart.title, *legend, "", *lines])


def table(chart: Chart) -> bytes:
    """The same as CSV, for spreadsheets. All words in it are ours, so no cell can be a formula."""
    written = io.StringIO()
    rows = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow([chart.title, *chart.series])
    rows.writerows([row.label, *(_told(chart, number) for number in row.numbers)] for row in chart.rows)
    return (BOM + written.getvalue()).encode()


def _told(chart: Chart, number: int | None) -> str:
    return chart.few if number is None else str(number)

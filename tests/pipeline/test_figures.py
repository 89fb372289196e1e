"""Numbers in somebody's words: the chart, the lines under it and the table say the same."""

from pathlib import Path
from typing import Final

import pytest

from bot.engine.parse import read_book
from bot.i18n.catalog import Catalogs
from bot.i18n.render import Renderer
from bot.model.chart import Bars, Chart, Figures, Row
from bot.model.person import Language, Voice
from bot.pipeline.figures import chart_of, in_words, table

ROOT: Final = Path(__file__).parents[2]
FIGURES: Final = Figures(
    title="words.weeks",
    series=("words.weeks_asked", "words.weeks_heard"),
    rows=(
        Row(phrase="week_of", values={"week": "2026-11-22"}, numbers=(12, None)),
        Row(phrase="words.way_person", numbers=(0, 0)),
    ),
)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """The product's own."""
    return Renderer(Catalogs.load(ROOT / "locales"), phrases=read_book(ROOT / "flows").phrases)


def drawn(renderer: Renderer, language: Language) -> Chart:
    """The figures in one language."""
    phrases = read_book(ROOT / "flows").phrases
    return chart_of(FIGURES, Voice(language=language), renderer=renderer, phrases=phrases)


def test_figures_are_told_in_the_words_of_the_reader(renderer: Renderer) -> None:
    """Labels, series and what stands for few; Hebrew runs from right to left."""
    english, hebrew = drawn(renderer, Language.ENGLISH), drawn(renderer, Language.HEBREW)

    assert english.series == ("asked for somebody", "were answered")
    assert [row.label for row in english.rows] == [
        "Week of \u206822 November 2026\u2069",
        "Somebody was asked for",
    ]
    assert (english.few, hebrew.few) == ("fewer than five", "פחות מחמישה")
    assert (english.rtl, hebrew.rtl) == (False, True)
    assert [row.numbers for row in hebrew.rows] == [(12, None), (0, 0)]


def test_the_lines_say_what_the_picture_shows(renderer: Renderer) -> None:
    """For whoever cannot see it, and where it cannot be drawn."""
    assert in_words(drawn(renderer, Language.ENGLISH)).splitlines() == [
        "Eight weeks: how many ask, and how many are answered",
        "asked for somebody / were answered",
        "",
        "Week of \u206822 November 2026\u2069: 12, fewer than five",
        "Somebody was asked for: 0, 0",
    ]


def test_one_series_needs_no_legend() -> None:
    """There is nothing to tell apart."""
    chart = Chart(title="T", series=("s",), rows=(Bars(label="a", numbers=(7,)),), few="few", rtl=False)

    assert in_words(chart) == "T\n\na: 7"


def test_the_table_has_a_row_for_each_line() -> None:
    """With the mark that spreadsheets know UTF-8 by, and every cell in quotes."""
    rows = (Bars(label="שבוע", numbers=(None, 6)),)
    chart = Chart(title="T", series=("a", "b"), rows=rows, few="few", rtl=True)

    assert table(chart).decode() == '\ufeff"T","a","b"\r\n"שבוע","few","6"\r\n'

"""`docs/handoff.md` is true: its picture and tables are the code's."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.model.case import FOLLOWS, Need
from bot.model.search import WAITS, Patience
from bot.model.silence import QUIET, patience

PAGE: Final = (Path(__file__).parents[1] / "docs" / "handoff.md").read_text(encoding="utf-8")
ARROW: Final = re.compile(r"^    (\w+) --> (\w+)$", re.MULTILINE)
MINUTE: Final = timedelta(minutes=1)


def test_the_picture_has_the_ways_of_a_case_and_no_other() -> None:
    """Arrow by arrow."""
    ways = {(before.value, after.value) for before, follows in FOLLOWS.items() for after in follows}

    assert set(ARROW.findall(PAGE)) == ways


def test_the_times_of_a_search_are_those_that_hold_without_a_setting() -> None:
    """In minutes: of all needs, and of those with times of their own."""
    usual = Patience()
    rows = {"all": usual.usual, **{need.value: times for need, times in usual.special.items()}}

    for name, times in rows.items():
        minutes = [str(span // MINUTE) for span in (times.everybody, times.organizers, times.told)]
        assert f"| {name} | {' | '.join(minutes)} |" in PAGE


def test_the_silences_are_as_long_as_it_says() -> None:
    """A day, ten minutes, a week."""
    assert (patience(Need.BUDDY), patience(Need.URGENT)) == (timedelta(days=1), timedelta(minutes=10))
    assert f"| {QUIET.days} days without a word of the person |" in PAGE


def test_every_class_of_a_wait_is_named() -> None:
    """In their order."""
    assert " ".join(re.findall(r"`(\w+)`", PAGE.partition("classes of a wait")[2])) == " ".join(
        [*WAITS, "longer"]
    )

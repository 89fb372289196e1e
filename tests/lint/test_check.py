"""All rules at once."""

import json
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from bot.lint import check
from tests.lacking import lacking
from tests.lint.shelf import Shelf

PROJECT: Final = Path(__file__).parents[2]


def test_a_whole_book_has_no_problem(shelf: Shelf) -> None:
    """Nothing is found where nothing is wrong."""
    assert shelf.problems() == []


def test_what_cannot_be_read_is_not_judged_further(shelf: Shelf) -> None:
    """One missing colon would otherwise bring a hundred problems."""
    shelf.change("buddy", "goto: open", "goto open")
    shelf.write("cards/lines", "id: A1\n")

    assert {problem.rule for problem in shelf.problems()} == {"schema"}


def test_every_problem_says_where_and_what_to_do(shelf: Shelf) -> None:
    """File, line, rule, message, advice."""
    shelf.change("buddy", "goto: open, keep", "goto: opne, keep")
    found = next(problem for problem in shelf.problems() if problem.rule == "target")

    assert str(found) == (
        "buddy.yaml:4: `connect` of `buddy.ask` leads to `buddy.opne`, which is not there. "
        "[target] Do you mean `buddy.open`?"
    )


def test_word_lists_that_are_not_there_are_problems(shelf: Shelf) -> None:
    """Without them there would be nothing to hold texts against, or to hear distress by."""
    for name in ("wording", "crisis_words", "crisis_exceptions", "urgent_words"):
        (shelf.flows / f"{name}.yaml").unlink()

    assert [problem.file for problem in shelf.problems()] == [
        "crisis_exceptions.yaml",
        "crisis_words.yaml",
        "urgent_words.yaml",
        "wording.yaml",
    ]


def test_the_bots_own_flows_keep_every_rule_but_translation() -> None:
    """`make check` holds translations too; this holds what an English flow has to keep."""
    if not (PROJECT / "flows" / "system.yaml").exists():
        lacking("the bot's own flows")
    found = check(PROJECT / "flows", PROJECT / "locales", today=date.max)

    assert [str(problem) for problem in found if problem.rule != "translation"] == []


@pytest.mark.parametrize("text", [json.dumps("שלום"), "Hello"])
def test_a_file_that_is_no_mapping_is_one_problem(shelf: Shelf, text: str) -> None:
    """Whatever it is instead."""
    shelf.write("line", text)

    assert "flow `line` has to be a mapping." in [problem.message for problem in shelf.problems()]

"""What the checks say of letters, on a small book that is whole otherwise."""

import pytest

from tests.lint.shelf import Shelf

LETTER = """\
letter: a
version: 1
status: draft
title: {he: מכתב, en: A letter}
he: [אחת, שתיים]
en: [One, Two]
"""
LONG = "word " * 190


def written(shelf: Shelf, *changes: tuple[str, str]) -> list[str]:
    """What is wrong with the letter once these places read differently."""
    text = LETTER
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (shelf.flows / "letters").mkdir()
    shelf.write("letters/a", text)
    return [f"{one.file}:{one.line} {one.message}" for one in shelf.problems()]


def test_a_whole_letter_has_no_problem(shelf: Shelf) -> None:
    """The small book is whole with it."""
    assert written(shelf) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[One, Two]", "[One]", "`a` has 2 paragraphs in `he` and 1 in `en`."),
        ("One,", "One of 7,", "The languages of paragraph 1 of `a` name different numbers."),
        ("A letter", f"{LONG}", "The title of `a` in `en` takes more than 60 characters."),
        ("Two]", f"{LONG}]", "A paragraph of `a` in `en` takes 949 characters, 900 fit a page."),
        ("One,", f"{', '.join([LONG[:600]] * 7)},", "`a` in `en` has 7 pages, 6 at most."),
        ("Two]", '"Two\\u200b"]', "`a` in `en` has letters nobody sees: U+200B."),
        ("A letter", "A letter!", "`a` in `en` has an exclamation mark."),
        ("שתיים]", "סרבו]", "'סרבו' says what the bot never says: `סרבו/סרבי`."),
        ("version: 1", "version: one", "`one` is no version."),
    ],
)
def test_each_rule_has_its_sentence(shelf: Shelf, old: str, new: str, message: str) -> None:
    """With the file and the line."""
    found = written(shelf, (old, new))

    assert any(line.endswith(message) and line.startswith("letters/a.yaml:") for line in found), found

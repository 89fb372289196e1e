"""What the checks say of letters, on a small book that is whole otherwise."""

from pathlib import Path
from typing import Final

import pytest

from bot.engine.parse import read_words
from bot.i18n.blocked import blocked_in
from bot.model.person import Language
from tests.lint.shelf import Shelf

PROJECT: Final = Path(__file__).parents[2]
LETTER: Final = """\
letter: a
version: 1
status: draft
title: {he: מכתב, en: A letter}
he: [אחת, שתיים]
en: [One, Two]
"""
LONG: Final = "word " * 190


def written(shelf: Shelf, *changes: tuple[str, str]) -> list[str]:
    """What is wrong with the letter once these places read differently."""
    text = LETTER
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (shelf.flows / "letters").mkdir()
    shelf.write("letters/a", text)
    shelf.write("letter_wording", "he: [כסף/בכסף]\nen: [money, a grant]\n")
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
        ("Two]", "We ask for no money]", "'We ask for no money' says what no letter says: `money`."),
        ("שתיים]", "לא בכסף]", "'לא בכסף' says what no letter says: `כסף/בכסף`."),
        ("version: 1", "version: one", "`one` is no version."),
    ],
)
def test_each_rule_has_its_sentence(shelf: Shelf, old: str, new: str, message: str) -> None:
    """With the file and the line."""
    found = written(shelf, (old, new))

    assert any(line.endswith(message) and line.startswith("letters/a.yaml:") for line in found), found


def test_a_book_with_letters_has_a_list_for_them(shelf: Shelf) -> None:
    """One that is lost would let everything through."""
    written(shelf)
    (shelf.flows / "letter_wording.yaml").unlink()

    assert [(one.file, one.message) for one in shelf.problems()] == [
        ("letter_wording.yaml", "The file is not there.")
    ]


@pytest.mark.parametrize(
    ("language", "text", "is_found"),
    [
        (Language.ENGLISH, "We are ready to pay the price.", False),
        (Language.ENGLISH, "Nobody gets a grant for this.", True),
        (Language.ENGLISH, "No compensation, no rewards.", True),
        (Language.ENGLISH, "Grant us peace.", False),
        (Language.HEBREW, "מוכנים לשלם את המחיר.", False),
        (Language.HEBREW, "לא בשביל הכסף.", True),
        (Language.HEBREW, "בלי תגמול ובלי פרס.", True),
        (Language.HEBREW, "אין פרסום בלי הסכמה.", False),
    ],
)
def test_the_projects_list_knows_money_from_a_price(language: Language, text: str, *, is_found: bool) -> None:
    """What conscience costs may be said."""
    entries = read_words(PROJECT / "flows" / "letter_wording.yaml")[language]

    assert bool(list(blocked_in(text, entries, language=language))) is is_found

"""Letters: one in a file, named after it."""

from pathlib import Path

import pytest

from bot.engine.parse.letter import read_letter_draft
from bot.model.letter import Letter, LetterStatus
from bot.model.person import Language

LETTER = """\
letter: a
version: 2
status: open
title: {he: מכתב, en: A letter}
he: [אחת, שתיים]
en: [One, Two]
"""


def test_a_letter_is_read_with_both_its_languages(tmp_path: Path) -> None:
    """Everything a letter says of itself, and where it stands."""
    (tmp_path / "a.yaml").write_text("# by a lawyer\n" + LETTER, encoding="utf-8")
    found = read_letter_draft(tmp_path)

    assert found.problems == ()
    assert found.places == {"a": (f"{tmp_path.name}/a.yaml", 2)}
    assert found.letters == {
        "a": Letter(
            id="a",
            version=2,
            status=LetterStatus.OPEN,
            titles={Language.HEBREW: "מכתב", Language.ENGLISH: "A letter"},
            paragraphs={Language.HEBREW: ("אחת", "שתיים"), Language.ENGLISH: ("One", "Two")},
        )
    }


def test_no_directory_is_no_letters(tmp_path: Path) -> None:
    """The flow of the letter is then closed."""
    assert read_letter_draft(tmp_path / "gone").letters == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (LETTER.replace("letter: a", "letter: b"), "1: letters/a.yaml holds the letter `b`."),
        (LETTER.replace("letter: a\n", ""), "1: letter `a` has no `letter`."),
        (LETTER.replace("version: 2", "version: new"), "2: `new` is no version."),
        (LETTER.replace("version: 2", "version: 0"), "2: `0` is no version."),
        (LETTER.replace("version: 2\n", ""), "1: letter `a` has no `version`."),
        (LETTER.replace("status: open\n", ""), "1: letter `a` has no `status`."),
        (LETTER.replace("status: open", "status: signed"), "3: `status` of letter `a` is `signed`."),
        (LETTER.replace("he: מכתב, ", ""), "4: `title` of letter `a` has no `he`."),
        (LETTER.replace("en: A letter", "de: Ein Brief"), "4: `title` of letter `a` knows no `de`."),
        (LETTER.replace("en: [One, Two]\n", ""), "1: letter `a` has no words in `en`."),
        (LETTER.replace("[One, Two]", "One"), "6: `en` of letter `a` has to be a list."),
        (LETTER + "signed: me\n", "7: letter `a` knows no `signed`."),
        ("- a\n", "1: letter `a` has to be a mapping."),
        ("", "0: The file is empty."),
    ],
)
def test_what_is_wrong_with_a_letter_is_told_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    """Each mistake has its sentence."""
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    found = read_letter_draft(folder)

    assert fault in [f"{problem.line}: {problem.message}" for problem in found.problems]
    assert {problem.file for problem in found.problems} == {"letters/a.yaml"}


def test_a_file_has_a_name_an_id_can_have(tmp_path: Path) -> None:
    """Commands and tables name a letter by it."""
    (tmp_path / "My letter.yaml").write_text(LETTER.replace("letter: a\n", ""), encoding="utf-8")

    messages = [problem.message for problem in read_letter_draft(tmp_path).problems]
    assert "`My letter` is no id." in messages

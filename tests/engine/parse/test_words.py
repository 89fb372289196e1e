"""Lists of words per language."""

from pathlib import Path

import pytest

from bot.engine.parse import FlowsRefused, read_words
from bot.model.person import Language


def test_words_are_read_by_language(tmp_path: Path) -> None:
    """In the order of the file."""
    path = tmp_path / "words.yaml"
    path.write_text("he: [ב, א]\nen: [b, a]\n", encoding="utf-8")

    assert read_words(path) == {Language.HEBREW: ("ב", "א"), Language.ENGLISH: ("b", "a")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "The file is not there."),
        ("he: [א]\n", "There are no words in `en`."),
        ("he: [א]\nen: [a]\nfr: [a]\n", "words.yaml knows no `fr`."),
        ("- a\n", "words.yaml has to be a mapping."),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(tmp_path: Path, text: str | None, message: str) -> None:
    """Each mistake has its sentence."""
    path = tmp_path / "words.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    with pytest.raises(FlowsRefused) as refused:
        read_words(path)

    assert message in [problem.message for problem in refused.value.problems]

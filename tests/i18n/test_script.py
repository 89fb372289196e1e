"""The language of words, by their letters."""

import pytest

from bot.i18n.script import written_in
from bot.model.person import Language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("שלום", Language.HEBREW),
        ("אהלן, zoom?", Language.HEBREW),
        ("مرحبا", Language.HEBREW),
        ("привет", Language.HEBREW),
        ("Hi", Language.ENGLISH),
        ("Déjà vu 2", Language.ENGLISH),
        ("1201", None),
        ("👍 _", None),
        ("", None),
    ],
)
def test_letters_tell_the_language(text: str, language: Language | None) -> None:
    """Latin ones English, all others Hebrew; where there are none, nothing does."""
    assert written_in(text) is language

"""Letters of support as files: pages for what the font has, plain text for the rest."""

import json

from bot.model.flyer import Sheet
from bot.model.person import Language, Voice
from bot.pipeline import enclosed
from tests.pipeline.works import Words


def _files(words: Words, *letters: tuple[str, str]) -> dict[str, tuple[Sheet | None, bytes]]:
    brought = json.dumps(letters).encode()
    voice = Voice(language=Language.ENGLISH)
    found = enclosed.files(brought, words.renderer, voice=voice, phrases=words.library.book.phrases)
    return {one.name: (one.sheet, one.content) for one in found}


def test_letters_the_font_has_become_pages(words: Words) -> None:
    """Each with its direction, and with the name of whoever signed."""
    (found,) = _files(words, ("Be well", "Dan"), ("שלום", ""), ("\u2026", "")).items()

    assert found[0] == "pages.pdf"
    assert found[1][0] is Sheet.LETTERS
    assert json.loads(found[1][1])["letters"] == [
        {"words": "Be well\n\nDan", "rtl": False},
        {"words": "שלום", "rtl": True},
        {"words": "\u2026", "rtl": False},
    ]


def test_letters_in_other_scripts_are_plain_text(words: Words) -> None:
    """As they were written, in a file beside."""
    found = _files(words, ("Держись", ""), ("نفكر بك", "Dan"), ("Be well", ""))

    assert list(found) == ["pages.pdf", "pages.txt"]
    assert found["pages.txt"] == (None, "Держись\n\n----------\n\nنفكر بك\n\nDan".encode())
    assert list(_files(words, ("Держись", ""))) == ["pages.txt"]

"""The translations that are shipped, against the flows that are shipped."""

import re
from pathlib import Path

import pytest

from bot.engine.parse import read_book
from bot.i18n.bidi import EMBEDDINGS
from bot.i18n.catalog import FOLDERS, PLURAL_HEADER, Catalogs, key_of, messages_of, po_path, read_catalog
from bot.i18n.entry import Entry, entries
from bot.i18n.extract import wanted
from bot.i18n.proof import problems, untranslated
from bot.i18n.render import VOICES
from bot.i18n.template import parse
from bot.model.person import Form, Language, Platform, Voice

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "locales"
BUTTONS = re.compile(
    r"\bbuttons?\b|\btap\b|\b(?:a|one|two) press(?:es)?\b|כפתור|לחיצה|לחיצות|ללחוץ", re.IGNORECASE
)


@pytest.fixture(scope="module")
def said() -> tuple[Entry, ...]:
    return entries(read_book(ROOT / "flows"))


@pytest.mark.parametrize("form", Form)
def test_the_header_names_three_plural_forms(form: Form) -> None:
    """One, two and other: what tools write by themselves for Hebrew has two."""
    header = f'"Plural-Forms: {PLURAL_HEADER}\\n"'
    assert header in po_path(LOCALES, form).read_text(encoding="utf-8")
    assert read_catalog(LOCALES, form).num_plurals == 3


@pytest.mark.parametrize("form", Form)
def test_no_file_holds_embeddings(form: Form) -> None:
    """Telegram deletes them, and an editor shows nothing of them."""
    assert not set(po_path(LOCALES, form).read_text(encoding="utf-8")) & set(EMBEDDINGS)


def test_the_files_are_up_to_date(said: tuple[Entry, ...]) -> None:
    """`python -m bot.i18n.extract` would change nothing."""
    stale = [path for path, content in wanted(said, LOCALES).items() if path.read_bytes() != content]
    assert stale == []


@pytest.mark.parametrize("form", Form)
def test_every_catalog_lists_every_message(said: tuple[Entry, ...], form: Form) -> None:
    """The forms too, so that a translator sees what may differ."""
    assert [key_of(message) for message in messages_of(read_catalog(LOCALES, form))] == [
        entry.key for entry in said
    ]


def test_every_message_is_translated(said: tuple[Entry, ...]) -> None:
    """Nobody who chose Hebrew reads English."""
    assert untranslated(said, read_catalog(LOCALES, Form.NEUTRAL)) == ()


def test_every_translation_keeps_values_and_markup(said: tuple[Entry, ...]) -> None:
    """The proof-reader has nothing to say."""
    assert list(problems(said, {form: read_catalog(LOCALES, form) for form in FOLDERS})) == []


def test_every_message_can_be_read_in_every_voice(said: tuple[Entry, ...]) -> None:
    """Each text, English too, is a template; a form that is empty says what the neutral one says."""
    catalogs = Catalogs.load(LOCALES)
    for entry in said:
        values = {entry.phrase.count or "": "2"}
        for voice in VOICES:
            parse(catalogs.text(voice, entry.phrase, values), rtl=voice.language is Language.HEBREW)


def test_an_empty_form_falls_back(said: tuple[Entry, ...]) -> None:
    """Where `he@f` is empty, the neutral sentence is said."""
    catalogs, feminine = Catalogs.load(LOCALES), read_catalog(LOCALES, Form.FEMININE)
    open_keys = set(untranslated(said, feminine))
    for entry in said:
        if entry.key in open_keys:
            values = {entry.phrase.count or "": "2"}
            neutral = catalogs.text(Voice(language=Language.HEBREW), entry.phrase, values)
            own = catalogs.text(Voice(language=Language.HEBREW, form=Form.FEMININE), entry.phrase, values)
            assert own == neutral


def test_no_text_speaks_of_buttons(said: tuple[Entry, ...]) -> None:
    """On Signal there are none: what everybody reads holds for a numbered list too."""
    words = Catalogs.load(LOCALES)
    everywhere = [one.phrase for one in said if one.phrase.on is not Platform.TELEGRAM]
    told = [words.text(voice, one, {one.count or "": "2"}) for one in everywhere for voice in VOICES]

    assert [text for text in told if BUTTONS.search(text)] == []

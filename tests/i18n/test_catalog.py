from pathlib import Path

import pytest

from bot.engine.flow import Phrase
from bot.i18n.catalog import Catalogs, po_path
from bot.i18n.error import BadValue, CatalogMissing, MissingValue
from bot.model.person import Form
from tests.i18n.voices import ENGLISH, FEMININE, HEBREW, catalogs, days, phrase

HEADER = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);\\n"
"""
NEUTRAL = """
msgctxt "menu.home"
msgid "Hello"
msgstr "שלום"

#, fuzzy
msgctxt "menu.home"
msgid "Doubtful"
msgstr "ספק"

msgctxt "menu.home"
msgid "{days} day"
msgid_plural "{days} days"
msgstr[0] "יום"
msgstr[1] "יומיים"
msgstr[2] "{days} ימים"

msgctxt "menu.home"
msgid "gap"
msgid_plural "gaps"
msgstr[0] "פער"
msgstr[1] ""
msgstr[2] ""
"""
FEMININE_ONLY = """
msgctxt "menu.home"
msgid "Hello"
msgstr "שלום לך, אחות"

msgctxt "menu.home"
msgid "{days} day"
msgid_plural "{days} days"
msgstr[0] ""
msgstr[1] ""
msgstr[2] ""
"""


@pytest.fixture
def loaded(tmp_path: Path) -> Catalogs:
    for form, body in ((Form.NEUTRAL, NEUTRAL), (Form.FEMININE, FEMININE_ONLY)):
        path = po_path(tmp_path, form)
        path.parent.mkdir(parents=True)
        path.write_text(HEADER + body, encoding="utf-8")
    return Catalogs.load(tmp_path)


def test_english_is_the_text_itself(loaded: Catalogs) -> None:
    """No catalog is asked for English."""
    assert loaded.text(ENGLISH, phrase("Hello")) == "Hello"


def test_each_form_has_its_own_words(loaded: Catalogs) -> None:
    """A form that differs is used for who asked for it."""
    assert (loaded.text(HEBREW, phrase("Hello")), loaded.text(FEMININE, phrase("Hello"))) == (
        "שלום",
        "שלום לך, אחות",
    )


def test_an_empty_form_falls_back_to_the_neutral_one(loaded: Catalogs) -> None:
    """A sentence that reads alike for everyone is written once."""
    assert loaded.text(FEMININE, days(), {"days": "2"}) == "יומיים"


@pytest.mark.parametrize(
    ("count", "hebrew", "english"),
    [
        ("0", "{days} ימים", "{days} days"),
        ("1", "יום", "{days} day"),
        ("2", "יומיים", "{days} days"),
        ("11", "{days} ימים", "{days} days"),
    ],
)
def test_the_count_picks_the_form(loaded: Catalogs, count: str, hebrew: str, english: str) -> None:
    """Hebrew has one, two and other; English one and other."""
    values = {"days": count}
    assert (loaded.text(HEBREW, days(), values), loaded.text(ENGLISH, days(), values)) == (hebrew, english)


def test_a_doubtful_or_partial_translation_is_not_used(loaded: Catalogs) -> None:
    """Fuzzy entries and plurals with a gap stay English."""
    gap = Phrase(context="menu.home", text="gap", plural="gaps", count="n")
    assert loaded.text(HEBREW, phrase("Doubtful")) == "Doubtful"
    assert loaded.text(HEBREW, gap, {"n": "2"}) == "gaps"


def test_a_context_is_part_of_the_message(loaded: Catalogs) -> None:
    """The same English elsewhere is another message."""
    assert loaded.text(HEBREW, phrase("Hello", "menu.other")) == "Hello"


def test_a_count_has_to_be_given() -> None:
    """Without its number a plural has no form."""
    with pytest.raises(MissingValue, match="days"):
        catalogs().text(ENGLISH, days())


def test_a_count_has_to_be_a_number() -> None:
    """Words are no count."""
    with pytest.raises(BadValue, match="days"):
        catalogs().text(ENGLISH, days(), {"days": "some"})


def test_without_hebrew_nothing_starts(tmp_path: Path) -> None:
    """A missing catalog is refused at start, with what to do about it."""
    with pytest.raises(CatalogMissing, match=r"messages\.po") as refused:
        Catalogs.load(tmp_path)
    assert "BOT_LOCALES_DIR" in refused.value.advice

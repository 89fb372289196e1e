"""A list as files: what could be live in them is not."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.printed import cell, page, plain, table
from bot.model.person import Language
from bot.model.roll import Roll
from tests.letters import a_letter, an_entry

HOSTILE = '<script>alert("x")</script>&'


def hostile(language: Language) -> Roll:
    """A list in which everything tries to be more than text; no bundle gets so far."""
    letter = a_letter(
        titles=dict.fromkeys(Language, HOSTILE), paragraphs=dict.fromkeys(Language, (HOSTILE, "two"))
    )
    entry = an_entry("e1", HOSTILE, '=1+1,"x"\r\ny')
    return Roll(letter=letter, named=(entry,), lines={language: (HOSTILE,)}, counted=0, left_out=0)


@pytest.mark.parametrize("language", Language)
def test_a_page_runs_and_loads_nothing(language: Language) -> None:
    """Every word of a letter, a name or a number is text in it."""
    written = page(hostile(language), language, counts=lambda *_: (HOSTILE,))

    assert "<script" not in written
    assert re.findall(r"(?:src|href|url|@import|\bon\w+)\s*[=(]", written) == []
    assert written.count("&lt;script&gt;") == 5
    assert "default-src 'none'" in written


def test_hebrew_is_printed_right_to_left() -> None:
    """And English left to right; the language is named for whoever hears the page."""
    heads = [page(hostile(one), one, counts=lambda *_: ()).partition("<head>")[0] for one in Language]

    assert 'lang="he" dir="rtl"' in heads[0]
    assert 'lang="en" dir="ltr"' in heads[1]


def test_a_cell_stays_one_cell() -> None:
    """Quotes, commas and line breaks in a name begin no other one."""
    read = list(csv.reader(io.StringIO(table(hostile(Language.HEBREW)), newline="")))

    assert read[1:] == [[HOSTILE, '\'=1+1,"x"\r\ny', "1"]]


@given(st.text(max_size=6))
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever it begins with (OWASP, CSV injection); what is harmless stays as it is."""
    written = cell(text)

    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert written.removeprefix("'") == text or written == text


def test_a_text_without_names_leaves_no_gap() -> None:
    """Title, letter, numbers."""
    nobody = Roll(letter=a_letter(), named=(), lines=dict.fromkeys(Language, ()), counted=3, left_out=0)

    assert plain(nobody, Language.ENGLISH, counts=lambda *_: ("Three.",)) == (
        "A letter\n\nFirst.\n\nSecond.\n\nThree.\n"
    )

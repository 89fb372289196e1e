"""The letter: what its fingerprint covers, who may sign it, and how it is cut into pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.card import ContentPolicy
from bot.model.letter import GAP, PAGE, LetterStatus
from bot.model.person import Language
from bot.model.text import utf16_length
from tests.letters import LETTER, a_letter, an_entry

PARAGRAPHS = st.lists(st.text("אab ", min_size=1, max_size=PAGE + 50), min_size=1, max_size=12)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "other"},
        {"version": 2},
        {"titles": {Language.HEBREW: "מכתב", Language.ENGLISH: "The letter"}},
        {"titles": {Language.HEBREW: "המכתב", Language.ENGLISH: "A letter"}},
        {"paragraphs": {**LETTER.paragraphs, Language.ENGLISH: ("First", "Second.")}},
        {"paragraphs": {**LETTER.paragraphs, Language.HEBREW: ("ראשית. שנית.",)}},
        {"paragraphs": {**LETTER.paragraphs, Language.ENGLISH: ("Second.", "First.")}},
    ],
)
def test_every_word_is_in_the_fingerprint(changed: dict[str, object]) -> None:
    """Whoever signed other words did not sign these."""
    assert a_letter(**changed).fingerprint != LETTER.fingerprint


def test_opening_and_closing_leave_the_fingerprint() -> None:
    """The text is the same, and so is what was agreed to."""
    assert a_letter(status=LetterStatus.CLOSED).fingerprint == LETTER.fingerprint


def test_the_fingerprint_is_the_same_tomorrow() -> None:
    """It is kept with consents, so its form is fixed."""
    assert LETTER.fingerprint == ("917706844ba6a866a92251cd9a99dee787bbd71a9d579043584b26bff5002a9d")


@pytest.mark.parametrize(
    ("status", "policy", "is_offered"),
    [
        (LetterStatus.OPEN, ContentPolicy.APPROVED, True),
        (LetterStatus.OPEN, ContentPolicy.DRAFT, True),
        (LetterStatus.DRAFT, ContentPolicy.APPROVED, False),
        (LetterStatus.DRAFT, ContentPolicy.DRAFT, True),
        (LetterStatus.CLOSED, ContentPolicy.APPROVED, False),
        (LetterStatus.CLOSED, ContentPolicy.DRAFT, False),
    ],
)
def test_a_draft_is_signed_in_the_sandbox_only(
    status: LetterStatus, policy: ContentPolicy, *, is_offered: bool
) -> None:
    """And a closed letter nowhere."""
    assert a_letter(status=status).is_offered(policy) is is_offered


@given(PARAGRAPHS)
def test_pages_hold_the_whole_text_in_order(paragraphs: list[str]) -> None:
    """Nothing is lost between them, and only a paragraph that is too long makes one too long."""
    letter = a_letter(paragraphs=dict.fromkeys(Language, tuple(paragraphs)))
    pages = letter.pages(Language.HEBREW)

    assert GAP.join(pages) == GAP.join(paragraphs)
    assert all(utf16_length(page) <= PAGE or page in paragraphs for page in pages)


def test_a_page_takes_what_fits() -> None:
    """Two short paragraphs share one; the next begins where the first is full."""
    half = "a" * (PAGE // 2)
    letter = a_letter(paragraphs=dict.fromkeys(Language, ("a", half, half)))

    assert letter.pages(Language.ENGLISH) == (f"a\n\n{half}", half)


def test_an_entry_has_a_line_in_each_language() -> None:
    """As it will appear there."""
    entry = an_entry()

    assert [entry.line(language) for language in Language] == ["נועה כהן", "Noa Cohen"]

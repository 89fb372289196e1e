"""What a content hash covers."""

from datetime import date

import pytest

from bot.model.card import CardAudience, CardKind, CardStatus, Confidence, Provenance, content_hash
from bot.model.person import Form, Language, Voice
from tests.cards import a_card

CARD = a_card()
HEBREW = Voice(language=Language.HEBREW, form=Form.FEMININE)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "a2"},
        {"kind": CardKind.CARE},
        {"texts": {Language.HEBREW: "One fact.", Language.ENGLISH: "One fact"}},
        {"texts": {Language.HEBREW: "One fact", Language.ENGLISH: "One fact."}},
        {"forms": {Form.FEMININE: "One fact."}},
        {"sources": {Language.HEBREW: "The law", Language.ENGLISH: "A law"}},
        {"source_url": "https://example.org"},
        {"source_date": date(2026, 11, 2)},
        {"confidence": Confidence.MED},
        {"always": True},
        {"provenance": Provenance(claim="A1", author="other", fetched_on=date(2026, 11, 2))},
    ],
)
def test_what_a_person_sees_and_an_approval_rests_on_is_in_the_hash(changed: dict[str, object]) -> None:
    """Any change of it asks for new signatures."""
    assert content_hash(a_card(**changed)) != content_hash(CARD)


@pytest.mark.parametrize(
    "changed",
    [
        {"review_by": date(2026, 12, 1)},
        {"status": CardStatus.PULLED},
        {"audience": CardAudience.FAMILY},
        {"provenance": Provenance(claim="A1", author="writer", fetched_on=date(2026, 11, 3), quote="So.")},
    ],
)
def test_what_nobody_sees_can_be_mended_without_signatures(changed: dict[str, object]) -> None:
    """Notes for reviewers, an earlier review, or a pull."""
    assert content_hash(a_card(**changed)) == content_hash(CARD)


def test_the_hash_is_the_same_tomorrow() -> None:
    """Approvals on disk live as long as this does; a change of it needs a new HASH_FORMAT."""
    assert content_hash(CARD) == "7f6f153d5e3bb1a6aa678d67e2d6b2ee36f29e7d83abdbdea0e638236d601c02"


def test_hebrew_has_its_own_wording_for_a_form() -> None:
    """The neutral one where none is written; English has one wording."""
    card = a_card(forms={Form.FEMININE: "One fact for you."})

    assert card.text(HEBREW) == "One fact for you."
    assert card.text(Voice(language=Language.HEBREW)) == "One fact."
    assert card.text(Voice(language=Language.ENGLISH, form=Form.FEMININE)) == "One fact."
    assert [text for _, text in card.wordings()] == ["One fact.", "One fact.", "One fact for you."]

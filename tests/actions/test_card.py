"""Cards fail closed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest

from bot.actions.card import is_served
from bot.model.card import Card, CardKind, CardStatus, Confidence, ContentPolicy
from bot.model.person import Language

TODAY: Final = date(2026, 11, 24)
CARD: Final = Card(
    id="a1",
    kind=CardKind.LAW,
    texts=dict.fromkeys(Language, "One fact."),
    sources=dict.fromkeys(Language, "The law"),
    source_date=TODAY,
    confidence=Confidence.HIGH,
    review_by=TODAY,
    status=CardStatus.APPROVED,
)
OLD: Final = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("card", "approved", "draft"),
    [
        (CARD, True, True),
        (replace(CARD, review_by=OLD), False, True),
        (replace(CARD, status=CardStatus.DRAFT), False, True),
        (replace(CARD, status=CardStatus.PULLED), False, False),
        (replace(CARD, confidence=Confidence.MED), True, True),
        (replace(CARD, confidence=Confidence.LOW), False, False),
        (replace(CARD, status=CardStatus.DRAFT, confidence=Confidence.LOW, always=True), True, True),
        (replace(CARD, status=CardStatus.PULLED, review_by=OLD, always=True), True, True),
    ],
)
def test_a_card_is_shown_only_if_everything_speaks_for_it(card: Card, *, approved: bool, draft: bool) -> None:
    """Approved, in its time and sure, or a draft where drafts are shown; the emergency lines always."""
    assert is_served(card, ContentPolicy.APPROVED, today=TODAY) is approved
    assert is_served(card, ContentPolicy.DRAFT, today=TODAY) is draft

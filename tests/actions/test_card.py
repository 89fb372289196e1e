"""Cards fail closed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest

from bot.actions.card import is_served
from bot.model.card import CardStatus, Confidence, ContentPolicy
from bot.model.review import Review
from tests.cards import a_card, a_review, approved

TODAY: Final = date(2026, 11, 24)
OLD: Final = TODAY - timedelta(days=1)
APPROVED: Final = approved(on=TODAY)


@pytest.mark.parametrize(
    ("review", "served", "as_draft"),
    [
        (APPROVED, True, True),
        (approved(a_card(review_by=TODAY), on=TODAY), True, True),
        (approved(a_card(review_by=OLD), on=OLD), False, True),
        (approved(on=TODAY + timedelta(days=1)), False, True),
        (replace(APPROVED, approvals=APPROVED.approvals[:1]), False, True),
        (a_review(), False, True),
        (a_review(changed=True), False, True),
        (approved(a_card(status=CardStatus.PULLED), on=TODAY), False, False),
        (approved(a_card(confidence=Confidence.MED), on=TODAY), True, True),
        (approved(a_card(confidence=Confidence.LOW), on=TODAY), False, False),
        (a_review(a_card(confidence=Confidence.LOW, always=True)), True, True),
        (a_review(a_card(status=CardStatus.PULLED, review_by=OLD, always=True)), True, True),
    ],
)
def test_a_card_is_shown_only_if_everything_speaks_for_it(
    review: Review, *, served: bool, as_draft: bool
) -> None:
    """Approved, in its time and sure, or a draft where drafts are shown; the emergency lines always."""
    assert is_served(review, ContentPolicy.APPROVED, today=TODAY) is served
    assert is_served(review, ContentPolicy.DRAFT, today=TODAY) is as_draft


@pytest.mark.parametrize("policy", ContentPolicy)
def test_a_pulled_content_is_shown_to_nobody(policy: ContentPolicy) -> None:
    """Not even where drafts are; another content of the same card is not touched by it."""
    assert not is_served(APPROVED, policy, today=TODAY, pulled={APPROVED.content})
    assert is_served(APPROVED, policy, today=TODAY, pulled={"0" * 64})


def test_an_emergency_line_cannot_be_pulled() -> None:
    """1201, 101 and 100 go only with a new deploy."""
    review = a_review(a_card(always=True))

    assert is_served(review, ContentPolicy.APPROVED, today=TODAY, pulled={review.content})

"""Which cards may be shown. They fail closed: what is not approved, or past its review, is not said."""

from datetime import date

from bot.model.card import Card, CardStatus, Confidence, ContentPolicy


def is_served(card: Card, policy: ContentPolicy, *, today: date) -> bool:
    """Whether `card` may be shown on `today`. The emergency lines (1201, 101, 100) always may."""
    if card.always:
        return True
    if card.status is CardStatus.PULLED or card.confidence is Confidence.LOW:
        return False
    if policy is ContentPolicy.DRAFT:
        return True
    return card.status is CardStatus.APPROVED and today <= card.review_by

"""Which cards may be shown. They fail closed: what is not approved, past its time or pulled is not said."""

from collections.abc import Collection
from datetime import date

from bot.actions.scene import Scene
from bot.model.card import Confidence, ContentPolicy
from bot.model.review import Review, Standing


def is_served(
    review: Review, policy: ContentPolicy, *, today: date, pulled: Collection[str] = frozenset()
) -> bool:
    """Whether a card may be shown on `today`. The emergency lines (1201, 101, 100) always may.

    `pulled` are the contents (`model.card.content_hash`) that were pulled since they were deployed.
    """
    standing = review.standing(today, pulled=pulled)
    if review.card.always:
        return True
    if standing is Standing.PULLED or review.card.confidence is Confidence.LOW:
        return False
    return policy is ContentPolicy.DRAFT or standing is Standing.APPROVED


def may_say(scene: Scene, card: str, *, today: date) -> bool:
    """Whether what rests on a card may be said in this turn."""
    review = scene.cards.get(card)
    return review is not None and is_served(review, scene.policy, today=today, pulled=scene.pulled)

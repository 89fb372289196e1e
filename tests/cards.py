"""Cards for tests, as they are written and as they are reviewed; signatures here are believed, not checked."""

from dataclasses import replace
from datetime import date
from typing import Final

from bot.model.card import Card, CardKind, CardStatus, Confidence, Provenance, content_hash
from bot.model.person import Language
from bot.model.review import NEEDED, Approval, Review, ReviewRole

_CARD: Final = Card(
    id="a1",
    kind=CardKind.LAW,
    texts=dict.fromkeys(Language, "One fact."),
    sources=dict.fromkeys(Language, "The law"),
    source_date=date(2026, 11, 1),
    confidence=Confidence.HIGH,
    provenance=Provenance(claim="A1", author="writer", fetched_on=date(2026, 11, 2)),
    review_by=date(2027, 12, 31),
    status=CardStatus.DRAFT,
)


def a_card(**changed: object) -> Card:
    """One law card, a draft; `changed` replaces its fields by name."""
    return replace(_CARD, **changed)  # type: ignore[arg-type]


def a_review(card: Card = _CARD, *approvals: Approval, changed: bool = False) -> Review:
    """A card with these approvals, which all count."""
    return Review(card=card, content=content_hash(card), approvals=approvals, changed=changed)


def approved(card: Card = _CARD, *, on: date) -> Review:
    """A card that everybody needed signed on one day."""
    return a_review(card, *(approval(card, role.value, on=on) for role in NEEDED[card.kind]))


def approval(card: Card, role: str, *, on: date) -> Approval:
    """The word of the one reviewer of that role, who is called by it."""
    return Approval(
        card=card.id,
        content=content_hash(card),
        reviewer=role,
        role=ReviewRole(role),
        signed_on=on,
    )

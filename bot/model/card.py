"""A card: one reviewed fact in both languages, with its source. Cards fail closed (`actions.card`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model.person import Language


class CardKind(StrEnum):
    """What a card is about; decides who reviews it and how long an approval lasts."""

    LAW = "law"
    NUMBER = "number"
    PHONE = "phone"
    ORG = "org"
    CARE = "care"
    SPEECH = "speech"


class Confidence(StrEnum):
    """How sure the source is; `low` is never served."""

    HIGH = "high"
    MED = "med"
    LOW = "low"


class CardStatus(StrEnum):
    """Where a card is in its review."""

    DRAFT = "draft"
    APPROVED = "approved"
    PULLED = "pulled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One fact. `always` marks the emergency lines, which show even unapproved and past `review_by`."""

    id: str
    kind: CardKind
    texts: Mapping[Language, str]
    sources: Mapping[Language, str]
    source_date: date
    confidence: Confidence
    review_by: date
    status: CardStatus
    always: bool = False


class ContentPolicy(StrEnum):
    """Which cards may be shown: approved ones only (`bot run`), or drafts too, marked as drafts (the sandbox)."""

    APPROVED = "approved"
    DRAFT = "draft"

"""A card: one reviewed fact in both languages, with its source. What its reviewers signed is in `model.review`.

`content_hash` is what they sign: it covers every word a person can see of a card, and what its approval rests on.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from bot.model.person import Form, Language, Voice

HASH_FORMAT: Final = 1


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
    """What the file says of a card. Nobody writes `approved`: that follows from signatures alone."""

    DRAFT = "draft"
    PULLED = "pulled"


class CardAudience(StrEnum):
    """For whom a card is written; for editors, nothing is held back by it."""

    EVERYONE = "everyone"
    RESERVIST = "reservist"
    CONSCRIPT = "conscript"
    FAMILY = "family"
    SUPPORTER = "supporter"
    VOLUNTEER = "volunteer"


class ContentPolicy(StrEnum):
    """Which cards may be shown: approved ones only (`bot run`), or drafts too, marked as drafts (the sandbox)."""

    APPROVED = "approved"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a card comes from: for reviewers, never shown to people.

    `claim` is the number of the claim in the content document, `quote` the source's own words, `author` a pseudonym.
    """

    claim: str
    author: str
    fetched_on: date
    quote: str = ""
    supersedes: str = ""
    change_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One fact. `forms` are the Hebrew wordings that differ from the neutral one in `texts`.

    `always` marks the emergency lines, which show even unapproved and past `review_by`.
    """

    id: str
    kind: CardKind
    texts: Mapping[Language, str]
    forms: Mapping[Form, str] = field(default_factory=dict)
    sources: Mapping[Language, str]
    source_url: str = ""
    source_date: date
    confidence: Confidence
    audience: CardAudience = CardAudience.EVERYONE
    provenance: Provenance
    review_by: date
    status: CardStatus
    always: bool = False

    def text(self, voice: Voice) -> str:
        """The words for one voice."""
        neutral = self.texts[voice.language]
        return self.forms.get(voice.form, neutral) if voice.language is Language.HEBREW else neutral

    def wordings(self) -> Iterator[tuple[Language, str]]:
        """Every text a person may get, with its language."""
        yield from self.texts.items()
        yield from ((Language.HEBREW, text) for text in self.forms.values())


def content_hash(card: Card) -> str:
    """SHA-256 (hex) over everything a person can see of `card`, and over author, confidence and `always`.

    The form is JSON in a fixed order, so no two contents write alike. Where a card comes from is left out otherwise.
    """
    seen = {
        "format": HASH_FORMAT,
        "id": card.id,
        "kind": card.kind.value,
        "texts": {language.value: card.texts[language] for language in Language},
        "forms": {form.value: text for form, text in card.forms.items()},
        "sources": {language.value: card.sources[language] for language in Language},
        "source_url": card.source_url,
        "source_date": card.source_date.isoformat(),
        "author": card.provenance.author,
        "confidence": card.confidence.value,
        "always": card.always,
    }
    canonical = json.dumps(seen, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()

"""How a card comes to be served: reviewers, what they signed, what each kind of card needs and how long it lasts.

Pure: whether a signature is genuine is asked through `Verify` (`store.signing` is the answer). Everything here fails
closed: a signature that is wrong in any way counts as none. Sources: CONTENT G2 (who signs), G3 (how long).
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from bot.model.card import Card, CardKind, CardStatus, Confidence, content_hash

SIGNATURE_FORMAT: Final = "reservist-bot/card-approval/1"


class ReviewRole(StrEnum):
    """What a reviewer is asked about."""

    LAWYER = "lawyer"
    CLINICIAN = "clinician"
    EDITOR = "editor"
    CALLER = "caller"


class PullReason(StrEnum):
    """Why a card was pulled; a closed set, so that no words are kept."""

    LAW = "law"
    WRONG = "wrong"
    PHONE = "phone"
    OTHER = "other"


class Standing(StrEnum):
    """Where a card is: `stale` was signed and has changed since, `expired` has to be looked at again."""

    DRAFT = "draft"
    APPROVED = "approved"
    STALE = "stale"
    EXPIRED = "expired"
    PULLED = "pulled"


class Flaw(StrEnum):
    """Why an approval does not count."""

    UNKNOWN_CARD = "unknown_card"
    UNKNOWN_REVIEWER = "unknown_reviewer"
    OTHER_ROLE = "other_role"
    FORGED = "forged"
    OWN_CARD = "own_card"
    WEAK_SOURCE = "weak_source"


_LAWYER: Final = frozenset({ReviewRole.LAWYER, ReviewRole.EDITOR})
_CLINICIAN: Final = frozenset({ReviewRole.CLINICIAN, ReviewRole.EDITOR})
_CALLER: Final = frozenset({ReviewRole.CALLER, ReviewRole.EDITOR})

NEEDED: Final[Mapping[CardKind, frozenset[ReviewRole]]] = {
    CardKind.LAW: _LAWYER,
    CardKind.NUMBER: _LAWYER,
    CardKind.SPEECH: _LAWYER,
    CardKind.CARE: _CLINICIAN,
    CardKind.PHONE: _CALLER,
    CardKind.ORG: _CALLER,
}
LASTS: Final[Mapping[CardKind, timedelta]] = {
    CardKind.LAW: timedelta(days=60),
    CardKind.NUMBER: timedelta(days=90),
    CardKind.SPEECH: timedelta(days=60),
    CardKind.CARE: timedelta(days=365),
    CardKind.PHONE: timedelta(days=30),
    CardKind.ORG: timedelta(days=90),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Who may sign, by a pseudonym; `public_key` is 32 bytes of Ed25519. One role each, so two roles are two people."""

    id: str
    role: ReviewRole
    public_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One reviewer's word for one exact content of one card."""

    card: str
    content: str
    reviewer: str
    role: ReviewRole
    signed_on: date
    signature: bytes = b""

    def message(self) -> bytes:
        """What is signed: a list that begins with the format's name, so that it is no message of anything else."""
        parts = [
            SIGNATURE_FORMAT,
            self.card,
            self.content,
            self.reviewer,
            self.role.value,
            self.signed_on.isoformat(),
        ]
        return json.dumps(parts, separators=(",", ":")).encode()


Verify = Callable[[Reviewer, Approval], bool]
"""Whether the signature of an approval was made by the reviewer's key, for just this approval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The reviewers by id, and every approval in the order it was given."""

    reviewers: Mapping[str, Reviewer]
    approvals: tuple[Approval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A card with the approvals that count for its present content. `changed`: there are some for another content."""

    card: Card
    content: str
    approvals: tuple[Approval, ...]
    changed: bool

    def signed(self, today: date) -> Mapping[ReviewRole, date]:
        """When each needed role last signed. What is dated after `today` is not believed."""
        needed, found = NEEDED[self.card.kind], dict[ReviewRole, date]()
        for approval in self.approvals:
            if approval.role in needed and approval.signed_on <= today:
                found[approval.role] = max(approval.signed_on, found.get(approval.role, date.min))
        return found

    def missing(self, today: date) -> tuple[ReviewRole, ...]:
        """The roles that have yet to sign."""
        return tuple(sorted(NEEDED[self.card.kind] - self.signed(today).keys()))

    def until(self, today: date) -> date | None:
        """The last day of the approval: counted from its oldest signature, and never beyond `review_by`."""
        if self.missing(today) or self.card.confidence is Confidence.LOW:
            return None
        oldest = min(self.signed(today).values())
        return min(oldest + LASTS[self.card.kind], self.card.review_by)

    def standing(self, today: date, *, pulled: Collection[str] = ()) -> Standing:
        """Where the card is on `today`, if the contents in `pulled` are pulled."""
        if self.card.status is CardStatus.PULLED or self.content in pulled:
            return Standing.PULLED
        until = self.until(today)
        if until is None:
            return Standing.STALE if self.changed else Standing.DRAFT
        return Standing.APPROVED if today <= until else Standing.EXPIRED


def flaw(approval: Approval, card: Card | None, *, register: Register, verify: Verify) -> Flaw | None:
    """Why `approval` does not count; None if it does. About its author and source only the present content is asked."""
    reviewer = register.reviewers.get(approval.reviewer)
    if card is None:
        return Flaw.UNKNOWN_CARD
    if reviewer is None:
        return Flaw.UNKNOWN_REVIEWER
    if reviewer.role is not approval.role:
        return Flaw.OTHER_ROLE
    if not verify(reviewer, approval):
        return Flaw.FORGED
    if approval.content == content_hash(card):
        if card.provenance.author == approval.reviewer:
            return Flaw.OWN_CARD
        if card.confidence is Confidence.LOW:
            return Flaw.WEAK_SOURCE
    return None


def reviewed(cards: Mapping[str, Card], register: Register, *, verify: Verify) -> dict[str, Review]:
    """Each card with the approvals that count."""
    good = [
        approval
        for approval in register.approvals
        if flaw(approval, cards.get(approval.card), register=register, verify=verify) is None
    ]
    return {name: _review(card, [one for one in good if one.card == name]) for name, card in cards.items()}


def _review(card: Card, approvals: Iterable[Approval]) -> Review:
    content = content_hash(card)
    present = tuple(approval for approval in approvals if approval.content == content)
    return Review(
        card=card,
        content=content,
        approvals=present,
        changed=any(approval.content != content for approval in approvals),
    )


def expired(
    reviews: Mapping[str, Review], *, today: date, pulled: Collection[str] = ()
) -> tuple[Review, ...]:
    """The cards that were approved and are past their time on `today`, and that nobody pulled."""
    standings = ((review, review.standing(today, pulled=pulled)) for review in reviews.values())
    return tuple(review for review, standing in standings if standing is Standing.EXPIRED)


def due(reviews: Mapping[str, Review], *, today: date, within: timedelta) -> tuple[Review, ...]:
    """The approved cards whose time ends at the latest `within` from `today`, the first to end first."""
    ends = {
        name: until
        for name, review in reviews.items()
        if review.standing(today) is Standing.APPROVED
        and (until := review.until(today)) is not None
        and until <= today + within
    }
    return tuple(reviews[name] for name in sorted(ends, key=lambda name: (ends[name], name)))

"""From signatures to what may be served. Genuine is here what its signature says; `tests/store` has real ones."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest

from bot.model.card import Card, CardKind, CardStatus, Confidence, Provenance
from bot.model.review import (
    LASTS,
    NEEDED,
    Approval,
    Flaw,
    Register,
    Reviewer,
    ReviewRole,
    Standing,
    due,
    expired,
    flaw,
    reviewed,
)
from tests.cards import a_card, a_review, approval, approved

TODAY: Final = date(2026, 11, 24)
DAY: Final = timedelta(days=1)
CARD: Final = a_card()
REVIEWERS: Final = {
    role.value: Reviewer(id=role.value, role=role, public_key=b"k" * 32) for role in ReviewRole
}
SIGNED: Final = approval(CARD, "lawyer", on=TODAY)


def believed(_reviewer: Reviewer, signed: Approval) -> bool:
    return signed.signature != b"forged"


def register(*approvals: Approval) -> Register:
    return Register(reviewers=REVIEWERS, approvals=approvals)


def a_flaw(signed: Approval, card: Card | None = CARD) -> Flaw | None:
    return flaw(signed, card, register=register(), verify=believed)


@pytest.mark.parametrize(
    ("signed", "card", "found"),
    [
        (SIGNED, CARD, None),
        (SIGNED, None, Flaw.UNKNOWN_CARD),
        (replace(SIGNED, reviewer="nobody"), CARD, Flaw.UNKNOWN_REVIEWER),
        (replace(SIGNED, role=ReviewRole.EDITOR), CARD, Flaw.OTHER_ROLE),
        (replace(SIGNED, signature=b"forged"), CARD, Flaw.FORGED),
        (replace(SIGNED, content="0" * 64), CARD, None),
    ],
)
def test_an_approval_counts_only_if_nothing_speaks_against_it(
    signed: Approval, card: Card | None, found: Flaw | None
) -> None:
    """The first thing wrong is named."""
    assert a_flaw(signed, card) is found


def test_nobody_approves_their_own_card_or_a_weak_source() -> None:
    """About the content that stands there now."""
    own = a_card(provenance=Provenance(claim="A1", author="lawyer", fetched_on=TODAY))
    weak = a_card(confidence=Confidence.LOW)

    assert a_flaw(approval(own, "lawyer", on=TODAY), own) is Flaw.OWN_CARD
    assert a_flaw(approval(weak, "lawyer", on=TODAY), weak) is Flaw.WEAK_SOURCE
    assert a_flaw(approval(CARD, "lawyer", on=TODAY), own) is None


@pytest.mark.parametrize("kind", CardKind)
def test_every_kind_needs_two_people_and_ends(kind: CardKind) -> None:
    """An editor and one who knows; each kind has its time."""
    card = a_card(kind=kind)
    whole = approved(card, on=TODAY)
    until = TODAY + LASTS[kind]

    assert len(NEEDED[kind]) == 2
    assert ReviewRole.EDITOR in NEEDED[kind]
    assert whole.until(TODAY) == until
    assert whole.standing(until) is Standing.APPROVED
    assert whole.standing(until + DAY) is Standing.EXPIRED
    for one in whole.approvals:
        lonely = replace(whole, approvals=(one,))
        assert lonely.standing(TODAY) is Standing.DRAFT
        assert len(lonely.missing(TODAY)) == 1


def test_a_role_that_is_not_needed_does_not_count() -> None:
    """A caller cannot stand in for a lawyer."""
    review = a_review(CARD, approval(CARD, "caller", on=TODAY), approval(CARD, "editor", on=TODAY))

    assert review.missing(TODAY) == (ReviewRole.LAWYER,)


def test_time_counts_from_the_oldest_needed_signature() -> None:
    """The newest of each role; a renewal by one of two does not lengthen it."""
    old = [approval(CARD, role, on=TODAY - 20 * DAY) for role in ("lawyer", "editor")]
    renewed = [*old, approval(CARD, "editor", on=TODAY)]
    anew = [approval(CARD, "lawyer", on=TODAY), *renewed]

    assert a_review(CARD, *renewed).until(TODAY) == TODAY + 40 * DAY
    assert a_review(CARD, *anew).until(TODAY) == TODAY + 60 * DAY


def test_time_never_goes_beyond_the_review() -> None:
    """`review_by` is the last day."""
    card = a_card(review_by=TODAY + DAY)

    assert approved(card, on=TODAY).until(TODAY) == TODAY + DAY


def test_a_signature_from_the_future_is_not_believed_yet() -> None:
    """Or a wrong date would serve a card for years."""
    review = approved(on=TODAY + DAY)

    assert review.standing(TODAY) is Standing.DRAFT
    assert review.standing(TODAY + DAY) is Standing.APPROVED


def test_where_a_card_is() -> None:
    """Signed once and changed since is stale; pulled goes before everything."""
    whole = approved(on=TODAY)

    assert a_review().standing(TODAY) is Standing.DRAFT
    assert a_review(changed=True).standing(TODAY) is Standing.STALE
    assert whole.standing(TODAY, pulled={whole.content}) is Standing.PULLED
    assert approved(a_card(status=CardStatus.PULLED), on=TODAY).standing(TODAY) is Standing.PULLED
    assert approved(a_card(confidence=Confidence.LOW), on=TODAY).standing(TODAY) is Standing.DRAFT


def test_approvals_find_their_card() -> None:
    """Those that count for the present content; the others make it stale or are passed over."""
    other = a_card(id="a2")
    before = a_card(id="a2", source_url="https://example.org")
    stray = [replace(SIGNED, signature=b"forged"), replace(SIGNED, card="gone")]
    signed = register(SIGNED, approval(before, "editor", on=TODAY), *stray)
    found = reviewed({"a1": CARD, "a2": other}, signed, verify=believed)

    assert found["a1"] == a_review(CARD, SIGNED)
    assert found["a2"] == a_review(other, changed=True)


def test_cards_that_expired_or_will_soon_are_named() -> None:
    """The first to end comes first; drafts are nobody's concern here."""
    reviews = {
        "old": approved(a_card(id="old"), on=TODAY - 61 * DAY),
        "later": approved(a_card(id="later"), on=TODAY - 50 * DAY),
        "soon": approved(a_card(id="soon"), on=TODAY - 55 * DAY),
        "fresh": approved(a_card(id="fresh"), on=TODAY),
        "draft": a_review(),
    }

    assert [review.card.id for review in expired(reviews, today=TODAY)] == ["old"]
    assert [review.card.id for review in due(reviews, today=TODAY, within=14 * DAY)] == ["soon", "later"]

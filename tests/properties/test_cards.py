"""Approvals against whatever a card may become: any change of what a person sees asks for new signatures."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.actions.card import is_served
from bot.model.card import Card, ContentPolicy, content_hash
from bot.model.person import Form, Language
from bot.model.review import Approval, Register, Reviewer, ReviewRole, Standing, reviewed
from tests.cards import a_card, approval

TODAY: Final = date(2026, 11, 24)
CARD: Final = a_card(
    texts={Language.HEBREW: "הצו נשאר בתוקף.", Language.ENGLISH: "The order stays valid."},
    forms={Form.FEMININE: "הצו שלך נשאר בתוקף."},
    sources={Language.HEBREW: "פקודה", Language.ENGLISH: "An order"},
    source_url="https://example.org/order",
)
REGISTER: Final = Register(
    reviewers={
        name: Reviewer(id=name, role=ReviewRole(name), public_key=b"k" * 32) for name in ("lawyer", "editor")
    },
    approvals=(approval(CARD, "lawyer", on=TODAY), approval(CARD, "editor", on=TODAY)),
)


def believed(_reviewer: Reviewer, _approval: Approval) -> bool:
    return True


def texts() -> list[tuple[str, Any, str]]:
    """Every visible text of the card: its field, its key in it (None: the field itself), and its words."""
    found: list[tuple[str, Any, str]] = [("source_url", None, CARD.source_url), ("id", None, CARD.id)]
    for name in ("texts", "forms", "sources"):
        found += [(name, key, text) for key, text in getattr(CARD, name).items()]
    return found


def changed(card: Card, name: str, key: Any, text: str) -> Card:
    """The card with one text in place of another."""
    value = text if key is None else {**getattr(card, name), key: text}
    return replace(card, **{name: value})  # type: ignore[arg-type]


@given(
    place=st.sampled_from(texts()),
    position=st.integers(min_value=0),
    letter=st.characters(exclude_categories=["Cs"]),
)
def test_any_letter_changed_stales_the_approval(
    place: tuple[str, Any, str], position: int, letter: str
) -> None:
    """Wherever it stands, in whatever language: the card is not served until it is signed again."""
    name, key, text = place
    at = position % len(text)
    assume(text[at] != letter)
    card = changed(CARD, name, key, text[:at] + letter + text[at + 1 :])
    review = reviewed({CARD.id: card}, REGISTER, verify=believed)[CARD.id]

    assert review.standing(TODAY) is Standing.STALE
    assert not is_served(review, ContentPolicy.APPROVED, today=TODAY)


def test_the_card_itself_is_approved() -> None:
    """Or the property above would hold for nothing."""
    review = reviewed({CARD.id: CARD}, REGISTER, verify=believed)[CARD.id]

    assert is_served(review, ContentPolicy.APPROVED, today=TODAY)


@given(
    one=st.dictionaries(st.sampled_from(list(Form)), st.text(max_size=3), max_size=2),
    other=st.dictionaries(st.sampled_from(list(Form)), st.text(max_size=3), max_size=2),
    url=st.text(max_size=3),
    word=st.text(max_size=3),
)
def test_two_cards_that_differ_have_two_hashes(
    one: dict[Form, str], other: dict[Form, str], url: str, word: str
) -> None:
    """No text can run over into the next field."""
    cards = [
        a_card(forms=one, source_url=url),
        a_card(forms=other, source_url=word),
        a_card(forms=one, source_url=word),
    ]
    assume(len({(str(sorted(card.forms.items())), card.source_url) for card in cards}) == len(cards))

    assert len({content_hash(card) for card in cards}) == len(cards)


@given(
    days=st.dictionaries(
        st.sampled_from(list(ReviewRole)), st.integers(min_value=-400, max_value=400), max_size=4
    ),
    review_by=st.integers(min_value=-400, max_value=400),
    policy=st.just(ContentPolicy.APPROVED),
)
def test_what_is_served_was_signed_by_everybody_needed_in_time(
    days: dict[ReviewRole, int], review_by: int, policy: ContentPolicy
) -> None:
    """Whoever signed whenever: a served card has its lawyer and its editor, none too old, none from the future."""
    card = a_card(review_by=TODAY + timedelta(days=review_by))
    reviewers = {role.value: Reviewer(id=role.value, role=role, public_key=b"") for role in ReviewRole}
    signed = tuple(approval(card, role.value, on=TODAY + timedelta(days=day)) for role, day in days.items())
    register = Register(reviewers=reviewers, approvals=signed)
    review = reviewed({card.id: card}, register, verify=believed)[card.id]
    needed = [days.get(role, 1) for role in (ReviewRole.LAWYER, ReviewRole.EDITOR)]

    served = is_served(review, policy, today=TODAY)
    assert served is (all(-60 <= day <= 0 for day in needed) and review_by >= 0)


def test_every_field_of_a_card_is_in_the_hash_or_known_not_to_be() -> None:
    """A field somebody adds is decided on."""
    hashed = {
        "id",
        "kind",
        "texts",
        "forms",
        "sources",
        "source_url",
        "source_date",
        "confidence",
        "provenance",
        "always",
    }
    left_out = {"audience", "review_by", "status"}

    assert {field.name for field in fields(Card)} == hashed | left_out

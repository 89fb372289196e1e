"""Approvals that do not count are problems, with real keys."""

import base64
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.engine.parse import read_cards
from bot.model.card import content_hash
from bot.model.review import Approval, ReviewRole
from bot.store.signing import SigningKey, make_key
from tests.lint.shelf import TODAY, Shelf

ENTRY = """\
- card: {0.card}
  content: {0.content}
  reviewer: {0.reviewer}
  role: {0.role}
  signed_on: {0.signed_on}
  signature: {1}
"""


@dataclass(kw_only=True)
class Signed:
    """A shelf with one registered caller, and what they sign of its card."""

    shelf: Shelf
    key: SigningKey
    approval: Approval

    def put(self, approval: Approval) -> None:
        """Write one approval down."""
        signature = base64.b64encode(approval.signature).decode()
        self.shelf.write("cards/approvals", ENTRY.format(approval, signature))

    def register(self, name: str) -> None:
        """The caller is known by that name."""
        public = base64.b64encode(self.key.public).decode()
        self.shelf.write("cards/reviewers", f"- {{id: {name}, role: caller, public_key: {public}}}\n")


@pytest.fixture
def signed(shelf: Shelf, tmp_path: Path) -> Signed:
    key = make_key(tmp_path / "gal.pem", passphrase="x")
    approval = Approval(
        card="A1",
        content=content_hash(read_cards(shelf.flows / "cards")["A1"]),
        reviewer="gal",
        role=ReviewRole.CALLER,
        signed_on=TODAY,
    )
    found = Signed(shelf=shelf, key=key, approval=key.signed(approval))
    found.register("gal")
    return found


def test_a_genuine_approval_is_no_problem(signed: Signed) -> None:
    """Nor is one of a content that has changed since: the card is stale, and that is all."""
    signed.put(signed.approval)
    assert signed.shelf.messages("approval") == []

    signed.shelf.change("cards/lines", "any hour", "at any hour")
    assert signed.shelf.messages("approval") == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"card": "A9"}, "`A9` by `gal` is of a card that is not there."),
        ({"reviewer": "noa"}, "`A1` by `noa` is by somebody who is no reviewer."),
        ({"role": ReviewRole.EDITOR}, "`A1` by `gal` is in a role its reviewer does not have."),
        ({"signed_on": date(2026, 11, 25)}, "`A1` by `gal` has a signature that is not genuine."),
    ],
)
def test_an_approval_that_does_not_count_is_found(
    signed: Signed, change: dict[str, object], said: str
) -> None:
    """Each in its line, with what to do."""
    signed.put(replace(signed.approval, **change))  # type: ignore[arg-type]

    (problem,) = [one for one in signed.shelf.problems() if one.rule == "approval"]
    assert problem.message == f"The approval of {said}"
    assert problem.file == "cards/approvals.yaml"
    assert problem.line == 1
    assert problem.advice


def test_the_author_does_not_approve(signed: Signed) -> None:
    """Whatever role they have."""
    signed.register("asker")
    signed.put(signed.key.signed(replace(signed.approval, reviewer="asker")))

    assert signed.shelf.messages("approval") == ["The approval of `A1` by `asker` is by the card's author."]


def test_an_approval_is_not_signed_ahead(signed: Signed) -> None:
    """It would begin to count by itself, on a day when nobody has looked at the card for long."""
    ahead = replace(signed.approval, signed_on=TODAY + timedelta(days=1))
    signed.put(signed.key.signed(ahead))

    assert signed.shelf.messages("approval") == [
        "The approval of `A1` by `gal` is of a day that is still to come."
    ]


def test_a_weak_source_is_not_approved(signed: Signed) -> None:
    """Low confidence is never served."""
    signed.shelf.change("cards/lines", "confidence: high", "confidence: low")
    weak = content_hash(read_cards(signed.shelf.flows / "cards")["A1"])
    signed.put(signed.key.signed(replace(signed.approval, content=weak)))

    assert signed.shelf.messages("approval") == [
        "The approval of `A1` by `gal` is of a card with low confidence."
    ]


def test_a_register_that_cannot_be_read_is_a_problem(signed: Signed) -> None:
    """Nothing else is judged before it is mended."""
    signed.shelf.write("cards/approvals", "signed: yes\n")

    assert [problem.rule for problem in signed.shelf.problems()] == ["schema"]

"""`docs/cards.md` is true: its examples are read, its tables are the code's, and every key is there."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Final

import pytest

from bot.engine.parse import read_card_draft, read_register_draft
from bot.model.card import CardAudience, CardKind, CardStatus, Confidence
from bot.model.person import Form
from bot.model.review import LASTS, NEEDED, ReviewRole, Standing

PROJECT: Final = Path(__file__).parents[1]
PAGE: Final = (PROJECT / "docs" / "cards.md").read_text(encoding="utf-8")


def example(name: str) -> str:
    """The example of that name on the page."""
    found = re.search(rf"```yaml {name}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None, name
    return found[1]


def test_the_example_of_a_card_is_read(tmp_path: Path) -> None:
    """With all its words; the table explains each of its keys."""
    (tmp_path / "lines.yaml").write_text(example("card"), encoding="utf-8")
    draft = read_card_draft(tmp_path)
    keys = re.findall(r"^(\w+):", example("card"), re.MULTILINE)

    assert draft.problems == ()
    card = draft.cards["crisis_lines"]
    assert card.always
    assert card.provenance.fetched_on == card.source_date
    assert (card.provenance.quote, card.provenance.change_note[:10]) == ("1201", "The number")
    assert set(card.forms) == {Form.FEMININE}
    assert [key for key in keys if not re.search(rf"^\|.*`{key}`.*\|", PAGE, re.MULTILINE)] == []


def test_the_examples_of_the_register_are_read(tmp_path: Path) -> None:
    """Both files."""
    for name in ("reviewers", "approvals"):
        (tmp_path / f"{name}.yaml").write_text(example(name), encoding="utf-8")
    draft = read_register_draft(tmp_path)

    assert draft.problems == ()
    assert draft.register.approvals[0].reviewer in draft.register.reviewers


@pytest.mark.parametrize("kinds", [CardKind, CardStatus, Confidence, CardAudience, ReviewRole])
def test_every_closed_set_is_listed_whole(kinds: type[StrEnum]) -> None:
    """In the order of the code, parted by bars."""
    assert " | ".join(kind.value for kind in kinds) in PAGE


@pytest.mark.parametrize("kind", CardKind)
def test_who_signs_and_for_how_long_is_as_the_code_has_it(kind: CardKind) -> None:
    """One row a kind."""
    others = NEEDED[kind] - {ReviewRole.EDITOR}

    assert f"\n| `{kind}` | {next(iter(others))}, editor | {LASTS[kind].days} days |\n" in PAGE


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_is_explained(standing: Standing) -> None:
    """One row each."""
    assert f"\n| `{standing}` |" in PAGE

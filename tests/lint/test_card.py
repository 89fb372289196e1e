"""Rules of cards."""

import pytest

from tests.lint.shelf import Shelf


def test_a_card_that_is_shown_is_there(shelf: Shelf) -> None:
    """Otherwise the person would hear that there is no answer."""
    shelf.change("buddy", "cards: [A1]", "cards: [A9]")

    assert shelf.messages("card") == ["`buddy.ask` shows the card `A9`, which is not there."]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"high": "low", "draft": "approved"}, "`A1` is approved with low confidence."),
        (
            {"1201, any": "1202, any", "always: true": "always: false"},
            "The languages of `A1` differ in: 1201, 1202.",
        ),
        ({"1201": "1202"}, "`A1` is always shown, and is not only about 100, 101, 1201."),
        ({"kind: phone": "kind: law"}, "`A1` is always shown, and is not only about 100, 101, 1201."),
        ({"2026-12-23": "2026-11-01"}, "`A1` is to be reviewed before its source was written."),
    ],
)
def test_what_is_wrong_with_a_card_is_found(shelf: Shelf, changes: dict[str, str], fault: str) -> None:
    """Each mistake has its sentence."""
    for old, new in changes.items():
        shelf.change("cards/lines", old, new)

    assert shelf.messages("card") == [fault]


def test_a_weak_draft_is_no_problem(shelf: Shelf) -> None:
    """It is never served, and may wait for a better source."""
    shelf.change("cards/lines", "confidence: high", "confidence: low")

    assert shelf.problems() == []

"""Whether an open question is still what the person was shown."""

from dataclasses import replace

import pytest

from bot.engine.fit import fits
from bot.engine.flow import Step
from bot.engine.session import Screen
from tests.engine.talk import shown, small_book

BOOK = small_book()


def test_a_question_as_it_was_shown_fits() -> None:
    """The safety row does not matter."""
    screen = shown(BOOK, "buddy", "ask")

    assert fits(BOOK.step("buddy", "ask"), screen)
    assert fits(BOOK.step("buddy", "ask"), replace(screen, choices=(*screen.choices, "~gone")))


@pytest.mark.parametrize(
    ("step", "screen"),
    [
        (None, Screen(nonce="n", choices=())),
        (BOOK.step("buddy", "open"), Screen(nonce="n", choices=())),
        (BOOK.step("buddy", "ask"), Screen(nonce="n", choices=("connect", "gone"))),
        (BOOK.step("letter", "name"), Screen(nonce="n", choices=(), asks="date")),
        (BOOK.step("letter", "name"), Screen(nonce="n", choices=())),
    ],
)
def test_anything_else_does_not_fit(step: Step | None, screen: Screen) -> None:
    """A step that is gone, no longer asks, lost a choice, or asks for something else."""
    assert not fits(step, screen)

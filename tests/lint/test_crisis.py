"""The rule of the crisis tone: nothing to sign and nothing to pass on, as long as it is not left."""

from tests.lint.shelf import Shelf

FOUND = "`letter` of `{step}` leads to `letter`, and people come there in a crisis."


def test_no_answer_in_the_crisis_tone_leads_to_the_letter(shelf: Shelf) -> None:
    """Not even as a way home."""
    shelf.change("crisis", "choices:\n", "choices:\n      - {id: letter, label: The letter, home: letter}\n")

    assert shelf.messages("crisis") == [FOUND.format(step="crisis.now")]


def test_what_the_crisis_tone_calls_is_held_too(shelf: Shelf) -> None:
    """Whoever comes from there is still in it."""
    shelf.change("crisis", "choices:\n", "choices:\n      - {id: more, label: More, call: buddy}\n")
    shelf.change("buddy", "choices:\n", "choices:\n      - {id: letter, label: The letter, home: letter}\n")

    assert shelf.messages("crisis") == [FOUND.format(step="buddy.ask")]


def test_what_is_gone_to_is_not(shelf: Shelf) -> None:
    """The menu has its letter, and is no part of the lane."""
    shelf.change("crisis", "choices:\n", "choices:\n      - {id: menu, label: Menu, goto: menu.home}\n")

    assert shelf.messages("crisis") == []

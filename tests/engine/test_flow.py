"""What a book offers at a step."""

from bot.engine.flow import Move, Phrase, Route, command_choice
from tests.engine.talk import small_book

BOOK = small_book()


def test_a_flow_starts_at_its_first_step() -> None:
    """The order of the file is the order of the flow."""
    assert BOOK.flows["menu"].start == "welcome"


def test_the_safety_row_comes_below_the_steps_own_choices() -> None:
    """Numbers on a list count in that order."""
    step = BOOK.flows["help"].steps["human"]

    assert [choice.id for choice in BOOK.choices(step)] == [
        "anyone",
        "never",
        "~stop",
        "~human",
        "~lawyer",
        "~delete",
    ]


def test_a_step_without_safety_row_has_its_own_choices_only() -> None:
    """Where signing is asked, nothing else stands below."""
    step = BOOK.flows["letter"].steps["read"]

    assert [choice.id for choice in BOOK.choices(step)] == ["sign", "back"]


def test_a_choice_is_the_steps_own_or_a_commands() -> None:
    """The id says which; a command without a label is none."""
    step = BOOK.flows["help"].steps["human"]

    own = BOOK.choice(step, "never")
    assert own is not None
    assert own.route == Route(move=Move.END)
    assert BOOK.choice(step, "~menu") == command_choice(
        "menu", Phrase(context="system.menu", text="Main menu")
    )
    assert BOOK.choice(step, "~gone") is None
    assert BOOK.choice(step, "~start") is None


def test_a_step_of_no_flow_is_none() -> None:
    """Sessions may name what is gone."""
    assert BOOK.step("gone", "gone") is None
    assert BOOK.step("menu", "gone") is None

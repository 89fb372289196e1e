"""A book without one of its flows."""

from pathlib import Path
from typing import Final

from bot.engine.flow import Book
from bot.engine.need import MOVE
from bot.engine.parse import read_book
from bot.engine.part import without

BOOK: Final = read_book(Path(__file__).parents[2] / "flows")


def targets(book: Book) -> set[str]:
    """The flows that choices and commands lead to."""
    steps = [step for flow in book.flows.values() for step in flow.steps.values()]
    of_choices = {choice.route.flow for step in steps for choice in step.choices}
    return of_choices | {command.route.flow for command in book.commands.values()}


def test_nothing_that_is_offered_leads_to_a_flow_that_is_left_out() -> None:
    """Neither a choice nor a command, and the flow is not there."""
    part = without(BOOK, MOVE)

    assert MOVE in targets(BOOK)
    assert MOVE not in targets(part) | part.flows.keys() | part.commands.keys()


def test_all_the_rest_is_as_it_was() -> None:
    """Every other flow, command and choice."""
    part = without(BOOK, MOVE)

    assert BOOK.flows.keys() - part.flows.keys() == {MOVE}
    assert targets(BOOK) - targets(part) == {MOVE}
    assert part.flows["menu"] == BOOK.flows["menu"]

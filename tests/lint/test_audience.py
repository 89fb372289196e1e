"""Rules of audience."""

from tests.lint.shelf import Shelf

DESK = (
    "flow: desk\naudience: organizer\nsteps:\n  ask: {say: Well?, choices: [{id: x, label: X, home: menu}]}\n"
)
COMMAND = '  menu: {words: "menu, main menu"'


def with_desk(shelf: Shelf, *, label: str = "") -> Shelf:
    """A flow for organizers, with a command of its own."""
    shelf.write("desk", DESK)
    shelf.change("system", COMMAND, f"  desk: {{words: desk, home: desk{label}}}\n{COMMAND}")
    return shelf


def test_a_flow_for_a_role_begins_with_its_command(shelf: Shelf) -> None:
    """And may lead to what is for everybody."""
    assert with_desk(shelf).messages("audience") == []


def test_no_way_leads_from_everybody_to_a_role(shelf: Shelf) -> None:
    """Neither a move nor the run of a command."""
    with_desk(shelf).change("buddy", "run: human", "run: desk")
    shelf.change("buddy", "home: menu.home}", "home: desk}")

    assert shelf.messages("audience") == ["`buddy.ask` leads to `desk`, which is for the role organizer."]


def test_a_command_of_a_role_has_no_label(shelf: Shelf) -> None:
    """Labels are on every screen and in the list of commands."""
    found = with_desk(shelf, label=", menu: Desk").messages("audience")

    assert found == ["The command `desk` is for the role organizer and has a label for everybody."]

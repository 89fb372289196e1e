"""Rules of voices: one turn, one voice, and members only where somebody asked."""

from tests.lint.shelf import BACK, Shelf


def test_two_voices_in_one_turn_are_found(shelf: Shelf) -> None:
    """A member's thanks, and at once the neutral menu."""
    shelf.change("letter", f"choices: [{BACK}]", "home: menu.home")

    assert "`letter.thanks` (member) is followed by `menu.home` (information)." in shelf.messages("voice")


def test_two_voices_with_a_question_between_are_fine(shelf: Shelf) -> None:
    """What a person chooses begins a turn of its own."""
    assert shelf.messages("voice") == []


def test_the_question_that_a_call_returns_to_counts(shelf: Shelf) -> None:
    """What ends with words is followed by the question below, in its own voice."""
    shelf.change("menu", "goto: letter.read", "call: letter.read")
    shelf.change("letter", f"choices: [{BACK}]", "end: true")

    assert "`letter.thanks` (member) is followed by `menu.home` (information)." in shelf.messages("voice")


def test_from_the_crisis_lane_people_come_back(shelf: Shelf) -> None:
    """Its way back is judged by nobody: it leads to whatever was open."""
    shelf.change(
        "letter", "{id: back, label: Back, home: menu.home}", "{id: back, label: Back, call: crisis}"
    )

    assert shelf.messages("voice") == []


def test_members_speak_only_where_somebody_asked(shelf: Shelf) -> None:
    """A timeout, a step or an outcome may not lead into the letter."""
    shelf.change("buddy", "goto: quiet}", "goto: letter.read}")
    shelf.change("buddy", 'quiet: {say: "No hurry.", end: true}', 'quiet: {say: "No hurry.", home: letter}')

    assert "`buddy.ask` leads to `letter` without being asked to." in shelf.messages("voice")
    assert "`buddy.quiet` leads to `letter` without being asked to." in shelf.messages("voice")

"""What a book offers at a step."""

from dataclasses import replace

from bot.engine.flow import Audience, GlobalCommand, Move, Phrase, Route, command_choice
from bot.model.person import Role
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


def test_what_is_for_a_role_is_not_there_for_others() -> None:
    """Neither the flow nor the command that leads into it; its holder has both, and everything else."""
    desk = replace(BOOK.flows["help"], name="desk", audience=Audience.ORGANIZER)
    command = GlobalCommand(
        name="desk",
        words=Phrase(context="system.desk", text="desk"),
        route=Route(move=Move.HOME, flow="desk", step=desk.start),
    )
    wider = replace(BOOK, flows={**BOOK.flows, "desk": desk}, commands={**BOOK.commands, "desk": command})
    everybody = BOOK.seen_by(frozenset())

    assert wider.seen_by(frozenset()) == everybody
    assert "offer" not in everybody.flows
    assert wider.seen_by(frozenset({Role.VOLUNTEER})).flows.keys() == {*everybody.flows, "offer"}
    assert wider.seen_by(frozenset({Role.ORGANIZER})).commands.keys() == {*everybody.commands, "desk"}
    assert wider.seen_by(frozenset(Role)).step("desk", desk.start) is desk.steps[desk.start]

"""The book as a graph."""

from dataclasses import replace

import pytest

from bot.engine.flow import Audience, Book, Choice, Do, Flow, Move, Phrase, Route, Step, Tone
from bot.engine.graph import depth, ending, goal, loops, onward, reached, routes
from tests.engine.real import real_book
from tests.engine.talk import small_book

BOOK = small_book()
TEXT = Phrase(context="x.y", text="x")


def to(step: str, flow: str = "a", move: Move = Move.GO) -> Route:
    return Route(move=move, flow=flow, step=step)


def asking(name: str, *routes: Route, safety: bool = False) -> Step:
    choices = tuple(Choice(id=f"c{number}", label=TEXT, route=route) for number, route in enumerate(routes))
    return Step(id=name, choices=choices, safety=safety)


def moving(name: str, route: Route) -> Step:
    return Step(id=name, route=route)


def book_of(**flows: list[Step]) -> Book:
    made = {
        name: Flow(
            name=name,
            audience=Audience.PERSON,
            tone=Tone.INFORMATION,
            steps={step.id: step for step in steps},
        )
        for name, steps in flows.items()
    }
    return Book(flows=made, commands=BOOK.commands, phrases={})


def test_every_step_of_the_small_book_is_reached() -> None:
    """From commands, the prompt and the machinery's questions."""
    steps = {(flow.name, step) for flow in BOOK.flows.values() for step in flow.steps}

    assert reached(BOOK) == steps


def test_a_step_that_nothing_leads_to_is_not_reached() -> None:
    """Nor is what only that step leads to."""
    lonely = {**BOOK.flows["help"].steps, "lonely": moving("lonely", Route(move=Move.END))}
    book = replace(BOOK, flows={**BOOK.flows, "help": replace(BOOK.flows["help"], steps=lonely)})

    assert ("help", "lonely") not in reached(book)


def test_goals_of_moves() -> None:
    """An end has none; a command's is where the command leads; an unknown command's is nowhere."""
    assert goal(BOOK, Route(move=Move.END)) is None
    assert goal(BOOK, Route(move=Move.RUN, flow="human")) == ("help", "human")
    assert goal(BOOK, Route(move=Move.RUN, flow="gone")) is None
    assert goal(BOOK, to("home", "menu")) == ("menu", "home")


def test_every_step_of_the_small_book_ends() -> None:
    """There is a way out from everywhere."""
    assert ending(BOOK) == reached(BOOK)


def test_questions_that_lead_only_to_each_other_are_endless() -> None:
    """Without a safety row there is no way out of them; with one there is."""
    held = book_of(a=[asking("x", to("y")), asking("y", to("x"))])
    free = book_of(a=[asking("x", to("y"), safety=True), asking("y", to("x"))])

    assert ending(held) == set()
    assert ending(free) == {("a", "x"), ("a", "y")}


@pytest.mark.parametrize("move", [Move.END, Move.HOME, Move.RUN])
def test_an_end_a_home_and_a_command_are_ways_out(move: Move) -> None:
    """Each leaves the flow for good."""
    assert ending(book_of(a=[asking("x", to("menu", move=move))])) == {("a", "x")}


def test_a_circle_in_which_nothing_is_asked_is_found_once() -> None:
    """Moves and outcomes make circles, wherever one looks from."""
    act = Step(id="y", do=Do(action="case.open", inputs={}, outcomes={"a": to("z"), "b": to("x")}))
    book = book_of(a=[moving("x", to("y")), act, asking("z", to("x"))])

    assert loops(book) == ((("a", "x"), ("a", "y")),)


def test_a_question_on_the_way_breaks_a_circle() -> None:
    """Going round by answering is how menus work."""
    assert loops(BOOK) == ((("buddy", "open"),),)
    assert loops(book_of(a=[moving("x", to("z")), asking("z", to("x"))])) == ()


def test_depth_counts_the_frames_that_calls_put_on_top() -> None:
    """Goto adds none, a call adds one, and a flow is counted once."""
    book = book_of(
        a=[asking("x", to("x", "b", Move.CALL), to("x", "a", Move.CALL))],
        b=[asking("x", to("x", "c"))],
        c=[asking("x", to("x", "d", Move.CALL), to("x", "a", Move.CALL))],
        d=[asking("x", Route(move=Move.END))],
    )

    assert depth(book, "a") == 2
    assert depth(book, "d") == 0
    assert depth(book, "gone") == 0


def test_a_turn_goes_on_until_something_is_asked_or_over() -> None:
    """Over every outcome, around a circle once, past a step that is not there, and not past a question."""
    act = Step(
        id="act",
        do=Do(action="x.y", inputs={}, outcomes={"one": to("round"), "two": to("ask"), "three": to("gone")}),
    )
    steps = [
        moving("first", to("act")),
        act,
        moving("round", to("act")),
        asking("ask", to("after")),
        moving("after", Route(move=Move.END)),
    ]
    book = book_of(a=steps)

    assert onward(book, ("a", "first")) == {("a", "act"), ("a", "round"), ("a", "ask")}
    assert onward(book, ("a", "ask")) == frozenset()
    assert onward(book, ("a", "after")) == frozenset()


def test_where_a_stop_word_on_a_line_leads_is_a_way_out_of_it() -> None:
    """So that the question whether it is meant is reached."""
    step = real_book().flows["line"].steps["open"]

    assert dict(routes(step))["stop"].step == "stop_word"

"""Whose open questions a new version would meet."""

from dataclasses import replace

from bot.engine.flow import Book
from bot.engine.session import Prompt, Session
from bot.lint import Affected, affected
from tests.engine.talk import at, small_book

BOOK = small_book()


def changed(flow: str, step: str) -> Book:
    """The book without one step."""
    found = BOOK.flows[flow]
    steps = {name: one for name, one in found.steps.items() if name != step}
    return replace(BOOK, flows={**BOOK.flows, flow: replace(found, steps=steps)})


def test_the_same_book_meets_nobody() -> None:
    """Open questions, questions below them, and rest."""
    assert affected(BOOK, [at("menu.home", "help.human").session, Session()]) == ()


def test_open_questions_that_are_gone_are_counted_by_place() -> None:
    """Never by person."""
    sessions = [at("menu.home", "help.human").session, at("help.human").session, at("menu.home").session]

    assert affected(changed("help", "human"), sessions) == (Affected(flow="help", step="human", sessions=2),)


def test_questions_below_are_counted() -> None:
    """A person would come back to them."""
    sessions = [at("menu.home", "help.human").session]

    assert affected(changed("menu", "home"), sessions) == (Affected(flow="menu", step="home", sessions=1),)


def test_open_prompts_are_counted() -> None:
    """A session with several of the same kind counts once."""
    prompt = Prompt(id="p1", code="A", flow="offer", step="ask", subject="x", choices=("accept", "pass"))
    session = Session(prompts=(prompt, replace(prompt, id="p2", code="B")))
    stranger = Session(prompts=(replace(prompt, choices=("gone",)),))

    assert affected(changed("offer", "ask"), [session]) == (Affected(flow="offer", step="ask", sessions=1),)
    assert affected(BOOK, [session]) == ()
    assert affected(BOOK, [stranger]) == (Affected(flow="offer", step="ask", sessions=1),)

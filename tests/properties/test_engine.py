"""What holds for any book, any session and any event: the engine rests, acts or says honestly that it can't."""

from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.effect import CloseScreen, Effect, Fault, Offer, OfferPrompt, Say
from bot.engine.event import Asked, Distress, Event, Outcome, Pressed, Typed
from bot.engine.flow import Book, Step
from bot.engine.graph import ending, loops, nodes, reached
from bot.engine.move import BUDGET
from bot.engine.parse import read_book
from bot.engine.session import DEPTH, PROMPTS, Session
from bot.engine.step import Moment, Turn, advance
from bot.store.codec import session_from_bytes, session_to_bytes
from tests.engine.talk import FLOWS as SMALL
from tests.lacking import lacking
from tests.properties.books import NOW, books, events, nonces, sessions

REAL: Final = Path(__file__).parents[2] / "flows"
outcomes = st.sampled_from(("done", "again", "gone"))


def played(
    book: Book, session: Session, event: Event, *, nonce: str, outcome: str
) -> tuple[Turn, tuple[Effect, ...]]:
    """A whole turn: the event, and every pending action ended with `outcome`."""
    moment = Moment(now=NOW, nonce=nonce)
    turn = advance(book, session, event, moment=moment)
    effects = turn.effects
    while turn.pending:
        ended = Outcome(name=outcome)
        turn = advance(book, turn.session, ended, moment=moment, spent=turn.spent)
        effects += turn.effects
    return turn, effects


def open_step(book: Book, session: Session) -> Step | None:
    """The step that is asked."""
    return book.step(session.top.flow, session.top.step) if session.top else None


@given(books(), sessions, events, nonces, outcomes)
def test_a_turn_ends_in_a_valid_session(
    book: Book, session: Session, event: Event, nonce: str, outcome: str
) -> None:
    """Frames fit the stack, and what was touched rests at a question of this book."""
    turn, effects = played(book, session, event, nonce=nonce, outcome=outcome)
    after = turn.session

    assert turn.pending is None
    assert turn.spent <= BUDGET
    if any(isinstance(effect, Offer) for effect in effects):
        step = open_step(book, after)
        assert step is not None
        assert step.waits
        assert after.screen is not None
        assert after.screen.nonce == nonce
        assert len(after.frames) <= DEPTH
        assert all(frame.prompt is None for frame in after.frames[-1:])
    if len(after.prompts) > len(session.prompts):
        assert len(after.prompts) <= PROMPTS


@given(books(), sessions, events, nonces, outcomes)
def test_a_session_survives_a_journey_through_bytes(
    book: Book, session: Session, event: Event, nonce: str, outcome: str
) -> None:
    """Before a turn and after it."""
    turn, _ = played(book, session, event, nonce=nonce, outcome=outcome)

    assert session_from_bytes(session_to_bytes(session)) == session
    assert session_from_bytes(session_to_bytes(turn.session)) == turn.session


@given(books(), sessions, events, nonces, outcomes)
def test_a_fault_is_never_silent(
    book: Book, session: Session, event: Event, nonce: str, outcome: str
) -> None:
    """The person hears that something went wrong, except about a prompt they have not seen."""
    _, effects = played(book, session, event, nonce=nonce, outcome=outcome)
    faults = [effect for effect in effects if isinstance(effect, Fault) and effect.error != "missing_prompt"]

    assert not faults or Say(phrase=book.phrases["broken"]) in effects
    assert len(faults) <= 1


@given(books(), st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=12), outcomes)
def test_a_conversation_of_presses_stays_whole(
    book: Book, taps: list[tuple[int, bool]], outcome: str
) -> None:
    """From the start, pressing whatever is shown: always a question with a way out, or rest."""
    turn, _ = played(book, Session(), Asked(command="menu"), nonce="n0000000", outcome=outcome)
    for number, (position, exact) in enumerate(taps):
        session = turn.session
        assert (session.screen is None) == (not session.frames)
        nonce = f"n{number + 1:07}"
        choices = session.screen.choices if session.screen else ()
        event: Event = Typed(text="hello", exact=exact)
        if session.screen and choices:
            event = Pressed(nonce=session.screen.nonce, choice=choices[position % len(choices)])
        turn, _ = played(book, session, event, nonce=nonce, outcome=outcome)
        assert len(turn.session.frames) <= DEPTH


@given(books(), sessions, nonces, outcomes)
def test_distress_leads_to_the_crisis_lane(book: Book, session: Session, nonce: str, outcome: str) -> None:
    """Whatever the session is, the first thing taken is the lane's first step."""
    moment = Moment(now=NOW, nonce=nonce)
    turn = advance(book, session, Distress(), moment=moment)
    fresh = advance(book, Session(), Distress(), moment=moment)

    assert _words(turn.effects)[: len(_lane(book))] == _lane(book) or _is_broken(book, turn)
    assert _is_broken(book, fresh) or _words(fresh.effects)[: len(_lane(book))] == _lane(book)


def _lane(book: Book) -> list[Say]:
    route = book.commands["crisis"].route
    step = book.step(route.flow, route.step)
    assert step is not None
    return [Say(phrase=phrase, sensitive=step.sensitive) for phrase in step.say]


def _words(effects: tuple[Effect, ...]) -> list[Say]:
    return [effect for effect in effects if isinstance(effect, Say)]


def _is_broken(book: Book, turn: Turn) -> bool:
    return Say(phrase=book.phrases["broken"]) in turn.effects


@given(books(), sessions, nonces, outcomes, st.sampled_from(("x", "y", "~menu")))
def test_a_double_tap_does_nothing_twice(
    book: Book, session: Session, nonce: str, outcome: str, choice: str
) -> None:
    """The second press of the same button changes nothing and says nothing, unless the first was no answer."""
    press = Pressed(nonce=session.screen.nonce if session.screen else "", choice=choice)
    once, effects = played(book, session, press, nonce=nonce, outcome=outcome)
    taken = any(isinstance(effect, CloseScreen) and effect.chosen for effect in effects)
    twice, more = played(book, once.session, press, nonce="n0000009", outcome=outcome)

    if taken:
        assert more == ()
        assert twice.session == once.session


@given(books(), sessions, events, nonces, outcomes)
def test_offers_are_what_the_session_remembers(
    book: Book, session: Session, event: Event, nonce: str, outcome: str
) -> None:
    """The numbers a person reads are the numbers a typed answer means."""
    turn, effects = played(book, session, event, nonce=nonce, outcome=outcome)
    offers = [effect for effect in effects if isinstance(effect, Offer)]

    assert len(offers) <= 1
    for offer in offers:
        assert turn.session.screen is not None
        assert turn.session.screen.choices == tuple(choice.id for choice in offer.choices)
        assert len(set(turn.session.screen.choices)) == len(offer.choices)
    for prompted in (effect for effect in effects if isinstance(effect, OfferPrompt)):
        assert prompted.id in {prompt.id for prompt in turn.session.prompts}


@cache
def shelf(folder: Path) -> Book:
    """A book on disk."""
    if not (folder / "system.yaml").exists():
        lacking(f"flows in {folder}")
    return read_book(folder)


@pytest.mark.parametrize("folder", [SMALL, REAL], ids=["small", "real"])
def test_every_flow_reaches_an_end(folder: Path) -> None:
    """From every step that can be reached, a person can get out."""
    book = shelf(folder)

    assert reached(book) <= ending(book)


@pytest.mark.parametrize("folder", [SMALL, REAL], ids=["small", "real"])
def test_no_question_holds_a_person(folder: Path) -> None:
    """Every wait offers something to press."""
    book = shelf(folder)

    assert [node for node, step in nodes(book) if step.waits and not book.choices(step)] == []


def test_the_real_flows_never_run_in_circles() -> None:
    """In no circle of steps is nothing asked."""
    assert loops(shelf(REAL)) == ()


@given(st.data())
def test_the_real_flows_never_break(data: st.DataObject) -> None:
    """Wandering through the bot's own flows, whatever actions answer, no step is missing and no turn loops."""
    book = shelf(REAL)
    turn, effects = played_by(data, book, Session(), Asked(command="menu"))
    for number in range(data.draw(st.integers(1, 15))):
        screen = turn.session.screen
        offered = screen.choices if screen else ()
        event: Event = Typed(text="words", date="2026-11-30")
        if screen and offered and data.draw(st.booleans()):
            event = Pressed(nonce=screen.nonce, choice=data.draw(st.sampled_from(offered)))
        turn, effects = played_by(data, book, turn.session, event, nonce=f"n{number:07}")
        assert [effect for effect in effects if isinstance(effect, Fault)] == []
        assert len(turn.session.frames) <= DEPTH


def played_by(
    data: st.DataObject, book: Book, session: Session, event: Event, *, nonce: str = "n9999999"
) -> tuple[Turn, tuple[Effect, ...]]:
    """A whole turn in which every action ends in one of the ways its step knows."""
    moment = Moment(now=NOW, nonce=nonce)
    turn = advance(book, session, event, moment=moment)
    effects = turn.effects
    while turn.pending:
        step = open_step(book, turn.session)
        assert step is not None
        assert step.do is not None
        outcome = Outcome(name=data.draw(st.sampled_from(sorted(step.do.outcomes))))
        turn = advance(book, turn.session, outcome, moment=moment, spent=turn.spent)
        effects += turn.effects
    return turn, effects

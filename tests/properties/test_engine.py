"""What holds for any book, any session and any event: the engine rests, acts or says honestly that it can't."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.effect import CloseScreen, DropKeyboard, Effect, Fault, Offer, OfferPrompt, Say
from bot.engine.event import Asked, Distress, Event, Outcome, Pressed, PromptPressed, Raised, Typed
from bot.engine.fit import fits
from bot.engine.flow import SYSTEM, Book, Phrase, Step
from bot.engine.graph import ending, loops, nodes, reached
from bot.engine.move import BUDGET
from bot.engine.need import EXPIRED
from bot.engine.parse import read_book
from bot.engine.session import DEPTH, PROMPTS, Session
from bot.engine.step import Moment, Turn, advance
from bot.store.codec import session_from_bytes, session_to_bytes
from tests.engine.talk import FLOWS as SMALL
from tests.lacking import lacking
from tests.properties.books import NOW, Case, books, cases

REAL: Final = Path(__file__).parents[2] / "flows"


def played(case: Case) -> tuple[Turn, tuple[Effect, ...]]:
    """A whole turn: the event, and every pending action ended with the case's outcome."""
    moment = Moment(now=NOW, nonce=case.nonce)
    turn = advance(case.session, case.event, book=case.book, moment=moment)
    effects = turn.effects
    while turn.pending:
        ended = Outcome(name=case.outcome)
        turn = advance(turn.session, ended, book=case.book, moment=moment, spent=turn.spent)
        effects += turn.effects
    return turn, effects


def open_step(book: Book, session: Session) -> Step | None:
    """The step that is asked."""
    return book.step(session.top.flow, session.top.step) if session.top else None


def offers(effects: tuple[Effect, ...]) -> list[Offer]:
    """The screens that were opened."""
    return [effect for effect in effects if isinstance(effect, Offer)]


def words(effects: tuple[Effect, ...]) -> list[Phrase]:
    """What was said."""
    return [effect.phrase for effect in effects if isinstance(effect, Say)]


@given(cases())
def test_a_turn_ends_at_a_question_or_at_rest(case: Case) -> None:
    """Whatever the session was: no turn is left in the middle, spends too much or raises."""
    turn, effects = played(case)
    after, step = turn.session, open_step(case.book, turn.session)

    assert turn.pending is None
    assert turn.spent <= BUDGET
    assert len(offers(effects)) <= 1
    if offers(effects):
        assert step is not None
        assert step.waits
        assert after.screen is not None
        assert after.screen.nonce == case.nonce
        assert after.expires_at is not None
        assert len(after.frames) <= DEPTH
        assert after.frames[-1].prompt is None


@given(cases())
def test_what_opens_no_screen_leaves_the_old_one_or_rests(case: Case) -> None:
    """A screen without a frame, or a question nobody asked, can't come out of a turn that was whole before."""
    before = case.session
    whole = (before.screen is None) == (not before.frames) and not any(
        frame.prompt for frame in before.frames
    )
    turn, effects = played(case)
    after = turn.session

    if whole and not offers(effects):
        assert after.screen in (before.screen, None)
        assert (after.screen is None) == (not after.frames)
        assert not any(frame.prompt for frame in after.frames)


@given(cases())
def test_a_session_survives_a_journey_through_bytes(case: Case) -> None:
    """Before a turn and after it."""
    turn, _ = played(case)

    assert session_from_bytes(session_to_bytes(case.session)) == case.session
    assert session_from_bytes(session_to_bytes(turn.session)) == turn.session


@given(cases())
def test_a_fault_is_never_silent(case: Case) -> None:
    """The person hears that something went wrong, except about a prompt they have not seen."""
    _, effects = played(case)
    faults = [effect for effect in effects if isinstance(effect, Fault) and effect.error != "missing_prompt"]

    assert not faults or words(effects)[-1] == case.book.phrases["broken"]
    assert len(faults) <= 1


@given(books(), st.lists(st.integers(0, 9), max_size=12), st.sampled_from(("done", "again")))
def test_a_conversation_of_presses_stays_whole(book: Book, taps: list[int], outcome: str) -> None:
    """From the start, pressing whatever is shown: always an open question, or rest."""
    session = Session()
    event: Event = Asked(command="menu")
    for number, position in enumerate((0, *taps)):
        case = Case(book=book, session=session, event=event, nonce=f"n{number:07}", outcome=outcome)
        session = played(case)[0].session
        choices = session.screen.choices if session.screen else ()
        assert (session.screen is None) == (not session.frames)
        assert len(session.frames) <= DEPTH
        event = Typed(text="hello")
        if session.screen and choices:
            event = Pressed(nonce=session.screen.nonce, choice=choices[position % len(choices)])


@given(cases())
def test_distress_leads_to_the_crisis_lane(case: Case) -> None:
    """Whatever the session is, the lane's first step is taken first, and the questions below are kept."""
    distress = replace(case, event=Distress())
    turn = advance(case.session, distress.event, book=case.book, moment=Moment(now=NOW, nonce=case.nonce))
    route = case.book.commands["crisis"].route
    step = case.book.step(route.flow, route.step)
    assert step is not None

    if not any(isinstance(effect, Fault) for effect in turn.effects):
        assert words(turn.effects)[: len(step.say)] == list(step.say)
    if step.waits:
        below = [frame for frame in case.session.frames if frame.flow != route.flow and not frame.prompt]
        kept = below[:-1] if below and below[-1].flow == route.flow else below
        assert len(turn.session.frames) == min(len(kept) + 1, DEPTH)
        assert turn.session.frames[:-1] == tuple(kept[-(DEPTH - 1) :])


@given(cases())
def test_a_double_tap_does_nothing_twice(case: Case) -> None:
    """The second press of the same button changes nothing and says nothing, if the first was an answer."""
    once, effects = played(case)
    twice, more = played(replace(case, session=once.session, nonce="n0000009"))
    pressed = isinstance(case.event, (Pressed, PromptPressed))
    taken = any(isinstance(effect, CloseScreen) and effect.chosen for effect in effects)

    if pressed and taken:
        assert more == ()
        assert twice.session == once.session


@given(cases())
def test_a_press_that_is_no_answer_asks_again(case: Case) -> None:
    """A stale press drops its keyboard and is never taken for an answer to what is open."""
    screen = case.session.screen
    stale = Pressed(nonce="n0000000", choice="x")
    turn, effects = played(replace(case, event=stale))

    assert DropKeyboard() in effects
    assert turn.session.answered == case.session.answered
    if screen and fits(open_step(case.book, case.session), screen):
        assert turn.session.frames[-1].step == case.session.frames[-1].step
        assert words(effects)[0] == case.book.phrases["stale"]


@given(cases())
def test_prompts_leave_the_open_question_alone(case: Case) -> None:
    """Being asked beside it changes nothing but the prompts, and their codes stay apart."""
    turn, effects = played(replace(case, event=Raised(flow="asks", subject="s")))
    after = turn.session
    codes = [prompt.code for prompt in after.prompts]

    assert replace(after, prompts=()) == replace(case.session, prompts=())
    assert len(after.prompts) <= PROMPTS
    assert codes.count(codes[-1]) == 1
    assert [type(effect) for effect in effects][-1] is OfferPrompt


@given(cases())
def test_offers_are_what_the_session_remembers(case: Case) -> None:
    """The numbers a person reads are the numbers a typed answer means."""
    turn, effects = played(case)

    for offer in offers(effects):
        assert turn.session.screen is not None
        assert turn.session.screen.choices == tuple(choice.id for choice in offer.choices)
        assert len(set(turn.session.screen.choices)) == len(offer.choices)


@given(cases())
def test_courtesy_never_changes_a_conversation(case: Case) -> None:
    """Whatever is open, in whatever state: one line, no timer, no count, the same session."""
    turn, effects = played(replace(case, event=Typed(text="thanks", courtesy=True)))
    before, after = case.session, turn.session

    if before.frames:
        assert replace(after, album=before.album, gentle_until=before.gentle_until) == before
        assert effects == (Say(phrase=case.book.phrases["courtesy"]),)


@given(cases())
def test_a_question_that_is_open_too_long_takes_no_answer(case: Case) -> None:
    """An answer to it is not acted upon; it is asked what to do. A line is no question: it stays open."""
    screen = case.session.screen
    old = replace(case.session, expires_at=NOW - timedelta(days=1), answered=None)
    step = open_step(case.book, old)
    if screen is None or not fits(step, screen) or not screen.choices or (step and step.is_line):
        return
    turn, _ = played(replace(case, session=old, event=Pressed(nonce=screen.nonce, choice=screen.choices[0])))

    only_machinery = all(frame.flow == SYSTEM or frame.prompt for frame in old.frames)
    assert only_machinery or turn.session.frames[-1].step == EXPIRED


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
    turn, effects = played_by(data, Session(), Asked(command="menu"), nonce="n9999999")
    for number in range(data.draw(st.integers(1, 15))):
        screen = turn.session.screen
        offered = screen.choices if screen else ()
        event: Event = Typed(text="words", date="2026-11-30")
        if screen and offered and data.draw(st.booleans()):
            event = Pressed(nonce=screen.nonce, choice=data.draw(st.sampled_from(offered)))
        turn, effects = played_by(data, turn.session, event, nonce=f"n{number:07}")
        assert [effect for effect in effects if isinstance(effect, Fault)] == []
        assert len(turn.session.frames) <= DEPTH


def played_by(
    data: st.DataObject, session: Session, event: Event, *, nonce: str
) -> tuple[Turn, tuple[Effect, ...]]:
    """A whole turn of the real book in which every action ends in one of the ways its step knows."""
    book, moment = shelf(REAL), Moment(now=NOW, nonce=nonce)
    turn = advance(session, event, book=book, moment=moment)
    effects = turn.effects
    while turn.pending:
        step = open_step(book, turn.session)
        assert step is not None
        assert step.do is not None
        outcome = Outcome(name=data.draw(st.sampled_from(sorted(step.do.outcomes))))
        turn = advance(turn.session, outcome, book=book, moment=moment, spent=turn.spent)
        effects += turn.effects
    return turn, effects

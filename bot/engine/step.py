"""The interpreter: one event against one session gives one turn.

Rules, in the order they win: a crisis phrase; a global command; an answer to a prompt; an answer to the open
screen; anything else, which never ends a conversation but asks its question again. A turn ends in a wait, at
rest, or in one pending action whose outcome is the next event. `walk.py` moves between steps; this module
decides what an event means where the person is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from bot.engine.alert import Alerted
from bot.engine.effect import Count, DropKeyboard, Effect, Perform, Say
from bot.engine.event import (
    Answering,
    Asked,
    Carried,
    Corrected,
    Distress,
    Event,
    Fired,
    Flooded,
    Invited,
    Led,
    Lost,
    Outcome,
    Pressed,
    PromptPressed,
    Raised,
    Recognised,
    Remarked,
    Spoken,
    Started,
    Typed,
    Unsupported,
    Winning,
)
from bot.engine.flow import AskKind, Book, Step
from bot.engine.line import take_along, take_on_the_line
from bot.engine.move import ask_again, begin, follow, open_step, resolve, run
from bot.engine.need import CRISIS, START
from bot.engine.prompt import answer_prompt, raise_prompt, run_beside
from bot.engine.session import Answered, Session
from bot.engine.walk import WAIT, Walk
from bot.model.flyer import SCANNED

LINK: Final = "start.link"  # not which one: anybody can make a link up, and put a name into it


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What the engine may not make itself: the time of the turn, and a nonce for the screen it may open."""

    now: datetime
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What came of an event. `spent` counts steps across a turn's actions, for the budget of 64."""

    session: Session
    effects: tuple[Effect, ...]
    pending: Perform | None = None
    spent: int = 0


def advance(session: Session, event: Event, *, book: Book, moment: Moment, spent: int = 0) -> Turn:
    """Take `event` as far as it goes: to a wait, to rest, or to the next pending action. Never raises.

    The book is one that `parse.read_book` accepts; the session may be of another book.
    """
    walk = Walk(book, session, now=moment.now, nonce=moment.nonce, spent=spent)
    if not isinstance(event, Unsupported):
        walk.album = None
    _take(walk, event)
    return Turn(session=walk.session(), effects=tuple(walk.effects), pending=walk.pending, spent=walk.spent)


def _take(walk: Walk, event: Event) -> None:
    match event:
        case Distress() | Started() | Invited() | Asked() | Led():
            _from_anywhere(walk, event)
        case PromptPressed():
            answer_prompt(walk, event)
        case Raised():
            raise_prompt(walk, event)
        case Outcome():
            resolve(walk, event)
        case Fired():
            _fired(walk, event)
        case Pressed() | Typed() | Carried() | Spoken():
            _to_open_question(walk, event)
        case Unsupported() | Corrected() | Lost() | Flooded() | Recognised() | Alerted():
            _remarked(walk, event)
        case _:
            assert_never(event)


def _from_anywhere(walk: Walk, event: Winning) -> None:
    """What wins over the open question; numbers come at once to a person in distress."""
    match event:
        case Distress():
            walk.effects.append(Count(counter=CRISIS))
            run(walk, CRISIS)
        case Started():
            _count(walk, event)
            run(walk, START)
        case Invited():
            begin(walk, event.flow, answers={"invite": event.invite})
        case Led():
            take_along(walk, event)
        case Asked() if event.command in walk.book.commands:
            run(walk, event.command)
        case Asked():
            ask_again(walk, "unknown_command", way_out=True)
        case _:
            assert_never(event)


def _count(walk: Walk, event: Started) -> None:
    """How somebody came. Of links only a flyer in use is told apart, and nothing of it goes on from here."""
    walk.effects.append(Count(counter=LINK if event.payload else START))
    if event.flyer:
        walk.effects += [Count(counter=SCANNED), Count(counter=f"{SCANNED}.{event.flyer}")]


def _fired(walk: Walk, event: Fired) -> None:
    """A wait stayed unanswered; one of an older screen means nothing. Others are named after a prompt."""
    if event.timer != WAIT:
        run_beside(walk, event.timer, values=event.values)
        return
    step = walk.step
    if step and step.timeout and walk.screen and walk.screen.nonce == event.version:
        follow(walk, step.timeout.route)


def _to_open_question(walk: Walk, event: Answering) -> None:
    """Something for the open question, if there still is one. Courtesy leaves it as it is, however old it may be."""
    match event:
        case Pressed():
            _pressed(walk, event)
        case Typed() if event.courtesy and walk.frames:
            walk.effects.append(Say(phrase=walk.book.phrases["courtesy"]))
        case Typed():
            if step := open_step(walk):
                _typed(walk, step, event)
        case Carried() | Spoken():
            take_on_the_line(walk, event)
        case _:
            assert_never(event)


def _remarked(walk: Walk, event: Remarked) -> None:
    """A sentence of the machinery: about what somebody sent, then their question again; an alert beside it."""
    match event:
        case Alerted():
            phrase, count = walk.book.phrases[f"alert_{event.alert}"], str(event.count)
            walk.effects.append(Say(phrase=phrase, values={"count": count}, sensitive=True))
        case Unsupported() if event.album is not None and event.album == walk.album:
            pass  # said once for an album, whose parts come one by one
        case Unsupported():
            walk.album = event.album
            ask_again(walk, f"unsupported_{event.media}", way_out=True)
        case Corrected():
            ask_again(walk, "corrected")
        case Lost():
            ask_again(walk, event.how)
        case Flooded():
            ask_again(walk, "flood", values={"until": event.until.isoformat()})
        case Recognised():
            ask_again(walk, "phone_again")
        case _:
            assert_never(event)


def _pressed(walk: Walk, event: Pressed) -> None:
    """A press of the open screen; a double tap does nothing, any other screen's loses its keyboard."""
    if walk.answered == Answered(nonce=event.nonce, choice=event.choice):
        return
    if not _is_current(walk, event):
        walk.effects.append(DropKeyboard())
        ask_again(walk, "stale")
    elif step := open_step(walk):
        _choose(walk, step, event.choice)


def _is_current(walk: Walk, event: Pressed) -> bool:
    screen = walk.screen
    return screen is not None and screen.nonce == event.nonce and event.choice in screen.choices


def _typed(walk: Walk, step: Step, event: Typed) -> None:
    if event.choice and (event.exact or not step.exact):
        _choose(walk, step, event.choice)
    elif step.ask and (value := _value(step, event)):
        walk.keep({step.ask.keep: value} if step.ask.keep else {})
        walk.close(None)
        follow(walk, step.ask.route)
    else:
        ask_again(walk, step.unclear or "unclear", way_out=True)


def _value(step: Step, event: Typed) -> str | None:
    """What a free answer comes to: the text itself, the day it names, or that there is a photo."""
    match step.ask.kind if step.ask else None:
        case AskKind.DATE:
            return event.date
        case AskKind.PICTURE:
            return "photo" if event.picture else None
        case _:
            return event.text.strip() or None


def _choose(walk: Walk, step: Step, choice_id: str) -> None:
    choice = walk.offered(step, choice_id)
    if choice is None:
        ask_again(walk, "stale")
        return
    walk.close(choice)
    walk.keep(choice.keep)
    follow(walk, choice.route)

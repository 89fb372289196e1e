"""While the organizers hold everything: who is answered as ever, and what everybody else hears.

A person in danger, and whoever asks about their data or wants it gone, is never held up; nor is an organizer, or who
is about to become one: there has to be somebody who can end the pause. What others write is not read any further than
to see that; their conversation stays where it is.
"""

from typing import Final

from bot.engine.effect import Effect, Say, ShowCard
from bot.engine.event import Asked, Distress, Event, Invited, Pressed, Spoken, Typed
from bot.engine.flow import Book
from bot.engine.need import CRISIS, DEFENCE, INVITED, LINES, URGENT
from bot.engine.session import Session
from bot.model.person import Role

WORKING: Final = (
    CRISIS,
    "delete",
    "hide",
    "stop",
    "privacy",
    "mydata",
)  # commands that work while the bot is paused


def is_answered(event: Event, session: Session, *, book: Book, roles: frozenset[Role]) -> bool:
    """Whether what somebody wrote is handled as if nothing were paused."""
    if Role.ORGANIZER in roles or isinstance(event, Distress | Invited):
        return True
    flows = {
        INVITED[Role.ORGANIZER],
        *(book.commands[name].route.flow for name in WORKING if name in book.commands),
    }
    inside = session.top is not None and session.top.flow in flows
    return inside or _asks_for(event) in WORKING


def answer(event: Event, *, book: Book) -> tuple[Effect, ...]:
    """The one honest sentence, and who answers elsewhere: the lines, before them the defence where it is urgent."""
    is_urgent = event.urgent if isinstance(event, Spoken) else _asks_for(event) == URGENT
    cards = (DEFENCE, LINES) if is_urgent else (LINES,)
    return Say(phrase=book.phrases["paused"]), *(ShowCard(card=card) for card in cards)


def _asks_for(event: Event) -> str | None:
    """The command that an event runs from wherever the person is."""
    match event:
        case Asked():
            return event.command
        case Pressed() | Typed() if event.choice and event.choice.startswith("~"):
            return event.choice[1:]
        case _:
            return None

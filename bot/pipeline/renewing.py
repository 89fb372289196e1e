"""A screen that keeps itself up to date: where a wait's timeout is `in_place`, its message changes and none is added.

The turn of such a timer keeps the screen's nonce, so that a press on its way is no stale one, and its age, so that a
screen nobody looks at ends with its question. Where messages can't change again and again nothing comes by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.engine.effect import SetTimer
from bot.engine.event import Event, Fired
from bot.engine.flow import Book
from bot.engine.session import Session
from bot.engine.walk import WAIT
from bot.model.limit import LIMITS
from bot.model.outgoing import EditMessage, RemoveKeyboard, SendMessage
from bot.model.queue import Timer
from bot.pipeline.answering import reply_address, timer_of
from bot.pipeline.draft import Utterance
from bot.pipeline.listener import Listener
from bot.store import departure
from bot.store.people import Known
from bot.store.unit import Unit

EMPTY: Final = Session()
AGAIN: Final = timedelta(seconds=10)


def live_timer(event: Event | None, session: Session | None, *, book: Book) -> Fired | None:
    """The timer, if it renews an open screen in place, and that is still the same one."""
    top, screen = (session or EMPTY).top, (session or EMPTY).screen
    if not isinstance(event, Fired) or event.timer != WAIT or top is None or screen is None:
        return None
    step = book.step(top.flow, top.step)
    is_live = step is not None and step.timeout is not None and step.timeout.in_place
    return event if is_live and screen.nonce == event.version else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewing:
    """The turn of such a timer before it is taken. `screens`: the last screen's message id per address id."""

    unit: Unit
    known: Known
    screens: Mapping[int, str]
    now: datetime

    @property
    def is_possible(self) -> bool:
        """Whether there is a message to edit, and somebody may still look at it."""
        here, session = reply_address(None, self.known), self.known.session or EMPTY
        is_open = session.expires_at is not None and session.expires_at > self.now
        return is_open and here is not None and here.id in self.screens and LIMITS[here.platform].renews

    async def put_off(self, event: Fired) -> list[Timer]:
        """The timer anew, while something is on its way to the chat: the screen known there may be an older one."""
        here = reply_address(None, self.known)
        if here is None or not self.is_possible or not await departure.waits_for(self.unit, here.id):
            return []
        again = SetTimer(timer=event.timer, due_at=self.now + AGAIN, version=event.version)
        return [timer_of(again, self.known.person.id)]


def renewed(said: Sequence[Utterance], listener: Listener) -> list[Utterance]:
    """The one message of the turn in place of the screen's; several are said below it, as anywhere."""
    message_id = listener.screen_message or ""
    if len(said) == 1 and isinstance(said[0].payload, SendMessage):
        payload = said[0].payload
        return [Utterance(payload=EditMessage(message_id=message_id, text=payload.text, rows=payload.rows))]
    return [Utterance(payload=RemoveKeyboard(message_id=message_id)), *said]

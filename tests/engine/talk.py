"""A conversation with the engine that reads like a chat: one book, one session, nonces in order, a still clock.

`flows/` beside this file is a small book that uses everything a flow can say.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from bot.engine.effect import CloseScreen, Effect, Offer, Say, ShowCard
from bot.engine.event import Event, Outcome, Pressed, Typed
from bot.engine.fit import asks
from bot.engine.flow import Book
from bot.engine.parse import read_book
from bot.engine.session import Frame, Screen, Session
from bot.engine.step import Moment, Turn, advance

FLOWS: Final = Path(__file__).parent / "flows"
NOON: Final = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@cache
def small_book() -> Book:
    """The book of `flows/`."""
    return read_book(FLOWS)


class Talk:
    """One person and the engine. `effects` are those of the last event and of the actions it led to."""

    def __init__(self, session: Session | None = None, *, book: Book | None = None) -> None:
        self.book = book or small_book()
        self.session = session or Session()
        self.now = NOON
        self.turn = Turn(session=self.session, effects=())
        self.effects: tuple[Effect, ...] = ()
        self._count = 0

    def hears(self, event: Event) -> "Talk":
        """Take an event."""
        self._count += 1
        self._take(event, spent=0)
        self.effects = self.turn.effects
        return self

    def answers(self, name: str, values: Mapping[str, str] | None = None) -> "Talk":
        """The pending action ends."""
        self._take(Outcome(name=name, values=values or {}), spent=self.turn.spent)
        self.effects += self.turn.effects
        return self

    def _take(self, event: Event, *, spent: int) -> None:
        moment = Moment(now=self.now, nonce=f"n{self._count:07}")
        self.turn = advance(self.session, event, book=self.book, moment=moment, spent=spent)
        self.session = self.turn.session

    def presses(self, choice: str) -> "Talk":
        """Press a button of the open screen."""
        return self.hears(Pressed(nonce=self.nonce, choice=choice))

    def types(self, text: str, **meant: str | bool) -> "Talk":
        """Type something; `meant` is what the languages made of it."""
        choice, date = meant.get("choice"), meant.get("date")
        return self.hears(
            Typed(
                text=text,
                choice=str(choice) if choice else None,
                date=str(date) if date else None,
                exact=bool(meant.get("exact")),
            )
        )

    def waits(self, span: timedelta) -> "Talk":
        """Let time pass."""
        self.now += span
        return self

    @property
    def nonce(self) -> str:
        """The nonce of the open screen."""
        return self.session.screen.nonce if self.session.screen else ""

    @property
    def said(self) -> list[str]:
        """What was said, a card as its id in brackets."""
        spoken = (effect for effect in self.effects if isinstance(effect, (Say, ShowCard)))
        return [effect.phrase.text if isinstance(effect, Say) else f"[{effect.card}]" for effect in spoken]

    @property
    def offered(self) -> list[str]:
        """The choices of the screen that was opened, without the safety row."""
        offers = [effect for effect in self.effects if isinstance(effect, Offer)]
        return [choice.id for choice in offers[-1].choices[: offers[-1].own]] if offers else []

    @property
    def chosen(self) -> list[str]:
        """The answers that stay visible under closed questions; "-" where there is none."""
        closed = [effect for effect in self.effects if isinstance(effect, CloseScreen)]
        return [effect.chosen.text if effect.chosen else "-" for effect in closed]

    @property
    def places(self) -> list[str]:
        """The stack of frames, as `flow.step`."""
        return [f"{frame.flow}.{frame.step}" for frame in self.session.frames]


def at(*places: str) -> Talk:
    """A conversation that rests at the last of `places`, the others below it."""
    frames = tuple(Frame(flow=place.split(".")[0], step=place.split(".")[1]) for place in places[:-1])
    flow, step = places[-1].split(".")
    talk = Talk(Session(frames=(*frames, Frame(flow=flow, step=step))))
    screen = shown(talk.book, flow, step)
    talk.session = Session(
        frames=talk.session.frames, screen=screen, expires_at=NOON + talk.book.flows[flow].expires
    )
    return talk


def shown(book: Book, flow: str, step: str) -> Screen:
    """The screen a step opens."""
    found = book.step(flow, step)
    assert found is not None
    choices = tuple(choice.id for choice in book.choices(found))
    return Screen(nonce="n0000000", choices=choices, asks=asks(found))

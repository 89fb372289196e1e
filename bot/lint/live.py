"""Whose open questions a new version of the flows would meet: by place and number only, never by person."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.engine.fit import fits
from bot.engine.flow import Book
from bot.engine.session import Prompt, Session


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Affected:
    """A question that is open somewhere and is no longer what was asked. `sessions` is how many have it open."""

    flow: str
    step: str
    sessions: int


def affected(book: Book, sessions: Iterable[Session]) -> tuple[Affected, ...]:
    """The questions and prompts of `sessions` that `book` no longer asks in the same way."""
    found = Counter(place for session in sessions for place in _misfits(book, session))
    return tuple(
        sorted(Affected(flow=flow, step=step, sessions=count) for (flow, step), count in found.items())
    )


def _misfits(book: Book, session: Session) -> Iterator[tuple[str, str]]:
    top, screen = session.top, session.screen
    if top and screen and not fits(book.step(top.flow, top.step), screen):
        yield top.flow, top.step
    yield from (
        (frame.flow, frame.step) for frame in session.frames[:-1] if not _asks(book, frame.flow, frame.step)
    )
    yield from {(prompt.flow, prompt.step) for prompt in session.prompts if not _is_asked(book, prompt)}


def _asks(book: Book, flow: str, name: str) -> bool:
    step = book.step(flow, name)
    return step is not None and step.waits


def _is_asked(book: Book, prompt: Prompt) -> bool:
    step = book.step(prompt.flow, prompt.step)
    return step is not None and set(prompt.choices) <= {choice.id for choice in step.choices}

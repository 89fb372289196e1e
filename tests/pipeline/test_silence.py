"""Whatever breaks, and whatever its error says: at DEBUG the log holds no word of it.

Each door is broken in turn (every action, every question of the store, the words, the calls to the platform) with an
error that quotes what a person wrote, who they are and the token; then the stages live on around it as in `app`.
"""

import asyncio
import inspect
import io
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any, Final

import pytest

from bot import logs
from bot.actions import ACTIONS
from bot.i18n.render import Renderer
from bot.i18n.vocabulary import Vocabulary
from bot.pipeline import tick
from bot.pipeline.loop import forever
from bot.pipeline.process import Processor
from bot.store import (
    alerts,
    cards,
    counters,
    dead,
    inbox,
    invites,
    mine,
    outbox,
    parcel,
    pauses,
    people,
    refs,
    retention,
    roles,
    sessions,
    timers,
)
from bot.store.keyring import Keyring
from bot.store.unit import Unit
from bot.transports.telegram import update
from tests.pipeline.works import NOA, Works, pressed, said

TOKEN: Final = "123456789:AAEcanaryTOKEN_abcdefghijklmnopqrst"
CANARY: Final = "canary7d1e"
PHONE: Final = "+972 54-123-4567"
SECRETS: Final = (TOKEN, CANARY, PHONE, "54-123", str(NOA))
QUESTIONS: Final[tuple[ModuleType, ...]] = (
    alerts,
    cards,
    counters,
    dead,
    inbox,
    invites,
    mine,
    outbox,
    parcel,
    pauses,
    people,
    refs,
    retention,
    roles,
    sessions,
    timers,
)


class Defect(Exception):
    """Says everything it should not."""

    def __init__(self) -> None:
        super().__init__(f"{CANARY} from {NOA} ({PHONE}) with {TOKEN}")


Door = tuple[Any, str]


def doors() -> Iterator[Door]:
    """Where the stages, the store and the words meet."""
    for module in QUESTIONS:
        for name, function in vars(module).items():
            if (
                inspect.iscoroutinefunction(function)
                and function.__module__ == module.__name__
                and name[0] != "_"
            ):
                yield module, name
    yield from ((Renderer, name) for name in ("render", "label", "card"))
    yield from ((Vocabulary, name) for name in ("is_distress", "command", "choice"))
    yield from ((update, name) for name in ("read", "envelope"))
    yield from ((Keyring, "keys_for"), (Unit, "seal"), (Unit, "commit"))


class Broken:
    """A door that fails for whoever comes through."""

    def __init__(self) -> None:
        self.times = 0

    def like(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """In the way of the original."""
        if inspect.iscoroutinefunction(original):

            async def later(*_: object, **__: object) -> None:
                self.times += 1
                raise Defect

            return later

        def at_once(*_: object, **__: object) -> None:
            self.times += 1
            raise Defect

        return at_once


@pytest.fixture
def log(untouched_logging: None) -> io.StringIO:
    """What is written, at DEBUG."""
    stream = io.StringIO()
    logs.setup("DEBUG", stream=stream)
    return stream


def told(log: io.StringIO) -> list[str]:
    """Which secrets are in the log."""
    return [secret for secret in SECRETS if secret in log.getvalue()]


@asynccontextmanager
async def loops(works: Works) -> AsyncIterator[None]:
    """Both loops, as `app` runs them."""
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(forever(works.processor.batch, works.ground.process, name="process")),
            tasks.create_task(forever(works.deliverer.round, works.ground.deliver, name="deliver")),
        ]
        try:
            yield
        finally:
            for task in running:
                task.cancel()


async def live(works: Works, round_: int) -> None:
    """A little of everything: strangers, presses, distress, what is kept, a cleared chat, the ticker's jobs."""
    who = NOA + round_
    async with loops(works):
        with suppress(Defect):
            await works.receive(said(f"/start {CANARY}", by=who), said(f"I want to die {CANARY}", by=who))
            await works.receive(said("/mydata", by=who), said("/hide", by=who), said(CANARY, by=who))
            await works.receive(pressed(f"v1:n0000001:{CANARY}", by=who))
        await asyncio.sleep(0.05)
        for job in (works.ticker.fire, works.retention.sweep, works.ticker.measure):
            await tick._guarded(job)()
        await asyncio.sleep(0.05)


async def recover(works: Works) -> None:
    """The door is whole again: what was put off is handled."""
    for _ in range(3):
        works.clock.pass_time(timedelta(minutes=6))
        await works.settle()


async def test_no_broken_door_tells_what_its_error_says(
    works: Works, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every question of the store, the words and the keys, each failing while people write."""
    entered = []
    for round_, (place, name) in enumerate(doors()):
        broken = Broken()
        with monkeypatch.context() as patch:
            patch.setattr(place, name, broken.like(getattr(place, name)))
            await live(works, round_)
        await recover(works)
        entered += [f"{place.__name__}.{name}"] if broken.times else []
        assert told(log) == [], name

    assert len(entered) > 35, entered
    assert "Defect@" in log.getvalue()
    assert log.getvalue().count("error=Defect") > 20


@pytest.mark.parametrize("action", sorted(ACTIONS))
async def test_no_broken_action_tells_what_its_error_says(
    works: Works, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    """Three times in its own row; then its person hears one sentence, and the log the class of the error."""
    broken = Broken()
    monkeypatch.setitem(ACTIONS, action, broken.like(ACTIONS[action]))
    works.processor = Processor(works.ground, replace(works.turns, library=_beginning_with(works, action)))
    await works.receive(said(f"/start {CANARY}"))
    for _ in range(4):
        await works.settle()
        works.clock.pass_time(timedelta(minutes=1))

    assert broken.times >= 3
    assert told(log) == []
    assert "row_failed" in log.getvalue()
    assert "exception=Defect@" in log.getvalue()


def _beginning_with(works: Works, action: str) -> Any:
    """The library, with a conversation that begins with this action."""
    library = works.turns.library
    flow = library.book.flows["start"]
    first = flow.steps[flow.start]
    assert first.do is not None
    steps = {**flow.steps, flow.start: replace(first, do=replace(first.do, action=action))}
    return replace(
        library, book=replace(library.book, flows={**library.book.flows, "start": replace(flow, steps=steps)})
    )


async def test_no_broken_call_tells_what_its_error_says(works: Works, log: io.StringIO) -> None:
    """A defect in a transport: sending, stopping a spinner."""

    def fall() -> None:
        raise Defect

    works.transport.ends = [Defect(), Defect()]
    works.transport.before_acknowledging = fall
    await works.receive(said("/start"), pressed("v1:n0000001:go_on"))
    await works.settle()
    await asyncio.sleep(0.02)

    assert told(log) == []
    assert "transport_broke" in log.getvalue()
    assert "spinner_failed" in log.getvalue()


async def test_a_log_that_told_would_be_noticed(log: io.StringIO) -> None:
    """The same search in a line that says it all."""
    log.write(str(Defect()))

    assert told(log) == [*SECRETS]

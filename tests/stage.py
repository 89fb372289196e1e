"""A stage for whole stories: the real pipeline on a real database, against the emulator over real HTTP.

Nothing is faked but time and chance: the clock stands still until a story moves it, nonces come in order. Each
`settle` takes what waits at Telegram through receive, process and deliver until nothing is left to do. `restart`
closes everything and opens it again from what is on disk.
"""

import asyncio
import hashlib
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Final, Self

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, select

from bot import app
from bot.app.account import challenge
from bot.app.signal import listener
from bot.engine.session import Session
from bot.model.person import Language, Platform
from bot.model.review import PullReason
from bot.sandbox import Emulator, running
from bot.sandbox.signal import SignalPerson
from bot.sandbox.signal.daemon import notification
from bot.settings import Secret, Settings, sandbox
from bot.spool.folder import ALIVE, AWAY, SPOOLER, Folder
from bot.spool.segment import Pen
from bot.spool.writer import is_passing
from bot.store import cards, counters, flyers, inbox, notices, pauses, people, refs
from bot.store.moment import from_ms, to_ms
from bot.store.sealing import KeeperKey
from bot.store.tables import inbox as inbox_table
from bot.store.tables import notice, outbox, timer
from bot.transports.telegram.listener import TelegramPoller
from tests import ready

AT_ONCE: Final = timedelta(minutes=1)  # of a story's time; a row that failed waits for longer
KEEPER: Final = KeeperKey(b"the letter keeper of the stories")
TUESDAY: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def _next(column: ColumnElement[int]) -> ScalarSelect[int]:
    return select(func.min(column)).where(column > bindparam("now")).scalar_subquery()


_NEXT_MOMENT: Final = select(
    *map(_next, (timer.c.due_at, inbox_table.c.due_at, outbox.c.due_at, notice.c.look_at))
)


class StillClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self._now = TUESDAY

    def now(self) -> datetime:
        """The story's present."""
        return self._now

    def pass_time(self, span: timedelta) -> None:
        """Let `span` go by."""
        self._now += span


class OrderedNonces:
    """`n0000001`, `n0000002`, ..."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> str:
        return f"n{next(self._numbers):07}"


class OrderedChance:
    """Bytes that nobody would guess, and that are the same in every run."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self, length: int) -> bytes:
        return hashlib.shake_256(str(next(self._numbers)).encode()).digest(length)


def steady(length: int) -> bytes:
    """Chance, but for what decides when something happens: a story has to come as it came before.

    A byte is a jitter of seconds or minutes, six are when a sensitive message is deleted: after thirty hours.
    """
    return bytes(length * [110]) if length in (1, 6) else os.urandom(length)


class SpoolState(StrEnum):
    """What is wrong with what comes from Signal."""

    UNANSWERED = "unanswered"  # by the daemon
    GONE = "gone"  # no spooler runs
    FULL = "full"  # it has no room
    AWAY = "away"  # the daemon answers, and does not reach Signal
    AGAIN = "again"  # nothing is wrong any more


class Stage:
    """One bot, its emulator and the people a story is about."""

    def __init__(self, emulator: Emulator, settings: Settings, *, clock: StillClock, directory: Path) -> None:
        self._directory = directory
        self.emulator = emulator
        self.settings = settings
        self.clock = clock
        self._nonces = OrderedNonces()
        self._chance = OrderedChance()
        self._pen: Pen | None = None
        self._spoken: dict[str, Language] = {}
        self._tasks: asyncio.TaskGroup
        self._stack: AsyncExitStack

    async def __aenter__(self) -> Self:
        self._stack = AsyncExitStack()
        self._tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        world = app.World(
            clock=self.clock,
            nonces=self._nonces,
            entropy=steady,
            words=ready.read_once,
        )
        self.house = await self._stack.enter_async_context(
            app.house(self.settings, spawn=self._tasks.create_task, world=world)
        )
        api = await self._stack.enter_async_context(app.telegram_api(self.settings))
        self._poller = TelegramPoller(api, self.clock, poll_seconds=0)
        self._pen = None
        self._spooled = listener(self.settings, self.house.db.keyring, clock=self.clock)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def restart(self) -> None:
        """The process ends and starts again; only what is on disk is left."""
        await self.__aexit__()
        await self.__aenter__()

    async def deploy(self, file: str, old: str, new: str) -> None:
        """The process ends and starts again with flows in which `file` has `new` in place of `old`."""
        flows = self._directory / "flows"
        if self.settings.flows_dir != flows:
            shutil.copytree(self.settings.flows_dir, flows)
        before = (flows / file).read_text(encoding="utf-8")
        if old not in before:
            raise ValueError(f"{file} has no {old!r} to replace")
        (flows / file).write_text(before.replace(old, new), encoding="utf-8")
        self.settings = self.settings.model_copy(update={"flows_dir": flows})
        await self.restart()

    async def without_keeper(self) -> None:
        """The process ends and starts again without the public key that signatures are sealed to."""
        self.settings = self.settings.model_copy(update={"letter_public_key": None})
        await self.restart()

    async def somebody(self, language: str | None) -> SignalPerson:
        """Somebody with Signal whose language the bot knows, if it does: no app of it says which one it is in."""
        person = self.emulator.signal.person()
        if language:
            self._spoken[person.id] = Language(language)
        await self.acquaint(person)
        return person

    async def acquaint(self, person: SignalPerson) -> None:
        """Let the bot know which language somebody with Signal speaks, if it does not and is to know it."""
        if person.id not in self._spoken:
            return
        async with self.house.db.unit() as unit:
            found = await people.resolve(unit, Platform.SIGNAL, [person.id], today=self.clock.now().date())
            known = await people.load(unit, found.values())
            strangers = [one.person for one in known.values() if one.person.language is None]
            if strangers:
                spoken = self._spoken[person.id]
                await people.save(unit, [replace(one, language=spoken) for one in strangers])
                await unit.commit()

    async def session(self, routing_id: object, platform: Platform = Platform.TELEGRAM) -> Session:
        """A person's session as it stands on disk."""
        async with self.house.db.unit() as unit:  # never committed: looking makes nobody
            found = await people.resolve(unit, platform, [str(routing_id)], today=self.clock.now().date())
            known = await people.load(unit, found.values())
        return next((one.session for one in known.values() if one.session), Session())

    async def cut_off(self, platform: Platform, span: timedelta) -> None:
        """A platform says that it does not know the bot: nothing goes out there for `span`, and the watch looks."""
        now = self.clock.now()
        async with self.house.db.unit() as unit:
            await pauses.pause(unit, platform, until=now + span, reason="bad_token")
            await unit.commit()
        await self.house.watch.look()

    async def captcha(self, link: str) -> None:
        """Signal wants one from now on; or, where it is a link, it is solved, at the machine of the bot."""
        if link == "wanted":
            self.emulator.signal.challenge = "token-1"
            return
        await challenge(self.settings, link, world=app.World(clock=self.clock))
        await self.house.ticker.fire()

    async def silence(self, state: SpoolState) -> None:
        """For twenty minutes (the machine's) something was wrong, or nothing is any more, and the watch looks."""
        folder = Folder(self.settings.signal_spool)
        folder.make()
        pen = Pen(folder)
        pen.begin()
        folder.beat()
        folder.note_away(is_so=state is SpoolState.AWAY)
        if state is not SpoolState.AGAIN:
            since = AWAY if state is SpoolState.AWAY else ALIVE
            os.utime(folder.path / since, (time.time() - 20 * 60,) * 2)
        with folder.held(SPOOLER) if state is not SpoolState.GONE else nullcontext():
            if state is SpoolState.FULL:
                pen.make_room()
            await self.house.watch.look()
        folder.beat()

    async def invite(self) -> app.Invitation:
        """An invitation for an organizer, made at the terminal meanwhile."""
        return await app.invite_organizer(self.settings, app.World(clock=self.clock, entropy=self._chance))

    async def invite_volunteer(self) -> str:
        """The payload of an invitation to volunteer, made at the terminal meanwhile."""
        lines = await app.invite_volunteer(self.settings, app.World(clock=self.clock, entropy=self._chance))
        return next(line.partition("/start ")[2] for line in lines if "/start " in line)

    async def newest_flyer(self) -> str:
        """What the newest flyer says to the bot, ended or not."""
        async with self.house.db.reading() as unit:
            return (await flyers.everyone(unit))[0].payload

    async def places(self, routing_id: object, platform: Platform = Platform.TELEGRAM) -> list[str]:
        """The stack of a person's session as `flow.step`, the bottom first."""
        session = await self.session(routing_id, platform)
        return [f"{frame.flow}.{frame.step}" for frame in session.frames]

    async def pull(self, card: str, *, undo: bool = False) -> None:
        """Somebody else pulls a card out of service while the bot runs, or takes the pull back."""
        content = self.house.library.cards[card].content
        async with self.house.db.unit() as unit:
            if undo:
                await cards.restore(unit, card, content)
            else:
                await cards.pull(unit, card, content, reason=PullReason.LAW, now=self.clock.now())
            await unit.commit()

    async def counted(self) -> dict[str, int]:
        """The counters of the story's present day."""
        async with self.house.db.reading() as unit:
            return await counters.of_day(unit, self.clock.now().date())

    async def pass_time(self, span: timedelta) -> None:
        """Let time go by for the bot and for Telegram; whatever becomes due meanwhile happens at its own time."""
        until = self.clock.now() + span
        while (due := await self._next_moment()) and due < until:
            self.clock.pass_time(max(due - self.clock.now(), timedelta(seconds=1)))
            await self.house.ticker.fire()
            await self.settle()
        await self.outage(max(until - self.clock.now(), timedelta()))

    async def outage(self, span: timedelta) -> None:
        """Let time go by while nothing runs; what became due meanwhile happens at its end."""
        self.clock.pass_time(span)
        await self.house.retention.sweep()
        await self.house.ticker.fire()
        await self.house.watch.look()
        await self.settle()

    async def _next_moment(self) -> datetime | None:
        """When the next thing is due that is not due yet."""
        async with self.house.db.reading() as unit:
            (row,) = await unit.fetch(_NEXT_MOMENT, {"now": to_ms(self.clock.now())})
            moments = [from_ms(value) for value in row if value is not None]
            deletion = await refs.next_due(unit, now=self.clock.now())
        return min([*moments, *([deletion] if deletion else [])], default=None)

    async def settle(self) -> None:
        """Handle everything there is, until all is quiet; what is due within a minute is waited for."""
        await self._handle()
        horizon = self.clock.now() + AT_ONCE
        while (due_at := await self._next_due()) and due_at <= horizon:
            self.clock.pass_time(max(due_at - self.clock.now(), timedelta(milliseconds=200)))
            await self._handle()
            await self._look_at_notices()

    async def _look_at_notices(self) -> None:
        """Have those looked at whose time has come, as the ticker does."""
        async with self.house.db.reading() as unit:
            due_at = await notices.next_look(unit)
        if due_at and due_at <= self.clock.now():
            await self.house.ticker.fire()

    async def _next_due(self) -> datetime | None:
        async with self.house.db.reading() as unit:
            moments = (await inbox.next_due(unit), await notices.next_look(unit))
        return min((moment for moment in moments if moment is not None), default=None)

    async def receive(self) -> None:
        """Only take in what waits at Telegram."""
        while self.emulator.pending:
            await self._poller.once(self.house.receiver)

    async def _receive_of_signal(self) -> None:
        """What people write on Signal goes as its daemon tells it through the spool, opened by the first of it."""
        if self._pen is None and not self.emulator.signal.pending:
            return
        if self._pen is None:
            await self._spooled.prepare()
            self._pen = Pen(Folder(self.settings.signal_spool))
            self._pen.begin()
            self._stack.callback(self.emulator.signal.unsubscribe, self._spool)
            self.emulator.signal.subscribe(self._spool)
        while await self._spooled.once(self.house.receiver):
            pass

    def _spool(self, told: dict[str, object]) -> None:
        """What the spooler does with a line, in this process: that it is one of its own is tested elsewhere."""
        line = notification(0, told)
        if self._pen and not is_passing(line):
            self._pen.append([line])

    async def _handle(self) -> None:
        await self.receive()
        await self._receive_of_signal()
        while await self.house.processor.batch():
            pass
        deliverer = self.house.deliverer
        while await deliverer.round() or deliverer.is_busy:  # noqa: ASYNC110 - its calls are tasks of this loop
            await asyncio.sleep(0)


@asynccontextmanager
async def staged(directory: Path, **changed: object) -> AsyncIterator[Stage]:
    """A stage with fresh databases in `directory`; `changed` replaces settings by their field's name."""
    clock = StillClock()
    async with running(Emulator(now=lambda: clock.now().timestamp())) as emulator:
        place = {
            "telegram_api_url": emulator.url,
            "telegram_token": Secret(emulator.token),
            "letter_public_key": KEEPER.public,
            "signal_rpc": emulator.signal.rpc,
            "signal_account": Secret(emulator.signal.account.number),
        }
        settings = sandbox(directory, env_file=directory / "none").model_copy(update={**place, **changed})
        emulator.signal.attachments = settings.signal_attachments
        await ready.migrated(settings)
        async with Stage(emulator, settings, clock=clock, directory=directory) as stage:
            yield stage

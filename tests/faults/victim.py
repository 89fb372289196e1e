"""`bot run`, watched from outside and made to die or to stumble on purpose: the second process of the fault tests.

It calls the same command as `python -m bot run`, and changes nothing but what its arguments ask for. Each stage is
watched at the doors the stages share (the questions of the store, the commit, the transport's send).
"""

import argparse
import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from weakref import WeakKeyDictionary

from bot import cli
from bot.app.world import MachineClock
from bot.model.incoming import Text
from bot.model.outgoing import Payload, Receipt
from bot.model.queue import InboxRow, NewInbox, NewOutbox, Settlement
from bot.pipeline import deliver
from bot.pipeline.reading import Reading
from bot.pipeline.turn import TurnTaker
from bot.ports import Transport
from bot.store import inbox, outbox
from bot.store.crypto import Key
from bot.store.db import Database
from bot.store.unit import Unit
from bot.transports.signal.adapter import SignalTransport
from bot.transports.telegram.adapter import TelegramTransport
from tests.faults.watch import Stage, Watch

Original = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Die at the `nth` entry into `stage`; inside a call, `after` seconds of it."""

    stage: Stage
    nth: int
    after: float = 0.0

    @classmethod
    def read(cls, text: str) -> Self:
        """Example: "sending:3:0.01"."""
        stage, nth, after = text.split(":")
        return cls(stage=Stage(stage), nth=int(nth), after=float(after))

    def written(self) -> str:
        """As `read` takes it."""
        return f"{self.stage}:{self.nth}:{self.after}"


@dataclass(slots=True)
class Doing:
    """What a unit of work has been asked for so far."""

    received: int = 0
    claimed: int = 0
    written: int = 0
    settled: int = 0


@dataclass(slots=True)
class Watchman:
    """Stands at the doors, writes down who is inside, and kills at the one he was told."""

    watch: Watch
    kill: Kill | None
    entered: Counter[Stage] = field(default_factory=Counter)
    doing: "WeakKeyDictionary[Unit, Doing]" = field(default_factory=WeakKeyDictionary)

    def enter(self, stage: Stage) -> None:
        """Somebody is at `stage` now: perhaps the end."""
        self.entered[stage] += 1
        if self.kill and self.kill.stage is stage and self.entered[stage] >= self.kill.nth:
            if stage is Stage.SENDING:
                asyncio.get_running_loop().call_later(self.kill.after, self._die_in_a_call)
            else:
                die()

    def _die_in_a_call(self) -> None:
        if self.watch.get(Stage.SENDING):
            die()

    def unit(self, original: Original) -> Original:
        """A transaction; when it ends in any way, nothing is in it any more."""

        @asynccontextmanager
        async def watched(db: Database) -> AsyncIterator[Unit]:
            async with original(db) as unit:
                self.doing[unit] = Doing()
                try:
                    yield unit
                finally:
                    if self.doing.pop(unit).claimed:
                        self.watch.put(Stage.IN_TRANSACTION, 0)

        return watched

    def add_events(self, original: Original) -> Original:
        """`inbox.add`: updates received, unless a turn writes them."""

        async def watched(unit: Unit, rows: Sequence[NewInbox], *, now: datetime) -> frozenset[int]:
            added: frozenset[int] = await original(unit, rows, now=now)
            if unit in self.doing and not self.doing[unit].claimed:
                self.doing[unit].received += len(added)
            return added

        return watched

    def claim(self, original: Original) -> Original:
        """`inbox.claim`: the transaction of the turns begins."""

        async def watched(unit: Unit, *, now: datetime, limit: int) -> list[InboxRow]:
            rows: list[InboxRow] = await original(unit, now=now, limit=limit)
            self.doing[unit].claimed = len(rows)
            if rows:
                self.watch.put(Stage.IN_TRANSACTION, len(rows))
            return rows

        return watched

    def add_calls(self, original: Original) -> Original:
        """`outbox.add`: replies written."""

        async def watched(unit: Unit, rows: Sequence[NewOutbox], *, now: datetime) -> None:
            await original(unit, rows, now=now)
            self.doing[unit].written += len(rows)

        return watched

    def settle(self, original: Original) -> Original:
        """`outbox.settle`: ends of calls written down."""

        async def watched(unit: Unit, settlements: Sequence[Settlement], *, now: datetime) -> None:
            await original(unit, settlements, now=now)
            self.doing[unit].settled = len([one for one in settlements if not one.untried])

        return watched

    def commit(self, original: Original) -> Original:
        """The commit: before it nothing has happened, after it everything."""

        async def watched(unit: Unit) -> None:
            doing = self.doing.get(unit, Doing())
            if doing.claimed:
                self.enter(Stage.IN_TRANSACTION)
            await original(unit)
            self._committed(doing)

        return watched

    def _committed(self, doing: Doing) -> None:
        if doing.claimed:
            self.watch.put(Stage.IN_TRANSACTION, 0)
        self.watch.add(Stage.SENT, -doing.settled)
        if doing.received:
            self.enter(Stage.RECEIVED)
        if doing.written:
            self.enter(Stage.COMMITTED)

    def send(self, original: Original) -> Original:
        """The call: under way, then answered one way or the other."""

        async def watched(transport: Transport, routing_id: str, payload: Payload, **more: bytes) -> Receipt:
            self.watch.add("calls", 1)
            self.watch.add(Stage.SENDING, 1)
            self.enter(Stage.SENDING)
            try:
                receipt: Receipt = await original(transport, routing_id, payload, **more)
            finally:
                self.watch.add(Stage.SENDING, -1)
                self.watch.add(Stage.SENT, 1)
            self.enter(Stage.SENT)
            return receipt

        return watched


def die() -> None:
    """At once, with no word to anybody."""
    os.kill(os.getpid(), signal.SIGKILL)


def put_around(place: object, name: str, wrapper: Callable[[Original], Original]) -> None:
    """Have what `place` calls `name` pass through `wrapper`."""
    setattr(place, name, wrapper(getattr(place, name)))


def stand_watch(watchman: Watchman) -> None:
    """Put the watchman at every door."""
    put_around(Database, "unit", watchman.unit)
    put_around(Unit, "commit", watchman.commit)
    put_around(inbox, "add", watchman.add_events)
    put_around(inbox, "claim", watchman.claim)
    put_around(outbox, "add", watchman.add_calls)
    put_around(outbox, "settle", watchman.settle)
    put_around(TelegramTransport, "send", watchman.send)
    put_around(SignalTransport, "send", watchman.send)


def stumbling(word: str) -> Callable[[Original], Original]:
    """Turns fail at rows that say `word`."""

    def wrapper(original: Original) -> Original:
        async def take(
            taker: TurnTaker, unit: Unit, reading: Reading, *rest: object, **more: object
        ) -> object:
            happening = reading.incoming.happening if reading.incoming else None
            if isinstance(happening, Text) and happening.text == word:
                raise RuntimeError(word)
            return await original(taker, unit, reading, *rest, **more)

        return take

    return wrapper


def ahead_by(seconds: float) -> Callable[[Original], Original]:
    """A clock that runs ahead."""

    def wrapper(original: Original) -> Original:
        def now(clock: MachineClock) -> datetime:
            moment: datetime = original(clock)
            return moment + timedelta(seconds=seconds)

        return now

    return wrapper


def without_seals(_: Original) -> Original:
    """What is sealed stands in the clear: the mutation that a search for words has to notice."""

    def seal(_: Key, plain: bytes, *, place: bytes, entropy: object) -> bytes:
        return plain

    return seal


def opened_in_the_clear(_: Original) -> Original:
    """The other half of it."""

    def opened(_: Key, sealed: bytes, *, place: bytes) -> bytes:
        return sealed

    return opened


def main() -> None:
    """Read the arguments, prepare what they ask for, and run the bot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--watch", type=Path)
    parser.add_argument("--kill", type=Kill.read)
    parser.add_argument("--stumble-at")
    parser.add_argument("--ahead", type=float)
    parser.add_argument("--in-the-clear", action="store_true")
    parser.add_argument("--lease", type=float)
    given = parser.parse_args()
    if given.watch:
        stand_watch(Watchman(Watch.opened(given.watch), given.kill))
    if given.stumble_at:
        put_around(TurnTaker, "take", stumbling(given.stumble_at))
    if given.in_the_clear:
        put_around(Key, "seal", without_seals)
        put_around(Key, "opened", opened_in_the_clear)
    if given.ahead:
        put_around(MachineClock, "now", ahead_by(given.ahead))
    if given.lease:
        vars(deliver)["LEASE"] = timedelta(seconds=given.lease)
    cli.main(["run"])


if __name__ == "__main__":
    main()

"""kill -9 of the spooler, and of the daemon it reads, while messages come: what is kept, and what is lost.

signal-cli confirms a message before it hands it on. So what stands in the socket when the spooler is killed is gone,
and nothing can be done about it but to read fast: how much that is, is measured here and printed.
"""

import asyncio
import random
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson
import pytest

from bot.sandbox.signal import Daemon, Network, SignalPerson, signal_running
from bot.spool.folder import Folder
from tests.faults.place import PATIENCE, PROJECT
from tests.spool.clerk import Clerk
from tests.store.shelf import Shelf
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template

SPOOLER: Final = (sys.executable, "-m", "bot", "signal", "spool")
PACE: Final = 0.002  # seconds between two messages: far more than all of Signal would bring
AT_ONCE: Final = (
    25  # messages that may be lost in one kill at that pace; three are usual, all of them in a few ms
)


@dataclass(slots=True)
class Scene:
    """A daemon, a spooler that is killed and started again, the bot's side, and somebody who writes."""

    daemon: Daemon
    folder: Folder
    clerk: Clerk
    writer: SignalPerson
    sent: int = 0
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    process: Process | None = None

    @property
    def is_heard(self) -> bool:
        """Whether somebody has subscribed."""
        return bool(self.daemon.network._listeners)

    async def start(self) -> None:
        """A spooler; on return it listens."""
        self.process = await asyncio.create_subprocess_exec(
            *SPOOLER,
            cwd=self.folder.path,
            env={
                "PATH": "/usr/bin:/bin",
                "PYTHONPATH": str(PROJECT),
                "BOT_SIGNAL_RPC": self.daemon.network.rpc,
                "BOT_SIGNAL_ACCOUNT": self.daemon.network.account.number,
                "BOT_SIGNAL_SPOOL": str(self.folder.path),
            },
        )
        async with asyncio.timeout(PATIENCE):
            while not self.is_heard:  # noqa: ASYNC110 - another process tells nobody
                await asyncio.sleep(0.005)

    async def end(self, number: signal.Signals) -> int:
        """Send it a signal; on return it has ended."""
        assert self.process
        self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    async def write_on(self) -> None:
        """Write numbered messages, one after the other, until told to stop."""
        while not self.stop.is_set():
            await self.writer.send(f"message {self.sent}")
            self.sent += 1
            await asyncio.sleep(PACE)

    async def settle(self) -> list[int]:
        """All that was kept, taken in; the numbers of the messages."""
        async with asyncio.timeout(PATIENCE):
            while self.daemon.network.pending:  # noqa: ASYNC110 - the same
                await asyncio.sleep(0.01)
        await self.end(signal.SIGTERM)
        await self.clerk.drain()
        found = [orjson.loads(raw)["params"]["result"]["envelope"] for raw in self.clerk.stored]
        return [int(one["dataMessage"]["message"].rpartition(" ")[2]) for one in found]


@pytest.fixture
async def scene(tmp_path: Path, sqlite_shelf: Shelf) -> AsyncIterator[Scene]:
    """A daemon on loopback, the folder, and a key file."""
    now = iter(range(1_795_411_041, 1_900_000_000))
    folder = Folder(tmp_path / "spool")
    async with signal_running(Network(lambda: next(now))) as daemon, sqlite_shelf.keyring() as keyring:
        clerk = Clerk(folder, keyring)
        await clerk.reader.prepare()
        scene = Scene(daemon, folder, clerk, daemon.network.person())
        yield scene
        if scene.process and scene.process.returncode is None:
            scene.process.kill()
            await scene.process.wait()


@asynccontextmanager
async def writing(scene: Scene) -> AsyncIterator[None]:
    """Somebody writes all the time while the block lasts."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(scene.write_on())
        try:
            yield
        finally:
            scene.stop.set()


def missing(numbers: list[int], sent: int) -> list[int]:
    return sorted(set(range(sent)) - set(numbers))


@pytest.mark.timeout(180)
async def test_a_spooler_that_is_told_to_stop_loses_nothing(scene: Scene) -> None:
    """As often as it is stopped and started while messages come; and nothing comes twice, or out of order."""
    await scene.start()
    async with writing(scene):
        for _ in range(4):
            await asyncio.sleep(0.1)
            assert await scene.end(signal.SIGTERM) == 0
            await scene.start()

    assert await scene.settle() == list(range(scene.sent))


@pytest.mark.timeout(180)
async def test_a_killed_spooler_loses_only_what_was_in_the_socket(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything it had read is there, and all that came while it was away; what is lost is counted."""
    dice, lost = random.Random(7), []
    await scene.start()
    async with writing(scene):
        for _ in range(6):
            await asyncio.sleep(dice.uniform(0.05, 0.3))
            assert await scene.end(signal.SIGKILL) == -9
            await scene.start()
    numbers = await scene.settle()
    lost = missing(numbers, scene.sent)

    with capsys.disabled():
        print(f"\n6 kills of the spooler among {scene.sent} messages: {len(lost)} lost")  # noqa: T201 - the measure
    assert len(lost) <= 6 * AT_ONCE
    assert numbers == sorted(set(numbers))


@pytest.mark.timeout(180)
async def test_a_frozen_spooler_keeps_what_it_had_read(scene: Scene) -> None:
    """Killed while nothing was on its way, with the bot away: not one is missing."""
    await scene.start()
    for number in range(50):
        await scene.writer.send(f"message {number}")
    async with asyncio.timeout(PATIENCE):
        while sum(map(lines_of, scene.folder.path.glob("*.open"))) < 50:  # noqa: ASYNC110 - the same
            await asyncio.sleep(0.01)
    await scene.end(signal.SIGKILL)
    await scene.start()

    assert await scene.settle() == list(range(50))


def lines_of(file: Path) -> int:
    return file.read_bytes().count(b"\n")


@pytest.mark.timeout(180)
async def test_a_daemon_that_dies_is_subscribed_to_again(scene: Scene) -> None:
    """What was written to it meanwhile waits at Signal, and comes."""
    await scene.start()
    async with writing(scene):
        for _ in range(3):
            await asyncio.sleep(0.1)
            await scene.daemon.go_down()
            await asyncio.sleep(0.1)
            await scene.daemon.come_up()
            async with asyncio.timeout(PATIENCE):
                while not scene.is_heard:  # noqa: ASYNC110 - the same
                    await asyncio.sleep(0.01)
    numbers = await scene.settle()

    assert len(missing(numbers, scene.sent)) <= 3 * AT_ONCE
    assert numbers == sorted(set(numbers))


@pytest.mark.timeout(180)
async def test_a_frozen_bot_delays_nobody(scene: Scene) -> None:
    """The spooler reads on while the bot does not read at all, for thousands of messages."""
    await scene.start()
    for number in range(3000):
        await scene.writer.send(f"message {number}")
        if number % 100 == 0:
            await asyncio.sleep(0)
    numbers = await scene.settle()

    assert numbers == list(range(3000))
    assert list((scene.folder.path / "aside").glob("*")) == []

"""The spooler before a real signal-cli, which is killed in a burst of messages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import orjson
import pytest

from bot.spool.folder import Folder
from bot.spool.writer import Spooler
from tests.signal_lab.friend import Friend
from tests.signal_lab.lab import BOT, Lab
from tests.signal_lab.rpc import SOON
from tests.spool.clerk import Clerk
from tests.store.shelf import Shelf
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template

BURST: Final = 30  # messages
LET_GO: Final = 10.0  # seconds

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
async def clerk(tmp_path: Path, sqlite_shelf: Shelf) -> AsyncIterator[Clerk]:
    """The bot's side of a folder."""
    async with sqlite_shelf.keyring() as keyring:
        clerk = Clerk(Folder(tmp_path / "spool"), keyring)
        await clerk.reader.prepare()
        yield clerk


async def let_go(lab: Lab) -> None:
    """Until the daemon has seen that a spooler before this one is gone; one that sends may look as if it listened."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LET_GO):
            while await lab.is_listening():  # noqa: ASYNC110 - a service that tells nobody
                await asyncio.sleep(0.05)


@asynccontextmanager
async def spooling(clerk: Clerk, lab: Lab) -> AsyncIterator[None]:
    """A spooler, told to stop after the block."""
    await let_go(lab)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(Spooler(clerk.folder, lab.daemon.tcp, account=BOT).run())
        yield
        task.cancel()


def numbers(clerk: Clerk, noa: Friend) -> list[int]:
    """What a friend wrote, in the order in which it is stored."""
    found = [orjson.loads(raw)["params"]["result"]["envelope"] for raw in clerk.stored]
    said = [one["dataMessage"]["message"] for one in found if one["sourceUuid"] == noa.uuid]
    return [int(words.rpartition(" ")[2]) for words in said]


async def until(clerk: Clerk, noa: Friend, last: int) -> None:
    """This one has come, and with it all that will: a daemon brings what a friend wrote in order."""
    async with asyncio.timeout(SOON):
        while last not in numbers(clerk, noa):
            await clerk.drain()
            await asyncio.sleep(0.05)


async def burst(noa: Friend) -> None:
    """One message after the other."""
    for number in range(BURST):
        await noa.send(f"message {number}")


async def test_a_daemon_killed_in_a_burst_loses_at_most_what_it_held(
    lab: Lab, noa: Friend, clerk: Clerk
) -> None:
    """What it has confirmed is on its own disk, and comes: but the one message that it had opened and not handed on."""
    async with spooling(clerk, lab), asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(burst(noa))
        await until(clerk, noa, 3)
        lab.daemon.kill()
        await sending
        lab.daemon.launch()
        await noa.send(f"message {BURST}")
        await until(clerk, noa, BURST)

    assert len(set(range(BURST)) - set(numbers(clerk, noa))) <= 1

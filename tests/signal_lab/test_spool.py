"""The spooler before a real signal-cli, which is killed in a burst of messages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import orjson
import pytest

from bot.spool.folder import Folder
from bot.spool.writer import Spooler
from tests.signal_lab.friend import Friend
from tests.signal_lab.lab import BOT, Lab
from tests.spool.clerk import Clerk
from tests.store.shelf import Shelf
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template

BURST: Final = 30  # messages
SOON: Final = 40.0  # seconds; a busy machine is slow, and so is Java


@pytest.fixture
async def clerk(tmp_path: Path, sqlite_shelf: Shelf) -> AsyncIterator[Clerk]:
    """The bot's side of a folder."""
    async with sqlite_shelf.keyring() as keyring:
        clerk = Clerk(Folder(tmp_path / "spool"), keyring)
        await clerk.reader.prepare()
        yield clerk


@asynccontextmanager
async def spooling(clerk: Clerk, lab: Lab) -> AsyncIterator[None]:
    """A spooler, told to stop after the block."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(Spooler(clerk.folder, lab.daemon.tcp, account=BOT).run())
        yield
        task.cancel()


def numbers(clerk: Clerk, noa: Friend) -> list[int]:
    """What a friend wrote, in the order in which it is stored."""
    found = [orjson.loads(raw)["params"]["result"]["envelope"] for raw in clerk.stored]
    said = [one["dataMessage"]["message"] for one in found if one["sourceUuid"] == noa.uuid]
    return [int(words.rpartition(" ")[2]) for words in said]


async def until_all(clerk: Clerk, noa: Friend) -> None:
    """Everything has come."""
    async with asyncio.timeout(SOON):
        while len(set(numbers(clerk, noa))) < BURST:
            await clerk.drain()
            await asyncio.sleep(0.05)


async def burst(noa: Friend) -> None:
    """One message after the other."""
    for number in range(BURST):
        await noa.send(f"message {number}")


async def test_a_daemon_killed_in_a_burst_loses_nothing(lab: Lab, noa: Friend, clerk: Clerk) -> None:
    """It has what it confirmed on its own disk, and brings it when it is back, if twice."""
    async with spooling(clerk, lab), asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(burst(noa))
        await asyncio.sleep(0.7)
        lab.daemon.kill()
        await sending
        lab.daemon.launch()
        await until_all(clerk, noa)

    assert sorted(set(numbers(clerk, noa))) == list(range(BURST))

"""Storage in trouble: locked by somebody else, or full. The bot waits, loses nothing, and goes on when it can."""

import asyncio
import resource
import sqlite3
from contextlib import closing
from typing import Final

import pytest

from tests.faults.crowd import crowd, going_about, judged, learned
from tests.faults.place import Place

LOCKED_FOR: Final = 3.5  # seconds; the connections themselves give up after 2
FULL_FOR: Final = 2.5  # seconds; each loop tries more than once


@pytest.mark.parametrize("file", ["bot.db", "keys.db"])
async def test_a_locked_database_only_delays(place: Place, file: str) -> None:
    """Another process holds the database for seconds; people go on writing, new ones too, and all are answered."""
    await place.start()
    replies = await learned(place.emulator)
    visitors = crowd(place.emulator, 10, seed=4, pause=0.02)
    with closing(sqlite3.connect(place.directory / "data" / file, isolation_level=None)) as other:
        async with going_about(visitors[:5]):
            await place.until(lambda: all(len(visitor.done) > 3 for visitor in visitors[:5]))
            other.execute("BEGIN EXCLUSIVE")
            async with going_about(visitors[5:]):
                await asyncio.sleep(LOCKED_FOR)  # the length of the lock is the fault itself
                other.execute("ROLLBACK")
                await place.until(lambda: all(len(visitor.done) > 3 for visitor in visitors[5:]))
    await place.until_quiet()

    judged(visitors, replies).check(in_flight=0)


@pytest.mark.parametrize("room", [64 * 1024, 1], ids=["data", "data_and_log"])
async def test_a_full_disk_only_delays(place: Place, room: int) -> None:
    """No file can grow beyond `room` bytes any more; when there is room again, everything is answered."""
    bot = await place.start()
    replies = await learned(place.emulator)
    visitors = crowd(place.emulator, 10, seed=5, pause=0.02)
    async with going_about(visitors):
        await place.until(lambda: all(len(visitor.done) > 3 for visitor in visitors))
        usual = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (room, usual[1]))
        await asyncio.sleep(FULL_FOR)  # the length is the fault itself
        assert bot.is_alive
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, usual)
        before = len(visitors[0].done)
        await place.until(lambda: len(visitors[0].done) > before + 2)
    await place.until_quiet()

    judged(visitors, replies).check(in_flight=0)
    if room > 1:  # else the log could not be written either
        assert "storage_troubled" in bot.log

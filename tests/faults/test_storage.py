"""Storage in trouble: locked by somebody else, or full. The bot waits, loses nothing, and goes on when it can."""

import asyncio
import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.crowd import WALK, crowd, going_about, judged, learned, visitor_at_home
from tests.faults.place import Place

LOCKED_FOR = 3.5  # seconds; the connections themselves give up after 2


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


async def test_a_full_disk_only_delays(place: Place) -> None:
    """No file can grow any more; when there is room again, everything is answered."""
    bot = await place.start()
    replies = await learned(place.emulator)
    visitors = crowd(place.emulator, 10, seed=5, pause=0.02)
    async with going_about(visitors):
        await place.until(lambda: all(len(visitor.done) > 3 for visitor in visitors))
        _, most = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (1, most))
        await asyncio.sleep(2.5)  # as long as it is full: more than one try of each loop
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (most, most))
        before = len(visitors[0].done)
        await place.until(lambda: not bot.is_alive or len(visitors[0].done) > before + 2)
        assert bot.is_alive, bot.log
    await place.until_quiet()

    judged(visitors, replies).check(in_flight=0)
    assert "storage_troubled" in bot.log

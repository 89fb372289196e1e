"""The loop every stage runs in."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from bot.pipeline.loop import forever
from bot.pipeline.wake import Wake
from bot.store.errors import StorageTroubled, Trouble


class Work:
    """Ends each time as the next of `ends` says; after the last it is done."""

    def __init__(self, ends: Sequence[int | Exception]) -> None:
        self.ends = list(ends)
        self.done = asyncio.Event()

    async def __call__(self) -> int:
        end = self.ends.pop(0)
        if not self.ends:
            self.done.set()
        if isinstance(end, Exception):
            raise end
        return end


@asynccontextmanager
async def looping(work: Callable[[], Awaitable[int]], wake: Wake) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop().create_task(forever(work, wake, name="test"))
    try:
        yield
    finally:
        loop.cancel()
        await asyncio.wait([loop])


async def done(*ends: int | Exception) -> None:
    """Woken once, the loop does all of this."""
    work, wake = Work(ends), Wake(longest=60)
    wake.set()
    async with looping(work, wake), asyncio.timeout(5):
        await work.done.wait()


async def test_it_works_until_nothing_is_left() -> None:
    """One wake-up is enough for all there is."""
    await done(64, 64, 3, 0)


async def test_storage_in_trouble_pauses_it(caplog: pytest.LogCaptureFixture) -> None:
    """It waits, says so, and tries the same work again."""
    await done(StorageTroubled(Trouble.FULL), 0)

    assert [record.getMessage() for record in caplog.records] == ["storage_troubled"]
    assert caplog.records[0].levelno == logging.WARNING


async def test_a_defect_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with its class, and the loop goes on."""
    await done(RuntimeError("a defect"), 1, 0)

    assert [record.getMessage() for record in caplog.records] == ["stage_failed"]


async def test_cancelling_ends_it() -> None:
    """Nothing holds up the end of the process."""
    async with asyncio.timeout(1), looping(Work([0]), Wake(longest=60)):
        pass

"""The process beside the bot of a sandbox: kept alive, and gone when its owner is."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.sandbox import companion as module
from bot.sandbox.companion import Companion

SLEEPER = "import signal, sys; open(sys.argv[1], 'a').write('x'); {more} sys.stdin.read()"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)
    monkeypatch.setattr(module, "GRACE", 0.3)


@asynccontextmanager
async def beside(log: Path, more: str = "") -> AsyncIterator[Companion]:
    """A companion, until the block ends."""
    code = SLEEPER.format(more=more)
    companion = Companion(lambda: (sys.executable, "-c", code, str(log)), dict)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(companion.run())
        yield companion
        running.cancel()


async def seen(log: Path, times: int) -> None:
    async with asyncio.timeout(20):
        while not log.exists() or len(log.read_text()) < times:  # noqa: ASYNC110, ASYNC240 - it tells nobody
            await asyncio.sleep(0.01)


async def test_one_that_dies_is_followed_by_another(tmp_path: Path) -> None:
    """However it died."""
    async with beside(tmp_path / "log") as companion:
        await seen(tmp_path / "log", 1)
        companion.kill()
        await seen(tmp_path / "log", 2)

    assert companion.starts == 2


async def test_it_ends_with_its_owner(tmp_path: Path) -> None:
    """Told to, and made to where it will not."""
    async with beside(tmp_path / "log", "signal.signal(signal.SIGTERM, signal.SIG_IGN);") as companion:
        await seen(tmp_path / "log", 1)

    assert companion._process
    assert await companion._process.wait() == -9

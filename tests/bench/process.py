"""The bot as a process of its own, on a core of its own: started, looked at from outside, stopped.

Also the plain bot of `plain`, which shows how much of a figure belongs to the emulator and to HTTP.
"""

import asyncio
import os
import re
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp

from bot.sandbox import Emulator
from tests.bench.place import BOT_CORE, PROJECT

BOT: Final = ("-m", "bot", "run")
PLAIN: Final = ("-m", "tests.bench.plain")
TIRELESS: Final = 1000  # a measured crowd never rests: the thresholds of floods are so many times as high
LONGEST_START: Final = 60.0
SAMPLE: Final = re.compile(r"^(\w+) (\S+)$", re.MULTILINE)


class DidNotStart(Exception):
    """The bot ended before it began to poll; what it said is above."""


class Running:
    """A bot that has begun to poll. `start_seconds` is what it took from the start of the process."""

    def __init__(self, pid: int, port: int, *, start_seconds: float) -> None:
        self._files = Path("/proc") / str(pid)
        self._port = port
        self.start_seconds = start_seconds

    @property
    def cpu_seconds(self) -> float:
        """Processor time of all its threads so far."""
        fields = (self._files / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def rss_mb(self) -> float:
        """What it holds in memory."""
        pages = int((self._files / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    async def figure(self, name: str) -> float:
        """A figure of its /metrics that has no labels."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self._port}/metrics") as answer,
        ):
            found = dict(SAMPLE.findall(await answer.text()))
        return float(found[name])


@asynccontextmanager
async def started(
    emulator: Emulator,
    folder: Path,
    command: Sequence[str] = BOT,
    *,
    flood_factor: int = TIRELESS,
    rate: float = 25.0,
) -> AsyncIterator[Running]:
    """A bot with its files in `folder` against `emulator`, from its first getUpdates until the block ends.

    Raises DidNotStart.
    """
    port = _free_port()
    before = emulator.journal.count("getUpdates")
    emulator.inject({"bench": {}})  # so that the first poll is answered at once, and can be seen
    began = time.perf_counter()
    environment = _environment(emulator, folder, port, flood_factor) | {"BOT_TELEGRAM_RATE": str(rate)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=PROJECT,
        env=environment,
    )
    try:
        os.sched_setaffinity(process.pid, {BOT_CORE})  # what it starts later inherits this
        await emulator.wait_until(
            lambda: emulator.journal.count("getUpdates") > before or process.returncode is not None,
            timeout=LONGEST_START,
        )
        if process.returncode is not None:
            raise DidNotStart
        yield Running(process.pid, port, start_seconds=time.perf_counter() - began)
    finally:
        await _stop(process)


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    async with asyncio.timeout(LONGEST_START):
        await process.wait()


def _environment(emulator: Emulator, folder: Path, port: int, flood_factor: int) -> dict[str, str]:
    """Real settings, as an operator would give them."""
    return os.environ | {
        "BOT_TELEGRAM_TOKEN": emulator.token,
        "BOT_TELEGRAM_API_URL": emulator.url,
        "BOT_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'bot.db'}",
        "BOT_KEYS_URL": f"sqlite+aiosqlite:///{folder / 'keys.db'}",
        "BOT_MASTER_KEY_FILE": str(folder / "master.key"),
        "BOT_HTTP_LISTEN": f"127.0.0.1:{port}",
        "BOT_LOG_LEVEL": "WARNING",
        "BOT_FLOOD_FACTOR": str(flood_factor),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

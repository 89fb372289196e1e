"""`bot sandbox` as people start it, in a process of its own, and what can be done with it from outside."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psutil  # type: ignore[import-untyped]
from aiohttp import ClientSession

SOON: Final = 30.0  # seconds; a busy machine is slow to start Python
PROJECT: Final = Path(__file__).parents[1]


class Sandbox:
    """One `bot sandbox`, and somebody with a browser."""

    def __init__(self, process: Process, url: str, session: ClientSession) -> None:
        self.process, self.url, self._session = process, url, session

    async def act(self, verb: str, **given: object) -> Any:
        async with self._session.post(f"{self.url}/_sandbox/{verb}", json=given) as answer:
            body = await answer.json()
            return body["result"] if answer.status == 200 else body

    async def hears(self, user_id: int, text: str, *, after: int = 0) -> Any:
        return await self.act("wait", user_id=user_id, text=text, after=after, timeout=SOON)

    def bots(self) -> list[Any]:
        """The bot's process; the spooler is another."""
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if "--leash" not in child.cmdline()]

    async def ended(self) -> int:
        async with asyncio.timeout(SOON):
            return await self.process.wait()


def _heeds_ctrl_c() -> None:
    """As at a terminal, even where the tests themselves were started in the background, where it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


async def started(directory: Path, **environment: str) -> tuple[Process, str]:
    """The process, and the address it printed first."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--dir", str(directory)),
        cwd=directory.parent,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT),
            "BOT_HTTP_LISTEN": "127.0.0.1:0",
            **environment,
        },
        stdout=PIPE,
        stderr=PIPE,
        preexec_fn=_heeds_ctrl_c,
    )
    assert process.stdout
    async with asyncio.timeout(SOON):
        words = (await process.stdout.readline()).decode().split()
    return process, words[-1] if words else ""


@asynccontextmanager
async def playing(directory: Path, **environment: str) -> AsyncIterator[Sandbox]:
    """A sandbox while the block runs; it is told to stop as SIGTERM tells it."""
    process, url = await started(directory, **environment)
    try:
        async with ClientSession() as session:
            yield Sandbox(process, url, session)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()

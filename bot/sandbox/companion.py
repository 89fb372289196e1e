"""Keeps a second process beside the bot of a sandbox: the spooler, which reads the scripted signal-cli.

It is started again whenever it ends, and told to end with this process; its standard input ends with it, so that one
that was killed leaves nobody behind (`bot signal spool --leash`).
"""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

PAUSE = 1.0  # seconds between a death and the next start
GRACE = 10.0  # seconds to end when told to


class Companion:
    """One process after another. `command` and `environment` are asked anew before each start."""

    def __init__(
        self, command: Callable[[], Sequence[str]], environment: Callable[[], Mapping[str, str]]
    ) -> None:
        self._command = command
        self._environment = environment
        self._process: Process | None = None
        self.starts = 0

    async def run(self) -> None:
        """Keep it alive until cancelled."""
        try:
            while True:
                self._process = await asyncio.create_subprocess_exec(
                    *self._command(),
                    env=self._environment(),
                    stdin=PIPE,
                    start_new_session=True,  # a Ctrl-C on the terminal is ours; we tell it
                )
                self.starts += 1
                await self._process.wait()
                await asyncio.sleep(PAUSE)
        finally:
            await self._end()

    def kill(self) -> None:
        """End it with kill -9; the next follows."""
        self._send(signal.SIGKILL)

    async def _end(self) -> None:
        self._send(signal.SIGTERM)
        try:
            async with asyncio.timeout(GRACE):
                if self._process:
                    await self._process.wait()
        except TimeoutError:
            self._send(signal.SIGKILL)
        finally:
            self._send(signal.SIGKILL)  # nothing, unless somebody would not wait

    def _send(self, number: signal.Signals) -> None:
        if self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)

"""Keeps the bot of a sandbox alive as a process of its own, so that it can be stopped, killed and started again.

It runs a command and talks with it in lines of JSON: the command says `{"ready": true}` once it serves, answers each
line it gets with one line, and ends when its standard input does, so that it never outlives this process.
"""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Any

import orjson

PAUSE = 2.0  # seconds between a death and the next start: long enough to be seen
LONGEST_PAUSE = 30.0
GRACE = 10.0  # seconds to end when told to

Note = dict[str, Any]


class Condition(StrEnum):
    """How the bot is."""

    STARTING = "starting"
    RUNNING = "running"
    ENDING = "ending"
    STOPPED = "stopped"  # as it was told to
    DIED = "died"  # untold; started again in a moment
    SEALED = "sealed"  # by its own decision; what it said when it ended is final


class Order(StrEnum):
    """What can be asked of it."""

    START = "start"
    STOP = "stop"
    RESTART = "restart"
    KILL = "kill"


class NeverServed(Exception):
    """The bot ended before it served anybody."""


class Supervisor:
    """One bot after another. `command` gets what to run, asked anew before each start; `on_note` hears all it says.

    One that ends with a status of `final` has decided to: it is not started again by itself.
    """

    def __init__(
        self,
        command: Callable[[], Sequence[str]],
        environment: Callable[[], Mapping[str, str]],
        *,
        final: Collection[int] = (),
    ) -> None:
        self._final = final
        self._command = command
        self._environment = environment
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._told = False
        self._process: Process | None = None
        self._asked: deque[asyncio.Future[Note | None]] = deque()
        self._watched = False  # by somebody who sees it die, or has seen it serve
        self.condition = Condition.STARTING
        self.on_note: Callable[[Note], None] = lambda _: None

    async def run(self) -> None:
        """Keep a bot alive until cancelled. Raises NeverServed if the first ends by itself before it serves."""
        failures = 0
        try:
            while True:
                await self._wanted.wait()
                ready = await self._live()
                self._watched |= ready
                failures = 0 if ready else failures + 1
                if not self._told:
                    await self._after_death(failures)
        finally:
            await self._end()

    async def obey(self, order: Order) -> None:
        """Do this; returns when a bot that has to end has ended."""
        self._watched = True
        match order:
            case Order.START:
                self._wanted.set()
            case Order.STOP:
                self._wanted.clear()
                await self._end()
            case Order.RESTART:
                self._wanted.set()
                await self._end()
            case Order.KILL:
                self._send(signal.SIGKILL)
                if self._process:
                    await self._process.wait()

    async def ask(self, note: Note) -> Note | None:
        """Its answer; None if there is no bot, or it ends before it answers."""
        process = self._process
        if process is None or process.stdin is None or process.stdin.is_closing():
            return None
        answer: asyncio.Future[Note | None] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        process.stdin.write(orjson.dumps(note) + b"\n")
        return await answer

    async def _live(self) -> bool:
        """One bot from its start to its end; whether it came to serve."""
        self._told, self.condition = False, Condition.STARTING
        process = self._process = await asyncio.create_subprocess_exec(
            *self._command(),
            env=self._environment(),
            stdin=PIPE,
            stdout=PIPE,
            start_new_session=True,  # a Ctrl-C on the terminal is ours; we tell the bot
        )
        if not self._wanted.is_set():  # stopped in the moment it was made
            self._told = True
            self._send(signal.SIGTERM)
        ready = False
        try:
            while process.stdout and (line := await process.stdout.readline()):
                with suppress(orjson.JSONDecodeError):  # a stray word on its output is not for us
                    ready |= self._heard(orjson.loads(line))
            await process.wait()
        finally:
            if process.returncode is not None:
                self._process = None
        self._answer_all()
        self.condition = self._fate(process.returncode, ready=ready)
        return ready

    def _fate(self, status: int | None, *, ready: bool) -> Condition:
        if status in self._final and (ready or self._watched):
            self._told = True
            self._wanted.clear()
            return Condition.SEALED
        return Condition.STOPPED if self._told else Condition.DIED

    def _heard(self, note: Note) -> bool:
        """Whether this says that it serves; anything else is the answer to the oldest question."""
        self.on_note(note)
        if "ready" in note:
            if self.condition is Condition.STARTING:
                self.condition = Condition.RUNNING
            return True
        if self._asked and not (answer := self._asked.popleft()).done():
            answer.set_result(note)
        return False

    def _answer_all(self) -> None:
        while self._asked:
            if not (answer := self._asked.popleft()).done():
                answer.set_result(None)

    async def _after_death(self, failures: int) -> None:
        if not self._watched:
            raise NeverServed
        await asyncio.sleep(min(PAUSE * 2.0 ** max(0, failures - 1), LONGEST_PAUSE))

    async def _end(self) -> None:
        """Tell it to end, and see that it does."""
        process = self._process
        if process is None:
            self._rest()
            return
        self._told, self.condition = True, Condition.ENDING
        self._send(signal.SIGTERM)
        try:
            async with asyncio.timeout(GRACE):
                await process.wait()
        except TimeoutError:
            self._send(signal.SIGKILL)
            await process.wait()
        finally:
            self._send(signal.SIGKILL)  # nothing, unless somebody would not wait

    def _rest(self) -> None:
        if not self._wanted.is_set():
            self.condition = Condition.STOPPED

    def _send(self, number: signal.Signals) -> None:
        if self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)

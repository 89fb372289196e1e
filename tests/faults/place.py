"""Where the second process lives: its databases, its environment, and the process itself.

The databases are read as an outsider reads them: of SQLite a copy of the files, so that what the next start finds is
untouched. Every process started here is ended here, by its own id.
"""

import asyncio
import shutil
import signal
import sqlite3
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.sandbox import Emulator
from bot.sandbox.fault import Fault, FaultKind

PROJECT: Final = Path(__file__).parents[2]
MIGRATE: Final = (sys.executable, "-m", "bot", "migrate")
REAL: Final = ("-m", "bot", "run")
VICTIM: Final = ("-m", "tests.faults.victim")
MASTER_KEY: Final = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
LATENCY: Final = 0.01  # seconds Telegram takes to act on a call
SLOW_ANSWER: Final = 0.03  # seconds more until every other call is answered: acted on, and nobody knows
PATIENCE: Final = 40.0  # seconds for anything that is sure to come; a busy machine is slow to start Python


class Data(Protocol):
    """The data file, asked from outside."""

    async def ask(self, question: str) -> list[Any]:
        """The rows of a query, while somebody may be at work."""
        ...

    async def ask_the_dead(self, question: str) -> list[Any]:
        """The rows of a query about what a killed process left, which stays as it is."""
        ...


@dataclass(frozen=True, slots=True)
class SqliteData:
    """An SQLite file."""

    path: Path

    async def ask(self, question: str) -> list[Any]:
        """The rows of a query, read beside the writer."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            return connection.execute(question).fetchall()

    async def ask_the_dead(self, question: str) -> list[Any]:
        """The same in a copy of the file and its WAL: looking would recover them, and the next start has to."""
        with TemporaryDirectory() as copies:
            for suffix in ("", "-wal"):
                file = self.path.with_name(f"{self.path.name}{suffix}")
                if file.exists():
                    shutil.copy(file, copies)
            return await SqliteData(Path(copies) / self.path.name).ask(question)


@dataclass(frozen=True, slots=True)
class PostgresData:
    """A PostgreSQL database."""

    url: str

    async def ask(self, question: str) -> list[Any]:
        """The rows of a query."""
        engine = create_async_engine(self.url)
        try:
            async with engine.connect() as connection:
                return list((await connection.execute(text(question))).all())
        finally:
            await engine.dispose()

    async def ask_the_dead(self, question: str) -> list[Any]:
        """The same: the server lives on."""
        return await self.ask(question)


@dataclass(slots=True)
class Bot:
    """One process of the bot."""

    process: Process
    log_file: Path

    @property
    def pid(self) -> int:
        """Its id."""
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self.process.returncode is None

    @property
    def log(self) -> str:
        """What it wrote so far."""
        return self.log_file.read_text(encoding="utf-8")

    def kill(self) -> None:
        """End it with kill -9, if it is still there."""
        if self.is_alive:
            self.process.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.process.terminate()

    async def ended(self, *, within: float = PATIENCE) -> int:
        """Its exit status; a signal's number is negative. Raises TimeoutError."""
        async with asyncio.timeout(within):
            return await self.process.wait()


@dataclass(slots=True, kw_only=True)
class Place:
    """One bot's databases, its emulator, and how it is started."""

    directory: Path
    data: Data
    urls: Mapping[str, str]
    emulator: Emulator
    flood_factor: int = 1000  # a crowd of these tests never rests
    _started: int = 0
    _bots: list[Bot] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What a bot is told."""
        return {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(PROJECT),
            "BOT_TELEGRAM_TOKEN": self.emulator.token,
            "BOT_TELEGRAM_API_URL": self.emulator.url,
            "BOT_MASTER_KEY": MASTER_KEY,
            "BOT_HTTP_LISTEN": "127.0.0.1:0",
            "BOT_FLOOD_FACTOR": str(self.flood_factor),
            **self.urls,
        }

    async def start(self, program: Sequence[str] = REAL, *, ready: bool = True) -> Bot:
        """A new process; on return it polls, unless nobody waits for that."""
        self._started += 1
        log = self.directory / f"log{self._started}"
        before = self._greetings
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *program,
                cwd=self.directory,
                env=self.environment,
                stdout=output,
                stderr=output,
            )
        bot = Bot(process, log)
        self._bots.append(bot)
        if ready:
            await self.until(lambda: self._greetings > before or not bot.is_alive)
        return bot

    @property
    def _greetings(self) -> int:
        """A bot that begins to poll takes the webhook away first."""
        return sum(
            count for (method, _), count in self.emulator.journal.counts.items() if method == "deleteWebhook"
        )

    async def until(self, condition: Any, *, within: float = PATIENCE) -> None:
        """Return when the condition on the emulator holds. Raises NotSeen."""
        await self.emulator.wait_until(condition, timeout=within)

    async def number(self, question: str) -> int:
        """The one number a query answers."""
        return int((await self.data.ask(question))[0][0])

    async def until_number(self, question: str, wanted: int, *, within: float = PATIENCE) -> None:
        """Return when a query answers this number. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while await self.number(question) != wanted:  # noqa: ASYNC110 - another process' file tells nobody
                await asyncio.sleep(0.02)

    async def until_quiet(self) -> None:
        """Return when nothing waits any more: at Telegram, in the inbox, in the outbox."""
        await self.until(lambda: self.emulator.pending == 0)
        await self.until_number("SELECT count(*) FROM inbox WHERE handled_at IS NULL", 0)
        await self.until_number("SELECT count(*) FROM outbox", 0)

    async def stop_all(self) -> None:
        """End every process that was started here."""
        for bot in self._bots:
            bot.kill()
        for bot in self._bots:
            await bot.ended()


@asynccontextmanager
async def open_place(
    directory: Path, emulator: Emulator, *, data: Data, urls: Mapping[str, str]
) -> AsyncIterator[Place]:
    """A place whose processes end with the block."""
    place = Place(directory=directory, data=data, urls=urls, emulator=emulator)
    try:
        yield place
    finally:
        await place.stop_all()


def make_slow(emulator: Emulator, seed: int) -> None:
    """Calls take a while, and half the messages are there before their sender hears of it."""
    emulator.faults.latency_ms = LATENCY * 1000
    emulator.faults.add(
        Fault(
            kind=FaultKind.DELAY,
            method="sendMessage",
            seconds=SLOW_ANSWER,
            times=None,
            probability=0.5,
            seed=seed,
        )
    )

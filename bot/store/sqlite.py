"""SQLite as this project wants it: a connection that does one thread hop per statement, and strict settings.

aiosqlite runs everything in a thread; SQLAlchemy's adapter asks it for a cursor, a run, the rows and a close, four
hops. The cursor here does all of that, and a BEGIN that is still due, in one. Files are readable by their owner only.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

import aiosqlite
from sqlalchemy.engine import make_url
from typing_extensions import override

from bot.store.errors import LooseSettings

_SETTINGS: Final = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a committed row survives a power cut
    "secure_delete": 1,  # what is deleted is overwritten
    "foreign_keys": 1,
    "trusted_schema": 0,
    "temp_store": 2,  # sorting never spills words or tags to a temp file
    "busy_timeout": 2000,
    "wal_autocheckpoint": 8000,  # pages; a commit pays for it only if nobody called `checkpoint` in time
}
_CACHED_STATEMENTS: Final = 256
_LAST_WORDS: Final = 5.0  # seconds


class Checkpoint(StrEnum):
    """How far a checkpoint goes."""

    PASSIVE = "PASSIVE"  # as far as it holds nobody up
    TRUNCATE = "TRUNCATE"  # to the end, and nothing stays in the WAL


class OneHopCursor:
    """The part of a DBAPI cursor that SQLAlchemy uses; the rows are fetched in the same hop that runs."""

    def __init__(self, connection: "OneHopConnection") -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> "OneHopCursor":
        """Run one statement and fetch what it returns."""
        await self._connection.in_thread(self._run, operation, parameters)
        return self

    async def executemany(self, operation: str, parameters: Iterable[Sequence[Any]]) -> "OneHopCursor":
        """Run one statement for many sets of parameters."""
        await self._connection.in_thread(self._run_many, operation, parameters)
        return self

    async def fetchall(self) -> Sequence[Any]:
        """The rows that came back with the run: no hop."""
        return self._rows

    async def close(self) -> None:
        """Nothing is held: no hop."""

    def _run(self, connection: sqlite3.Connection, operation: str, parameters: Sequence[Any]) -> None:
        cursor = connection.execute(operation, parameters)
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else ()
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()

    def _run_many(
        self, connection: sqlite3.Connection, operation: str, parameters: Iterable[Sequence[Any]]
    ) -> None:
        cursor = connection.executemany(operation, parameters)
        self.rowcount = cursor.rowcount
        cursor.close()


class OneHopConnection(aiosqlite.Connection):
    """An aiosqlite connection that opens its transaction together with the first statement of it."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], begin: str) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._begin = begin
        self._thread.daemon = True  # a lost connection must not keep the process alive

    @override
    def cursor(self) -> OneHopCursor:  # type: ignore[override]  # SQLAlchemy wants it without a hop
        """A cursor; nothing happens in the thread yet."""
        return OneHopCursor(self)

    async def in_thread(self, work: Callable[..., None], *arguments: Any) -> None:
        """Run `work` on the raw connection, inside a transaction."""
        await self._execute(self._begun, work, *arguments)  # type: ignore[no-untyped-call]

    async def checkpoint(self, mode: Checkpoint) -> None:
        """Copy what is in the WAL into the file."""
        await self._execute(self._checkpoint, mode)  # type: ignore[no-untyped-call]

    def _checkpoint(self, mode: Checkpoint) -> None:
        self._conn.execute(f"PRAGMA wal_checkpoint({mode.value})").fetchall()

    def join(self) -> None:
        """Wait for the thread of a connection that failed; aiosqlite only tells it to end."""
        self._thread.join(_LAST_WORDS)

    def _begun(self, work: Callable[..., None], *arguments: Any) -> None:
        connection = self._conn
        if not connection.in_transaction:
            connection.execute(self._begin)
        work(connection, *arguments)


def path_of(url: str) -> Path:
    """The file an SQLite URL names. Raises ValueError for a database in memory: it would not survive a crash."""
    name = make_url(url).database
    if not name or name == ":memory:":
        raise ValueError("an SQLite database needs a file")
    return Path(name)


async def connect(path: Path, *, writing: bool) -> OneHopConnection:
    """An open connection with every setting made and verified. Raises LooseSettings."""
    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"
    connection = OneHopConnection(lambda: _connected(path, writing), begin)
    try:
        await connection
    except BaseException:
        await asyncio.to_thread(connection.join)
        raise
    return connection


def make_private(path: Path) -> None:
    """Make the file and its directory where they are missing; the file is its owner's only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)  # SQLite gives the WAL the mode of the file


def locked(path: Path) -> int | None:
    """A descriptor that holds the lock file `path` until it is closed, or None if somebody else holds it."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _connected(path: Path, writing: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=_CACHED_STATEMENTS)
    connection.execute("PRAGMA busy_timeout = 2000")
    for name, wanted in _SETTINGS.items():
        connection.execute(f"PRAGMA {name} = {wanted}")
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != wanted:
            connection.close()
            raise LooseSettings(setting=name, found=found)
    connection.execute(f"PRAGMA query_only = {0 if writing else 1}")
    return connection

"""One database behind one URL: its connections, its writer, and how statements run on it.

Both databases of the project (data and keys) are a `Link`. On SQLite there is one writer, behind a lock; on
PostgreSQL there is a pool. Whoever asks questions gets a `Channel`; leaving without commit rolls back.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self, cast

from sqlalchemy import Executable, bindparam, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool

from bot.store import sqlite
from bot.store.errors import StorageTroubled, trouble_in

_READERS = 4
_TRY_LOCK = select(func.pg_try_advisory_lock(bindparam("lock")))

Values = Mapping[str, Any]


class Dialect(StrEnum):
    """The two databases; the names are SQLAlchemy's."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True, slots=True, kw_only=True)
class PerDialect:
    """One question that the two databases want put differently."""

    sqlite: Executable
    postgresql: Executable

    def of(self, dialect: Dialect) -> Executable:
        """The form for this database."""
        return self.sqlite if dialect is Dialect.SQLITE else self.postgresql


class Tally:
    """How many statements ran, for the metrics and for tests of cost."""

    def __init__(self) -> None:
        self.statements = 0
        self.commits = 0


class Channel:
    """A connection inside a transaction. Not for two tasks at once."""

    def __init__(self, connection: AsyncConnection, dialect: Dialect, tally: Tally) -> None:
        self._connection = connection
        self._tally = tally
        self.dialect = dialect

    async def fetch(
        self, statement: Executable | PerDialect, values: Values | Sequence[Values] | None = None
    ) -> Sequence[Any]:
        """Every row the statement returns; with a sequence of values, of all of them. Raises StorageTroubled."""
        if isinstance(statement, PerDialect):
            statement = statement.of(self.dialect)
        self._tally.statements += 1
        with troubles():
            return (await self._connection.execute(statement, values)).all()

    async def change(
        self, statement: Executable | PerDialect, values: Values | Sequence[Values] | None = None
    ) -> int:
        """Run a statement that returns no rows; how many rows it met. Raises StorageTroubled."""
        if isinstance(statement, PerDialect):
            statement = statement.of(self.dialect)
        self._tally.statements += 1
        with troubles():
            result = await self._connection.execute(statement, values)
        return int(getattr(result, "rowcount", -1))

    async def commit(self) -> None:
        """Make it last: on return it is on disk."""
        self._tally.commits += 1
        with troubles():
            await self._connection.commit()

    async def in_sync(self, work: Any, *arguments: Any) -> Any:
        """Let a synchronous tool (Alembic) work on this connection."""
        with troubles():
            return await self._connection.run_sync(work, *arguments)


class Link:
    """The way to one database. Made by `open`, ended by `close`."""

    def __init__(self, url: str, *, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self.url = url
        self.dialect = Dialect(make_url(url).get_backend_name())
        self.tally = Tally()
        self._writer = writer
        self._reader = reader
        self._turn = asyncio.Lock() if self.dialect is Dialect.SQLITE else nullcontext()

    @classmethod
    async def open(cls, url: str) -> Self:
        """A link to `url`; connections are made when they are needed.

        Raises ValueError for an unknown URL, StorageTroubled for a file that can't be.
        """
        if Dialect(make_url(url).get_backend_name()) is Dialect.POSTGRESQL:
            engine = create_async_engine(url, hide_parameters=True)
            return cls(url, writer=engine, reader=engine)
        with troubles():
            sqlite.make_private(sqlite.path_of(url))
        return cls(url, writer=_sqlite_engine(url, writing=True), reader=_sqlite_engine(url, writing=False))

    async def close(self) -> None:
        """Close every connection."""
        await self._writer.dispose()
        await self._reader.dispose()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection that may write; on SQLite everybody else who writes waits."""
        async with self._turn, _connected(self._writer) as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that only reads and waits for nobody."""
        async with _connected(self._reader) as connection:
            yield connection

    @asynccontextmanager
    async def channel(self) -> AsyncIterator[Channel]:
        """A bare channel that may write."""
        async with self.writing() as connection:
            yield Channel(connection, self.dialect, self.tally)

    async def checkpoint(self, mode: sqlite.Checkpoint = sqlite.Checkpoint.PASSIVE) -> None:
        """On SQLite, move what was committed from the WAL to the file, beside the writer."""
        if self.dialect is Dialect.SQLITE:
            async with self.reading() as connection:
                raw = (await connection.get_raw_connection()).driver_connection
                with troubles():
                    await cast(sqlite.OneHopConnection, raw).checkpoint(mode)

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[bool]:
        """Whether we are the only process that holds `name`, for as long as the block lasts."""
        if self.dialect is Dialect.SQLITE:
            with _lock_file(self.url, name) as held:
                yield held
            return
        engine = create_async_engine(self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        try:
            async with _connected(engine) as connection:
                with troubles():
                    ours = await connection.scalar(_TRY_LOCK, {"lock": _number_of(name)})
                yield bool(ours)
        finally:
            await engine.dispose()


@contextmanager
def troubles() -> Iterator[None]:
    """Let the storage's own troubles out as StorageTroubled, everything else as it is."""
    try:
        yield
    except (DBAPIError, PoolTimeout, OSError) as error:
        trouble = trouble_in(error)
        if trouble is None:
            raise
        raise StorageTroubled(trouble) from error


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection of the pool; what is not committed at the end is rolled back."""
    with troubles():
        connection = await engine.connect()
    try:
        yield connection
    finally:
        with troubles():
            try:
                await connection.rollback()
            finally:
                await connection.close()


@contextmanager
def _lock_file(url: str, name: str) -> Iterator[bool]:
    path = sqlite.path_of(url)
    descriptor = sqlite.locked(path.with_name(f"{path.name}.{name}.lock"))
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _sqlite_engine(url: str, *, writing: bool) -> AsyncEngine:
    """An engine of one writer or of some readers; a connection is handed on without a reset, which is a hop."""
    path = sqlite.path_of(url)
    return create_async_engine(
        url,
        async_creator=lambda: sqlite.connect(path, writing=writing),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1 if writing else _READERS,
        max_overflow=0,
        pool_reset_on_return=None,
        hide_parameters=True,
    )


def _number_of(name: str) -> int:
    """A name as the signed 64-bit number PostgreSQL locks by."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)

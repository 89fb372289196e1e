"""Telling the storage's own troubles from a row's fault."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.store import memo, tables
from bot.store.db import Database
from bot.store.errors import LooseSettings, StorageTroubled, StoreError, Trouble, Unopenable, trouble_in
from bot.store.link import Link
from tests.postgres import Cluster
from tests.store.shelf import Shelf, sqlite_url


def _sqlite(code: int) -> Exception:
    error = sqlite3.OperationalError("words of the driver")
    error.sqlite_errorcode = code
    return OperationalError("SELECT", {}, error)


def _postgres(state: str) -> Exception:
    error = Exception("words of the driver")
    error.sqlstate = state  # type: ignore[attr-defined]  # as asyncpg's errors have it
    return OperationalError("SELECT", {}, error)


def _lost() -> Exception:
    return DBAPIError("SELECT", {}, Exception("?"), connection_invalidated=True)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (_sqlite(sqlite3.SQLITE_BUSY), Trouble.BUSY),
        (_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), Trouble.BUSY),
        (_sqlite(sqlite3.SQLITE_LOCKED), Trouble.BUSY),
        (_sqlite(sqlite3.SQLITE_FULL), Trouble.FULL),
        (_sqlite(sqlite3.SQLITE_IOERR_FSYNC), Trouble.BROKEN),
        (_sqlite(sqlite3.SQLITE_CORRUPT), Trouble.BROKEN),
        (_sqlite(sqlite3.SQLITE_CANTOPEN), Trouble.BROKEN),
        (_sqlite(sqlite3.SQLITE_CONSTRAINT), None),
        (_sqlite(sqlite3.SQLITE_ERROR), None),
        (_postgres("53100"), Trouble.FULL),
        (_postgres("57P01"), Trouble.LOST),
        (_postgres("08006"), Trouble.LOST),
        (_postgres("40P01"), Trouble.BUSY),
        (_postgres("55P03"), Trouble.BUSY),
        (_postgres("58030"), Trouble.BROKEN),
        (_postgres("23505"), None),
        (_lost(), Trouble.LOST),
        (PoolTimeout(), Trouble.BUSY),
        (ConnectionRefusedError(), Trouble.LOST),
        (OperationalError("", {}, Exception("connection is closed")), Trouble.LOST),
        (ValueError("a row's own fault"), None),
        (IntegrityError("INSERT", {}, Exception("unique")), None),
    ],
)
def test_each_error_has_its_trouble(error: Exception, trouble: Trouble | None) -> None:
    """Busy, full, broken and lost are the storage's; a constraint and a mistake are not."""
    assert trouble_in(error) is trouble


async def test_a_locked_file_is_trouble(sqlite_shelf: Shelf) -> None:
    """Another process that keeps the writer is nobody's fault here, and passes."""
    async with sqlite_shelf.opened() as db:
        other = await Link.open(sqlite_shelf.data)
        async with other.channel() as channel:
            await channel.change(tables.memo.delete().where(tables.memo.c.name == "none"))
            with pytest.raises(StorageTroubled) as told:
                await _write(db)
        await other.close()

        assert told.value.trouble is Trouble.BUSY
        await _write(db)


async def test_a_broken_connection_is_trouble_once(postgres_shelf: Shelf, cluster: Cluster) -> None:
    """After a restart of the server the next unit has a new connection."""
    name = postgres_shelf.data.partition("@/")[2].partition("?")[0]
    async with postgres_shelf.opened() as db:
        await _write(db)
        cluster.kill_connections(name)
        with pytest.raises(StorageTroubled) as told:
            await _write(db)

        assert told.value.trouble is Trouble.LOST
        await _write(db)


async def test_a_server_that_is_not_there_is_trouble() -> None:
    """Nothing listens: wait, and try again."""
    link = await Link.open("postgresql+asyncpg://bot@127.0.0.1:1/bot")
    with pytest.raises(StorageTroubled) as told:
        async with link.channel():
            pass

    assert told.value.trouble is Trouble.LOST


async def test_a_file_that_is_no_database_is_trouble(tmp_path: Path) -> None:
    """Something else stands where the database should be."""
    path = tmp_path / "bot.db"
    path.write_bytes(b"not a database" * 1000)
    link = await Link.open(sqlite_url(path))
    with pytest.raises(StorageTroubled) as told:
        async with link.channel():
            pass

    assert told.value.trouble is Trouble.BROKEN


async def test_a_rows_own_fault_passes_as_it_is(sqlite_shelf: Shelf) -> None:
    """A constraint is no reason to wait, and the error shows no values."""
    async with sqlite_shelf.opened() as db, db.unit() as unit:
        with pytest.raises(IntegrityError) as wrong:
            await unit.change(tables.memo.insert(), {"name": "canary", "value": None})

    assert "canary" not in str(wrong.value)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (Unopenable, "cannot be opened"),
        (lambda: StorageTroubled(Trouble.FULL), "(trouble=full)"),
        (lambda: LooseSettings(setting="synchronous", found=1), "(setting=synchronous, found=1)"),
    ],
)
def test_an_errors_docstring_is_its_message(make: Callable[[], StoreError], words: str) -> None:
    """What differs is in fields, behind the sentence."""
    assert words in str(make())


async def _write(db: Database) -> None:
    async with db.unit() as unit:
        await memo.put(unit, "name", "value")
        await unit.commit()

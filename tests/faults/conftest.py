"""A place for the second process: migrated databases, an emulator over real HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import Emulator, running
from tests.faults.place import Place, SqliteData, open_place
from tests.postgres import cluster as cluster
from tests.store.shelf import Shelf
from tests.store.shelf import postgres_shelf as postgres_shelf
from tests.store.shelf import postgres_template as postgres_template
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    """Telegram, in this process."""
    async with running() as found:
        yield found


@pytest.fixture
async def place(sqlite_shelf: Shelf, tmp_path: Path, emulator: Emulator) -> AsyncIterator[Place]:
    """A bot's place on SQLite."""
    data = SqliteData(Path(sqlite_shelf.data.partition("///")[2]))
    urls = {"BOT_DATABASE_URL": sqlite_shelf.data, "BOT_KEYS_URL": sqlite_shelf.keys}
    async with open_place(tmp_path, emulator, data=data, urls=urls) as found:
        yield found

"""What a test of the actions can ask for."""

from collections.abc import AsyncIterator

import pytest

from bot.actions.scene import Scene
from bot.store.db import Database
from tests.store.shelf import NOW, Shelf, meet
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template


@pytest.fixture
async def db(sqlite_shelf: Shelf) -> AsyncIterator[Database]:
    """A database."""
    async with sqlite_shelf.opened() as found:
        yield found


@pytest.fixture
async def scene(db: Database) -> AsyncIterator[Scene]:
    """The turn of somebody who writes for the first time."""
    (known,) = await meet(db, "1001")
    async with db.unit() as unit:
        yield Scene(unit=unit, person=known.person, addresses=known.addresses, now=NOW)

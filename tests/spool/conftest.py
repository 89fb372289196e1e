"""A spool's folder, and a key file for the bot's side of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.spool.folder import Folder
from bot.store.keyring import Keyring
from tests.spool.clerk import Clerk
from tests.store.shelf import Shelf
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder nobody has used."""
    found = Folder(tmp_path / "spool")
    found.make()
    return found


@pytest.fixture
async def keyring(sqlite_shelf: Shelf) -> AsyncIterator[Keyring]:
    """A key file, opened."""
    async with sqlite_shelf.keyring() as found:
        yield found


@pytest.fixture
def clerk(folder: Folder, keyring: Keyring) -> Clerk:
    """The bot's side."""
    return Clerk(folder, keyring)

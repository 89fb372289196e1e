"""What a test of the pipeline can ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import sandbox
from tests.pipeline.works import Words, Works, read_words, working
from tests.store.shelf import Shelf
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template


@pytest.fixture(scope="session")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    """The project's own words."""
    directory = tmp_path_factory.mktemp("words")
    return read_words(sandbox(directory, env_file=directory / "none"))


@pytest.fixture
async def works(sqlite_shelf: Shelf, words: Words) -> AsyncIterator[Works]:
    """The stages of the pipeline on fresh files."""
    async with working(sqlite_shelf, words) as found:
        yield found


@pytest.fixture
def data_file(sqlite_shelf: Shelf) -> Path:
    """The data file."""
    return Path(sqlite_shelf.data.partition("///")[2])

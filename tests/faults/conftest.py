"""A place for the second process: databases made by `bot migrate`, an emulator over real HTTP."""

import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import Emulator, running
from tests.faults.place import MIGRATE, PROJECT, Place, PostgresData, SqliteData, open_place
from tests.postgres import Cluster
from tests.postgres import cluster as cluster


@pytest.fixture(scope="session")
def migrated_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with two migrated SQLite files."""
    directory = tmp_path_factory.mktemp("migrated")
    migrate(sqlite_urls(directory))
    return directory


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    """Telegram, in this process."""
    async with running() as found:
        yield found


@pytest.fixture
async def place(migrated_files: Path, tmp_path: Path, emulator: Emulator) -> AsyncIterator[Place]:
    """A bot's place on SQLite."""
    directory = Path(shutil.copytree(migrated_files, tmp_path / "data"))
    data = SqliteData(directory / "bot.db")
    async with open_place(tmp_path, emulator, data=data, urls=sqlite_urls(directory)) as found:
        yield found


@pytest.fixture
async def postgres_place(cluster: Cluster, tmp_path: Path, emulator: Emulator) -> AsyncIterator[Place]:
    """A bot's place on PostgreSQL."""
    data, keys = cluster.url(cluster.create()), cluster.url(cluster.create())
    urls = {"BOT_DATABASE_URL": data, "BOT_KEYS_URL": keys}
    migrate(urls)
    async with open_place(tmp_path, emulator, data=PostgresData(data), urls=urls) as found:
        yield found


def sqlite_urls(directory: Path) -> dict[str, str]:
    """The settings that name the two files."""
    return {
        "BOT_DATABASE_URL": f"sqlite+aiosqlite:///{directory / 'bot.db'}",
        "BOT_KEYS_URL": f"sqlite+aiosqlite:///{directory / 'keys.db'}",
    }


def migrate(urls: dict[str, str]) -> None:
    """`bot migrate`."""
    subprocess.run(MIGRATE, cwd=PROJECT, env=urls, check=True, stdout=subprocess.DEVNULL)

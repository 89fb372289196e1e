"""Which version a database is at, and whether that is the newest: asked by whoever opens one, without Alembic.

The migrations are numbered files, so the newest one is the last by name; Alembic itself is loaded only to migrate.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, column, inspect, select, table

from bot.store.errors import NotMigrated
from bot.store.link import Link

MIGRATIONS: Final = Path(__file__).parent / "migrations"
DATA: Final = "data"
KEYS: Final = "keys"
TABLES: Final = {DATA: "alembic_version", KEYS: "key_version"}


async def check_data(link: Link) -> None:
    """Raises NotMigrated unless the data file is at the newest version."""
    await _check(link, DATA)


async def check_is_there(link: Link) -> None:
    """Raises NotMigrated where there is no data file of ours, of whatever version."""
    async with link.channel() as channel:
        if await channel.in_sync(_version, TABLES[DATA]) is None:
            raise NotMigrated(file=DATA, found=None, needed=newest(DATA))


async def check_keys(link: Link) -> None:
    """Raises NotMigrated unless the key file is at the newest version."""
    await _check(link, KEYS)


def newest(history: str) -> str:
    """The number of the last migration of a history. Example: "0001"."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / history / "versions").glob("[0-9]*.py"))


async def _check(link: Link, history: str) -> None:
    async with link.channel() as channel:
        found = await channel.in_sync(_version, TABLES[history])
    needed = newest(history)
    if found != needed:
        raise NotMigrated(file=history, found=found, needed=needed)


def _version(connection: Connection, name: str) -> str | None:
    if not inspect(connection).has_table(name):
        return None
    return connection.scalar(select(column("version_num")).select_from(table(name)))

"""Bringing a database to the version this program needs, and checking that it is there.

The two histories (data, keys) are Alembic's, run on our own connection inside one transaction, so a migration that
fails leaves nothing behind. Called by `bot migrate`, by the sandbox and by tests; `check_*` by whoever opens.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.store.errors import NotMigrated
from bot.store.link import Link

_HERE: Final = Path(__file__).parent / "migrations"
DATA: Final = "data"
KEYS: Final = "keys"
_VERSION_TABLE: Final = {DATA: "alembic_version", KEYS: "key_version"}
HEAD: Final = "head"


async def migrate(url: str, *, to: str = HEAD) -> None:
    """Bring the data file at `url` to a version, up or down ("base" is empty). Raises StorageTroubled."""
    await _migrate(url, DATA, to)


async def migrate_keys(url: str, *, to: str = HEAD) -> None:
    """Bring the key file at `url` to a version. Raises StorageTroubled."""
    await _migrate(url, KEYS, to)


async def check_data_migrated(link: Link) -> None:
    """Raises NotMigrated unless the data file is at the newest version."""
    await _check(link, DATA)


async def check_keys_migrated(link: Link) -> None:
    """Raises NotMigrated unless the key file is at the newest version."""
    await _check(link, KEYS)


async def _migrate(url: str, history: str, to: str) -> None:
    link = await Link.open(url)
    try:
        async with link.channel() as channel:
            await channel.in_sync(_run, history, to)
            await channel.commit()
    finally:
        await link.close()


async def _check(link: Link, history: str) -> None:
    async with link.channel() as channel:
        found = await channel.in_sync(_version, _VERSION_TABLE[history])
    needed = ScriptDirectory.from_config(_config(history)).get_current_head()
    if found != needed:
        raise NotMigrated(file=history, found=found, needed=needed)


def _run(connection: Connection, history: str, to: str) -> None:
    config = _config(history)
    config.attributes["connection"] = connection
    if to == "base":
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)


def _version(connection: Connection, table: str) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table": table}).get_current_revision()


def _config(history: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE / history).replace("%", "%%"))
    return config

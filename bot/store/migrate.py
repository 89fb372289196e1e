"""Bringing a database to the version this program needs.

The two histories (data, keys) are Alembic's, run on our own connection inside one transaction, so a migration that
fails leaves nothing behind. Called by `bot migrate`, by the sandbox and by tests; `version` says what is there.
"""

from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.store.link import Link
from bot.store.version import DATA, KEYS, MIGRATIONS

HEAD: Final = "head"


async def migrate(url: str, *, to: str = HEAD) -> None:
    """Bring the data file at `url` to a version, up or down ("base" is empty). Raises StorageTroubled."""
    await _migrate(url, DATA, to)


async def migrate_keys(url: str, *, to: str = HEAD) -> None:
    """Bring the key file at `url` to a version. Raises StorageTroubled."""
    await _migrate(url, KEYS, to)


async def _migrate(url: str, history: str, to: str) -> None:
    link = await Link.open(url)
    try:
        async with link.channel() as channel:
            await channel.in_sync(_run, history, to)
            await channel.commit()
    finally:
        await link.close()


def _run(connection: Connection, history: str, to: str) -> None:
    config = _config(history)
    config.attributes["connection"] = connection
    if to == "base":
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)


def _config(history: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS / history).replace("%", "%%"))
    return config

"""The histories of the two databases: up, down, and equal to the tables the code believes in."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect

from bot.store import keys, migrate, tables, version
from bot.store.errors import NotMigrated
from bot.store.link import Link
from tests.postgres import Cluster
from tests.store.shelf import DIALECTS, Shelf, sqlite_url

HISTORIES = {
    "data": (migrate.migrate, tables.metadata, "alembic_version"),
    "keys": (migrate.migrate_keys, keys.metadata, "key_version"),
}


@pytest.fixture(params=DIALECTS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
        return
    cluster = request.getfixturevalue("cluster")
    assert isinstance(cluster, Cluster)
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


async def _names(url: str) -> set[str]:
    """The tables there are, without Alembic's own."""
    link = await Link.open(url)
    async with link.channel() as channel:
        found = await channel.in_sync(lambda connection: inspect(connection).get_table_names())
    await link.close()
    return set(found) - {"alembic_version", "key_version"}


async def _differences(url: str, metadata: MetaData, version_table: str) -> list[object]:
    def compare(connection: Connection) -> list[object]:
        options = {"compare_type": True, "version_table": version_table}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    link = await Link.open(url)
    async with link.channel() as channel:
        found: list[object] = await channel.in_sync(compare)
    await link.close()
    return found


@pytest.mark.parametrize("history", HISTORIES)
async def test_migrations_make_the_tables_of_the_code(empty: str, history: str) -> None:
    """Alembic finds no difference between the migrated database and the metadata."""
    run, metadata, version_table = HISTORIES[history]

    await run(empty)

    assert await _differences(empty, metadata, version_table) == []


@pytest.mark.parametrize("history", HISTORIES)
async def test_every_migration_goes_down_and_up_again(empty: str, history: str) -> None:
    """Down leaves nothing, and up works a second time."""
    run, metadata, _ = HISTORIES[history]

    await run(empty)
    await run(empty)
    up = await _names(empty)
    await run(empty, to="base")
    down = await _names(empty)
    await run(empty)

    assert (up, down, await _names(empty)) == (set(metadata.tables), set(), set(metadata.tables))


async def test_both_histories_can_share_a_database(empty: str) -> None:
    """Where there is one PostgreSQL database only, the two histories keep out of each other's way."""
    await migrate.migrate(empty)
    await migrate.migrate_keys(empty)
    await migrate.migrate_keys(empty, to="base")

    assert await _names(empty) == set(tables.metadata.tables)


async def test_a_migration_that_fails_leaves_nothing_behind(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it or none: the tables made before the failing step are gone again."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("alembic.operations.Operations.create_index", fail)
    with pytest.raises(RuntimeError):
        await migrate.migrate(empty)

    assert await _names(empty) == set()


@pytest.mark.parametrize("history", HISTORIES)
def test_the_newest_version_is_alembics_head(history: str) -> None:
    """What opening a database asks for is what migrating brings it to."""
    config = Config()
    config.set_main_option("script_location", str(version.MIGRATIONS / history))

    assert version.newest(history) == ScriptDirectory.from_config(config).get_current_head()


async def test_a_database_that_is_not_migrated_refuses(empty: str, sqlite_shelf: Shelf) -> None:
    """Opening it says which command to run."""
    with pytest.raises(NotMigrated) as refused:
        async with replace(sqlite_shelf, data=empty).opened():
            pass

    assert refused.value.advice == "Run `bot migrate`."

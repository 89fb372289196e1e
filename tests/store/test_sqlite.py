"""SQLite's settings, its one writer, and what a statement costs."""

import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Select, text
from sqlalchemy.dialects.sqlite import dialect

from bot.store import departure, inbox, outbox, people, sqlite
from bot.store.errors import LooseSettings, StorageTroubled
from bot.store.link import Link, PerDialect
from tests.store.shelf import MINUTE, NOW, Shelf, call, enqueue, event, meet, receive, sqlite_url, take


async def test_every_setting_holds_on_every_connection(sqlite_shelf: Shelf) -> None:
    """Durability and overwriting are asked of SQLite, not assumed."""
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "trusted_schema": 0,
    }
    async with sqlite_shelf.opened() as db:
        for channel in (db.unit, db.reading):
            async with channel() as unit:
                found = {name: (await unit.fetch(text(f"PRAGMA {name}")))[0][0] for name in wanted}
                assert found == wanted


async def test_a_setting_that_does_not_hold_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where WAL can't be had, the bot does not start."""
    monkeypatch.setitem(sqlite._SETTINGS, "journal_mode", "none")
    link = await Link.open(sqlite_url(tmp_path / "bot.db"))

    with pytest.raises(LooseSettings):
        async with link.channel():
            pass


async def test_a_reader_cannot_write(sqlite_shelf: Shelf) -> None:
    """Reading units are for reading."""
    async with sqlite_shelf.opened() as db, db.reading() as reading:
        with pytest.raises(StorageTroubled):
            await reading.change(text("DELETE FROM memo"))


async def test_a_reader_does_not_wait_for_the_writer(sqlite_shelf: Shelf) -> None:
    """Metrics see the last committed state while a unit is open."""
    async with sqlite_shelf.opened() as db, db.unit() as unit:
        await inbox.add(unit, [event(1, "a")], now=NOW)
        async with db.reading() as reading:
            assert await inbox.depth(reading) == 0


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
async def test_a_database_in_memory_is_refused(url: str) -> None:
    """It would lose what was entrusted at the first crash."""
    with pytest.raises(ValueError, match="needs a file"):
        await Link.open(url)


async def test_released_rows_are_sent_again(sqlite_shelf: Shelf) -> None:
    """After a start, rows a crash left in the middle of a call are ambiguous, and due."""
    async with sqlite_shelf.opened() as db:
        (one,) = await meet(db, "1")
        await enqueue(db, call(one))
        await take(db)
    async with sqlite_shelf.opened() as db:
        async with db.unit() as unit:
            assert await outbox.release(unit, now=NOW) == 1
            await unit.commit()

        (delivery,) = (await take(db)).deliveries

    assert (delivery.resent, delivery.attempts) == (True, 0)


async def test_ids_go_on_where_the_last_process_stopped(sqlite_shelf: Shelf) -> None:
    """A clock that was set back does not put new rows before old ones of their lane."""
    async with sqlite_shelf.opened() as db:
        await receive(db, event(1, "a", b"first"), at=NOW + MINUTE)
    async with sqlite_shelf.opened() as db:
        await receive(db, event(1, "b", b"second"), at=NOW)
        async with db.unit() as unit:
            (row,) = await inbox.claim(unit, now=NOW + MINUTE, limit=9)

    assert row.body == b"first"


@pytest.mark.parametrize("size", [1, 32])
async def test_a_batch_costs_a_fixed_number_of_statements(sqlite_shelf: Shelf, size: int) -> None:
    """Every statement is a thread hop: thirty-two rows cost as many as one."""
    async with sqlite_shelf.opened() as db:
        everyone = await meet(db, *map(str, range(size)))
        costs = [db.statements]
        await receive(db, *(event(one.person.id, str(one.person.id)) for one in everyone))
        costs.append(db.statements)
        async with db.unit() as unit:
            rows = await inbox.claim(unit, now=NOW, limit=size)
            await people.load(unit, [row.lane.id for row in rows])
            await outbox.add(unit, [call(one) for one in everyone], now=NOW)
            await inbox.finish(unit, [row.id for row in rows], now=NOW)
            await unit.commit()
        costs.append(db.statements)
        await take(db)
        costs.append(db.statements)

    assert [after - before for before, after in pairwise(costs)] == [1, 4, 2]


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (inbox._CLAIM, "ix_inbox_due"),
        (inbox._CLAIM, "ix_inbox_open_lane"),
        (departure.READY, "ix_outbox_priority_id"),
        (departure.READY, "ix_outbox_address_id_due_at"),
    ],
)
async def test_claims_use_their_indexes(sqlite_shelf: Shelf, statement: PerDialect, index: str) -> None:
    """A claim reads its own rows, not the whole table, and sorts nothing."""
    values = {"now": 1, "page": 1, "up_to": 1, "on": "telegram"}
    assert isinstance(statement.sqlite, Select)
    filled = statement.sqlite.params(values)
    asked = filled.compile(dialect=dialect(), compile_kwargs={"render_postcompile": True})
    given = [values.get(name or "", 0) for name in asked.positiontup or ()]
    with closing(sqlite3.connect(sqlite_shelf.data.partition("///")[2])) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {asked}", given)]

    assert any(f"INDEX {index} " in f"{step} " for step in plan)
    assert not any("TEMP B-TREE" in step or step == "SCAN inbox" for step in plan)

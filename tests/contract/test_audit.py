"""The audit, held on SQLite and on PostgreSQL alike: written with the act, and honest about every change after it."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import Executable

from bot.model.audit import CONSOLE, Act, Breach, Entry, Thing
from bot.store import audit, memo, tables
from bot.store.db import Database
from tests.store.shelf import NOW

CUT = "missing at the end, or the note of the last row was changed"
TODAY = NOW.date()
TABLE = tables.audit


async def _written(db: Database, *acts: Act) -> None:
    for act in acts:
        async with db.unit() as unit:
            await audit.write(unit, actor=CONSOLE, act=act, thing=Thing.BOT, today=TODAY)
            await unit.commit()


async def _breach(db: Database) -> Breach | None:
    async with db.reading() as unit:
        return await audit.breach(unit)


async def test_an_empty_chain_holds(db: Database) -> None:
    """Nothing was done, and nothing is missing."""
    assert await _breach(db) is None


async def test_acts_are_read_back_in_order(db: Database) -> None:
    """Number, day, who, what, to what kind of thing."""
    await _written(db, Act.PAUSE, Act.RESUME)

    async with db.reading() as unit:
        found = await audit.entries(unit)

    assert found == [
        Entry(seq=1, day=TODAY, actor=CONSOLE, act="pause", thing="bot"),
        Entry(seq=2, day=TODAY, actor=CONSOLE, act="resume", thing="bot"),
    ]
    assert await _breach(db) is None


async def test_an_act_that_is_not_committed_leaves_no_row(db: Database) -> None:
    """The row stands or falls with the act."""
    async with db.unit() as unit:
        await audit.write(unit, actor=CONSOLE, act=Act.PAUSE, thing=Thing.BOT, today=TODAY)
    await _written(db, Act.SEAL)

    async with db.reading() as unit:
        assert [one.act for one in await audit.entries(unit)] == ["seal"]
    assert await _breach(db) is None


async def test_acts_at_once_make_one_chain(db: Database) -> None:
    """Ten workers writing together write one after the other."""
    await asyncio.gather(*(_written(db, Act.PAUSE) for _ in range(10)))

    async with db.reading() as unit:
        assert [one.seq for one in await audit.entries(unit)] == list(range(1, 11))
    assert await _breach(db) is None


def _changed(**values: object) -> Callable[[], Executable]:
    return lambda: TABLE.update().where(TABLE.c.seq == 2).values(**values)


@pytest.mark.parametrize(
    ("tampered", "breach"),
    [
        (_changed(actor="somebody"), Breach(seq=2, how="changed")),
        (_changed(act="resume"), Breach(seq=2, how="changed")),
        (_changed(thing="card"), Breach(seq=2, how="changed")),
        (_changed(day=1), Breach(seq=2, how="changed")),
        (_changed(prev=b"x"), Breach(seq=2, how="changed")),
        (_changed(hash=b"x"), Breach(seq=2, how="changed")),
        (_changed(seq=9), Breach(seq=2, how="missing")),
        (lambda: TABLE.delete().where(TABLE.c.seq == 1), Breach(seq=1, how="missing")),
        (lambda: TABLE.delete().where(TABLE.c.seq == 2), Breach(seq=2, how="missing")),
        (lambda: TABLE.delete().where(TABLE.c.seq == 3), Breach(seq=3, how=CUT)),
        (TABLE.delete, Breach(seq=1, how=CUT)),
    ],
)
async def test_every_kind_of_tampering_is_noticed(
    db: Database, tampered: Callable[[], Executable], breach: Breach
) -> None:
    """A changed field, a row taken out of the middle or off either end, a number moved."""
    await _written(db, Act.PAUSE, Act.SEAL, Act.UNSEAL)
    async with db.unit() as unit:
        await unit.change(tampered())
        await unit.commit()

    assert await _breach(db) == breach


async def test_a_row_made_up_without_the_key_is_noticed(db: Database) -> None:
    """A copy of a true row under the next number does not fit."""
    await _written(db, Act.PAUSE)
    async with db.unit() as unit:
        (row,) = await unit.fetch(TABLE.select())
        await unit.change(TABLE.insert().values(**{**row._asdict(), "seq": 2, "prev": row.hash}))
        await memo.put(unit, audit.HEAD, f"2:{row.hash.hex()}")
        await unit.commit()

    assert await _breach(db) == Breach(seq=2, how="changed")


async def test_a_rolled_back_end_is_not_noticed_with_its_note(db: Database) -> None:
    """What the chain can't know: an earlier state put back whole, rows and note; only an outside copy tells."""
    await _written(db, Act.PAUSE)
    async with db.reading() as unit:
        note = await memo.get(unit, audit.HEAD)
    await _written(db, Act.SEAL)
    async with db.unit() as unit:
        await unit.change(TABLE.delete().where(TABLE.c.seq == 2))
        await memo.put(unit, audit.HEAD, note or "")
        await unit.commit()

    assert await _breach(db) is None


async def test_who_is_no_organizer_has_no_alias(db: Database) -> None:
    """An act of theirs can't be written by mistake."""
    async with db.reading() as unit:
        with pytest.raises(LookupError):
            await audit.alias_of(unit, 4711)


async def test_acts_that_are_written_meanwhile_are_no_breach(db: Database) -> None:
    """Rows and note are looked at in one moment, also where every statement has a moment of its own."""

    async def act() -> None:
        async with db.unit() as unit:
            await audit.write(unit, actor="a", act=Act.PAUSE, thing=Thing.BOT, today=TODAY)
            await unit.commit()

    async def look() -> Breach | None:
        async with db.reading() as unit:
            return await audit.breach(unit)

    await act()
    found = await asyncio.gather(*(one() for _ in range(30) for one in (act, look)))

    assert found == [None] * 60

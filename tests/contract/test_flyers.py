"""Flyers and how often they were opened, held on SQLite and on PostgreSQL alike."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from bot.model.flyer import SCANNED
from bot.model.kept import DataClass
from bot.model.retention import lifetime
from bot.store import counters, flyers, retention, tables
from bot.store.db import Database
from tests.store.shelf import NOW

TODAY: Final = NOW.date()
DAY: Final = timedelta(days=1)
NAME: Final = "By the station"


async def _made(db: Database, name: str = NAME, *, days: int = 10, ago: int = 0) -> str:
    async with db.unit() as unit:
        today = TODAY - ago * DAY
        one = await flyers.make(unit, name, today=today, ends_on=today + days * DAY)
        await unit.commit()
    return one.code


class TestFlyers:
    """A random code, a sealed name, a day on which it ends."""

    async def test_one_that_was_made_is_live_and_found(self, db: Database) -> None:
        """With the name it was given, the newest first."""
        older, newer = await _made(db, "Older", ago=3), await _made(db)
        async with db.reading() as unit:
            found = await flyers.everyone(unit)
            live = [await flyers.is_live(unit, one.code, today=TODAY) for one in found]

        assert [(one.code, one.name) for one in found] == [(newer, NAME), (older, "Older")]
        assert live == [True, True]

    async def test_its_name_stands_nowhere_in_the_open(self, db: Database) -> None:
        """It is under the key of the service."""
        await _made(db)
        async with db.reading() as unit:
            (row,) = await unit.fetch(select(tables.flyer))

        assert NAME.encode() not in row.name_sealed
        assert NAME not in str(row)

    async def test_an_ended_and_an_unknown_one_are_not_live(self, db: Database) -> None:
        """Its last day is the one before its end."""
        code = await _made(db, days=2)
        async with db.reading() as unit:
            live = [await flyers.is_live(unit, code, today=TODAY + days * DAY) for days in (1, 2)]
            unknown = await flyers.is_live(unit, "aaaaaaaa", today=TODAY)

        assert (live, unknown) == ([True, False], False)

    async def test_one_is_retired_once(self, db: Database) -> None:
        """From that day on it is not live; one that has ended by itself cannot be."""
        code, ended = await _made(db), await _made(db, days=1, ago=5)
        async with db.unit() as unit:
            retired = [await flyers.retire(unit, one, today=TODAY) for one in (code, code, ended, "aaaaaaaa")]
            live = await flyers.is_live(unit, code, today=TODAY)

        assert retired == [True, False, False, False]
        assert not live

    async def test_scans_are_added_up_by_code_over_the_days(self, db: Database) -> None:
        """The counter of all of them is not one of them."""
        async with db.unit() as unit:
            for days, times in ((0, 2), (1, 3)):
                counted = {SCANNED: times, f"{SCANNED}.aaaaaaaa": times}
                await counters.count(unit, counted, today=TODAY - days * DAY)
            await counters.count(unit, {f"{SCANNED}.bbbbbbbb": 1, "flyerxscanned.c": 1}, today=TODAY)
            scans = await flyers.scans(unit)

        assert scans == {"aaaaaaaa": 5, "bbbbbbbb": 1}

    async def test_both_end_by_themselves(self, db: Database) -> None:
        """A flyer some time after its end, its counts after a year; what all of them were opened stays."""
        kept = await _made(db, days=1, ago=int(lifetime(DataClass.FLYER).days) - 1)
        await _made(db, days=1, ago=int(lifetime(DataClass.FLYER).days) + 1)
        old = TODAY - lifetime(DataClass.FLYER_COUNT)
        async with db.unit() as unit:
            for day in (old, old + DAY):
                await counters.count(unit, {SCANNED: 1, f"{SCANNED}.{kept}": 1}, today=day)
            ages = await retention.oldest(unit, now=NOW)
            removed = await retention.sweep(unit, now=NOW)
            left, scans = [one.code for one in await flyers.everyone(unit)], await flyers.scans(unit)
            whole = await counters.since(unit, old)

        assert ages[DataClass.FLYER] >= lifetime(DataClass.FLYER).total_seconds()
        assert ages[DataClass.FLYER_COUNT] >= lifetime(DataClass.FLYER_COUNT).total_seconds()
        assert (removed[DataClass.FLYER], removed[DataClass.FLYER_COUNT]) == (1, 1)
        assert (left, scans, whole[SCANNED]) == ([kept], {kept: 1}, 2)

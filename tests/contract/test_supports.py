"""Letters of support, held on SQLite and on PostgreSQL alike."""

from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import select

from bot.model.kept import DataClass
from bot.model.retention import lifetime
from bot.model.support import LEASED, Agreed, Fate, Given, Reason
from bot.store import addressees, own_key, owner, retention, supports, tables
from bot.store.db import Database
from bot.store.unit import Unit
from tests.store.shelf import NOW

TODAY: Final = NOW.date()
DAY: Final = timedelta(days=1)
WORDS: Final = "Thinking of you"


async def _named(unit: Unit, *, days: int = 30) -> int:
    one = await addressees.add(
        unit, "Shaked", given=Given.SELF, agreed=Agreed.WEEK, ends_on=TODAY + days * DAY
    )
    return one.id


async def _written(unit: Unit, to: int, text: str = WORDS, *, ago: int = 0) -> str:
    return await supports.add(unit, to, text=text, signed="", today=TODAY - ago * DAY)


async def _accepted(unit: Unit, to: int) -> str:
    receipt = await _written(unit, to)
    lease = await supports.claim(unit, skipped=[], now=NOW)
    assert lease
    assert await supports.decide(unit, lease, said=Fate.ACCEPTED, why=None)
    return receipt


async def _wiped(unit: Unit, how: str, *, to: int, receipt: str) -> None:
    """End a letter that waits."""
    match how:
        case "taken back":
            await supports.withdraw(unit, receipt)
        case "ended":
            await supports.close(unit, to)
        case "too old":
            await supports.sweep(unit, now=NOW)
        case _:
            said = Fate.ACCEPTED if how == "printed" else Fate.RETURNED
            lease = await supports.claim(unit, skipped=[], now=NOW) or 0
            await supports.decide(unit, lease, said=said, why=None)
            batch, _ = await supports.take(unit, to)
            await supports.confirm(unit, batch)


class TestAddressees:
    """Named under the service key, up to a day."""

    async def test_they_can_be_written_to_up_to_their_day(self, db: Database) -> None:
        """Whoever is past it is still seen by organizers."""
        async with db.unit() as unit:
            await _named(unit, days=0)
            live = await _named(unit)
            found = await addressees.live(unit, today=TODAY)
            everyone = await addressees.everyone(unit)
            (row, _) = await unit.fetch(select(tables.addressee))

        assert [one.id for one in found] == [live]
        assert len(everyone) == 2
        assert b"Shaked" not in row.name_sealed

    async def test_ending_is_done_once(self, db: Database) -> None:
        """Nobody writes to them from that day on."""
        async with db.unit() as unit:
            which = await _named(unit)
            ended = [await addressees.close(unit, which, today=TODAY) for _ in range(2)]
            live = await addressees.live(unit, today=TODAY)

        assert (ended, live) == ([True, False], [])


class TestSupports:
    """A letter that does not know its writer."""

    async def test_no_column_leads_to_whoever_wrote_or_read(self, db: Database) -> None:
        """With every key, a row holds words, and a blind index of a receipt that only the writer has."""
        async with db.unit() as unit:
            receipt = await _written(unit, await _named(unit))
            await supports.claim(unit, skipped=[], now=NOW)
            (row,) = await unit.fetch(select(tables.support))

        assert set(row._mapping) == {
            "id", "receipt_tag", "addressee_id", "fate", "reason", "text_sealed", "written_on",
            "lease", "leased_until", "batch",
        }  # fmt: skip
        assert not any(str(value) == receipt for value in row)
        assert WORDS.encode() not in row.text_sealed

    async def test_the_oldest_is_read_first_by_one_at_a_time(self, db: Database) -> None:
        """Another one gets the next; half an hour later it is open to others, and the first lease is void."""
        async with db.unit() as unit:
            to = await _named(unit)
            await _written(unit, to, "Newer")
            await _written(unit, to, "Older", ago=3)
            first, second, none = [await supports.claim(unit, skipped=[], now=NOW) for _ in range(3)]
            assert first
            assert second
            read = [await supports.held(unit, one) for one in (first, second)]
            again = await supports.claim(unit, skipped=[], now=NOW + LEASED + DAY)
            decided = await supports.decide(unit, first, said=Fate.ACCEPTED, why=None)

        assert [one.text for one in read if one] == ["Older", "Newer"]
        assert none is None
        assert again not in (None, first)
        assert not decided

    async def test_what_is_left_to_others_is_not_shown_again(self, db: Database) -> None:
        """Others get it at once."""
        async with db.unit() as unit:
            await _written(unit, await _named(unit))
            lease = await supports.claim(unit, skipped=[], now=NOW)
            assert lease
            letter = await supports.held(unit, lease)
            assert letter
            await supports.release(unit, lease)
            mine = await supports.claim(unit, skipped=[letter.id], now=NOW)
            theirs = await supports.claim(unit, skipped=[], now=NOW)

        assert mine is None
        assert theirs

    async def test_a_decision_is_made_once_and_wipes_what_is_not_accepted(self, db: Database) -> None:
        """Its writer can ask why."""
        async with db.unit() as unit:
            receipt = await _written(unit, await _named(unit))
            lease = await supports.claim(unit, skipped=[], now=NOW) or 0
            done = [await supports.decide(unit, lease, said=Fate.RETURNED, why=Reason.ARMY) for _ in range(2)]
            (row,) = await unit.fetch(select(tables.support))
            fate = await supports.fate(unit, receipt)

        assert done == [True, False]
        assert row.text_sealed is None
        assert fate == (Fate.RETURNED, Reason.ARMY)

    async def test_only_the_newest_file_can_be_confirmed_and_that_wipes(self, db: Database) -> None:
        """A letter that came later is never taken for printed."""
        async with db.unit() as unit:
            to = await _named(unit)
            early = await _accepted(unit, to)
            old, _ = await supports.take(unit, to)
            late = await _accepted(unit, to)
            new, found = await supports.take(unit, to)
            newest = await _accepted(unit, to)
            open_ = [await supports.is_taken(unit, one) for one in (old, new)]
            many = [await supports.confirm(unit, one) for one in (old, new, new)]
            fates = [(await supports.fate(unit, one))[0] for one in (early, late, newest)]
            rows = await unit.fetch(select(tables.support).where(tables.support.c.text_sealed.is_not(None)))

        assert open_ == [False, True]
        assert (many, len(found)) == ([0, 2, 0], 2)
        assert fates == [Fate.SENT, Fate.SENT, Fate.ACCEPTED]
        assert len(rows) == 1

    @pytest.mark.parametrize("wiping", ["printed", "returned", "taken back", "ended", "too old"])
    async def test_a_copy_from_before_the_wiping_does_not_open_again(self, db: Database, wiping: str) -> None:
        """Each letter has a key of its own, which goes with its words; with every key that is left it is noise."""
        async with db.unit() as unit:
            to = await _named(unit)
            receipt = await _written(unit, to, ago=lifetime(DataClass.SUPPORT_TEXT).days)
            (row,) = await unit.fetch(select(tables.support))
            before = await own_key.of(unit, [row.id])
            await unit.commit()
        async with db.unit() as unit:
            await _wiped(unit, wiping, to=to, receipt=receipt)
            await unit.commit()
        async with db.unit() as unit:
            after = await own_key.of(unit, [row.id])
            (now,) = await unit.fetch(select(tables.support.c.text_sealed)) or [(None,)]

        assert (len(before), after, now[0]) == (1, {}, None)
        assert WORDS.encode() not in row.text_sealed

    async def test_a_letter_whose_key_is_gone_stops_nobody(self, db: Database) -> None:
        """The others are read and printed."""
        async with db.unit() as unit:
            to = await _named(unit)
            await _accepted(unit, to)
            (row,) = await unit.fetch(select(tables.support))
            await db.keyring.destroy([owner.of_words(row.id)])
            await _accepted(unit, to)
            _, found = await supports.take(unit, to)

        assert [one.text for one in found] == [WORDS]

    async def test_a_writer_takes_back_what_is_in_no_file(self, db: Database) -> None:
        """Afterwards its receipt leads to nothing."""
        async with db.unit() as unit:
            to = await _named(unit)
            one = await _accepted(unit, to)
            taken = await supports.withdraw(unit, one)
            other = await _accepted(unit, to)
            await supports.take(unit, to)
            late = await supports.withdraw(unit, other)
            fate = await supports.fate(unit, one)

        assert (taken, late, fate) == (True, False, (Fate.LOST, None))

    async def test_ending_wipes_what_waits_for_them_and_nothing_else(self, db: Database) -> None:
        """Their letters say so."""
        async with db.unit() as unit:
            to, other = await _named(unit), await _named(unit)
            mine, theirs = await _written(unit, to), await _written(unit, other)
            wiped = await supports.close(unit, to)
            fates = [(await supports.fate(unit, one))[0] for one in (mine, theirs)]

        assert (wiped, fates) == (1, [Fate.CLOSED, Fate.WAITING])

    async def test_each_class_goes_after_its_time(self, db: Database) -> None:
        """The words first, so that the writer can be told, and the row after twice as long."""
        days = lifetime(DataClass.SUPPORT_TEXT).days
        async with db.unit() as unit:
            to = await _named(unit, days=-lifetime(DataClass.ADDRESSEE).days)
            old = await _written(unit, to, ago=days)
            oldest = await _written(unit, to, ago=lifetime(DataClass.SUPPORT_FATE).days)
            young = await _written(unit, to, ago=days - 1)
            removed = await retention.sweep(unit, now=NOW)
            fates = [(await supports.fate(unit, one))[0] for one in (old, oldest, young)]
            rows = await unit.fetch(select(tables.support))

        assert fates == [Fate.LOST, Fate.LOST, Fate.WAITING]
        assert (len(rows), removed[DataClass.ADDRESSEE], removed[DataClass.SUPPORT_FATE]) == (2, 1, 1)

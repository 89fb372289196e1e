"""Volunteers and the organizers' rota, held on SQLite and on PostgreSQL alike."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model.case import Need
from bot.model.hours import ALWAYS, Quarter, slot
from bot.model.person import Language, Role
from bot.model.volunteer import Duty, Standing, Volunteer, next_present
from bot.store import people, roles, volunteers
from bot.store.db import Database
from bot.store.unit import Unit
from tests.store.shelf import NOW, meet

TUESDAY_MORNING = slot(2, Quarter.MORNING)  # NOW is nine in the morning in UTC, eleven in Israel
BUDDY = Volunteer(
    id=0,
    standing=Standing.FULL,
    languages=frozenset({Language.HEBREW}),
    needs=frozenset({Need.BUDDY}),
    capacity=2,
)


async def _joined(db: Database, *routing_ids: str) -> list[int]:
    """Full volunteers for a buddy in Hebrew, without hours."""
    ids = [known.person.id for known in await meet(db, *routing_ids)]
    async with db.unit() as unit:
        for id_ in ids:
            await volunteers.add(unit, replace(BUDDY, id=id_), today=NOW.date())
        await unit.commit()
    return ids


async def _next(unit: Unit, need: Need, language: Language) -> datetime | None:
    """When somebody on disk is there next."""
    everyone = await volunteers.everyone(unit)
    return next_present(everyone, NOW, need=need, language=language, zone="Asia/Jerusalem")


class TestVolunteers:
    """What is kept of them."""

    async def test_a_volunteer_is_read_as_they_were_written(self, db: Database) -> None:
        """Every column, and the zone of their person."""
        one, two = await _joined(db, "1", "2")
        changed = Volunteer(
            id=one,
            standing=Standing.PROBATION,
            languages=frozenset(Language),
            needs=frozenset(Need),
            capacity=5,
            hours=ALWAYS,
            duty=Duty.OFF,
            duty_until=NOW + timedelta(hours=3),
            away_until=NOW.date() + timedelta(days=3),
            deputy_id=two,
            zone="Asia/Tokyo",
        )
        async with db.unit() as unit:
            (person,) = [known.person for known in (await people.load(unit, [one])).values()]
            await people.save(unit, [replace(person, zone="Asia/Tokyo")])
            await volunteers.save(unit, changed)
            await unit.commit()

        async with db.reading() as reading:
            assert await volunteers.load(reading, one) == changed
            assert [found.id for found in await volunteers.everyone(reading)] == sorted([one, two])
            assert await volunteers.load(reading, 7) is None

    async def test_who_is_a_volunteer_already_stays_as_they_are(self, db: Database) -> None:
        """Adding twice is adding once."""
        (one,) = await _joined(db, "1")
        async with db.unit() as unit:
            before = await volunteers.load(unit, one)
            assert before
            await volunteers.save(unit, replace(before, capacity=4))
            await unit.commit()
        await _joined(db, "1")

        async with db.reading() as reading:
            assert await volunteers.load(reading, one) == replace(before, capacity=4)

    async def test_a_blocked_bot_can_reach_nobody(self, db: Database) -> None:
        """Who blocked it at every address of theirs is known to be out of reach."""
        (known,) = await meet(db, "1")
        await _joined(db, "1")
        async with db.unit() as unit:
            await people.set_reachable(unit, known.addresses[0].id, reachable=False)
            found = await volunteers.load(unit, known.person.id)

        assert found
        assert not found.is_reachable

    async def test_who_volunteers_no_more_leaves_no_row(self, db: Database) -> None:
        """Nor are they anybody's deputy any more."""
        one, two = await _joined(db, "1", "2")
        async with db.unit() as unit:
            found = await volunteers.load(unit, one)
            assert found
            await volunteers.save(unit, replace(found, deputy_id=two))
            removed = [await volunteers.remove(unit, two), await volunteers.remove(unit, two)]
            left = await volunteers.everyone(unit)

        assert removed == [True, False]
        assert left == [replace(found, deputy_id=None)]

    async def test_a_forgotten_deputy_is_nobodys(self, db: Database) -> None:
        """Deleting oneself does the same."""
        one, two = await _joined(db, "1", "2")
        async with db.unit() as unit:
            found = await volunteers.load(unit, one)
            assert found
            await volunteers.save(unit, replace(found, deputy_id=two))
            await people.forget(unit, two)
            await unit.commit()

        async with db.reading() as reading:
            assert await volunteers.everyone(reading) == [found]

    async def test_it_is_known_when_somebody_is_on_duty_next(self, db: Database) -> None:
        """Now, at an hour to come, or not at all."""
        (one,) = await _joined(db, "1")
        asked = (Need.BUDDY, Language.HEBREW)
        async with db.unit() as unit:
            found = await volunteers.load(unit, one)
            assert found
            nobody = await _next(unit, *asked)
            await volunteers.save(unit, replace(found, hours=slot(2, Quarter.AFTERNOON)))
            later = await _next(unit, *asked)
            await volunteers.save(unit, replace(found, hours=TUESDAY_MORNING))
            at_once = await _next(unit, *asked)
            legal = await _next(unit, Need.LEGAL, Language.HEBREW)

        assert (nobody, later, at_once, legal) == (None, NOW + timedelta(hours=1), NOW, None)


class TestRota:
    """Which organizers are on call."""

    async def test_whoever_is_on_call_is_asked_and_all_where_nobody_is(self, db: Database) -> None:
        """By the hours of each; setting them again replaces them."""
        one, two, three = [known.person.id for known in await meet(db, "1", "2", "3")]
        async with db.unit() as unit:
            for id_ in (one, two):
                await roles.grant(unit, id_, Role.ORGANIZER, today=NOW.date())
            await volunteers.set_on_call(unit, three, hours=ALWAYS)
            nobody = await volunteers.on_call(unit, now=NOW)
            await volunteers.set_on_call(unit, one, hours=ALWAYS)
            await volunteers.set_on_call(unit, two, hours=ALWAYS)
            both = await volunteers.on_call(unit, now=NOW)
            await volunteers.set_on_call(unit, two, hours=0)
            called = await volunteers.on_call(unit, now=NOW)

        assert (nobody, both, called) == (sorted([one, two]), sorted([one, two]), [one])

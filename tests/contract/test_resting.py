"""Roles that rest, held on SQLite and on PostgreSQL alike."""

from datetime import timedelta

from bot.model.person import Platform, Role
from bot.model.queue import Lane, LaneKind, NewInbox, Origin
from bot.store import inbox, people, rekeyed, roles, sides
from bot.store.db import Database
from bot.store.people import Known
from bot.store.roles import Resting
from tests.store.shelf import MINUTE, NOW, meet, receive

LATER = NOW + timedelta(hours=1)


async def resting(db: Database) -> list[tuple[Role, bool, timedelta]]:
    """Each role that rests, whether another phone answers still, and since how long after `NOW`."""
    async with db.reading() as reading:
        found: list[Resting] = await roles.resting(reading)
    return [(one.role, one.is_there, one.since - NOW) for one in found]


async def with_roles(db: Database) -> Known:
    """Somebody who organizes and volunteers, and for whom another phone answers."""
    (noa,) = await meet(db, "1")
    async with db.unit() as unit:
        for role in Role:
            await roles.grant(unit, noa.person.id, role, today=NOW.date())
        await rekeyed.mark(unit, noa.addresses[0].id, now=NOW)
        await roles.rest(unit, noa.person.id, now=NOW)
        await unit.commit()
    return noa


class TestResting:
    """Each role knows itself since when."""

    async def test_all_rest_and_come_back_together(self, db: Database) -> None:
        """An organizer's before a volunteer's."""
        noa = await with_roles(db)
        rested = await resting(db)
        async with db.unit() as unit:
            own = await roles.resting_of(unit, noa.person.id)
            await roles.restore(unit, noa.person.id)
            await unit.commit()

        assert rested == [(Role.ORGANIZER, True, timedelta()), (Role.VOLUNTEER, True, timedelta())]
        assert own == frozenset(Role)
        assert await resting(db) == []

    async def test_they_rest_anew_with_each_other_phone(self, db: Database) -> None:
        """Since the last one."""
        noa = await with_roles(db)
        async with db.unit() as unit:
            await roles.rest(unit, noa.person.id, now=LATER)
            await unit.commit()

        assert {since for *_, since in await resting(db)} == {timedelta(hours=1)}

    async def test_a_role_that_is_granted_anew_rests_no_more(self, db: Database) -> None:
        """It is a new one, with another name; the other one comes back beside it."""
        noa = await with_roles(db)
        async with db.unit() as unit:
            await roles.grant(unit, noa.person.id, Role.ORGANIZER, today=NOW.date())
            await unit.commit()
        left = await resting(db)
        async with db.unit() as unit:
            await roles.restore(unit, noa.person.id)
            await unit.commit()
        async with db.reading() as reading:
            known = (await people.load(reading, [noa.person.id]))[noa.person.id]

        assert [role for role, *_ in left] == [Role.VOLUNTEER]
        assert known.roles == frozenset(Role)

    async def test_it_rests_still_where_its_side_is_taken_off(self, db: Database) -> None:
        """What waited from there is nobody's."""
        noa = await with_roles(db)
        async with db.unit() as unit:
            found = await people.resolve(unit, Platform.SIGNAL, ["s1"], today=NOW.date())
            phone = (await people.load(unit, found.values()))[found["s1"]]
            await sides.hand_over(unit, phone.addresses[0], to=noa.person.id)
            await people.forget(unit, phone.person.id)
            await unit.commit()
        update = NewInbox(
            lane=Lane(kind=LaneKind.PERSON, id=noa.person.id),
            origin=Origin.TELEGRAM,
            external_id="a",
            body=b"words",
        )
        await receive(db, update)
        async with db.unit() as unit:
            (row,) = await inbox.claim(unit, now=NOW, limit=9)
            await rekeyed.hold(unit, row.id)
            await sides.take_off(unit, [noa.addresses[0]])
            await rekeyed.settle(unit, noa.person.id, now=NOW + MINUTE)
            rows = await inbox.claim(unit, now=NOW + MINUTE, limit=9)
            await unit.commit()

        assert rows == []
        assert {is_there for _, is_there, _ in await resting(db)} == {False}

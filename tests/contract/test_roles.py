"""Who may do what, held on SQLite and on PostgreSQL alike."""

from bot.model.person import Role
from bot.store import people, roles
from bot.store.db import Database
from tests.store.shelf import NOW, meet


async def _given(db: Database, person_id: int, *given: Role) -> None:
    async with db.unit() as unit:
        for role in given:
            await roles.grant(unit, person_id, role, today=NOW.date())
        await unit.commit()


async def test_a_turn_knows_the_roles_of_its_person(db: Database) -> None:
    """Each one's own, without a question more."""
    one, two, three = await meet(db, "1", "2", "3")
    await _given(db, one.person.id, Role.ORGANIZER)
    await _given(db, two.person.id, Role.ORGANIZER, Role.VOLUNTEER)
    before = db.statements

    async with db.unit() as unit:
        known = await people.load(unit, [one.person.id, two.person.id, three.person.id])

    assert db.statements - before == 1
    assert known[one.person.id].roles == {Role.ORGANIZER}
    assert known[two.person.id].roles == {Role.ORGANIZER, Role.VOLUNTEER}
    assert known[three.person.id].roles == frozenset()


async def test_a_role_is_granted_once(db: Database) -> None:
    """A second time changes nothing: its holder keeps what it was granted with."""
    (one,) = await meet(db, "1")
    await _given(db, one.person.id, Role.ORGANIZER)
    await _given(db, one.person.id, Role.ORGANIZER)

    async with db.reading() as reading:
        assert await roles.holders(reading, Role.ORGANIZER) == [one.person.id]
        assert await roles.holders(reading, Role.VOLUNTEER) == []


async def test_a_role_is_taken_back_alone(db: Database) -> None:
    """The other role of the same person stays; what is not there can't be taken."""
    (one,) = await meet(db, "1")
    await _given(db, one.person.id, Role.ORGANIZER, Role.VOLUNTEER)

    async with db.unit() as unit:
        taken = await roles.revoke(unit, one.person.id, Role.ORGANIZER)
        again = await roles.revoke(unit, one.person.id, Role.ORGANIZER)
        known = await people.load(unit, [one.person.id])

    assert (taken, again) == (True, False)
    assert known[one.person.id].roles == {Role.VOLUNTEER}


async def test_a_forgotten_person_has_no_role(db: Database) -> None:
    """An organizer who deletes their data is none any more."""
    (one,) = await meet(db, "1")
    await _given(db, one.person.id, Role.ORGANIZER)

    async with db.unit() as unit:
        await people.forget(unit, one.person.id)
        await unit.commit()

    async with db.reading() as reading:
        assert await roles.holders(reading, Role.ORGANIZER) == []

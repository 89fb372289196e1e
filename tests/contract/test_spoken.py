"""Invitations to volunteer, and codes that people tell each other, on SQLite and on PostgreSQL alike."""

import asyncio
from datetime import timedelta

import pytest

from bot.model.case import Need
from bot.model.person import Language, Role
from bot.model.volunteer import Standing, Volunteer
from bot.store import invites, people, roles, spoken, volunteers
from bot.store.db import Database
from bot.store.proof import TRIES, WINDOW
from tests.store.shelf import MINUTE, NOW, meet

PAYLOAD = "a" * 26
DAY = timedelta(days=1)


async def _invited(db: Database, *, role: Role = Role.VOLUNTEER, made_by: int | None = None) -> int:
    async with db.unit() as unit:
        await invites.make(unit, role, payload=PAYLOAD, secret=b"s" * 20, now=NOW, made_by=made_by)
        found = await invites.find(unit, PAYLOAD, now=NOW)
        await unit.commit()
    assert found
    assert found[1] is role
    return found[0]


async def _somebody(db: Database, number: str, standing: Standing = Standing.FULL) -> int:
    (known,) = await meet(db, number)
    one = Volunteer(
        id=known.person.id,
        standing=standing,
        languages=frozenset({Language.HEBREW}),
        needs=frozenset({Need.BUDDY}),
        capacity=1,
    )
    async with db.unit() as unit:
        await volunteers.add(unit, one, today=NOW.date())
        if standing is not Standing.NEWCOMER:
            await roles.grant(unit, one.id, Role.VOLUNTEER, today=NOW.date())
        await unit.commit()
    return one.id


class TestInvites:
    """A link to volunteer: it works once, and needs no code."""

    async def test_it_is_used_once_and_says_who_made_it(self, db: Database) -> None:
        """Whoever comes second finds none, even at the same moment."""
        (known,) = await meet(db, "1")
        invite = await _invited(db, made_by=known.person.id)

        async def take() -> invites.Accepted | None:
            async with db.unit() as unit:
                found = await invites.accept(unit, invite, now=NOW)
                await unit.commit()
            return found

        taken = await asyncio.gather(*(take() for _ in range(8)))

        assert [one for one in taken if one] == [invites.Accepted(made_by=known.person.id)]

    async def test_one_for_an_organizer_makes_no_volunteer(self, db: Database) -> None:
        """Nor does one that is over."""
        invite = await _invited(db, role=Role.ORGANIZER)
        async with db.unit() as unit:
            assert await invites.accept(unit, invite, now=NOW) is None
        async with db.unit() as unit:
            await unit.change(invites._REMOVE, {"which": invite})
            await unit.commit()
        late = await _invited(db)
        async with db.unit() as unit:
            assert await invites.accept(unit, late, now=NOW + 7 * DAY) is None

    async def test_who_made_one_and_is_forgotten_is_not_remembered_by_it(self, db: Database) -> None:
        """The invitation still works."""
        (known,) = await meet(db, "1")
        invite = await _invited(db, made_by=known.person.id)
        newcomer = await _somebody(db, "2", Standing.NEWCOMER)
        async with db.unit() as unit:
            await spoken.invited(unit, newcomer, by=known.person.id)
            code = await spoken.give(unit, newcomer, now=NOW)
            await people.forget(unit, known.person.id)
            await unit.commit()

        listener = await _somebody(db, "3")
        async with db.unit() as unit:
            found = await spoken.heard(unit, listener, code=code, now=NOW)
            assert found is not None
            assert found.invited_by is None
            assert await invites.accept(unit, invite, now=NOW) == invites.Accepted(made_by=None)


class TestCodes:
    """Six digits, of which only a blind index is kept."""

    async def test_a_code_leads_to_whoever_told_it(self, db: Database) -> None:
        """Until there is a new one, it is used up, or a week is over."""
        speaker, listener = await _somebody(db, "1", Standing.NEWCOMER), await _somebody(db, "2")
        async with db.unit() as unit:
            before = await spoken.has_given(unit, speaker)
            first = await spoken.give(unit, speaker, now=NOW)
            second = await spoken.give(unit, speaker, now=NOW)
            found = [
                await spoken.heard(unit, listener, code=second, now=NOW),
                await spoken.heard(unit, listener, code=first, now=NOW),
                await spoken.heard(unit, listener, code=second, now=NOW + spoken.LASTS),
            ]
            await spoken.use_up(unit, speaker)
            found.append(await spoken.heard(unit, listener, code=second, now=NOW))
            after = await spoken.has_given(unit, speaker)

        expected = spoken.Speaker(person_id=speaker, standing=Standing.NEWCOMER, invited_by=None)
        assert found == [expected, None, None, None]
        assert (len(first), first.isdecimal(), before, after) == (spoken.DIGITS, True, False, False)

    async def test_after_too_many_wrong_ones_none_counts_for_a_while(self, db: Database) -> None:
        """Not even the right one; nobody can tell."""
        speaker, listener = await _somebody(db, "1", Standing.NEWCOMER), await _somebody(db, "2")
        async with db.unit() as unit:
            code = await spoken.give(unit, speaker, now=NOW)
            for _ in range(TRIES):
                assert await spoken.heard(unit, listener, code=code, now=NOW)
                await spoken.missed(unit, listener, now=NOW)
            await spoken.missed(unit, listener, now=NOW)
            locked = await spoken.heard(unit, listener, code=code, now=NOW + WINDOW - MINUTE)
            later = await spoken.heard(unit, listener, code=code, now=NOW + WINDOW)

        assert locked is None
        assert later is not None

    async def test_who_has_no_role_hears_nothing(self, db: Database) -> None:
        """However right the code is."""
        speaker = await _somebody(db, "1", Standing.NEWCOMER)
        async with db.unit() as unit:
            code = await spoken.give(unit, speaker, now=NOW)
            await spoken.missed(unit, speaker, now=NOW)

            assert await spoken.heard(unit, speaker, code=code, now=NOW) is None

    async def test_two_codes_are_never_alike(self, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        """One that is taken is drawn again."""
        one, two = await _somebody(db, "1"), await _somebody(db, "2")
        drawn = iter(["000001", "000001", "000002"])
        monkeypatch.setattr(spoken, "_fresh", lambda _: next(drawn))
        async with db.unit() as unit:
            codes = [await spoken.give(unit, one, now=NOW), await spoken.give(unit, two, now=NOW)]

        assert codes == ["000001", "000002"]


class TestAliases:
    """What a holder of a role is called at the desk."""

    async def test_an_alias_leads_to_its_holder_and_back(self, db: Database) -> None:
        """Of that role alone."""
        one, two = await _somebody(db, "1"), await _somebody(db, "2")
        async with db.reading() as reading:
            alias = await roles.alias_of(reading, one, Role.VOLUNTEER)
            assert alias is not None
            assert await roles.holder_of(reading, alias, Role.VOLUNTEER) == one
            assert await roles.holder_of(reading, alias, Role.ORGANIZER) is None
            assert await roles.alias_of(reading, one, Role.ORGANIZER) is None
            other = await roles.alias_of(reading, two, Role.VOLUNTEER)
            assert await roles.aliases(reading, Role.VOLUNTEER) == {one: alias, two: other}

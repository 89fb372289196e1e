"""Invitations and codes, held on SQLite and on PostgreSQL alike."""

import asyncio
from datetime import timedelta

import pytest

from bot.actions import role
from bot.actions.scene import Scene
from bot.model.person import Role
from bot.store import audit, invites, proof, roles
from bot.store.crypto import totp_code
from bot.store.db import Database
from bot.store.proof import Enrolment, Proof
from tests.store.shelf import MINUTE, NOW, meet

SECRET = b"twenty bytes of key!"
OTHER = b"another twenty bytes"
PAYLOAD = "a" * 26
DAY = timedelta(days=1)


def code(after: timedelta = timedelta(), *, secret: bytes = SECRET) -> str:
    """What the authenticator app shows."""
    return totp_code(secret, seconds=int((NOW + after).timestamp()))


async def _invited(db: Database) -> int:
    async with db.unit() as unit:
        await invites.make(unit, Role.ORGANIZER, payload=PAYLOAD, secret=SECRET, now=NOW)
        found = await invites.find(unit, PAYLOAD, now=NOW)
        await unit.commit()
    assert found is not None
    return found[0]


async def _joins(db: Database, number: str, invite: int, *, said: str | None = None) -> str:
    (known,) = await meet(db, number)
    async with db.unit() as unit:
        scene = Scene(unit=unit, person=known.person, addresses=known.addresses, now=NOW)
        outcome = await role.join(scene, {"invite": str(invite), "code": code() if said is None else said})
        await unit.commit()
    return outcome.name


async def _organizers(db: Database) -> int:
    async with db.reading() as reading:
        return len(await roles.holders(reading, Role.ORGANIZER))


async def _open(db: Database, after: timedelta = timedelta()) -> int:
    async with db.reading() as reading:
        return await invites.count_open(reading, Role.ORGANIZER, now=NOW + after)


class TestInvites:
    """A link and a secret, each worth nothing without the other."""

    async def test_link_and_code_make_an_organizer(self, db: Database) -> None:
        """And the act is in the audit under their alias; the invitation is gone."""
        joined = await _joins(db, "1", await _invited(db))

        (known,) = await meet(db, "1")
        async with db.reading() as reading:
            (entry,) = await audit.entries(reading)
            alias = await audit.alias_of(reading, known.person.id)
            left = await invites.find(reading, PAYLOAD, now=NOW)
        assert (joined, left) == ("joined", None)
        assert known.roles == {Role.ORGANIZER}
        assert (entry.act, entry.actor) == ("join", alias)

    async def test_twenty_at_once_make_one_organizer(self, db: Database) -> None:
        """All of them with the link and the right code: one joins, nineteen are told that it is gone."""
        invite = await _invited(db)
        ends = await asyncio.gather(*(_joins(db, str(number), invite) for number in range(20)))

        assert sorted(ends) == ["gone"] * 19 + ["joined"]
        assert await _organizers(db) == 1

    async def test_three_wrong_codes_burn_it(self, db: Database) -> None:
        """The right one comes too late then."""
        invite = await _invited(db)
        ends = [await _joins(db, "1", invite, said="000000") for _ in range(3)]

        assert [*ends, await _joins(db, "1", invite)] == ["wrong", "wrong", "gone", "gone"]
        assert await _organizers(db) == 0

    async def test_it_ends_after_seven_days(self, db: Database) -> None:
        """Then nobody finds it, and it does not count."""
        await _invited(db)

        async with db.reading() as reading:
            assert await invites.find(reading, PAYLOAD, now=NOW + 7 * DAY - MINUTE) is not None
            assert await invites.find(reading, PAYLOAD, now=NOW + 7 * DAY) is None
            assert await invites.find(reading, PAYLOAD[1:], now=NOW) is None
        assert (await _open(db), await _open(db, 7 * DAY)) == (1, 0)

    @pytest.mark.parametrize("said", ["{0}", " {0} ", "code: {0}", "\u200f{0}\u200f"])
    async def test_a_code_counts_however_it_is_typed(self, db: Database, said: str) -> None:
        """With blanks, words or marks around it."""
        assert await _joins(db, "1", await _invited(db), said=said.format(code())) == "joined"


class TestCodes:
    """The second factor of an organizer."""

    async def _organizer(self, db: Database, number: str = "1", secret: bytes = SECRET) -> int:
        (known,) = await meet(db, number)
        async with db.unit() as unit:
            await roles.grant(unit, known.person.id, Role.ORGANIZER, today=NOW.date())
            step = int(NOW.timestamp()) // 30
            await proof.enrol(unit, known.person.id, Enrolment(secret=secret, step=step))
            await unit.commit()
        return known.person.id

    async def _proves(self, db: Database, who: int, said: str, after: timedelta) -> Proof:
        async with db.unit() as unit:
            found = await proof.prove(unit, who, code=said, now=NOW + after)
            await unit.commit()
        return found

    async def _is_elevated(self, db: Database, who: int, after: timedelta) -> bool:
        async with db.reading() as reading:
            return await proof.is_elevated(reading, who, now=NOW + after)

    async def test_a_fresh_code_elevates_for_a_quarter_of_an_hour(self, db: Database) -> None:
        """And no longer."""
        who = await self._organizer(db)

        assert not await self._is_elevated(db, who, MINUTE)
        assert await self._proves(db, who, code(MINUTE), MINUTE) is Proof.PROVEN
        assert await self._is_elevated(db, who, 15 * MINUTE)
        assert not await self._is_elevated(db, who, 16 * MINUTE)

    async def test_a_code_is_taken_once(self, db: Database) -> None:
        """Not the one that enrolled, nor one that was used, nor one from before it."""
        who = await self._organizer(db)
        seconds = timedelta(seconds=30)

        assert await self._proves(db, who, code(), seconds) is Proof.WRONG
        assert await self._proves(db, who, code(4 * seconds), 4 * seconds) is Proof.PROVEN
        assert await self._proves(db, who, code(4 * seconds), 4 * seconds) is Proof.WRONG
        assert await self._proves(db, who, code(3 * seconds), 4 * seconds) is Proof.WRONG

    async def test_guesses_are_limited(self, db: Database) -> None:
        """After five wrong codes not even the right one is looked at, until a quarter of an hour has passed."""
        who = await self._organizer(db)
        wrong = [await self._proves(db, who, "0", MINUTE) for _ in range(5)]

        assert wrong == [Proof.WRONG] * 5
        assert await self._proves(db, who, code(2 * MINUTE), 2 * MINUTE) is Proof.TOO_MANY
        assert await self._proves(db, who, code(17 * MINUTE), 17 * MINUTE) is Proof.PROVEN

    async def test_a_right_code_forgives_the_wrong_ones(self, db: Database) -> None:
        """Counting begins anew."""
        who = await self._organizer(db)
        ends = [await self._proves(db, who, "0", MINUTE) for _ in range(4)]
        ends.append(await self._proves(db, who, code(MINUTE), MINUTE))
        ends += [await self._proves(db, who, "0", MINUTE) for _ in range(2)]

        assert ends == [Proof.WRONG] * 4 + [Proof.PROVEN] + [Proof.WRONG] * 2

    async def test_two_codes_are_two_people(self, db: Database) -> None:
        """A code names its organizer, each of them once."""
        one = await self._organizer(db)
        two = await self._organizer(db, "2", OTHER)
        found: list[int | None] = []
        async with db.unit() as unit:
            for said in (code(MINUTE), code(MINUTE), code(MINUTE, secret=OTHER)):
                who = await proof.prover(unit, code=said, now=NOW + MINUTE, besides=[i for i in found if i])
                found.append(who)

        assert found == [one, None, two]

    async def test_who_is_no_organizer_proves_nothing(self, db: Database) -> None:
        """Nor does one who never enrolled."""
        (nobody, bare) = await meet(db, "1", "2")
        async with db.unit() as unit:
            await roles.grant(unit, bare.person.id, Role.ORGANIZER, today=NOW.date())
            await unit.commit()

        assert await self._proves(db, nobody.person.id, code(MINUTE), MINUTE) is Proof.WRONG
        assert await self._proves(db, bare.person.id, code(MINUTE), MINUTE) is Proof.WRONG

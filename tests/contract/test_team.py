"""Taking an organizer's role back, on SQLite and on PostgreSQL alike: what ends with it, and two who do it at once."""

import asyncio

import pytest

from bot.actions import team
from bot.actions.scene import Scene
from bot.model.person import Platform, Role
from bot.model.proposal import Deed
from bot.model.queue import Keep, MessageRef
from bot.store import audit, invites, proof, proposals, refs, roles
from bot.store.db import Database
from bot.store.people import Known
from bot.store.proof import Enrolment
from bot.store.unit import Unit
from tests.store.shelf import MINUTE, NOW, meet

PAYLOAD = "a" * 26


async def _organizers(db: Database, *numbers: str) -> tuple[list[Known], dict[int, str]]:
    known = await meet(db, *numbers)
    async with db.unit() as unit:
        for one in known:
            await roles.grant(unit, one.person.id, Role.ORGANIZER, today=NOW.date())
        named = await roles.aliases(unit, Role.ORGANIZER)
        await unit.commit()
    return list(known), named


def _scene(unit: Unit, known: Known) -> Scene:
    given = frozenset({Role.ORGANIZER})
    return Scene(unit=unit, person=known.person, addresses=known.addresses, now=NOW, roles=given)


async def _revoke(db: Database, by: Known, peer: str) -> str:
    """What comes of it: an outcome, or that the turn failed and nothing of it was written."""
    async with db.unit() as unit:
        try:
            found = await team.revoke(_scene(unit, by), {"peer": peer})
        except (LookupError, KeyError):
            return "failed"
        await unit.commit()
    return found.name


@pytest.mark.parametrize("_", range(5))
async def test_of_two_who_revoke_each_other_at_once_one_stays(db: Database, _: int) -> None:
    """Nobody is left without anybody: whoever is written down first was the first."""
    (one, other, _third), named = await _organizers(db, "1", "2", "3")
    ends = await asyncio.gather(
        _revoke(db, one, named[other.person.id]), _revoke(db, other, named[one.person.id])
    )

    async with db.reading() as unit:
        left = await roles.holders(unit, Role.ORGANIZER)
        acts = await audit.entries(unit)
        assert await audit.breach(unit) is None
    assert sorted(ends) == ["failed", "revoked"]
    assert (len(left), len(acts)) == (2, 1)


async def test_a_proof_is_forgotten_with_the_role(db: Database) -> None:
    """Whoever comes back has to prove anew, with another key."""
    (one, other), named = await _organizers(db, "1", "2")
    who = other.person.id
    async with db.unit() as unit:
        await proof.enrol(unit, who, Enrolment(secret=b"s" * 20, step=0))
        await unit.change(proof._USE, {"who": who, "step": 1, "until": 10**15})
        before = await proof.is_elevated(unit, who, now=NOW)
        await unit.commit()
    await _revoke(db, one, named[who])
    async with db.unit() as unit:
        await roles.grant(unit, who, Role.ORGANIZER, today=NOW.date())
        after = await proof.is_elevated(unit, who, now=NOW)

    assert (before, after) == (True, False)


async def test_what_they_asked_for_and_whom_they_invited_ends(db: Database) -> None:
    """What others did stays."""
    (one, other), named = await _organizers(db, "1", "2")
    async with db.unit() as unit:
        for known, payload in ((one, "a" * 26), (other, "b" * 26)):
            by = known.person.id
            await proposals.propose(unit, Deed.ADD_ORGANIZER, proposer=named[by], now=NOW)
            await invites.make(unit, Role.VOLUNTEER, payload=payload, secret=b"s" * 20, now=NOW, made_by=by)
        await unit.commit()
    await _revoke(db, one, named[other.person.id])

    async with db.reading() as unit:
        left = await proposals.all_open(unit, now=NOW)
        found = [await invites.find(unit, payload, now=NOW) for payload in ("a" * 26, "b" * 26)]
    assert [each.proposer for each in left] == [named[one.person.id]]
    assert [each is not None for each in found] == [True, False]


async def test_what_the_desk_showed_them_leaves_their_chat_now(db: Database) -> None:
    """And not after a day; what was not sensitive stays."""
    (one, other), named = await _organizers(db, "1", "2")
    said = [
        MessageRef(
            address_id=other.addresses[0].id,
            person_id=other.person.id,
            platform=Platform.TELEGRAM,
            message_id=number,
            keep=keep,
            sent_at=NOW - MINUTE,
        )
        for number, keep in (("1", Keep.SENSITIVE), ("2", Keep.CHAT))
    ]
    async with db.unit() as unit:
        await refs.remember(unit, said)
        await unit.commit()
    await _revoke(db, one, named[other.person.id])

    async with db.unit() as unit:
        due = await refs.due(unit, now=NOW, chats=9)
    assert [each.message_id for each in due.values()] == ["1"]


async def test_the_last_two_can_part_and_one_is_told_what_is_left(db: Database) -> None:
    """Who was taken the role hears of a change, and the outcome names what one can still do."""
    (one, other), named = await _organizers(db, "1", "2")

    assert await _revoke(db, one, named[other.person.id]) == "alone"
    async with db.reading() as unit:
        assert await roles.holders(unit, Role.ORGANIZER) == [one.person.id]

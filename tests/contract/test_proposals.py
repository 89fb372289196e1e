"""What takes two organizers, held on SQLite and on PostgreSQL alike."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import update

from bot.model.audit import CONSOLE
from bot.model.person import Role
from bot.model.proposal import Deed, Proposal, Verdict, Vote, content_hash
from bot.store import proposals, retention, roles, tables
from bot.store.db import Database
from tests.store.shelf import MINUTE, NOW, meet

FIRST, SECOND = "1001", "1002"
APPROVED: Final = Verdict.APPROVED
REFUSED: Final = Verdict.REFUSED


async def team(db: Database) -> tuple[str, str]:
    """Two organizers, as the audit names them."""
    one, other = await meet(db, FIRST, SECOND)
    async with db.unit() as unit:
        for known in (one, other):
            await roles.grant(unit, known.person.id, Role.ORGANIZER, today=NOW.date())
        named = await roles.aliases(unit, Role.ORGANIZER)
        await unit.commit()
    return named[one.person.id], named[other.person.id]


async def proposed(db: Database, by: str) -> Proposal:
    """Somebody asks for one more organizer."""
    async with db.unit() as unit:
        one = await proposals.propose(unit, Deed.ADD_ORGANIZER, proposer=by, now=NOW, inputs={"n": "1"})
        await unit.commit()
    return one


async def voted(
    db: Database, one: Proposal, by: str, verdict: Verdict = APPROVED, *, after: timedelta = MINUTE
) -> bool:
    """Whether a vote for exactly this content decides it."""
    vote = Vote(verdict=verdict, by=by, content=one.content)
    async with db.unit() as unit:
        found = await proposals.decide(unit, one.id, vote=vote, now=NOW + after)
        await unit.commit()
    return found is not None


async def waiting(db: Database, after: timedelta = MINUTE) -> list[int]:
    """What is open."""
    async with db.reading() as unit:
        return [one.id for one in await proposals.all_open(unit, now=NOW + after)]


async def test_a_second_organizer_approves_what_the_first_asked_for(db: Database) -> None:
    """It reads back as it was made, and is over then."""
    first, second = await team(db)
    one = await proposed(db, first)
    async with db.reading() as unit:
        (found,) = await proposals.all_open(unit, now=NOW)

    assert found == one
    assert await voted(db, one, second)
    assert await waiting(db) == []


async def test_nobody_approves_their_own(db: Database) -> None:
    """They may take it back."""
    first, _ = await team(db)
    one = await proposed(db, first)

    assert not await voted(db, one, first)
    assert await waiting(db) == [one.id]
    assert await voted(db, one, first, REFUSED)


@pytest.mark.parametrize("again", [APPROVED, REFUSED])
@pytest.mark.parametrize("before", [APPROVED, REFUSED])
async def test_a_vote_can_not_be_replayed(db: Database, before: Verdict, again: Verdict) -> None:
    """What is decided is decided."""
    first, second = await team(db)
    one = await proposed(db, first)

    assert await voted(db, one, second, before)
    assert not await voted(db, one, second, again)


async def test_twenty_votes_at_once_decide_once(db: Database) -> None:
    """One of them counts."""
    first, second = await team(db)
    one = await proposed(db, first)
    ends = await asyncio.gather(*(voted(db, one, second) for _ in range(20)))

    assert sum(ends) == 1


async def lapsed(db: Database, one: Proposal) -> bool:
    """Whether it came to its end without an answer."""
    async with db.reading() as unit:
        return await proposals.is_unanswered(unit, one.id)


@pytest.mark.parametrize("verdict", Verdict)
async def test_what_was_answered_does_not_end_without_an_answer(db: Database, verdict: Verdict) -> None:
    """Whatever the answer was; nor does what there never was."""
    first, second = await team(db)
    one = await proposed(db, first)
    before = await lapsed(db, one)

    assert await voted(db, one, second, verdict)
    assert (before, await lapsed(db, one), await lapsed(db, replace(one, id=5))) == (True, False, False)


@pytest.mark.parametrize("verdict", Verdict)
async def test_after_half_an_hour_nothing_decides_it(db: Database, verdict: Verdict) -> None:
    """Up to then it can be."""
    first, second = await team(db)
    one = await proposed(db, first)

    assert not await voted(db, one, second, verdict, after=30 * MINUTE)
    assert await waiting(db, 30 * MINUTE) == []
    assert await voted(db, one, second, verdict, after=29 * MINUTE)


async def test_edited_content_is_not_what_was_approved(db: Database) -> None:
    """Whether the note of it was changed, or what it would do."""
    first, second = await team(db)
    one, other = await proposed(db, first), await proposed(db, first)
    async with db.unit() as unit:
        edited = content_hash(Deed.ADD_ORGANIZER, {"n": "2"})
        of_one = update(tables.proposal).where(tables.proposal.c.id == one.id)
        await unit.change(of_one.values(content=edited))
        third = await proposals.propose(unit, Deed.ADD_ORGANIZER, proposer=first, now=NOW, inputs={"n": "2"})
        of_third = update(tables.proposal).where(tables.proposal.c.id == third.id)
        await unit.change(of_third.values(content=other.content))
        await unit.commit()

    assert not await voted(db, one, second)
    async with db.unit() as unit:
        vote = Vote(verdict=APPROVED, by=second, content=other.content)
        assert await proposals.decide(unit, third.id, vote=vote, now=NOW) is None


async def test_what_somebody_asked_ends_with_their_role(db: Database) -> None:
    """Their phone may be why the role was taken."""
    first, second = await team(db)
    one = await proposed(db, first)
    async with db.unit() as unit:
        await roles.revoke(unit, await roles.holder_of(unit, first, Role.ORGANIZER) or 0, Role.ORGANIZER)
        await unit.commit()

    assert await waiting(db) == []
    assert not await lapsed(db, one)
    assert not await voted(db, one, second)


async def test_what_the_terminal_asks_an_organizer_approves(db: Database) -> None:
    """It has no role to lose."""
    first, _ = await team(db)
    one = await proposed(db, CONSOLE)

    assert await waiting(db) == [one.id]
    assert await voted(db, one, first)


async def test_a_proposal_is_kept_for_a_day(db: Database) -> None:
    """What is left of it is in the audit."""
    first, _ = await team(db)
    await proposed(db, first)
    left = []
    for hours in (24, 25):
        async with db.unit() as unit:
            await retention.sweep(unit, now=NOW + timedelta(hours=hours))
            left.append(len(await unit.fetch(tables.proposal.select())))

    assert left == [1, 0]

"""Cases and their offers, held on SQLite and on PostgreSQL alike: what is contested is one statement on one row."""

import asyncio
from datetime import date, timedelta

import pytest

from bot.model.case import FOLLOWS, HELD, OPEN, Case, CaseState, Need, OfferState, Side
from bot.model.person import Language
from bot.model.queue import Lane, LaneKind, Timer
from bot.store import caseload, cases, offers, people, tables, timers
from bot.store.cases import Names
from bot.store.db import Database
from bot.store.unit import Unit
from tests.store.shelf import NOW, meet

NAMES = Names(person="lotus", volunteer="limon")
LATER = NOW + timedelta(minutes=5)


async def opened(db: Database, person_id: int, *, need: Need = Need.BUDDY, on: date | None = None) -> Case:
    """A new case of theirs."""
    async with db.unit() as unit:
        found = await cases.open_case(unit, person_id, need=need, language=Language.HEBREW, now=NOW, on=on)
        await unit.commit()
    assert found is not None
    return found


async def offered(db: Database, case: Case, *volunteers: int) -> None:
    """The case is offered to these."""
    async with db.unit() as unit:
        assert await cases.change(unit, case, CaseState.OFFERED, now=NOW)
        await offers.make(unit, case.id, volunteers, epoch=case.epoch, now=NOW)
        await unit.commit()


async def claimed(db: Database, case_id: int, volunteer_id: int) -> Case | None:
    """What a volunteer's turn gets when they accept."""
    async with db.unit() as unit:
        found = await cases.claim(unit, case_id, volunteer_id, names=NAMES, now=LATER)
        await unit.commit()
    return found


async def loaded(db: Database, case_id: int) -> Case:
    """The case as it is now."""
    async with db.reading() as reading:
        found = await cases.load(reading, case_id)
    assert found is not None
    return found


async def states(unit: Unit, case_id: int) -> dict[int, OfferState]:
    """What became of the offers of a case, by volunteer."""
    return {one.volunteer_id: one.state for one in await offers.of_case(unit, case_id)}


async def test_a_person_has_one_open_case_a_need(db: Database) -> None:
    """A second one opens nothing; another need, or another person, does."""
    first = await opened(db, 1)

    async with db.unit() as unit:
        again = await cases.open_case(unit, 1, need=Need.BUDDY, language=Language.ENGLISH, now=LATER)
        other = await cases.open_case(unit, 1, need=Need.LEGAL, language=Language.ENGLISH, now=LATER)
        others = await cases.open_case(unit, 2, need=Need.BUDDY, language=Language.ENGLISH, now=LATER)
        await unit.commit()

    assert again is None
    assert other
    assert others
    async with db.reading() as reading:
        assert await cases.of_person(reading, 1) == [first, other]


async def test_after_a_case_has_ended_the_same_need_can_be_asked_for_again(db: Database) -> None:
    """The old one is no longer among the open ones, and nobody can end it twice."""
    first = await opened(db, 1)
    async with db.unit() as unit:
        assert await cases.close(unit, first, now=LATER)
        assert not await cases.close(unit, first, now=LATER)
        await unit.commit()

    second = await opened(db, 1)

    async with db.reading() as reading:
        assert await cases.of_person(reading, 1) == [second]
        assert (await loaded(db, first.id)).state is CaseState.CLOSED


async def test_of_fifty_who_accept_at_once_exactly_one_has_the_case(db: Database) -> None:
    """The others change nothing."""
    case = await opened(db, 1)
    volunteers = range(100, 150)
    await offered(db, case, *volunteers)

    won = [
        found for found in await asyncio.gather(*(claimed(db, case.id, one) for one in volunteers)) if found
    ]

    assert len(won) == 1
    (case,) = won
    assert (case.state, case.epoch) == (CaseState.CLAIMED, 1)
    assert await loaded(db, case.id) == case
    async with db.reading() as reading:
        assert await cases.of_volunteer(reading, case.volunteer_id or 0) == [case]


async def test_only_who_was_asked_can_accept(db: Database) -> None:
    """Not who was not asked, not who passed, not the person themselves, and nobody once it has ended."""
    case = await opened(db, 1)
    await offered(db, case, 1, 2, 3)
    async with db.unit() as unit:
        await offers.answer(unit, case.id, 2, state=OfferState.PASSED)
        await unit.commit()

    assert [await claimed(db, case.id, one) for one in (1, 2, 4)] == [None, None, None]

    async with db.unit() as unit:
        assert await cases.close(unit, case, now=LATER)
        await unit.commit()
    assert await claimed(db, case.id, 3) is None


async def test_a_freed_case_has_another_epoch_and_its_next_names_are_others(db: Database) -> None:
    """So nothing said before is delivered any more, and whoever comes next starts under a new name."""
    case = await opened(db, 1)
    await offered(db, case, 2)
    held = await claimed(db, case.id, 2)
    assert held is not None

    async with db.unit() as unit:
        assert await cases.free(unit, held, now=LATER)
        assert not await cases.free(unit, held, now=LATER)
        await offers.answer(unit, case.id, 2, state=OfferState.GIVEN_BACK)
        await offers.make(unit, case.id, [2, 3], epoch=2, now=LATER)
        await offers.answer(unit, case.id, 2, state=OfferState.PASSED)
        await unit.commit()

    freed = await loaded(db, case.id)
    assert (freed.state, freed.epoch, freed.volunteer_id) == (CaseState.HANDED_BACK, 2, None)
    assert (freed.person_name, freed.volunteer_name) == (held.person_name, held.volunteer_name)
    async with db.reading() as reading:
        assert await states(reading, case.id) == {2: OfferState.GIVEN_BACK, 3: OfferState.OPEN}


async def test_once_somebody_has_it_the_other_offers_are_settled(db: Database) -> None:
    """Who passed stays as they are."""
    case = await opened(db, 1)
    await offered(db, case, 2, 3, 4)
    async with db.unit() as unit:
        await offers.answer(unit, case.id, 2, state=OfferState.ACCEPTED)
        await offers.answer(unit, case.id, 3, state=OfferState.PASSED)
        await offers.settle(unit, case.id)
        found = await states(unit, case.id)
        await offers.forget(unit, case.id)
        left = await states(unit, case.id)

    assert found == {2: OfferState.ACCEPTED, 3: OfferState.PASSED, 4: OfferState.TAKEN}
    assert left == {}


@pytest.mark.parametrize("state", CaseState)
async def test_a_case_becomes_only_what_may_follow(db: Database, state: CaseState) -> None:
    """Every state against every other, as the table says."""
    became = set()
    case = await opened(db, 1)
    for to in CaseState:
        async with db.unit() as unit:
            await unit.change(tables.case.update().values(state=state.value))
            if await cases.change(unit, case, to, now=LATER):
                became.add(to)

    assert became == FOLLOWS[state]
    assert (state in OPEN) == bool(FOLLOWS[state])


async def test_all_that_a_volunteer_took_in_a_day_is_counted(db: Database) -> None:
    """What they have, what has ended and what they gave back; not what they took before, or others have."""
    for person in range(1, 6):
        case = await opened(db, person)
        await offered(db, case, 7, 8)
        held = await claimed(db, case.id, 8 if person == 5 else 7)
        assert held
        async with db.unit() as unit:
            if person == 1:
                assert await cases.close(unit, held, now=LATER)
            if person == 2:
                assert await cases.free(unit, held, now=LATER)
                await offers.answer(unit, case.id, 7, state=OfferState.GIVEN_BACK)
            await unit.commit()

    async with db.reading() as reading:
        assert await caseload.spent(reading, since=NOW - timedelta(days=1), limit=4) == {7}
        assert await caseload.spent(reading, since=NOW - timedelta(days=1), limit=5) == frozenset()
        assert await caseload.spent(reading, since=NOW - timedelta(days=1), limit=1) == {7, 8}
        assert await caseload.spent(reading, since=LATER, limit=1) == frozenset()


async def test_forgetting_a_person_takes_their_cases_with_them(db: Database) -> None:
    """And with the cases what they were offered to and their timers; a volunteer leaves the case of another."""
    one, other = await meet(db, "1", "2")
    theirs, others = await opened(db, one.person.id, on=NOW.date()), await opened(db, other.person.id)
    await offered(db, theirs, other.person.id)
    await offered(db, others, one.person.id)
    assert await claimed(db, others.id, one.person.id)
    timer = Timer(lane=Lane(kind=LaneKind.CASE, id=theirs.id), kind="offer", due_at=LATER, version="1")
    async with db.unit() as unit:
        await timers.put(unit, [timer], now=NOW)
        await people.forget(unit, one.person.id)
        await unit.commit()

    async with db.reading() as reading:
        assert await cases.load(reading, theirs.id) is None
        assert await states(reading, theirs.id) == {}
        assert await states(reading, others.id) == {}
        assert await timers.next_due(reading) is None
        assert (await loaded(db, others.id)).volunteer_id is None


async def test_all_open_cases_are_counted_without_saying_whose(db: Database) -> None:
    """By state and by volunteer; what nobody has waits, the oldest first, and what nothing wakes is adrift."""
    first, second, third = await opened(db, 1), await opened(db, 2), await opened(db, 3)
    await offered(db, second, 7)
    assert await claimed(db, second.id, 7)
    async with db.unit() as unit:
        await cases.close(unit, third, now=LATER)
        await unit.commit()

    async with db.reading() as reading:
        assert await caseload.busy(reading) == {7: 1}
        assert [one.id for one in await caseload.waiting(reading)] == [first.id]
        assert {one.id for one in await caseload.adrift(reading)} == {first.id, second.id}
        assert await caseload.standing(reading) == {CaseState.WAITING: 1, CaseState.CLAIMED: 1}


def test_a_side_of_a_case_knows_the_other_by_its_name() -> None:
    """And whoever has no part in it has no side."""
    case = Case(
        id=9,
        person_id=1,
        need=Need.BUDDY,
        language=Language.HEBREW,
        state=CaseState.CONNECTED,
        epoch=1,
        opened_at=NOW,
        volunteer_id=2,
        person_name="lotus",
        volunteer_name="limon",
    )

    assert case.state in HELD
    assert [case.side(who) for who in (1, 2, 3)] == [Side.PERSON, Side.VOLUNTEER, None]
    assert [case.who(side) for side in Side] == [1, 2]
    assert [case.name_for(side) for side in Side] == ["limon", "lotus"]
    assert [side.other for side in Side] == [Side.VOLUNTEER, Side.PERSON]

"""The ledger of consents, held on SQLite and on PostgreSQL alike."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from bot.model.consent import Consent, ConsentText, Method, Purpose, Standing
from bot.model.person import Language
from bot.model.queue import Guard, Lane, LaneKind, Timer
from bot.store import consents, people, retention, tables, timers
from bot.store.db import Database
from bot.store.outbox import Refusal
from tests.store.shelf import NOW, Shelf, call, enqueue, meet, take, texts

TODAY: Final = NOW.date()
OLD, NEW = "a" * 64, "b" * 64
BUDDY: Final = Consent(
    purpose=Purpose.BUDDY, text=OLD, language=Language.HEBREW, method=Method.BUTTON, given_on=TODAY
)


async def shown(db: Database, text: str = OLD, *purposes: str) -> bool:
    """These words are shown for the purposes from now on; whether that changed anything."""
    words = [
        ConsentText(purpose=one, shown="a.b", text=text)
        for one in purposes or (Purpose.BUDDY, Purpose.CHECKIN)
    ]
    async with db.unit() as unit:
        changed = await consents.publish(unit, words)
        await unit.commit()
    return changed


async def given(db: Database, person_id: int, *some: Consent) -> None:
    """The person agrees."""
    async with db.unit() as unit:
        for one in some or (BUDDY,):
            await consents.give(unit, person_id, given=one)
        await unit.commit()


async def withdrawn(db: Database, person_id: int, *purposes: str, today: date = TODAY) -> int:
    """The person takes it back."""
    async with db.unit() as unit:
        count = await consents.withdraw(unit, person_id, purposes=purposes, today=today)
        await unit.commit()
    return count


async def stands(db: Database, person_id: int, purpose: str = Purpose.BUDDY) -> tuple[Standing, bool]:
    """How the purpose stands, and whether it may be acted on."""
    async with db.reading() as unit:
        return (
            await consents.standing(unit, person_id, purpose),
            await consents.may(unit, person_id, purpose),
        )


async def test_nothing_is_given_by_silence(db: Database) -> None:
    """Nor by another purpose, nor by somebody else."""
    one, other = await meet(db, "1", "2")
    await shown(db)
    await given(db, one.person.id)

    assert await stands(db, one.person.id) == (Standing.GIVEN, True)
    assert await stands(db, one.person.id, Purpose.CHECKIN) == (Standing.NONE, False)
    assert await stands(db, other.person.id) == (Standing.NONE, False)


async def test_what_is_taken_back_stays_taken_back(shelf: Shelf) -> None:
    """After the process has ended too; it can be given again, as a record of its own."""
    async with shelf.opened() as db:
        (one,) = await meet(db, "1")
        await shown(db)
        await given(db, one.person.id)
        counts = [await withdrawn(db, one.person.id, Purpose.BUDDY) for _ in range(2)]
    async with shelf.opened() as db:
        await shown(db)
        assert await stands(db, one.person.id) == (Standing.WITHDRAWN, False)
        await given(db, one.person.id)
        assert await stands(db, one.person.id) == (Standing.GIVEN, True)
        async with db.reading() as unit:
            found = await consents.of_person(unit, one.person.id)

    assert counts == [1, 0]
    assert sorted(str(one.withdrawn_on) for one in found) == ["2026-11-24", "None"]
    assert len({one.receipt for one in found}) == 2


async def test_words_that_changed_end_older_consent(db: Database) -> None:
    """Until the same words are shown again, or the person agrees to the new ones."""
    (one,) = await meet(db, "1")
    await shown(db)
    await given(db, one.person.id)

    changes = [await shown(db, NEW), await shown(db, NEW)]
    assert await stands(db, one.person.id) == (Standing.CHANGED, False)
    await given(db, one.person.id, replace(BUDDY, text=NEW))
    assert await stands(db, one.person.id) == (Standing.GIVEN, True)
    assert changes == [True, False]


async def test_agreeing_twice_is_one_record(db: Database) -> None:
    """The first one is kept, with its day and its receipt."""
    (one,) = await meet(db, "1")
    await given(db, one.person.id, BUDDY, replace(BUDDY, given_on=TODAY + timedelta(days=3)))

    async with db.reading() as unit:
        (found,) = await consents.of_person(unit, one.person.id)

    assert found == replace(BUDDY, receipt=found.receipt)
    assert len(found.receipt) == 12


async def test_taking_back_nothing_takes_back_nothing(db: Database) -> None:
    """No purpose named, none ended."""
    (one,) = await meet(db, "1")
    await given(db, one.person.id)

    assert await withdrawn(db, one.person.id) == 0


async def test_a_record_names_its_person_by_a_random_number_only(db: Database) -> None:
    """Neither the person's own number nor the receipt stands in it."""
    (one,) = await meet(db, "1")
    await given(db, one.person.id, BUDDY, replace(BUDDY, purpose=Purpose.CHECKIN))

    async with db.reading() as unit:
        rows = await unit.fetch(select(tables.consent))
        receipts = [found.receipt for found in await consents.of_person(unit, one.person.id)]
    values = {str(value) for row in rows for value in row}

    assert len({row.subject for row in rows}) == 1
    assert not values & {str(one.person.id), *receipts}


async def test_a_call_bound_to_a_purpose_is_refused_without_it(db: Database) -> None:
    """Asked in the claim, so that taking back works up to the last moment; what is bound to none leaves."""
    one, other = await meet(db, "1", "2")
    await shown(db)
    await given(db, one.person.id)
    await given(db, other.person.id)
    bound = Guard(purpose=Purpose.BUDDY)
    await enqueue(db, replace(call(one, "taken back"), guard=bound), call(one, "free"))
    await enqueue(db, replace(call(other, "agreed"), guard=bound))
    await withdrawn(db, one.person.id, Purpose.BUDDY)

    claim = await take(db)

    assert sorted(texts(claim)) == ["agreed", "free"]
    assert [refused.refusal for refused in claim.refused] == [Refusal.GUARD]


async def test_a_timer_bound_to_a_purpose_only_goes_without_it(db: Database) -> None:
    """To words that have changed it still fires, so that its person can be asked again."""
    one, other = await meet(db, "1", "2")
    await given(db, one.person.id)
    await given(db, other.person.id)
    await withdrawn(db, one.person.id, Purpose.BUDDY)
    wanted = [
        Timer(
            lane=Lane(kind=LaneKind.PERSON, id=known.person.id),
            kind=str(purpose),
            due_at=NOW,
            version="1",
            purpose=purpose,
        )
        for known in (one, other)
        for purpose in (Purpose.BUDDY, None)
    ]
    async with db.unit() as unit:
        await timers.put(unit, wanted, now=NOW)
        moved = await timers.move_due(unit, now=NOW, limit=9, of_cases=9)
        left = await unit.fetch(select(tables.timer))
        fired = await unit.fetch(select(tables.inbox.c.lane_id))

    assert (moved, left) == (4, [])
    assert sorted(row.lane_id for row in fired) == sorted([one.person.id, other.person.id, other.person.id])


async def test_what_was_taken_back_goes_after_thirty_days(db: Database) -> None:
    """What still holds stays for as long as its person."""
    (one,) = await meet(db, "1")
    await given(db, one.person.id, BUDDY, replace(BUDDY, purpose=Purpose.CHECKIN))
    await withdrawn(db, one.person.id, Purpose.BUDDY)

    left = []
    for days in (29, 30):
        async with db.unit() as unit:
            await retention.sweep(unit, now=NOW + timedelta(days=days))
            left.append(sorted(found.purpose for found in await consents.of_person(unit, one.person.id)))

    assert left == [["buddy", "checkin"], ["checkin"]]


async def test_only_what_others_rely_on_keeps_an_idle_person(db: Database) -> None:
    """A consent to a volunteer ends with its person; one to the letter, or to notices, keeps the way to them."""
    known = await meet(db, "1", "2", "3")
    purposes = (Purpose.BUDDY, Purpose.LETTER_NAME, "notice:protest")
    for one, purpose in zip(known, purposes, strict=True):
        await given(db, one.person.id, replace(BUDDY, purpose=purpose))

    async with db.unit() as unit:
        await retention.sweep(unit, now=NOW + timedelta(days=91))
        left = await people.load(unit, [one.person.id for one in known])
        records = await unit.fetch(select(tables.consent.c.purpose))

    assert sorted(left) == sorted(one.person.id for one in known[1:])
    assert sorted(row.purpose for row in records) == ["letter_name", "notice:protest"]

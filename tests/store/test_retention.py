"""What has lived its time goes, and what has not stays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.engine.session import Session
from bot.model.case import Need, OfferState
from bot.model.expiry import Expiry
from bot.model.kept import DataClass
from bot.model.person import Language, Role
from bot.model.queue import Cause, DeadLetter, Ending, Keep, Lane, LaneKind, Settlement, Timer
from bot.model.retention import BY_CLASS, RETENTION, lifetime
from bot.model.volunteer import Standing, Volunteer
from bot.store import (
    cases,
    expiries,
    inbox,
    keys,
    lines,
    offers,
    outbox,
    people,
    refs,
    retention,
    roles,
    sessions,
    tables,
    timers,
    volunteers,
)
from bot.store.db import Database
from bot.store.lines import Copy
from bot.store.outbox import Refusal
from tests.store.shelf import NOW, call, enqueue, event, meet, receive, take

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


async def _sweep(db: Database, after: timedelta) -> dict[DataClass, int]:
    async with db.unit() as unit:
        removed = await retention.sweep(unit, now=NOW + after)
        await unit.commit()
    return {data: count for data, count in removed.items() if count}


async def _oldest(db: Database, after: timedelta) -> dict[DataClass, float]:
    async with db.reading() as reading:
        return await retention.oldest(reading, now=NOW + after)


class TestTable:
    """The one table of lifetimes."""

    def test_every_class_is_in_it_once(self) -> None:
        """Nothing is kept that is not in the table."""
        assert [kept.data for kept in RETENTION] == list(DataClass)
        assert len({kept.words for kept in RETENTION}) == len(DataClass)

    def test_every_table_of_the_databases_is_in_it(self) -> None:
        """A table without a class holds nothing about people, and says so here."""
        impersonal = {"memo", "pause", "alert", "consent_text"}
        with_their_person = {"address"}
        named = {kept.table for kept in RETENTION}

        everything = set(tables.metadata.tables) | set(keys.metadata.tables)
        assert everything - named == impersonal | with_their_person

    def test_what_ends_by_itself_has_no_lifetime(self) -> None:
        """Asking for the lifetime of a class without one is a mistake."""
        assert BY_CLASS[DataClass.TIMER].sooner
        with pytest.raises(ValueError, match="timer"):
            lifetime(DataClass.TIMER)


class TestSweep:
    """One sweep per class, at its time and not before."""

    async def test_an_empty_database_is_swept(self, db: Database) -> None:
        """At the very first start there is nothing to remove, and nothing old."""
        assert await _sweep(db, DAY) == {}
        assert await _oldest(db, DAY) == {}

    async def test_an_open_event_loses_its_body_and_stays_to_be_told(self, db: Database) -> None:
        """After a day the words go; the row is still handled, so its person hears of it."""
        await receive(db, event(1, "a", b"words"))

        assert DataClass.EVENT_BODY not in await _sweep(db, DAY)
        assert (await _sweep(db, DAY + SECOND))[DataClass.EVENT_BODY] == 1

        async with db.unit() as unit:
            (row,) = await inbox.claim(unit, now=NOW + 2 * DAY, limit=9)
        assert row.body is None

    async def test_the_tag_of_a_handled_event_outlives_it_two_days(self, db: Database) -> None:
        """A redelivery is known for 48 hours, then forgotten."""
        await receive(db, event(1, "a"))
        async with db.unit() as unit:
            (row,) = await inbox.claim(unit, now=NOW, limit=9)
            await inbox.finish(unit, [row.id], now=NOW)
            await unit.commit()

        await _sweep(db, 2 * DAY)
        assert not await receive(db, event(1, "a"))
        assert (await _sweep(db, 2 * DAY + SECOND))[DataClass.EVENT_TAG] == 1
        assert await receive(db, event(1, "a")) == {0}

    async def test_an_undelivered_call_is_wiped_and_refused_with_its_sender(self, db: Database) -> None:
        """After a day its words go; the claim tells who sent it."""
        (one,) = await meet(db, "1")
        await enqueue(db, replace(call(one), sender_id=5))

        assert (await _sweep(db, DAY + SECOND))[DataClass.CALL_BODY] == 1

        claim = await take(db, at=NOW + DAY + SECOND)
        assert (claim.deliveries, [(r.sender_id, r.refusal) for r in claim.refused]) == (
            (),
            [(5, Refusal.WIPED)],
        )

    async def test_which_message_of_a_line_is_which_is_known_for_two_days(self, db: Database) -> None:
        """Then nothing links the two sides' chats any more."""
        (one,) = await meet(db, "1")
        who, address = one.person.id, one.addresses[0].id
        copy = Copy(line=1, case_id=2, address_id=address, person_id=who, message_id="9")
        async with db.unit() as unit:
            await lines.remember(unit, copy, now=NOW)
            await unit.commit()

        await _sweep(db, 2 * DAY)
        async with db.unit() as unit:
            assert await lines.copy_of(unit, 1, who) == copy
        assert (await _sweep(db, 2 * DAY + SECOND))[DataClass.LINE_MESSAGE] == 1

    async def test_message_references_go_after_two_days(self, db: Database) -> None:
        """Then the platforms no longer delete for everybody."""
        (one,) = await meet(db, "1")
        await enqueue(db, call(one, keep=Keep.SENSITIVE))
        (delivery,) = (await take(db)).deliveries
        async with db.unit() as unit:
            done = Settlement(delivery=delivery, ending=Ending.SENT, message_id="m")
            await outbox.settle(unit, [done], now=NOW)
            await unit.commit()

        await _sweep(db, 2 * DAY)
        async with db.unit() as unit:
            assert len(await refs.of_people(unit, [one.person.id])) == 1
        assert (await _sweep(db, 2 * DAY + SECOND))[DataClass.MESSAGE_REF] == 1

    async def test_a_newcomer_nobody_vouched_for_goes_after_two_weeks(self, db: Database) -> None:
        """A volunteer who joined on the same day stays."""
        one, two = await meet(db, "1", "2")
        async with db.unit() as unit:
            for known, standing in ((one, Standing.NEWCOMER), (two, Standing.PROBATION)):
                joining = Volunteer(
                    id=known.person.id,
                    standing=standing,
                    languages=frozenset(),
                    needs=frozenset(),
                    capacity=1,
                )
                await volunteers.add(unit, joining, today=NOW.date())
            await unit.commit()

        assert DataClass.NEWCOMER not in await _sweep(db, 13 * DAY)
        assert (await _sweep(db, 14 * DAY))[DataClass.NEWCOMER] == 1
        async with db.reading() as reading:
            assert [left.id for left in await volunteers.everyone(reading)] == [two.person.id]

    async def test_a_session_goes_after_two_weeks(self, db: Database) -> None:
        """Its person stays."""
        (one,) = await meet(db, "1")
        async with db.unit() as unit:
            await sessions.save(unit, {one.person.id: Session()}, today=NOW.date())
            await unit.commit()

        assert await _sweep(db, 13 * DAY) == {}
        assert await _sweep(db, 14 * DAY) == {DataClass.SESSION: 1}
        assert (await meet(db, "1"))[0].person == one.person

    async def test_dead_letters_lose_their_words_first(self, db: Database) -> None:
        """The body goes after a day, the class of the error after thirty."""
        await receive(db, event(1, "a"))
        async with db.unit() as unit:
            (row,) = await inbox.claim(unit, now=NOW, limit=9)
            letter = DeadLetter(row_id=row.id, lane=row.lane, cause=Cause.FAILED, error="E", died_at=NOW)
            await inbox.bury(unit, [letter])
            await unit.commit()

        assert DataClass.DEAD_BODY not in await _sweep(db, DAY)
        assert (await _sweep(db, DAY + SECOND))[DataClass.DEAD_BODY] == 1
        assert DataClass.DEAD_LETTER not in await _sweep(db, 30 * DAY)
        assert (await _sweep(db, 30 * DAY + SECOND))[DataClass.DEAD_LETTER] == 1

    async def test_words_that_failed_go_as_soon_as_those_in_their_chat(self, db: Database) -> None:
        """Where its person chose less than a day; a longer time keeps nothing longer."""
        hour, month = await meet(db, "1", "2")
        for known, seconds in ((hour, 3600), (month, 2_419_200)):
            await receive(db, event(known.person.id, str(seconds)))
            async with db.unit() as unit:
                await expiries.keep(unit, known.addresses[0].id, Expiry(now=seconds))
                (row,) = await inbox.claim(unit, now=NOW, limit=9)
                letter = DeadLetter(row_id=row.id, lane=row.lane, cause=Cause.FAILED, error="E", died_at=NOW)
                await inbox.bury(unit, [letter])
                await unit.commit()

        assert DataClass.DEAD_BODY not in await _sweep(db, timedelta(hours=1))
        assert (await _sweep(db, timedelta(hours=1) + SECOND))[DataClass.DEAD_BODY] == 1
        assert DataClass.DEAD_BODY not in await _sweep(db, DAY)
        assert (await _sweep(db, DAY + SECOND))[DataClass.DEAD_BODY] == 1

    async def test_a_case_goes_thirty_days_after_it_ended(self, db: Database) -> None:
        """An open one stays for as long as it takes, and with it the way to reach its person."""
        (one,) = await meet(db, "1")
        async with db.unit() as unit:
            found = await cases.open_case(
                unit, one.person.id, need=Need.BUDDY, language=Language.HEBREW, now=NOW
            )
            await unit.commit()
        assert found is not None

        assert await _sweep(db, 200 * DAY) == {}
        async with db.unit() as unit:
            assert await cases.close(unit, found, now=NOW + 200 * DAY)
            await people.touch(unit, [one], today=(NOW + 200 * DAY).date())
            await unit.commit()

        assert await _sweep(db, 229 * DAY) == {}
        assert await _sweep(db, 230 * DAY) == {DataClass.CASE: 1}

    async def test_an_offer_goes_after_thirty_days_whatever_became_of_it(self, db: Database) -> None:
        """Whom a case was shown to is known for as long as it is needed to ask somebody else."""
        async with db.unit() as unit:
            await offers.make(unit, 1, [2, 3], epoch=0, now=NOW)
            await offers.answer(unit, 1, 3, state=OfferState.PASSED)
            await unit.commit()

        assert await _sweep(db, 30 * DAY) == {}
        assert await _sweep(db, 30 * DAY + SECOND) == {DataClass.OFFER: 2}

    async def test_an_idle_person_goes_entirely(self, db: Database) -> None:
        """After ninety days without a word, with their key."""
        (one,) = await meet(db, "1")

        assert await _sweep(db, 89 * DAY) == {}
        assert (await _sweep(db, 90 * DAY))[DataClass.PERSON] == 1

        async with db.unit() as unit:
            assert await people.load(unit, [one.person.id]) == {}
        assert await db.keyring.keys_for([f"person/{one.person.id}"]) == {}

    async def test_many_idle_people_go_in_one_sweep(self, db: Database) -> None:
        """However many there are."""
        await meet(db, *map(str, range(1100)))

        assert (await _sweep(db, 90 * DAY))[DataClass.PERSON] == 1100

    async def test_an_open_timer_keeps_a_person(self, db: Database) -> None:
        """Who asked for a check-in in half a year gets it."""
        (one,) = await meet(db, "1")
        lane = Lane(kind=LaneKind.PERSON, id=one.person.id)
        timer = Timer(lane=lane, kind="checkin", due_at=NOW + 180 * DAY, version="1")
        async with db.unit() as unit:
            await timers.put(unit, [timer], now=NOW)
            await unit.commit()

        assert await _sweep(db, 120 * DAY) == {}

    async def test_a_role_keeps_a_person(self, db: Database) -> None:
        """An organizer who was silent for long is still one; once the role is taken back, they go."""
        (one,) = await meet(db, "1")
        async with db.unit() as unit:
            await roles.grant(unit, one.person.id, Role.ORGANIZER, today=NOW.date())
            await unit.commit()

        assert await _sweep(db, 120 * DAY) == {}

        async with db.unit() as unit:
            await roles.revoke(unit, one.person.id, Role.ORGANIZER)
            await unit.commit()
        assert (await _sweep(db, 120 * DAY))[DataClass.PERSON] == 1

    async def test_keys_of_nobody_are_destroyed(self, db: Database) -> None:
        """A key whose person a crash never stored goes; one of a person stays."""
        (one,) = await meet(db, "1")
        await db.keyring.keys_for(["person/99"], create_on=NOW.date())

        assert DataClass.PERSON_KEY not in await _sweep(db, DAY)
        assert (await _sweep(db, 2 * DAY))[DataClass.PERSON_KEY] == 1

        assert (await db.keyring.keys_for(["person/99", f"person/{one.person.id}"])).keys() == {
            f"person/{one.person.id}"
        }

    async def test_keys_of_days_and_messages_are_pruned(self, db: Database) -> None:
        """The key file forgets with the data."""
        await receive(db, event(1, "a"))
        await db.keyring.keys_for(["message/1"], create_on=NOW.date())

        removed = await _sweep(db, 3 * DAY)

        assert (removed[DataClass.DAY_KEY], removed[DataClass.MESSAGE_KEY]) == (1, 1)


class TestOldest:
    """Retention is executed, not declared: metrics see the age of the oldest row."""

    async def test_ages_are_told_per_class(self, db: Database) -> None:
        """In seconds; days count from their beginning."""
        (one,) = await meet(db, "1")
        await receive(db, event(one.person.id, "a"))
        await enqueue(db, call(one))

        ages = await _oldest(db, DAY)

        since_midnight = (NOW - NOW.replace(hour=0)).total_seconds()
        assert ages == {
            DataClass.EVENT_BODY: 86400,
            DataClass.CALL_BODY: 86400,
            DataClass.PERSON: 86400 + since_midnight,
        }

    async def test_after_a_sweep_nothing_is_older_than_its_lifetime(self, db: Database) -> None:
        """For every class that has one, at any time."""
        (one,) = await meet(db, "1")
        await receive(db, event(one.person.id, "a"), event(2, "b"))
        await enqueue(db, call(one))
        async with db.unit() as unit:
            await sessions.save(unit, {one.person.id: Session()}, today=NOW.date())
            rows = await inbox.claim(unit, now=NOW, limit=1)
            await inbox.finish(unit, [row.id for row in rows], now=NOW)
            await unit.commit()

        for days in (1, 2, 3, 15, 31, 91):
            after = days * DAY + SECOND
            await _sweep(db, after)
            for data, age in (await _oldest(db, after)).items():
                assert age <= lifetime(data).total_seconds(), data

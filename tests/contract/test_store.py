"""What the store promises, held on SQLite and on PostgreSQL alike."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Column, select, update

from bot.engine.session import Frame, Screen, Session
from bot.model.outgoing import Priority
from bot.model.person import Form, Language, Platform
from bot.model.queue import (
    Cause,
    DeadLetter,
    Ending,
    Guard,
    Keep,
    Lane,
    LaneKind,
    MessageRef,
    NewInbox,
    Origin,
    Settlement,
    Timer,
)
from bot.store import counters, dead, inbox, memo, outbox, pauses, people, refs, sessions, tables, timers
from bot.store.db import Database
from bot.store.outbox import Refusal
from bot.store.unit import Unit
from tests.store.shelf import MINUTE, NOW, Shelf, call, enqueue, event, meet, receive, take, texts

HOUR = timedelta(hours=1)


class TestPeople:
    """Who is behind a routing id."""

    async def test_a_routing_id_keeps_its_person(self, db: Database) -> None:
        """Who writes again is the same person, and their address opens to what it was."""
        (first,) = await meet(db, "4711")

        (again,) = await meet(db, "4711")

        assert again == first
        assert again.addresses[0].routing_id == "4711"

    async def test_one_id_on_two_platforms_is_two_people(self, db: Database) -> None:
        """The blind index of one platform says nothing about another."""
        async with db.unit() as unit:
            one = await people.resolve(unit, Platform.TELEGRAM, ["4711"], today=NOW.date())
            two = await people.resolve(unit, Platform.SIGNAL, ["4711"], today=NOW.date())
            await unit.commit()

        assert one != two

    async def test_many_new_people_cost_few_statements(self, db: Database) -> None:
        """A hundred strangers cost as many statements as one."""
        before = db.statements

        async with db.unit() as unit:
            await people.resolve(unit, Platform.TELEGRAM, map(str, range(100)), today=NOW.date())

        assert db.statements - before == 4

    async def test_preferences_are_kept(self, db: Database) -> None:
        """Language, form, zone and "eighteen or older" are read back as they were written."""
        (known,) = await meet(db, "1")
        person = replace(
            known.person,
            language=Language.HEBREW,
            form=Form.FEMININE,
            zone="Europe/Berlin",
            onboarded=True,
            adult=False,
        )

        async with db.unit() as unit:
            await people.save(unit, [person])
            await people.set_reachable(unit, known.addresses[0].id, reachable=False)
            await unit.commit()

        (again,) = await meet(db, "1")
        assert again.person == person
        assert again.unreachable == {known.addresses[0].id}

    async def test_a_visit_is_noted_once_a_day(self, db: Database) -> None:
        """Who was noted today costs no statement."""
        (known,) = await meet(db, "1")
        tomorrow = NOW.date() + timedelta(days=1)
        before = db.statements

        async with db.unit() as unit:
            await people.touch(unit, [known], today=NOW.date())
            unchanged = db.statements - before
            await people.touch(unit, [known], today=tomorrow)
            loaded = await people.load(unit, [known.person.id])

        assert unchanged == 0
        assert loaded[known.person.id].seen_on == tomorrow

    async def test_a_session_is_read_back_as_it_was(self, db: Database) -> None:
        """A session round-trips through its sealed row, and a newer one takes its place."""
        (known,) = await meet(db, "1")
        session = Session(
            frames=(Frame(flow="buddy", step="ask", answers={"need": "עזרה"}),),
            screen=Screen(nonce="abc", choices=("yes", "no")),
            expires_at=NOW + HOUR,
        )

        async with db.unit() as unit:
            await sessions.save(unit, {known.person.id: Session()}, today=NOW.date())
            await sessions.save(unit, {known.person.id: session}, today=NOW.date())
            await unit.commit()

        (again,) = await meet(db, "1")
        assert again.session == session

    async def test_leaving_without_commit_changes_nothing(self, db: Database) -> None:
        """A unit that is not committed was never there."""
        async with db.unit() as unit:
            await people.resolve(unit, Platform.TELEGRAM, ["1"], today=NOW.date())

        async with db.reading() as reading:
            assert await inbox.depth(reading) == 0
        before = db.statements
        await meet(db, "1")
        assert db.statements - before == 5

    async def test_a_forgotten_person_is_gone_and_can_come_back_as_a_stranger(self, db: Database) -> None:
        """Every row of theirs goes; whoever writes from there later is somebody new."""
        (known,) = await meet(db, "1")
        await receive(db, event(known.person.id, "e1"))
        await enqueue(db, call(known))

        async with db.unit() as unit:
            await people.forget(unit, known.person.id)
            await sessions.save(unit, {known.person.id: Session()}, today=NOW.date())
            await unit.commit()

        async with db.unit() as unit:
            assert await people.load(unit, [known.person.id]) == {}
            assert await inbox.claim(unit, now=NOW, limit=10) == []
        assert (await take(db)).deliveries == ()
        assert not await receive(db, event(known.person.id, "e1"))
        (stranger,) = await meet(db, "1")
        assert stranger.person.id != known.person.id

    async def test_the_goodbye_reaches_who_was_forgotten(self, db: Database) -> None:
        """What is said to a person after forgetting them carries their address and still leaves."""
        (known,) = await meet(db, "4711")

        async with db.unit() as unit:
            await people.forget(unit, known.person.id)
            await outbox.add(unit, [call(known, "goodbye")], now=NOW)
            await unit.commit()
        claim = await take(db)

        assert texts(claim) == ["goodbye"]
        assert claim.deliveries[0].routing_id == "4711"

    async def test_the_key_of_a_goodbye_goes_with_it(self, db: Database) -> None:
        """Once the goodbye is sent, nothing of the person is left in either database."""
        (known,) = await meet(db, "4711")
        async with db.unit() as unit:
            await people.forget(unit, known.person.id)
            await outbox.add(unit, [replace(call(known), keep=Keep.SENSITIVE)], now=NOW)
            await unit.commit()
        (delivery,) = (await take(db)).deliveries
        owners = [f"message/{delivery.id}", f"person/{known.person.id}"]

        async with db.unit() as unit:
            done = Settlement(delivery=delivery, ending=Ending.SENT, message_id="9")
            await outbox.settle(unit, [done], now=NOW)
            await unit.commit()
            assert await refs.of_people(unit, [known.person.id]) == {}

        assert await db.keyring.keys_for(owners) == {}


class TestInbox:
    """What happened is stored once and handled in order."""

    async def test_a_redelivery_is_one_row(self, db: Database) -> None:
        """A known event is passed over, within a batch and after it was handled."""
        assert await receive(db, event(1, "a"), event(1, "b"), event(1, "a")) == {0, 1}
        async with db.unit() as unit:
            (row,) = await inbox.claim(unit, now=NOW, limit=10)
            await inbox.finish(unit, [row.id], now=NOW)
            await unit.commit()

        assert await receive(db, event(1, "a"), event(1, "c")) == {1}

    async def test_origins_do_not_share_their_ids(self, db: Database) -> None:
        """Telegram's update 7 and a turn's event 7 are two events."""
        telegram = event(1, "7")

        assert await receive(db, telegram, replace(telegram, origin=Origin.TURN)) == {0, 1}

    async def test_one_row_per_lane_in_order(self, db: Database) -> None:
        """A lane's second row comes when its first is done."""
        await receive(db, event(1, "a", b"one"), event(1, "b", b"two"), event(2, "c", b"three"))

        async with db.unit() as unit:
            first = await inbox.claim(unit, now=NOW, limit=10)
            await inbox.finish(unit, [row.id for row in first], now=NOW)
            second = await inbox.claim(unit, now=NOW, limit=10)

        assert [row.body for row in first] == [b"one", b"three"]
        assert [row.body for row in second] == [b"two"]

    async def test_events_of_nobody_wait_for_nobody(self, db: Database) -> None:
        """What belongs to no person is a lane of its own."""
        lane = Lane(kind=LaneKind.NOBODY, id=0)
        rows = [NewInbox(lane=lane, origin=Origin.SIGNAL, external_id=str(n), body=b"") for n in range(3)]
        await receive(db, *rows)

        async with db.unit() as unit:
            assert len(await inbox.claim(unit, now=NOW, limit=10)) == 3

    async def test_a_lane_waits_for_a_row_put_off(self, db: Database) -> None:
        """A row put off holds its lane and no other, and comes back with its attempts counted."""
        await receive(db, event(1, "a"), event(1, "b"), event(2, "c"))
        async with db.unit() as unit:
            first, other = await inbox.claim(unit, now=NOW, limit=10)
            await inbox.postpone(unit, first.id, attempts=1, until=NOW + MINUTE)
            await unit.commit()

        async with db.unit() as unit:
            assert await inbox.claim(unit, now=NOW, limit=10) == [other]
            _, later = await inbox.claim(unit, now=NOW + MINUTE, limit=10)

        assert (later.id, later.attempts) == (first.id, 1)

    async def test_who_waits_longest_is_handled_first(self, db: Database) -> None:
        """A row that was put off stands behind those that became due before it, whichever came first."""
        late = replace(event(1, "a"), due_at=NOW + MINUTE)
        await receive(db, late, event(2, "b"))
        async with db.unit() as unit:
            soon = await inbox.claim(unit, now=NOW, limit=10)
            found = await inbox.claim(unit, now=NOW + MINUTE, limit=10)

        assert [row.lane.id for row in soon] == [2]
        assert [row.lane.id for row in found] == [2, 1]

    async def test_what_was_put_off_can_be_hurried(self, db: Database) -> None:
        """Of one person and nobody else; a row that failed keeps its pause."""
        rows = [replace(event(lane, f"{lane}"), due_at=NOW + MINUTE) for lane in (1, 2, 3)]
        await receive(db, *rows)
        async with db.unit() as unit:
            *_, failed = await inbox.claim(unit, now=NOW + MINUTE, limit=10)
            await inbox.postpone(unit, failed.id, attempts=1, until=NOW + 2 * MINUTE)
            await inbox.hurry(unit, [1, failed.lane.id], now=NOW)
            await inbox.hurry(unit, [], now=NOW)
            found = await inbox.claim(unit, now=NOW, limit=10)

        assert [row.lane.id for row in found] == [1]

    async def test_a_buried_row_lets_its_lane_go_on(self, db: Database) -> None:
        """A row given up is a dead letter, and the next row of its lane is handled."""
        await receive(db, event(1, "a"), event(1, "b", b"next"))
        async with db.unit() as unit:
            (row,) = await inbox.claim(unit, now=NOW, limit=10)
            letter = DeadLetter(
                row_id=row.id, lane=row.lane, cause=Cause.FAILED, error="KeyError", died_at=NOW
            )

            await inbox.bury(unit, [letter])
            await unit.commit()

        async with db.unit() as unit:
            assert [row.body for row in await inbox.claim(unit, now=NOW, limit=10)] == [b"next"]
            assert await dead.newest(unit, limit=10) == [letter]
            assert await dead.depth(unit) == 1

    async def test_old_open_rows_are_found(self, db: Database) -> None:
        """What is still open after its time is listed for burying, with who wrote it in its body."""
        await receive(db, event(1, "old"))
        await receive(db, event(2, "new"), at=NOW + HOUR)

        async with db.unit() as unit:
            (row,) = await inbox.expired(unit, before=NOW + MINUTE)

            assert (row.lane.id, row.body) == (1, b"{}")
            assert await inbox.depth(unit) == 2
            assert await inbox.next_due(unit) == NOW

    async def test_bodies_of_yesterday_open_today(self, db: Database) -> None:
        """A batch may hold rows of several days, each under its day's key."""
        yesterday = NOW - timedelta(days=1)
        await receive(db, event(1, "a", b"before"), at=yesterday)
        await receive(db, event(2, "b", b"now"))

        async with db.unit() as unit:
            assert [row.body for row in await inbox.claim(unit, now=NOW, limit=10)] == [b"before", b"now"]


class TestOutbox:
    """Every call leaves in order, or is told why not."""

    async def test_replies_go_before_notices(self, db: Database) -> None:
        """Priority first, then the order of writing."""
        one, two = await meet(db, "1", "2")
        await enqueue(
            db, call(one, "notice", priority=Priority.NOTICE), call(two, "first"), call(one, "second")
        )

        assert texts(await take(db)) == ["first", "second", "notice"]

    async def test_only_asked_priorities_are_claimed(self, db: Database) -> None:
        """What is less urgent than asked for stays."""
        (one,) = await meet(db, "1")
        await enqueue(db, call(one, "notice", priority=Priority.NOTICE), call(one, "reply"))

        assert texts(await take(db, up_to=Priority.RELAY)) == ["reply"]

    async def test_one_call_per_address_at_a_time(self, db: Database) -> None:
        """While a row of an address is on its way, its next one waits."""
        one, two = await meet(db, "1", "2")
        await enqueue(db, call(one, "a"), call(one, "b"), call(two, "c"))

        assert texts(await take(db, limit=1)) == ["a"]
        assert texts(await take(db)) == ["c"]

    async def test_rows_of_one_address_may_leave_together(self, db: Database) -> None:
        """Several due rows of one address are one claim, in order."""
        (one,) = await meet(db, "1")
        await enqueue(db, *(call(one, str(number)) for number in range(5)))

        assert texts(await take(db)) == ["0", "1", "2", "3", "4"]

    async def test_a_row_put_off_keeps_its_place(self, db: Database) -> None:
        """Behind a row that is tried again later the same address waits, unless it is more urgent."""
        (one,) = await meet(db, "1")
        await enqueue(db, call(one, "a", priority=Priority.RELAY))
        (delivery,) = (await take(db)).deliveries
        async with db.unit() as unit:
            again = Settlement(delivery=delivery, ending=Ending.RETRY, at=NOW + MINUTE)
            await outbox.settle(unit, [again], now=NOW)
            await unit.commit()
        await enqueue(db, call(one, "b", priority=Priority.RELAY), call(one, "urgent"))

        urgent = await take(db)
        async with db.unit() as unit:
            await outbox.remove(unit, [urgent.deliveries[0].id])
            claim = await outbox.claim(unit, now=NOW + MINUTE, lease=MINUTE, limit=9, up_to=Priority.NOTICE)
        assert (texts(urgent), texts(claim)) == (["urgent"], ["a", "b"])
        assert [delivery.attempts for delivery in claim.deliveries] == [1, 0]

    async def test_a_row_meant_for_later_holds_nobody_up(self, db: Database) -> None:
        """What is due tomorrow from the start lets today's replies pass."""
        (one,) = await meet(db, "1")
        await enqueue(db, call(one, "tomorrow", due_at=NOW + timedelta(days=1)), call(one, "today"))

        assert texts(await take(db)) == ["today"]

    async def test_a_lease_that_ran_out_is_sent_again_and_says_so(self, db: Database) -> None:
        """A crashed sender's row comes back by itself, marked as perhaps sent before."""
        (one,) = await meet(db, "1")
        await enqueue(db, call(one))
        (first,) = (await take(db)).deliveries

        assert (await take(db)).deliveries == ()
        (again,) = (await take(db, at=NOW + 2 * MINUTE)).deliveries

        assert (first.resent, again.resent, again.id) == (False, True, first.id)

    async def test_an_ambiguous_retry_stays_marked(self, db: Database) -> None:
        """Once a call may have gone through, every later try says so."""
        (one,) = await meet(db, "1")
        await enqueue(db, call(one))
        for ambiguous in (True, False):
            (delivery,) = (await take(db)).deliveries
            async with db.unit() as unit:
                again = Settlement(delivery=delivery, ending=Ending.RETRY, at=NOW, ambiguous=ambiguous)
                await outbox.settle(unit, [again], now=NOW)
                await unit.commit()

        (delivery,) = (await take(db)).deliveries

        assert (delivery.resent, delivery.attempts) == (True, 2)

    async def test_a_row_put_back_counts_no_attempt(self, db: Database) -> None:
        """A claimed row that was not tried is as it was."""
        (one,) = await meet(db, "1")
        await enqueue(db, call(one))
        (delivery,) = (await take(db)).deliveries

        async with db.unit() as unit:
            await outbox.put_back(unit, [delivery.id], now=NOW)
            await unit.commit()

        assert (await take(db)).deliveries == (delivery,)

    async def test_a_useless_row_is_refused_and_told(self, db: Database) -> None:
        """The guard is tested in the claim; a row it refuses goes and is reported with its sender."""
        (one,) = await meet(db, "1")
        late = replace(call(one), guard=Guard(useless_after=NOW), sender_id=77)
        timely = replace(call(one, "timely"), guard=Guard(useless_after=NOW + MINUTE))
        await enqueue(db, late, timely)

        claim = await take(db)

        assert texts(claim) == ["timely"]
        assert [(one.sender_id, one.refusal) for one in claim.refused] == [(77, Refusal.GUARD)]
        async with db.unit() as unit:
            assert sum((await outbox.depth(unit)).values()) == 1

    async def test_a_guard_holds_at_a_resend_too(self, db: Database) -> None:
        """A row that became useless while it was on its way is not sent a second time."""
        (one,) = await meet(db, "1")
        await enqueue(db, replace(call(one), guard=Guard(useless_after=NOW + MINUTE)))
        assert len((await take(db)).deliveries) == 1

        claim = await take(db, at=NOW + 2 * MINUTE)

        assert (claim.deliveries, len(claim.refused)) == ((), 1)

    async def test_a_paused_platform_is_passed_over(self, db: Database) -> None:
        """Nothing leaves for a paused platform until its time, or until it is resumed."""
        (one,) = await meet(db, "1")
        await enqueue(db, call(one))
        async with db.unit() as unit:
            await pauses.pause(unit, Platform.TELEGRAM.value, until=NOW + HOUR, reason="down")
            await unit.commit()
            assert (await pauses.active(unit, now=NOW))["telegram"].reason == "down"

        assert (await take(db)).deliveries == ()
        async with db.unit() as unit:
            await pauses.resume(unit, Platform.TELEGRAM.value)
            await unit.commit()
        assert len((await take(db)).deliveries) == 1

    async def test_a_sent_message_is_remembered_where_asked(self, db: Database) -> None:
        """An address has one screen, the newest; every message is in the chat, some of them to be deleted."""
        (one,) = await meet(db, "1")
        kinds = (Keep.SCREEN, Keep.SENSITIVE, Keep.SCREEN, Keep.SENSITIVE, None)
        await enqueue(db, *(call(one, str(number), keep=keep) for number, keep in enumerate(kinds)))
        deliveries = (await take(db)).deliveries

        async with db.unit() as unit:
            done = [
                Settlement(delivery=delivery, ending=Ending.SENT, message_id=f"m{number}")
                for number, delivery in enumerate(deliveries)
            ]
            await outbox.settle(unit, done[:1], now=NOW)
            await outbox.settle(unit, done[1:], now=NOW)
            kept = await refs.of_people(unit, [one.person.id])
            screens = await refs.screens(unit, [one.person.id])

        assert sorted((ref.message_id, ref.keep) for ref in kept.values()) == [
            ("m0", Keep.CHAT),
            ("m1", Keep.SENSITIVE),
            ("m2", Keep.CHAT),
            ("m2", Keep.SCREEN),
            ("m3", Keep.SENSITIVE),
            ("m4", Keep.CHAT),
        ]
        assert screens == {one.addresses[0].id: "m2"}

    async def test_what_failed_for_good_is_gone(self, db: Database) -> None:
        """A row given up leaves no body behind."""
        (one,) = await meet(db, "1")
        await enqueue(db, call(one))
        (delivery,) = (await take(db)).deliveries

        async with db.unit() as unit:
            await outbox.settle(unit, [Settlement(delivery=delivery, ending=Ending.FAILED)], now=NOW)
            await unit.commit()

        async with db.reading() as reading:
            assert sum((await outbox.depth(reading)).values()) == 0

    async def test_undelivered_rows_expire_with_a_report(self, db: Database) -> None:
        """After its time a row goes, and who sent it is named."""
        (one,) = await meet(db, "1")
        await enqueue(db, replace(call(one), sender_id=5))
        await enqueue(db, call(one, "young"), at=NOW + HOUR)

        async with db.unit() as unit:
            gone = await outbox.expired(unit, before=NOW + MINUTE)
            await unit.commit()

        assert [(one.sender_id, one.refusal) for one in gone] == [(5, Refusal.WIPED)]
        assert texts(await take(db, at=NOW + HOUR)) == ["young"]

    async def test_depth_and_age_are_told(self, db: Database) -> None:
        """Metrics see how much waits and since when."""
        (one,) = await meet(db, "1")
        await enqueue(db, call(one, due_at=NOW - HOUR), call(one, priority=Priority.NOTICE))

        async with db.reading() as reading:
            depth = await outbox.depth(reading)
            oldest = await outbox.oldest_due(reading)

        assert depth == {
            Priority.REPLY: 1,
            Priority.RELAY: 0,
            Priority.CHECK_IN: 0,
            Priority.EMERGENCY: 0,
            Priority.NOTICE: 1,
        }
        assert oldest == NOW - HOUR

    async def test_a_stranger_is_nobody_to_write_to(self, db: Database) -> None:
        """A call to a person there is not fails where it is made."""
        (one,) = await meet(db, "1")

        with pytest.raises(KeyError):
            await enqueue(db, replace(call(one), person_id=99))


class TestTimers:
    """A due moment becomes an event, once."""

    async def test_a_due_timer_becomes_an_event(self, db: Database) -> None:
        """It arrives in its lane with its version and values, and is gone from the timers."""
        (one,) = await meet(db, "1")
        lane = Lane(kind=LaneKind.PERSON, id=one.person.id)
        due = Timer(lane=lane, kind="checkin", due_at=NOW, version="3", values={"about": "חבר"})
        later = Timer(lane=lane, kind="expiry", due_at=NOW + HOUR, version="1")
        async with db.unit() as unit:
            await timers.put(unit, [due, later], now=NOW)

            assert await timers.move_due(unit, now=NOW, limit=10, of_cases=10) == 1
            assert await timers.move_due(unit, now=NOW, limit=10, of_cases=10) == 0
            (row,) = await inbox.claim(unit, now=NOW, limit=10)

            assert row.origin is Origin.TIMER
            assert timers.read(row.body or b"") == due
            assert await timers.next_due(unit) == later.due_at

    async def test_a_timer_set_again_is_replaced(self, db: Database) -> None:
        """One timer per lane and kind: the newer one counts."""
        lane = Lane(kind=LaneKind.CASE, id=8)
        timer = Timer(lane=lane, kind="escalate", due_at=NOW, version="1", values={"a": "b"})
        async with db.unit() as unit:
            await timers.put(unit, [timer], now=NOW)
            await timers.put(unit, [replace(timer, version="2", due_at=NOW + MINUTE)], now=NOW)

            assert await timers.move_due(unit, now=NOW, limit=10, of_cases=10) == 0
            assert await timers.move_due(unit, now=NOW + MINUTE, limit=10, of_cases=10) == 1

    async def test_a_cancelled_timer_never_fires(self, db: Database) -> None:
        """Only the named kinds of the lane are dropped."""
        lane = Lane(kind=LaneKind.CASE, id=8)
        async with db.unit() as unit:
            kinds = [Timer(lane=lane, kind=kind, due_at=NOW, version="1") for kind in ("a", "b", "c")]
            await timers.put(unit, kinds, now=NOW)

            await timers.cancel(unit, lane, ["a", "c"])

            assert await timers.move_due(unit, now=NOW, limit=10, of_cases=10) == 1

    async def test_those_of_cases_are_moved_first(self, db: Database) -> None:
        """Each kind as far as there is room for it, the longest overdue first."""
        (one,) = await meet(db, "1")
        of_person, of_case = Lane(kind=LaneKind.PERSON, id=one.person.id), Lane(kind=LaneKind.CASE, id=8)
        due = [
            Timer(lane=lane, kind=kind, due_at=NOW - ago * MINUTE, version="1")
            for lane, kind, ago in (
                (of_person, "a", 9),
                (of_person, "b", 8),
                (of_case, "c", 1),
                (of_case, "d", 2),
            )
        ]
        async with db.unit() as unit:
            await timers.put(unit, due, now=NOW)

            assert await timers.move_due(unit, now=NOW, limit=0, of_cases=1) == 1
            assert await timers.move_due(unit, now=NOW, limit=1, of_cases=0) == 1
            assert await inbox.fired(unit, now=NOW, limit=9) == 2
            assert await inbox.fired(unit, now=NOW, limit=1) == 1
            assert await inbox.fired(unit, now=NOW - MINUTE, limit=9) == 0
            assert list(await timers.of_lane(unit, of_case)) == ["c"]
            assert list(await timers.of_lane(unit, of_person)) == ["b"]

    async def test_all_of_a_lane_are_shown_opened_the_next_one_first(self, db: Database) -> None:
        """With what their rows hold sealed; nobody else's are among them."""
        one, two = await meet(db, "1", "2")
        lane, other = (Lane(kind=LaneKind.PERSON, id=known.person.id) for known in (one, two))
        soon = Timer(
            lane=lane, kind="z", due_at=NOW + MINUTE, version="1", values={"about": "חבר"}, purpose="checkin"
        )
        later = Timer(lane=lane, kind="a", due_at=NOW + HOUR, version="2")
        async with db.unit() as unit:
            await timers.put(unit, [later, soon, replace(soon, lane=other)], now=NOW)

            assert await timers.all_of_lane(unit, lane) == [soon, later]
            assert await timers.all_of_lane(unit, Lane(kind=LaneKind.CASE, id=lane.id)) == []

    async def test_one_whose_values_cannot_be_opened_is_shown_without_them(self, db: Database) -> None:
        """That a note is set is known, in the quieter manner; the others are as they were."""
        (one,) = await meet(db, "1")
        lane = Lane(kind=LaneKind.PERSON, id=one.person.id)
        first, second = (
            Timer(lane=lane, kind=kind, due_at=NOW, version="1", values={"a": kind}) for kind in ("a", "b")
        )
        async with db.unit() as unit:
            await timers.put(unit, [first, second], now=NOW)
            await _copy_first(unit, tables.timer.c.values_sealed)

            found = await timers.all_of_lane(unit, lane)

        assert found == [first, replace(second, values={})]


class TestUnreadable:
    """What can't be opened is one row's own matter."""

    async def test_an_event_whose_key_is_gone_is_claimed_without_a_body(self, db: Database) -> None:
        """It is a content failure of its row; the other rows of the batch are read."""
        await receive(db, event(1, "a"), at=NOW - timedelta(days=1))
        await receive(db, event(2, "b", b"read"))
        await db.keyring.destroy(["day/2026-11-23"])

        async with db.unit() as unit:
            assert [row.body for row in await inbox.claim(unit, now=NOW, limit=9)] == [None, b"read"]

    async def test_sealed_values_moved_between_rows_are_not_read(self, db: Database) -> None:
        """Whoever can write to the tables can't make one person's words another's."""
        one, two = await meet(db, "1", "2")
        lanes = [Lane(kind=LaneKind.PERSON, id=known.person.id) for known in (one, two)]
        async with db.unit() as unit:
            both = {known.person.id: Session(expires_at=NOW) for known in (one, two)}
            await sessions.save(unit, both, today=NOW.date())
            due = [Timer(lane=lane, kind="t", due_at=NOW, version="1", values={"a": "b"}) for lane in lanes]
            await timers.put(unit, due, now=NOW)
            await inbox.add(unit, [event(1, "a"), event(2, "b")], now=NOW)
            for column in (
                tables.address.c.routing_sealed,
                tables.session.c.body,
                tables.timer.c.values_sealed,
                tables.inbox.c.body,
            ):
                await _copy_first(unit, column)

            known = await people.load(unit, [one.person.id, two.person.id])
            everyone = await sessions.everyone(unit)
            events = await inbox.claim(unit, now=NOW, limit=9)
            await timers.move_due(unit, now=NOW, limit=9, of_cases=9)
            fired = [row for row in await inbox.claim(unit, now=NOW, limit=9) if row.origin is Origin.TIMER]

        assert sorted(len(one.addresses) for one in known.values()) == [0, 1]
        assert sorted(one.session is not None for one in known.values()) == [False, True]
        assert len(everyone) == 1
        assert [row.body for row in events] == [b"{}", None]
        assert sorted(len(timers.read(row.body or b"").values) for row in fired) == [0, 1]

    async def test_a_call_with_words_nobody_knows_any_more_is_refused(self, db: Database) -> None:
        """A payload of another program's version is reported, not retried for ever."""
        (one,) = await meet(db, "1")
        await enqueue(db, call(one), call(one))
        async with db.unit() as unit:
            await _copy_first(unit, tables.outbox.c.body)
            await unit.commit()

        claim = await take(db)

        assert (len(claim.deliveries), [one.refusal for one in claim.refused]) == (1, [Refusal.UNREADABLE])


async def _copy_first(unit: Unit, column: Column[bytes]) -> None:
    """Put the first row's sealed value into every row."""
    key = next(iter(column.table.primary_key))
    (first, *_) = await unit.fetch(select(column).order_by(key))
    await unit.change(update(column.table).values({column: first[0]}))


class TestNothing:
    """A turn that changes nothing costs nothing."""

    async def test_empty_lists_cost_no_statement(self, db: Database) -> None:
        """Every question that takes rows is silent without any."""
        lane = Lane(kind=LaneKind.CASE, id=1)
        async with db.unit() as unit:
            before = db.statements
            await people.resolve(unit, Platform.TELEGRAM, [], today=NOW.date())
            await people.load(unit, [])
            await people.save(unit, [])
            await people.touch(unit, [], today=NOW.date())
            await people.forget_all(unit, [])
            await sessions.save(unit, {}, today=NOW.date())
            await inbox.add(unit, [], now=NOW)
            await inbox.finish(unit, [], now=NOW)
            await inbox.bury(unit, [])
            await dead.write(unit, [])
            await outbox.add(unit, [], now=NOW)
            await outbox.settle(unit, [], now=NOW)
            await outbox.put_back(unit, [], now=NOW)
            await outbox.remove(unit, [])
            await timers.put(unit, [], now=NOW)
            await timers.cancel(unit, lane, [])
            await refs.remember(unit, [])
            await refs.forget(unit, [])
            await counters.count(unit, {}, today=NOW.date())

            assert db.statements == before

    async def test_a_retry_needs_a_time(self, db: Database) -> None:
        """Without one the row would never leave again."""
        (one,) = await meet(db, "1")
        await enqueue(db, call(one))
        (delivery,) = (await take(db)).deliveries
        async with db.unit() as unit:
            with pytest.raises(ValueError, match="needs a time"):
                await outbox.settle(unit, [Settlement(delivery=delivery, ending=Ending.RETRY)], now=NOW)

    async def test_a_server_waits_for_its_leases(self, postgres_shelf: Shelf) -> None:
        """On PostgreSQL another worker may be sending: a start releases nothing."""
        async with postgres_shelf.opened() as db:
            (one,) = await meet(db, "1")
            await enqueue(db, call(one))
            await take(db)

            async with db.unit() as unit:
                assert await outbox.release(unit, now=NOW) == 0
            assert db.commits > 0
            assert db.dialect == "postgresql"


class TestOwnMemory:
    """What the bot remembers about itself."""

    async def test_counts_add_up(self, db: Database) -> None:
        """Deltas of several transactions are one count per day."""
        for _ in range(2):
            async with db.unit() as unit:
                await counters.count(unit, {"turns": 3, "asks": 1}, today=NOW.date())
                await unit.commit()

        async with db.reading() as reading:
            assert await counters.of_day(reading, NOW.date()) == {"turns": 6, "asks": 2}
            assert await counters.since(reading, NOW.date() - timedelta(days=1)) == {"turns": 6, "asks": 2}
            assert await counters.since(reading, NOW.date() + timedelta(days=1)) == {}

    async def test_a_memo_is_replaced(self, db: Database) -> None:
        """The last value counts."""
        async with db.unit() as unit:
            assert await memo.get(unit, "commands") is None
            await memo.put(unit, "commands", "one")
            await memo.put(unit, "commands", "two")

            assert await memo.get(unit, "commands") == "two"

    async def test_a_reference_of_a_forgotten_person_is_not_kept(self, db: Database) -> None:
        """Without a key there is nothing to seal it with."""
        ref = MessageRef(
            address_id=1,
            person_id=2,
            platform=Platform.TELEGRAM,
            message_id="3",
            keep=Keep.SCREEN,
            sent_at=NOW,
        )
        async with db.unit() as unit:
            await refs.remember(unit, [ref])

            assert await refs.of_people(unit, [2]) == {}


class TestHolding:
    """One process at a time where it must be one."""

    async def test_a_name_is_held_once(self, shelf: Shelf) -> None:
        """A second holder is told no, and yes once the first let go; another name is free."""
        async with shelf.opened() as one, shelf.opened() as two:
            async with one.hold("receiver") as first, two.hold("receiver") as second, two.hold("x") as other:
                assert (first, second, other) == (True, False, True)
            async with two.hold("receiver") as third:
                assert third

    async def test_writers_wait_for_each_other(self, db: Database) -> None:
        """Units side by side all commit; none is lost, none fails."""

        async def one(number: int) -> None:
            async with db.unit() as unit:
                await memo.put(unit, str(number), "x")
                await counters.count(unit, {"writes": 1}, today=NOW.date())
                await unit.commit()

        await asyncio.gather(*(one(number) for number in range(20)))

        async with db.reading() as reading:
            assert (await counters.of_day(reading, NOW.date()))["writes"] == 20

    async def test_a_cancelled_unit_leaves_the_writer_usable(self, db: Database) -> None:
        """A task cut off in the middle of a statement rolls back, and the next unit works."""
        started = asyncio.Event()

        async def slow() -> None:
            async with db.unit() as unit:
                await memo.put(unit, "cut", "off")
                started.set()
                while True:
                    await memo.get(unit, "cut")

        task = asyncio.get_running_loop().create_task(slow())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        async with db.unit() as unit:
            assert await memo.get(unit, "cut") is None

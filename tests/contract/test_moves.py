"""Codes for going on in another app, and the sides they join, held on SQLite and on PostgreSQL alike."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.engine.event import Asked
from bot.model.kept import DataClass
from bot.model.notice import Notice, Stage
from bot.model.outgoing import DeleteMessages, Priority
from bot.model.person import Address, Platform, Role
from bot.model.queue import Keep, Lane, LaneKind, MessageRef, NewInbox, Origin
from bot.pipeline.changes import Changes
from bot.store import (
    copies,
    inbox,
    lanes,
    mine,
    moves,
    notices,
    outbox,
    people,
    proof,
    refs,
    retention,
    roles,
    sides,
)
from bot.store.crypto import totp_code
from bot.store.db import Database
from bot.store.moves import GOOD, TRIES, Claim
from bot.store.people import Known
from bot.store.proof import Enrolment
from tests.notices import approved, drafted, want
from tests.store.shelf import MINUTE, NOW, call, enqueue, meet, receive, take, texts

CODE = "K3FQ7MX2"
WRONG = "K3FQ7MX3"
SECRET = b"twenty bytes of key!"
HOUR = timedelta(hours=1)


async def on_signal(db: Database, routing_id: str) -> Known:
    """Somebody who writes from Signal for the first time."""
    async with db.unit() as unit:
        found = await people.resolve(unit, Platform.SIGNAL, [routing_id], today=NOW.date())
        known = await people.load(unit, found.values())
        await unit.commit()
    return known[found[routing_id]]


async def made(db: Database, whose: Known, code: str = CODE, *, after: timedelta = timedelta()) -> None:
    """They are given a code for Signal."""
    async with db.unit() as unit:
        await moves.make(unit, whose.person.id, code=code, to=Platform.SIGNAL, now=NOW + after)
        await unit.commit()


async def written(
    db: Database,
    by: Known,
    code: str = CODE,
    *,
    here: Platform = Platform.SIGNAL,
    after: timedelta = timedelta(),
) -> int | None:
    """Somebody writes a code."""
    async with db.unit() as unit:
        found = await moves.find(unit, code, by=by.person.id, here=here, now=NOW + after)
        await unit.commit()
    return found


def words_of(whose: Known) -> NewInbox:
    """What they wrote on Signal, not handled yet."""
    lane = Lane(kind=LaneKind.PERSON, id=whose.person.id)
    return NewInbox(lane=lane, origin=Origin.SIGNAL, external_id="a", body=b"words")


async def claimed(db: Database, move: int, by: Known, *, after: timedelta = timedelta()) -> Claim | None:
    """Somebody wants what comes with a code."""
    async with db.unit() as unit:
        found = await moves.claim(unit, move, by=by.person.id, now=NOW + after)
        await unit.commit()
    return found


async def joined(db: Database, one: Known, other: Known) -> Known:
    """The first person, with the address of the other, who is forgotten."""
    async with db.unit() as unit:
        await sides.hand_over(unit, other.addresses[0], to=one.person.id)
        await people.forget(unit, other.person.id)
        await unit.commit()
    return await loaded(db, one)


async def loaded(db: Database, one: Known) -> Known:
    """The same person as they are on disk."""
    async with db.reading() as reading:
        return (await people.load(reading, [one.person.id]))[one.person.id]


class TestCodes:
    """Good once, for a quarter of an hour, in the other app."""

    async def test_a_code_leads_to_its_person_once_they_agree(self, db: Database) -> None:
        """Who wrote it is told to the one side, whose it was to the other, and then it is gone."""
        (noa,) = await meet(db, "1")
        phone = await on_signal(db, "s1")
        await made(db, noa)
        move = await written(db, phone)
        assert move is not None
        claim = await claimed(db, move, phone)
        async with db.unit() as unit:
            early = await moves.take(unit, move, by=phone.person.id)
            agreed = await moves.agree(unit, move, person_id=noa.person.id, now=NOW)
            again = await moves.agree(unit, move, person_id=noa.person.id, now=NOW)
            taken = await moves.take(unit, move, by=phone.person.id)
            twice = await moves.take(unit, move, by=phone.person.id)

        assert claim == Claim(person_id=noa.person.id, goes_to=Platform.SIGNAL)
        assert agreed == Claim(person_id=phone.person.id, goes_to=Platform.SIGNAL)
        assert (early, again, taken, twice) == (None, None, noa.person.id, None)

    async def test_nobody_finds_it_where_it_was_made_or_too_late(self, db: Database) -> None:
        """Not in the same app, not its own person, not after a quarter of an hour, not with another letter."""
        (noa, somebody) = await meet(db, "1", "2")
        phone = await on_signal(db, "s1")
        await made(db, noa)

        assert await written(db, somebody, here=Platform.TELEGRAM) is None
        assert await written(db, noa) is None
        assert await written(db, phone, after=GOOD) is None
        assert await written(db, phone, WRONG) is None
        assert await written(db, phone) is not None

    async def test_a_new_code_ends_the_one_before(self, db: Database) -> None:
        """One person has one."""
        (noa,) = await meet(db, "1")
        phone = await on_signal(db, "s1")
        await made(db, noa, WRONG)
        await made(db, noa)

        assert await written(db, phone, WRONG) is None
        assert await written(db, phone) is not None

    async def test_after_wrong_ones_none_is_looked_at_for_an_hour(self, db: Database) -> None:
        """Not even a right one; others are not held up, and their own code is not lost."""
        (noa,) = await meet(db, "1")
        phone, other = await on_signal(db, "s1"), await on_signal(db, "s2")
        for _ in range(TRIES):
            assert await written(db, phone, WRONG) is None
        await made(db, noa, after=HOUR - MINUTE)

        assert await written(db, phone, after=HOUR - MINUTE) is None
        assert await written(db, other, after=HOUR - MINUTE) is not None
        assert await written(db, phone, after=HOUR) is not None

    async def test_of_two_who_write_it_the_first_one_counts(self, db: Database) -> None:
        """At once, from two phones: one is asked about, the other finds nothing."""
        (noa,) = await meet(db, "1")
        phones = [await on_signal(db, f"s{number}") for number in range(6)]
        await made(db, noa)
        move = await written(db, phones[0])
        assert move is not None
        ends = await asyncio.gather(*(claimed(db, move, phone) for phone in phones))

        assert len([end for end in ends if end]) == 1
        assert await claimed(db, move, noa) is None

    async def test_a_code_is_thrown_away_until_it_is_agreed_to(self, db: Database) -> None:
        """Whoever wrote it meanwhile is named, so that they hear of it."""
        (noa,) = await meet(db, "1")
        phone = await on_signal(db, "s1")
        async with db.unit() as unit:
            nothing = await moves.drop(unit, noa.person.id)
        await made(db, noa)
        move = await written(db, phone)
        assert move is not None
        await claimed(db, move, phone)
        async with db.unit() as unit:
            wrote = await moves.drop(unit, noa.person.id)
            await unit.commit()

        assert (nothing, wrote) == (None, phone.person.id)
        assert await written(db, phone) is None

    async def test_whoever_wrote_it_and_was_deleted_gets_nothing(self, db: Database) -> None:
        """A yes comes to nothing then."""
        (noa,) = await meet(db, "1")
        phone = await on_signal(db, "s1")
        await made(db, noa)
        move = await written(db, phone)
        assert move is not None
        await claimed(db, move, phone)
        async with db.unit() as unit:
            await people.forget(unit, phone.person.id)
            agreed = await moves.agree(unit, move, person_id=noa.person.id, now=NOW)

        assert agreed is None

    async def test_it_is_swept_after_an_hour(self, db: Database) -> None:
        """With the wrong ones that were counted."""
        (noa,) = await meet(db, "1")
        await made(db, noa)
        async with db.unit() as unit:
            early = await retention.sweep(unit, now=NOW + HOUR - MINUTE)
            ages = await retention.oldest(unit, now=NOW + MINUTE)
            late = await retention.sweep(unit, now=NOW + HOUR + MINUTE)

        assert (early[DataClass.MOVE], ages[DataClass.MOVE], late[DataClass.MOVE]) == (0, 60.0, 1)

    async def test_only_who_has_something_of_their_own_is_asked_what_goes(self, db: Database) -> None:
        """A stranger has nothing; whoever was greeted, or has a role, has."""
        greeted, helper, stranger = await meet(db, "1", "2", "3")
        async with db.unit() as unit:
            await people.save(unit, [replace(greeted.person, onboarded=True)])
            await roles.grant(unit, helper.person.id, Role.VOLUNTEER, today=NOW.date())
            found = [await moves.has_own(unit, one.person.id) for one in (greeted, helper, stranger)]

        assert found == [True, True, False]


class TestSides:
    """One person, an address in each app."""

    async def test_the_later_address_is_the_one_that_is_written_to(self, db: Database) -> None:
        """The routing id is sealed under the other person's key by then, and still found by its tag."""
        (noa,) = await meet(db, "1")
        phone = await on_signal(db, "s1")
        known = await joined(db, noa, phone)
        again = await on_signal(db, "s1")

        assert [(one.platform, one.routing_id) for one in known.addresses] == [
            (Platform.SIGNAL, "s1"),
            (Platform.TELEGRAM, "1"),
        ]
        assert again.person.id == noa.person.id
        async with db.reading() as reading:
            shown = (await mine.collect(reading, noa.person.id)).document.decode()
        assert ("s1" in shown, '"later": true' in shown) == (True, True)

    async def test_what_was_written_from_a_side_comes_along(self, db: Database) -> None:
        """What waits and came from the app; what the other turns meant for who is gone does not."""
        (noa,) = await meet(db, "1")
        phone = await on_signal(db, "s1")
        await receive(db, words_of(phone))
        async with db.unit() as unit:
            await lanes.to_person(unit, phone.person.id, Asked(command="menu"), now=NOW)
            await unit.commit()
        await joined(db, noa, phone)
        async with db.unit() as unit:
            rows = await inbox.claim(unit, now=NOW + MINUTE, limit=9)

        assert [(row.lane.id, row.body) for row in rows] == [(noa.person.id, b"words")]

    async def test_what_came_in_the_moment_of_the_move_is_handed_on(self, db: Database) -> None:
        """It was received for who is gone by then, and is handled as who its address belongs to."""
        (noa,) = await meet(db, "1")
        phone = await on_signal(db, "s1")
        await joined(db, noa, phone)
        await receive(db, words_of(phone))
        async with db.unit() as unit:
            (row,) = await inbox.claim(unit, now=NOW + MINUTE, limit=9)
            found = await people.resolve(unit, Platform.SIGNAL, ["s1"], today=NOW.date())
            await lanes.hand_on(unit, row.id, to=found["s1"])
            await unit.commit()
        async with db.unit() as unit:
            rows = await inbox.claim(unit, now=NOW + MINUTE, limit=9)

        assert [(row.lane.id, row.body) for row in rows] == [(noa.person.id, b"words")]

    async def test_what_was_to_be_deleted_in_its_chat_still_is(self, db: Database) -> None:
        """Under the key of who it belongs to now."""
        (noa,) = await meet(db, "1")
        phone = await on_signal(db, "s1")
        ref = MessageRef(
            address_id=phone.addresses[0].id,
            person_id=phone.person.id,
            platform=Platform.SIGNAL,
            message_id="o7",
            keep=Keep.SENSITIVE,
            sent_at=NOW,
        )
        async with db.unit() as unit:
            await refs.remember(unit, [ref])
            await unit.commit()
        await joined(db, noa, phone)
        async with db.reading() as reading:
            found = await refs.of_people(reading, [noa.person.id])

        assert list(found.values()) == [replace(ref, person_id=noa.person.id)]

    async def test_whoever_organizes_proves_it_anew(self, db: Database) -> None:
        """The quarter of an hour in which a code counts ends with the move."""
        (noa,) = await meet(db, "1")
        phone = await on_signal(db, "s1")
        async with db.unit() as unit:
            await roles.grant(unit, noa.person.id, Role.ORGANIZER, today=NOW.date())
            await proof.enrol(unit, noa.person.id, Enrolment(secret=SECRET, step=0))
            shown = totp_code(SECRET, seconds=int(NOW.timestamp()))
            await proof.prove(unit, noa.person.id, code=shown, now=NOW)
            before = await proof.is_elevated(unit, noa.person.id, now=NOW)
            await unit.commit()
        known = await joined(db, noa, phone)
        async with db.reading() as reading:
            after = await proof.is_elevated(reading, noa.person.id, now=NOW)

        assert (before, after, known.roles) == (True, False, frozenset({Role.ORGANIZER}))

    async def test_the_only_side_stays(self, db: Database) -> None:
        """Nor does one go while the other cannot be reached, or somebody's words are on their way to it."""
        (noa,) = await meet(db, "1")
        phone = await on_signal(db, "s1")
        alone = await can_go(db, noa.addresses[0])
        known = await joined(db, noa, phone)
        signal, telegram = known.addresses
        both = await can_go(db, telegram)
        async with db.unit() as unit:
            await people.set_reachable(unit, signal.id, reachable=False)
            await unit.commit()
        cut_off = await can_go(db, telegram)
        await enqueue(db, call(known, priority=Priority.RELAY))
        waits = await can_go(db, signal)

        assert (alone, both, cut_off, waits) == (False, True, False, False)

    async def test_a_chat_that_is_left_is_cleared_and_hears_the_last_words(self, db: Database) -> None:
        """They carry the address with them; nobody knows it any more when they leave."""
        (noa,) = await meet(db, "1")
        known = await joined(db, noa, await on_signal(db, "s1"))
        _, telegram = known.addresses
        heard = MessageRef(
            address_id=telegram.id,
            person_id=noa.person.id,
            platform=Platform.TELEGRAM,
            message_id="9",
            keep=Keep.CHAT,
            sent_at=NOW,
        )
        async with db.unit() as unit:
            await refs.remember(unit, [replace(heard, message_id="8")])
            await unit.commit()
        goodbye = replace(call(known, "goodbye"), address_id=telegram.id)
        async with db.unit() as unit:
            await Changes(left=[telegram], heard=[heard], outbox=[goodbye]).save(unit, now=NOW)
            await unit.commit()
        claim = await take(db)

        assert [(one.platform, one.routing_id, one.owed) for one in claim.deliveries] == [
            (Platform.TELEGRAM, "1", True)
        ] * 2
        gone = [one.payload for one in claim.deliveries if isinstance(one.payload, DeleteMessages)]
        assert [set(one.message_ids) for one in gone] == [{"8", "9"}]
        assert texts(claim) == ["goodbye"]
        assert [one.routing_id for one in (await loaded(db, noa)).addresses] == ["s1"]
        async with db.reading() as reading:
            assert await refs.of_people(reading, [noa.person.id]) == {}

    async def test_whoever_writes_from_a_side_that_was_left_is_a_stranger(self, db: Database) -> None:
        """Nothing leads from there to the conversation."""
        (noa,) = await meet(db, "1")
        known = await joined(db, noa, await on_signal(db, "s1"))
        async with db.unit() as unit:
            await sides.take_off(unit, [known.addresses[1]])
            await sides.take_off(unit, [])
            await unit.commit()
        (stranger,) = await meet(db, "1")

        assert stranger.person.id != noa.person.id

    async def test_deleting_says_goodbye_on_one_side_and_forgets_both(self, db: Database) -> None:
        """Whoever writes from either is a stranger."""
        (noa,) = await meet(db, "1")
        known = await joined(db, noa, await on_signal(db, "s1"))
        async with db.unit() as unit:
            await people.forget(unit, noa.person.id)
            await outbox.add(unit, [call(known, "goodbye")], now=NOW)
            await unit.commit()
        claim = await take(db)
        strangers = {(await meet(db, "1"))[0].person.id, (await on_signal(db, "s1")).person.id}

        assert [(one.platform, one.owed) for one in claim.deliveries] == [(Platform.SIGNAL, True)]
        assert noa.person.id not in strangers
        assert len(strangers) == 2


class TestNotices:
    """Each person gets one, where they are written to."""

    async def test_somebody_with_two_sides_gets_it_once_on_the_later(self, db: Database) -> None:
        """Whoever has one gets it there; each app has a row of its own to pace."""
        noa, dana = await meet(db, "1", "2")
        await want(db, noa.person.id)
        await want(db, dana.person.id)
        await joined(db, noa, await on_signal(db, "s1"))
        found, one = await waiting(db)
        async with db.unit() as unit:
            await copies.enqueue(unit, one, {each.person_id: each.address_id or 0 for each in found}, now=NOW)
            await unit.commit()
        claim = await take(db)

        assert sorted((each.person_id, each.platform) for each in found) == sorted(
            [(noa.person.id, Platform.SIGNAL), (dana.person.id, Platform.TELEGRAM)]
        )
        assert sorted(each.routing_id for each in claim.deliveries) == ["2", "s1"]

    async def test_one_that_waits_for_a_side_that_is_taken_off_goes_to_the_other(self, db: Database) -> None:
        """Nothing of it is lost."""
        (noa,) = await meet(db, "1")
        await want(db, noa.person.id)
        known = await joined(db, noa, await on_signal(db, "s1"))
        found, one = await waiting(db)
        async with db.unit() as unit:
            await copies.enqueue(unit, one, {each.person_id: each.address_id or 0 for each in found}, now=NOW)
            await sides.take_off(unit, [known.addresses[0]])
            await unit.commit()
        claim = await take(db)

        assert [each.routing_id for each in claim.deliveries] == ["1"]


async def waiting(db: Database) -> tuple[list[copies.Waiting], Notice]:
    """A notice that has begun to go out, and who waits for it."""
    one = await approved(db, await drafted(db))
    async with db.unit() as unit:
        await notices.move(unit, one, Stage.SENDING, now=NOW)
        while await copies.spread(unit, one, limit=9, now=NOW):
            pass
        found = list(await copies.waiting(unit, one.id, limit=9, now=NOW))
        await unit.commit()
    return found, one


async def can_go(db: Database, side: Address) -> bool:
    """Whether a side may be taken off."""
    async with db.reading() as reading:
        return await sides.can_go(reading, side)

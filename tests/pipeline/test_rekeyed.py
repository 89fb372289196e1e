"""Another phone at somebody's address is asked whose it is, and shown nothing of theirs before; nothing is lost."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import pytest

from bot.engine.event import Fired
from bot.model.outgoing import Failure, FailureKind, Payload, Priority, SendMessage
from bot.model.person import Role
from bot.pipeline.rekeyed import NOTICED
from bot.store import audit, lanes, roles
from tests.pipeline.works import DAN, NEW_PHONE, NOA, Works, membership, photo, pressed, said

CHANGED: Final = Failure(kind=FailureKind.IDENTITY_CHANGED, reason="identity_changed")
TRUSTED: Final = "TrustIdentity"
QUESTION: Final = "Is it still the same person?"
MINUTE: Final = timedelta(minutes=1)
DATE: Final = re.compile(rb'"date":\d+')


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The works, and what is said at the door."""

    works: Works

    async def says(self, *texts: str, by: int = NOA, later: timedelta = MINUTE) -> list[str]:
        """Somebody writes, after a while; the words that come of it."""
        self.works.clock.pass_time(later)
        return await self.brings(*(said(text, by=by) for text in texts))

    async def brings(self, *raws: bytes, before: timedelta = timedelta()) -> list[str]:
        """Updates come that were written `before` now; the words that come of them."""
        self.works.transport.sent.clear()
        written = int((self.works.clock.now() - before).timestamp())
        await self.works.receive(*(DATE.sub(b'"date":%d' % written, raw) for raw in raws))
        await self.works.settle()
        return [words(payload) for _, payload in self.works.transport.sent]


EDIT: Final = said("something else").replace(b'"message"', b'"edited_message"')


def words(payload: Payload) -> str:
    return payload.text.text if isinstance(payload, SendMessage) else type(payload).__name__


def is_asked(told: list[str]) -> bool:
    return any(QUESTION in text for text in told)


@pytest.fixture
async def door(works: Works) -> Door:
    """Somebody who has been welcomed."""
    found = Door(works=works)
    for text in ("/start", "Go on", "thinking it over"):
        await found.says(text)
    return found


async def test_it_is_trusted_first_and_then_asked(door: Door) -> None:
    """So that the question can reach it at all; told again, it is trusted again and not asked again."""
    first = await door.says(NEW_PHONE)
    second = await door.says(NEW_PHONE)

    assert first[0] == TRUSTED
    assert is_asked(first)
    assert second == [TRUSTED]


async def test_who_was_never_spoken_to_is_only_trusted(works: Works) -> None:
    """There is nothing of theirs, and they are not remembered."""
    told = await Door(works=works).says(NEW_PHONE, by=DAN)

    assert told == [TRUSTED]
    assert works.rows("person") == 0


async def test_what_is_for_them_waits_and_goes_out_in_its_order(door: Door) -> None:
    """Nothing leaves before they said that it is them."""
    noa = await door.works.meet(NOA)
    await door.says(NEW_PHONE)
    await door.works.post(noa, "one")
    await door.works.post(noa, "two", priority=Priority.RELAY)
    before = await door.says("What is this")
    after = await door.says("It is me")

    assert "one" not in before
    assert is_asked(before)
    assert [text for text in after if text in ("one", "two")] == ["one", "two"]
    assert any("It goes on from where it was" in text for text in after)


async def test_a_call_that_finds_another_phone_asks_as_well(door: Door) -> None:
    """Also where they have written nothing; the call itself waits, and is not lost."""
    noa = await door.works.meet(NOA)
    door.works.transport.sent.clear()
    door.works.transport.ends = [CHANGED]
    await door.works.post(noa, "a note")
    await door.works.deliver()
    await door.works.settle()
    told = [words(payload) for _, payload in door.works.transport.sent]
    after = await door.says("1")

    assert told[:2] == ["a note", TRUSTED]
    assert is_asked(told)
    assert "a note" in after


async def test_a_question_that_finds_no_trust_yet_waits_for_their_words(door: Door) -> None:
    """It is not tried again and again; as soon as they write it goes out."""
    noa = await door.works.meet(NOA)
    door.works.transport.sent.clear()
    door.works.transport.ends = [CHANGED, None, CHANGED]
    await door.works.post(noa, "a note")
    await door.works.deliver()
    await door.works.settle()
    await door.works.settle()
    told = [words(payload) for _, payload in door.works.transport.sent]
    after = await door.says(NEW_PHONE)

    assert [TRUSTED if text == TRUSTED else is_asked([text]) for text in told] == [
        False,
        TRUSTED,
        True,
        TRUSTED,
    ]
    assert is_asked(after)


async def test_the_news_of_an_address_that_is_gone_means_nothing(door: Door) -> None:
    """They were forgotten there, or moved meanwhile."""
    noa = await door.works.meet(NOA)
    door.works.transport.sent.clear()
    async with door.works.db.unit() as unit:
        gone = Fired(timer=NOTICED, version="7")
        await lanes.to_person(unit, noa.person.id, gone, now=door.works.clock.now())
        await unit.commit()
    await door.works.settle()

    assert door.works.transport.sent == []


async def test_what_was_written_before_the_question_is_no_answer_to_it(door: Door) -> None:
    """It waits unanswered, a crisis apart, and is handled once it is known to be theirs."""
    await door.says(NEW_PHONE)
    silent = await door.brings(said("1"), photo(album="a"), before=MINUTE)
    alarmed = await door.brings(said("I want to die"), before=MINUTE)
    held = door.works.number("SELECT count(*) FROM inbox WHERE lane_kind = 'held'")
    await door.says("1")

    assert silent == []
    assert any("1201" in text for text in alarmed)
    assert not is_asked(alarmed)
    assert held == 3
    assert door.works.number("SELECT count(*) FROM inbox WHERE lane_kind = 'held'") == 0


async def test_whoever_writes_by_a_clock_that_is_behind_is_asked_again(door: Door) -> None:
    """It is no answer, and it is not met with silence; what is written after the question by that clock is one."""
    await door.says(NEW_PHONE)
    door.works.clock.pass_time(2 * MINUTE)
    told = await door.brings(said("Delete and start over"), before=5 * MINUTE)
    door.works.clock.pass_time(5 * MINUTE)
    after = await door.brings(said("1"), before=5 * MINUTE)

    assert is_asked(told)
    assert any("What you just wrote waits here" in text for text in told)
    assert any("It goes on from where it was" in text for text in after)


async def test_what_comes_before_the_question_is_out_is_no_answer_to_it(door: Door) -> None:
    """However much later than the change it was written; the question follows, once."""
    works = door.works
    works.transport.sent.clear()
    await works.receive(said(NEW_PHONE))
    await works.handle()
    works.clock.pass_time(MINUTE)
    await works.receive(said("Delete and start over"))
    told = await door.says("I want to die")
    after = await door.says("1")

    assert len([text for text in told if QUESTION in text]) == 1
    assert any("1201" in text for text in told)
    assert any("It goes on from where it was" in text for text in after)


async def test_where_the_question_was_lost_it_is_asked_with_the_next_words(door: Door) -> None:
    """Nobody waits for an answer to what they were never asked."""
    door.works.transport.ends = [None, Failure(kind=FailureKind.REJECTED, reason="rejected")]
    await door.says(NEW_PHONE)
    told = await door.says("1")
    after = await door.says("1")

    assert told[0] == TRUSTED
    assert is_asked(told)
    assert any("It goes on from where it was" in text for text in after)


@pytest.mark.parametrize("text", ["emergency", "/crisis", "talk to someone now", "I want to die"])
async def test_a_call_for_help_is_answered_with_numbers(door: Door, text: str) -> None:
    """They are nobody's secret; then the question comes again."""
    await door.says(NEW_PHONE)
    told = await door.says(text)

    assert any("1201" in one for one in told)
    assert is_asked(told)


@pytest.mark.parametrize("text", ["/urgent", "I was arrested"])
async def test_what_cannot_wait_brings_the_defence_as_well(door: Door, text: str) -> None:
    """As it does everywhere."""
    await door.says(NEW_PHONE)
    told = await door.says(text)

    assert len([one for one in told if QUESTION not in one]) > 1


async def test_nearly_an_answer_is_none(door: Door) -> None:
    """It is asked again, and what was written is not kept."""
    await door.says(NEW_PHONE)
    told = await door.says("it is mee")

    assert any("only with one of these two answers" in text for text in told)
    assert door.works.number("SELECT count(*) FROM inbox WHERE lane_kind = 'held'") == 0


async def test_changes_and_blocks_are_what_they_are(door: Door) -> None:
    """A block is noted at once; an edited message waits as any other does, and so does a press."""
    await door.says(NEW_PHONE)
    told = await door.brings(membership("kicked"), membership("member"))
    door.works.clock.pass_time(MINUTE)
    await door.brings(EDIT)
    await door.brings(pressed("00000000:0"))

    assert not is_asked(told)
    assert door.works.number("SELECT count(*) FROM inbox WHERE lane_kind = 'held'") == 2


async def test_starting_over_deletes_all_there_was(door: Door) -> None:
    """With what waited, in both directions."""
    noa = await door.works.meet(NOA)
    await door.says(NEW_PHONE)
    await door.works.post(noa, "one")
    await door.says("hello")
    told = await door.says("Delete and start over")

    assert any("Everything from before is deleted" in text for text in told)
    assert "one" not in told
    assert door.works.rows("person", "outbox", "session") == 0
    assert door.works.number("SELECT count(*) FROM inbox WHERE lane_kind = 'held'") == 0


async def test_a_role_rests_until_two_organizers_say_otherwise(door: Door) -> None:
    """Saying that it is them is not enough; it is in the audit as the bot's own act."""
    noa = await door.works.meet(NOA)
    async with door.works.db.unit() as unit:
        today = door.works.clock.now().date()
        await roles.grant(unit, noa.person.id, Role.ORGANIZER, today=today)
        await unit.commit()
    await door.says(NEW_PHONE)
    told = await door.says("1")
    after = await door.works.meet(NOA)
    async with door.works.db.reading() as unit:
        (entry,) = await audit.entries(unit)

    assert any("Two of us still have to make sure" in text for text in told)
    assert (after.roles, after.rests, bool(after.rekeyed)) == (frozenset(), True, True)
    assert (entry.actor, entry.act, entry.thing) == ("bot", "rest", "organizer")


async def test_what_nobody_said_is_over_after_a_day(door: Door) -> None:
    """Both what was for them and what they wrote; they hear of it when it is known that it is them."""
    noa = await door.works.meet(NOA)
    await door.says(NEW_PHONE)
    await door.works.post(noa, "one")
    await door.says("are you there")
    door.works.clock.pass_time(timedelta(days=1, minutes=1))
    await door.works.retention.sweep()
    told = await door.says("1")

    assert "one" not in told
    assert any("could not be answered in time" in text for text in told)
    assert replace(noa, rekeyed={}).person == (await door.works.meet(NOA)).person

"""Processing: batches of one row a lane, and rows that fail by themselves."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.engine.event import Raised
from bot.model.incoming import MediaKind, MediaRef
from bot.model.person import Platform
from bot.model.queue import Cause, Lane, LaneKind, NewInbox, Origin
from bot.pipeline.process import ATTEMPTS, Processor
from bot.pipeline.retry import backoff
from bot.store import codec, dead, inbox, owner
from bot.store.errors import StorageTroubled
from tests.pipeline.works import DAN, NOA, Works, garbage, membership, photo, pressed, said, voice

LOST = "Your last message could not be handled"
OPEN = "SELECT count(*) FROM inbox WHERE handled_at IS NULL"


async def causes(works: Works) -> list[Cause]:
    """Why rows were given up."""
    async with works.db.reading() as unit:
        return [letter.cause for letter in await dead.newest(unit, limit=10)]


async def give_up(works: Works) -> None:
    """Let a row that fails fail as often as it may."""
    for attempt in range(1, ATTEMPTS):
        await works.handle()
        works.clock.pass_time(backoff(attempt))
    await works.settle()


async def put(works: Works, lane: Lane, origin: Origin, body: bytes) -> None:
    """An event from inside."""
    async with works.db.unit() as unit:
        row = NewInbox(lane=lane, origin=origin, external_id="x1", body=body)
        await inbox.add(unit, [row], now=works.clock.now())
        await unit.commit()


async def test_a_batch_holds_one_row_a_lane(works: Works) -> None:
    """Two people's first messages go together, each one's second waits for the first."""
    await works.receive(said("a"), said("b"), said("c", by=DAN))

    assert await works.processor.batch() == 2
    assert await works.processor.batch() == 1
    assert await works.processor.batch() == 0


async def test_a_lane_is_handled_in_order(works: Works) -> None:
    """What was written first is answered first."""
    await works.receive(said("/start"), pressed("v1:n0000001:go_on"))
    await works.settle()

    assert works.transport.texts[0].startswith("Hello. This bot is run by volunteers")
    assert works.number("SELECT count(*) FROM message_ref WHERE keep = 'screen'") == 1


async def test_a_failing_row_does_not_spoil_its_batch(works: Works) -> None:
    """The batch is taken again row by row, and everybody else is answered at once."""
    works.transport.stumbles = {"stumble"}
    await works.receive(said("stumble"), said("/start", by=DAN))
    await works.settle()

    assert {routing_id for routing_id, _ in works.transport.sent} == {str(DAN)}
    assert works.ask("SELECT attempts, handled_at FROM inbox WHERE handled_at IS NULL") == [(1, None)]


async def test_a_row_that_passes_the_second_time_is_answered(works: Works) -> None:
    """And nobody hears of the trouble."""
    works.transport.stumbles = {"stumble"}
    await works.receive(said("stumble"))
    await works.handle()
    works.transport.stumbles = set()
    await works.handle()
    early = works.number(OPEN)
    works.clock.pass_time(backoff(1))
    await works.settle()

    assert early == 1
    assert works.number(OPEN) == 0
    assert not any(LOST in text for text in works.transport.texts)


async def test_a_row_that_fails_three_times_is_given_up_and_its_lane_goes_on(works: Works) -> None:
    """The person hears one honest sentence, an operator sees a dead letter, and what they wrote next is answered."""
    works.transport.stumbles = {"stumble"}
    await works.receive(said("/start"), said("stumble"), said("menu"))
    await give_up(works)

    assert await causes(works) == [Cause.FAILED]
    assert [LOST in text for text in works.transport.texts].count(True) == 1
    assert "Where are you with this now?" in "\n".join(works.transport.texts)
    assert works.number(OPEN) == 0
    assert works.metric('bot_dead_letters_total{cause="failed"} 1.0')


async def test_an_unreadable_update_is_given_up_at_once(works: Works) -> None:
    """Its person is told, others are not held up, and of nobody's garbage nobody hears."""
    await works.receive(garbage(), garbage(of=None), said("/start", by=DAN))
    await works.settle()

    assert await causes(works) == [Cause.UNREADABLE] * 2
    assert [number for number, _ in works.transport.sent].count(str(DAN)) == 3
    assert [LOST in text for text in works.transport.texts].count(True) == 0
    assert any("לא הצלחנו לטפל בהודעה" in text for text in works.transport.texts)


async def test_the_loss_is_told_once_even_if_telling_fails(works: Works) -> None:
    """A turn that would tell of a loss and fails itself is a dead letter, and no news of its own."""
    person = await works.meet()
    lane = Lane(kind=LaneKind.PERSON, id=person.person.id)
    await put(works, lane, Origin.TURN, b"not an event")
    await works.settle()

    assert await causes(works) == [Cause.UNREADABLE]
    assert works.number("SELECT count(*) FROM inbox") == 1
    assert works.transport.sent == []


async def test_of_a_broken_timer_its_person_hears_nothing(works: Works) -> None:
    """They wrote nothing that could be lost; the operator sees it."""
    person = await works.meet()
    await put(works, Lane(kind=LaneKind.PERSON, id=person.person.id), Origin.TIMER, b"not a timer")
    await works.settle()

    assert await causes(works) == [Cause.UNREADABLE]
    assert works.transport.sent == []


async def test_a_row_whose_key_is_gone_is_given_up(works: Works) -> None:
    """Its body can't be opened, now or later."""
    await works.receive(said("hello"))
    with closing(sqlite3.connect(works.path)) as other:
        other.execute("UPDATE inbox SET body = x'00'")
        other.commit()
    await works.settle()

    assert await causes(works) == [Cause.UNREADABLE]


async def test_what_came_as_its_writer_went_is_answered_as_who_they_are_now(works: Works) -> None:
    """A row in the lane of somebody there is not is handed on to whoever is behind its address."""
    noa = await works.meet()
    await put(works, Lane(kind=LaneKind.PERSON, id=12345), Origin.TELEGRAM, said("hello"))
    await works.settle()

    assert works.number(OPEN) == 0
    assert works.transport.texts
    assert {routing_id for routing_id, _ in works.transport.sent} == {str(NOA)}
    assert works.number("SELECT count(*) FROM person") == 1
    assert (await works.meet()).person.id == noa.person.id


@pytest.mark.parametrize("raw", [membership("member", chat=-100), None])
async def test_what_was_meant_for_who_is_gone_goes_with_them(works: Works, raw: bytes | None) -> None:
    """What other turns meant for them, and what nobody wrote, is handled by nothing."""
    event = codec.event_to_bytes(Raised(flow="offer", subject="1"))
    origin = Origin.TELEGRAM if raw else Origin.TURN
    await put(works, Lane(kind=LaneKind.PERSON, id=12345), origin, raw or event)
    await works.settle()

    assert works.number(OPEN) == 0
    assert works.transport.texts == []


async def test_a_lane_that_is_no_persons_meets_no_person(works: Works) -> None:
    """A case whose number is a person's is not that person."""
    person = await works.meet()
    event = codec.event_to_bytes(Raised(flow="offer", subject="1"))
    await put(works, Lane(kind=LaneKind.CASE, id=person.person.id), Origin.TURN, event)
    await works.settle()

    assert works.number(OPEN) == 0
    assert works.number("SELECT count(*) FROM session") == 0


async def test_a_fault_of_the_flows_is_logged_and_counted(
    works: Works, caplog: pytest.LogCaptureFixture
) -> None:
    """A prompt nobody wrote: the operator sees it."""
    person = await works.meet()
    event = codec.event_to_bytes(Raised(flow="nowhere", subject="1"))
    with caplog.at_level(logging.ERROR, logger="bot"):
        await put(works, Lane(kind=LaneKind.PERSON, id=person.person.id), Origin.TURN, event)
        await works.settle()

    assert [record.getMessage() for record in caplog.records] == ["flow_fault"]
    assert works.metric('bot_flow_faults_total{error="missing_prompt"} 1.0')


async def test_storage_in_trouble_is_nobodys_fault(works: Works) -> None:
    """The row counts no attempt, and is answered when the storage is back."""
    await works.receive(said("/start"))
    with closing(sqlite3.connect(works.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageTroubled):
            await works.processor.batch()
    attempts = works.number("SELECT attempts FROM inbox")
    await works.settle()

    assert attempts == 0
    assert len(works.transport.texts) == 3


async def test_trouble_in_the_middle_of_a_batch_is_nobodys_fault(works: Works) -> None:
    """The key file is locked where a turn needs a person's key: the batch waits, and nothing of it is written."""
    await works.receive(said("/start"))
    works.db.keyring._cache.pop(owner.of_person((await works.meet()).person.id))
    keys = works.path.with_name("keys.db")
    with closing(sqlite3.connect(keys, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageTroubled):
            await works.processor.batch()
    attempts = works.number("SELECT attempts FROM inbox")
    await works.settle()

    assert attempts == 0
    assert len(works.transport.texts) == 3


async def test_the_loop_takes_what_becomes_due_later(works: Works) -> None:
    """Nobody wakes it for a row that was put off; it looks by itself."""
    works.transport.stumbles = {"stumble"}
    loop = asyncio.get_running_loop().create_task(works.processor.run())
    try:
        await works.receive(said("stumble"))
        await works.until_number("SELECT attempts FROM inbox", 1)
        works.transport.stumbles = set()
        works.clock.pass_time(backoff(1))
        await works.until_number(OPEN, 0)
    finally:
        loop.cancel()
        await asyncio.wait([loop])

    assert works.number("SELECT count(*) FROM session") == 1


async def test_the_file_of_a_message_that_goes_to_nobody_is_given_up(works: Works) -> None:
    """Once its turn is written; one without a file, and words, have none."""
    given_up: list[MediaRef] = []
    works.processor = Processor(replace(works.ground, discard=given_up.append), works.turns)
    await works.receive(said("hello"), photo(album="1"), voice(), membership("member"))
    await works.handle()

    assert [(one.media, one.source, one.file.file_id) for one in given_up] == [
        (MediaKind.PHOTO, Platform.TELEGRAM, "f"),
        (MediaKind.VOICE, Platform.TELEGRAM, "v"),
    ]


async def test_a_person_is_here_when_they_write_and_not_when_a_timer_fires(works: Works) -> None:
    """What the bot does by itself does not lengthen how long somebody is remembered."""
    person = await works.meet(NOA)
    works.clock.pass_time(timedelta(days=30))
    lane = Lane(kind=LaneKind.PERSON, id=person.person.id)
    await put(works, lane, Origin.TURN, codec.event_to_bytes(Raised(flow="nowhere", subject="1")))
    await works.settle()
    after_a_turn = (await works.meet()).seen_on
    await works.receive(said("hello"))
    await works.settle()

    assert after_a_turn == person.seen_on
    assert (await works.meet()).seen_on == works.clock.now().date()

"""Retention: what has lived its time goes, and nobody's words go in silence."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.engine.event import Carried, Raised
from bot.model.outgoing import Priority
from bot.model.queue import Cause, Lane, LaneKind, NewInbox, Origin
from bot.store import codec, dead, inbox, lanes
from tests.pipeline.works import DAN, NOA, Works, said
from tests.store.shelf import call

DAY = timedelta(hours=24)
MOMENT = timedelta(milliseconds=1)
TOO_LATE = "Your last message could not be answered in time"
UNREAD = "Your last message on the line could not be delivered"


def told(works: Works, words: str = TOO_LATE) -> list[str]:
    """Who heard that a message of theirs was not answered, or not delivered."""
    return [
        number
        for (number, payload) in works.transport.sent
        if hasattr(payload, "text") and words in payload.text.text
    ]


async def at_home(works: Works, *numbers: int) -> None:
    """People who have been welcomed."""
    for number in numbers:
        await works.receive(said("/start", by=number))
        await works.settle()


async def test_a_message_that_waited_for_a_day_is_wiped_and_its_writer_told(works: Works) -> None:
    """It becomes a dead letter without its words; everybody hears once, and what came later is answered."""
    await at_home(works, NOA, DAN)
    await works.receive(said("one"), said("two"), said("three", by=DAN))
    works.clock.pass_time(DAY + MOMENT)
    await works.receive(said("menu"))
    await works.retention.sweep()
    async with works.db.reading() as unit:
        letters = await dead.newest(unit, limit=9)
    await works.settle()

    assert [letter.cause for letter in letters] == [Cause.EXPIRED] * 3
    assert works.ask("SELECT DISTINCT body FROM dead_letter") == [(None,)]
    assert sorted(told(works)) == [str(NOA), str(DAN)]
    assert "Where are you with this now?" in "\n".join(works.transport.texts)
    assert works.metric('bot_dead_letters_total{cause="expired"} 3.0')


async def test_whoever_wrote_what_was_on_its_way_to_another_for_a_day_is_told(works: Works) -> None:
    """Words of a line that nobody handled: their writer hears of it, whom they were for does not."""
    await at_home(works, NOA)
    ((noa,),) = works.ask("SELECT person_id FROM address")
    await at_home(works, DAN)
    (dan,) = {row[0] for row in works.ask("SELECT person_id FROM address")} - {noa}
    event = Carried(case="7", epoch=1, line="9", sender=str(noa), who="name", words="for you")
    async with works.db.unit() as unit:
        await lanes.to_person(unit, dan, event, now=works.clock.now())
        await unit.commit()
    works.clock.pass_time(DAY + MOMENT)
    await works.retention.sweep()
    await works.settle()

    assert told(works) == [str(NOA)]
    assert "for you" not in "".join(works.transport.texts)


async def test_a_message_is_not_wiped_before_its_day_is_over(works: Works) -> None:
    """It is answered instead."""
    await works.receive(said("/start"))
    works.clock.pass_time(DAY)
    await works.retention.sweep()
    await works.settle()

    assert len(works.transport.texts) == 3
    assert told(works) == []


async def test_the_loss_is_told_once_however_often_is_swept(works: Works) -> None:
    """A row is given up once."""
    await at_home(works, NOA)
    await works.receive(said("one"))
    works.clock.pass_time(DAY + MOMENT)
    for _ in range(3):
        await works.retention.sweep()
        await works.settle()

    assert told(works) == [str(NOA)]


async def test_of_an_event_from_inside_nobody_hears(works: Works) -> None:
    """Nobody wrote it; it is a dead letter for the operator."""
    await at_home(works, NOA)
    person_id = (await works.meet()).person.id
    async with works.db.unit() as unit:
        row = NewInbox(
            lane=Lane(kind=LaneKind.PERSON, id=person_id),
            origin=Origin.TURN,
            external_id="x",
            body=codec.event_to_bytes(Raised(flow="offer", subject="1")),
        )
        await inbox.add(unit, [row], now=works.clock.now())
        await unit.commit()
    works.clock.pass_time(DAY + MOMENT)
    await works.retention.sweep()
    await works.settle()

    assert works.rows("dead_letter") == 1
    assert told(works) == []


async def test_a_call_that_waited_for_a_day_is_wiped_and_counted(works: Works) -> None:
    """What the bot would have said by itself is over; what somebody wrote is told to them."""
    await at_home(works, NOA, DAN)
    noa, dan = await works.meet(NOA), await works.meet(DAN)
    await works.enqueue(
        call(dan, "a reply"),
        replace(call(dan, "from Noa"), sender_id=noa.person.id, priority=Priority.RELAY),
    )
    works.clock.pass_time(DAY + MOMENT)
    await works.retention.sweep()
    await works.settle()

    assert told(works, UNREAD) == [str(NOA)]
    assert works.metric('bot_sends_total{outcome="wiped",platform="none"} 2.0')
    assert works.rows("outbox") == 0


async def test_a_sweep_says_what_it_removed_and_how_old_the_rest_is(
    works: Works, caplog: pytest.LogCaptureFixture
) -> None:
    """By class of data, never by person."""
    await works.receive(said("one"))
    works.clock.pass_time(timedelta(hours=2))
    await works.retention.sweep()
    young = works.metric('bot_oldest_row_seconds{data="event_body"} 7200.0')
    works.clock.pass_time(DAY)
    with caplog.at_level(logging.INFO, logger="bot"):
        await works.retention.sweep()

    assert young
    assert [(record.getMessage(), vars(record)["count"]) for record in caplog.records] == [("swept", 1)]


async def test_one_process_sweeps_at_a_time(works: Works) -> None:
    """The other leaves it to that one."""
    await works.receive(said("one"))
    works.clock.pass_time(DAY + MOMENT)
    async with works.db.hold("retention"):
        await works.retention.sweep()
    left = works.number("SELECT count(*) FROM inbox WHERE body IS NOT NULL")
    await works.retention.sweep()

    assert left == 1
    assert works.number("SELECT count(*) FROM inbox WHERE body IS NOT NULL AND origin = 'telegram'") == 0

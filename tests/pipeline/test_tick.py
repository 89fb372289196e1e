"""Ticking: timers move when they are due, once, and a job that fails comes again."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from bot.engine.walk import WAIT
from bot.model.outgoing import Priority
from bot.model.person import Platform
from bot.model.queue import Keep, Lane, LaneKind, MessageRef, Timer
from bot.pipeline import tick
from bot.store import pauses, people, refs, timers
from tests.pipeline.works import NOA, Works, said

OPEN = "SELECT count(*) FROM inbox WHERE handled_at IS NULL"
HOUR = timedelta(hours=1)


async def timed(works: Works, person_id: int, *, version: str = "v1", after: timedelta = HOUR) -> None:
    """A timer of a person."""
    lane = Lane(kind=LaneKind.PERSON, id=person_id)
    due_at = works.clock.now() + after
    async with works.db.unit() as unit:
        timer = Timer(lane=lane, kind=WAIT, due_at=due_at, version=version)
        await timers.put(unit, [timer], now=works.clock.now())
        await unit.commit()


async def test_a_timer_fires_when_it_is_due_and_once(works: Works) -> None:
    """Not before, and not again at the next tick."""
    await timed(works, (await works.meet()).person.id)
    seen = []
    for _ in range(3):
        await works.ticker.fire()
        seen.append(works.number("SELECT count(*) FROM inbox"))
        works.clock.pass_time(HOUR)

    assert seen == [0, 1, 1]
    assert works.rows("timer") == 0


async def test_a_timer_that_was_set_anew_fires_once_for_its_last_version(works: Works) -> None:
    """The earlier one is gone."""
    person_id = (await works.meet()).person.id
    await timed(works, person_id, version="v1")
    await timed(works, person_id, version="v2", after=2 * HOUR)
    works.clock.pass_time(HOUR)
    await works.ticker.fire()
    early = works.rows("inbox")
    works.clock.pass_time(HOUR)
    await works.ticker.fire()

    assert (early, works.rows("inbox")) == (0, 1)


async def many(works: Works, count: int) -> None:
    """So many timers, each of somebody else, are due."""
    for number in range(count):
        await timed(works, (await works.meet(NOA + number)).person.id)
    works.clock.pass_time(HOUR)


async def test_thousands_that_are_due_at_once_do_not_queue_before_who_writes(works: Works) -> None:
    """They wait as timers: in the inbox, which a message joins at its end, are a few of them."""
    await many(works, tick.WAITING + 8)
    await works.ticker.fire()

    assert works.number(OPEN) == tick.WAITING
    assert works.rows("timer") == 8


async def test_timers_follow_as_those_before_them_are_handled(works: Works) -> None:
    """In the same tick: an outage is caught up with at the speed of the turns, not of the clock."""
    await many(works, tick.WAITING + 8)
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        ticking = tasks.create_task(works.ticker.fire())
        while not ticking.done():
            await works.handle()
            await asyncio.sleep(0.01)
    await works.handle()  # what the end of the tick moved

    assert works.number(OPEN) == 0
    assert works.rows("timer") == 0


async def test_what_a_request_for_help_waits_for_is_due_before_anything_else(works: Works) -> None:
    """However many timers of people are longer overdue."""
    await many(works, tick.WAITING + 1)
    async with works.db.unit() as unit:
        lane = Lane(kind=LaneKind.CASE, id=7)
        last = Timer(lane=lane, kind="search", due_at=works.clock.now(), version="1")
        await timers.put(unit, [last], now=works.clock.now())
        await unit.commit()
    await works.ticker.fire()

    assert works.ask("SELECT lane_kind FROM timer") == [("person",)]
    assert works.ask("SELECT lane_kind FROM inbox WHERE handled_at IS NULL ORDER BY id")[0] == ("case",)


async def test_a_seal_is_noticed_at_the_next_tick(works: Works) -> None:
    """Whoever set it, in whatever process; a pause is none."""
    async with works.db.unit() as unit:
        await pauses.hold(unit, pauses.EVERYTHING, reason="organizer")
        await unit.commit()
    await works.ticker.fire()
    paused = works.ticker.sealed.is_set()
    async with works.db.unit() as unit:
        await pauses.hold(unit, pauses.SEALED, reason="organizer")
        await unit.commit()
    await works.ticker.fire()

    assert (paused, works.ticker.sealed.is_set()) == (False, True)


async def test_a_timer_of_an_older_screen_means_nothing(works: Works) -> None:
    """The person went on; nothing is said."""
    await works.receive(said("/start"))
    await works.settle()
    sent = len(works.transport.sent)
    await timed(works, (await works.meet()).person.id, version="n0000000")
    works.clock.pass_time(HOUR)
    await works.ticker.fire()
    await works.settle()

    assert len(works.transport.sent) == sent
    assert works.number(OPEN) == 0


async def test_a_late_timer_is_still_handled(works: Works) -> None:
    """The bot was away for weeks; what was due meanwhile happens at its return."""
    await timed(works, (await works.meet()).person.id)
    works.clock.pass_time(timedelta(days=20))
    await works.ticker.fire()
    await works.settle()

    assert works.rows("inbox") == 1
    assert works.number(OPEN) == 0


async def test_a_timer_of_a_deleted_person_is_gone_with_them(works: Works) -> None:
    """Whether it waits in its table or in the inbox."""
    first, second = await works.meet(NOA), await works.meet(NOA + 1)
    await timed(works, first.person.id)
    works.clock.pass_time(HOUR)
    await works.ticker.fire()
    await timed(works, second.person.id)
    async with works.db.unit() as unit:
        await people.forget_all(unit, [first.person.id, second.person.id])
        await unit.commit()
    works.clock.pass_time(HOUR)
    await works.ticker.fire()
    await works.settle()

    assert works.rows("timer") == 0
    assert works.number(OPEN) == 0
    assert works.transport.sent == []


async def test_each_tick_wakes_both_loops(works: Works) -> None:
    """What became due meanwhile is nobody's call."""
    works.ground.process._event.clear()
    works.ground.deliver._event.clear()
    await works.ticker.fire()
    async with asyncio.timeout(0.5):
        await works.ground.process.wait()
        await works.ground.deliver.wait()


async def test_the_gauges_show_what_waits(works: Works) -> None:
    """Depth and age by queue, and how the databases work."""
    await works.receive(said("hello"))
    for priority in (Priority.REPLY, Priority.NOTICE):
        await works.post(await works.meet(), "hello", priority=priority)
    works.clock.pass_time(HOUR)
    await works.ticker.measure()

    assert works.metric('bot_queue_depth{queue="inbox"} 1.0')
    assert works.metric('bot_queue_depth{queue="outbox"} 1.0')
    assert works.metric('bot_queue_depth{queue="notices"} 1.0')
    assert works.metric('bot_queue_depth{queue="dead"} 0.0')
    assert works.metric('bot_queue_overdue_seconds{queue="inbox"} 3600.0')
    assert works.metric('bot_queue_overdue_seconds{queue="dead"} 0.0')
    assert works.ticker.last_measured == works.clock.now()
    assert works.ticker.longest_overdue == 3600.0


async def test_the_gauges_show_how_old_what_is_to_be_deleted_has_become(works: Works) -> None:
    """Nothing is nought; a sensitive message counts from when it was sent."""
    known = await works.meet()
    await works.ticker.measure()
    assert works.metric('bot_oldest_row_seconds{data="to_delete"} 0.0')
    sent = MessageRef(
        address_id=known.addresses[0].id,
        person_id=known.person.id,
        platform=Platform.TELEGRAM,
        message_id="7",
        keep=Keep.SENSITIVE,
        sent_at=works.clock.now(),
    )
    async with works.db.unit() as unit:
        await refs.remember(unit, [sent])
        await unit.commit()
    works.clock.pass_time(37 * HOUR)
    await works.ticker.measure()

    assert works.metric('bot_oldest_row_seconds{data="to_delete"} 133200.0')


async def test_the_ticker_ticks_while_it_is_open(works: Works) -> None:
    """Due timers move without anybody's call, and after the end nothing moves."""
    await timed(works, (await works.meet()).person.id, after=timedelta())
    async with works.ticker.ticking():
        await works.until_number("SELECT count(*) FROM inbox", 1)
    await timed(works, (await works.meet()).person.id, after=timedelta())
    await asyncio.sleep(1.2)  # a tick would have come by now

    assert works.rows("inbox") == 1


async def test_a_job_that_fails_is_logged_and_comes_again(
    works: Works, caplog: pytest.LogCaptureFixture
) -> None:
    """The scheduler never sees the error."""
    job = tick._guarded(works.ticker.fire)
    with caplog.at_level(logging.ERROR, logger="bot"), closing(sqlite3.connect(works.path)) as other:
        other.execute("ALTER TABLE timer RENAME TO hidden")
        await job()
        other.execute("ALTER TABLE hidden RENAME TO timer")
    await job()

    assert [record.getMessage() for record in caplog.records] == ["tick_failed"]

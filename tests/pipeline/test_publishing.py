"""The end of a final call: it is closed by its own timer, and whoever said nothing hears that they are left out."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.engine.event import Raised
from bot.model.person import Role
from bot.model.publication import CLOSING, Publication, Stage
from bot.model.queue import Lane, LaneKind, Timer
from bot.pipeline import publishing
from bot.store import codec, inbox, publications, roles, timers
from tests.crew import Crew
from tests.letters import TEXT, signs
from tests.pipeline.works import Works
from tests.store.shelf import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
async def called(works: Works) -> tuple[Publication, Mapping[str, int]]:
    """A call: one person said yes to it, one said nothing, and there is an organizer."""
    crew = Crew(works)
    people = {"yes": await crew.person(11), "silent": await crew.person(12), "team": await crew.person(13)}
    now = works.clock.now()
    async with works.db.unit() as unit:
        await roles.grant(unit, people["team"], Role.ORGANIZER, today=now.date())
        agreed = await signs(unit, people["yes"], "a1")
        await signs(unit, people["silent"], "b2")
        one = await publications.open_one(unit, letter="reserves", text=TEXT, closes_at=now + HOUR, now=now)
        await publications.ask(unit, one)
        await publications.confirm(unit, one, agreed, now=now)
        lane = Lane(kind=LaneKind.LETTER, id=one.id)
        closing = Timer(lane=lane, kind=CLOSING, due_at=now + HOUR, version=str(one.id))
        await timers.put(unit, [closing], now=now)
        await unit.commit()
    return one, people


async def _told(works: Works) -> list[tuple[int, str]]:
    """Whom a prompt waits for, and which one."""
    async with works.db.unit() as unit:
        rows = await inbox.claim(unit, now=works.clock.now(), limit=9)
        events = [(row.lane.id, codec.event_from_bytes(row.body or b"")) for row in rows]
    return sorted((who, event.flow) for who, event in events if isinstance(event, Raised))


async def _stage(works: Works, one: Publication) -> Stage | None:
    async with works.db.reading() as reading:
        found = await publications.load(reading, one.id)
    return found.stage if found else None


async def test_its_timer_closes_it(works: Works, called: tuple[Publication, Mapping[str, int]]) -> None:
    """In a lane of its own, at the hour that two organizers agreed to."""
    one, _ = called
    before = await _stage(works, one)
    works.clock.pass_time(HOUR)
    await works.ticker.fire()
    await works.settle()

    assert (before, await _stage(works, one)) == (Stage.CALLING, Stage.CLOSED)


async def test_who_said_nothing_is_told_once(
    works: Works, called: tuple[Publication, Mapping[str, int]]
) -> None:
    """And the organizers that there is something to decide; who said yes waits for what they decide."""
    one, people = called
    for _ in range(2):
        async with works.db.unit() as unit:
            counts = await publishing.close(unit, one.id, now=works.clock.now())
            await unit.commit()

    assert await _told(works) == sorted([(people["silent"], "left_out"), (people["team"], "proposed")])
    assert counts == {}


async def test_what_was_called_off_stays_so(
    works: Works, called: tuple[Publication, Mapping[str, int]]
) -> None:
    """Nobody hears of it again; the same of one that is not there."""
    one, _ = called
    async with works.db.unit() as unit:
        await publications.move(unit, one, Stage.CALLED_OFF, today=NOW.date())
        await publishing.close(unit, one.id, now=works.clock.now())
        await publishing.close(unit, 1, now=works.clock.now())
        await unit.commit()

    assert (await _told(works), await _stage(works, one)) == ([], Stage.CALLED_OFF)

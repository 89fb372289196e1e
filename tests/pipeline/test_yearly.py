"""Once a year somebody is asked whether notices may go on; without an answer they end."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.engine.event import Fired, Raised
from bot.model.letter import STANDS
from bot.model.queue import Lane, LaneKind
from bot.model.signature import SignatureState
from bot.model.topic import ANSWER, OVER, YEAR, YEARLY
from bot.pipeline.reminding import asked_for, is_asked_for
from bot.store import consents, signatures, timers
from bot.store.db import Database
from bot.store.people import Known
from tests.pipeline.test_reminding import WISH
from tests.pipeline.works import Works
from tests.store.shelf import meet
from tests.store.test_mine import AGREED

ZONE = "Asia/Jerusalem"
NEWS = replace(AGREED, purpose="notice:news")
NOON = datetime(2027, 11, 24, 10, tzinfo=UTC)  # a Wednesday
NIGHT = datetime(2027, 11, 24, 22, tzinfo=UTC)
LONG_AGO = date(2026, 11, 20)
QUESTION = Raised(flow=YEARLY, subject=YEARLY)
ENDED = Raised(flow=OVER, subject=OVER)


@pytest.fixture
async def noa(works: Works) -> Known:
    """Somebody who gets notices, and wrote a year ago for the last time."""
    (known,) = await meet(works.db, "1")
    async with works.db.unit() as unit:
        await consents.give(unit, known.person.id, given=NEWS)
        await unit.commit()
    return replace(known, seen_on=LONG_AGO)


async def fired(
    db: Database, known: Known, timer: str, *, now: datetime, asked: date = LONG_AGO
) -> tuple[Raised | None, dict[str, datetime], bool]:
    """What comes of a timer, when the next ones are due, and whether notices still come."""
    event = Fired(timer=timer, version=timer, values={} if timer == YEARLY else {"asked": asked.isoformat()})
    assert is_asked_for(event.timer)
    async with db.unit() as unit:
        raised = await asked_for(unit, event, known=known, now=now, zone=ZONE)
        due = await timers.of_lane(unit, Lane(kind=LaneKind.PERSON, id=known.person.id))
        live = [one for one in await consents.of_person(unit, known.person.id) if not one.withdrawn_on]
    return raised, dict(due), bool(live)


async def test_who_wrote_nothing_for_a_year_is_asked(works: Works, noa: Known) -> None:
    """And there are two weeks to answer."""
    assert await fired(works.db, noa, YEARLY, now=NOON) == (QUESTION, {OVER: NOON + ANSWER}, True)


async def test_who_wrote_meanwhile_is_asked_a_year_after_that(works: Works, noa: Known) -> None:
    """At noon, their time."""
    seen = date(2027, 3, 8)
    raised, due, live = await fired(works.db, replace(noa, seen_on=seen), YEARLY, now=NOON)

    assert (raised, live) == (None, True)
    assert due[YEARLY].date() == seen + YEAR


async def test_without_an_answer_notices_end(works: Works, noa: Known) -> None:
    """It is said, and nothing is set any more."""
    asked = NOON.date() - timedelta(days=14)
    assert await fired(works.db, noa, OVER, now=NOON, asked=asked) == (ENDED, {}, False)


async def test_any_word_is_an_answer(works: Works, noa: Known) -> None:
    """Also on the day of the question."""
    asked = NOON.date() - timedelta(days=14)
    raised, due, live = await fired(works.db, replace(noa, seen_on=asked), OVER, now=NOON, asked=asked)

    assert (raised, live) == (None, True)
    assert due[YEARLY].date() == asked + YEAR


@pytest.mark.parametrize("timer", [YEARLY, OVER])
async def test_nobody_is_asked_or_told_at_night(works: Works, noa: Known, timer: str) -> None:
    """It waits for the morning, and means the same then."""
    asked = NIGHT.date() - timedelta(days=14)
    raised, due, live = await fired(works.db, noa, timer, now=NIGHT, asked=asked)

    assert (raised, live) == (None, True)
    assert due == {timer: datetime(2027, 11, 25, 6, tzinfo=UTC)}


@pytest.mark.parametrize("timer", [YEARLY, OVER])
async def test_who_has_no_notices_any_more_is_asked_nothing(works: Works, noa: Known, timer: str) -> None:
    """Whatever was set before."""
    async with works.db.unit() as unit:
        await consents.withdraw(unit, noa.person.id, purposes=[NEWS.purpose], today=NOON.date())
        await unit.commit()

    assert await fired(works.db, noa, timer, now=NOON) == (None, {}, False)


async def _under_a_letter(db: Database, known: Known, *, state: SignatureState) -> None:
    """They said a first yes, or both."""
    async with db.unit() as unit:
        await signatures.think(unit, known.person.id, wish=WISH)
        if state is SignatureState.SIGNED:
            await signatures.sign(unit, known.person.id, signed=replace(WISH, entry="a1"), sealed=b"box")
        await unit.commit()


async def test_who_signed_and_wrote_nothing_for_a_year_is_told_that_it_stands(
    works: Works, noa: Known
) -> None:
    """And again a year after that: silence ends nothing."""
    await _under_a_letter(works.db, noa, state=SignatureState.SIGNED)
    note, due, _ = await fired(works.db, noa, STANDS, now=NOON)
    async with works.db.unit() as unit:
        (kept,) = await signatures.of_person(unit, noa.person.id)

    assert note == Raised(flow=STANDS, subject=STANDS)
    assert due[STANDS].date() == date(2028, 11, 23)
    assert kept.state is SignatureState.SIGNED


@pytest.mark.parametrize(
    ("seen", "now", "due"),
    [
        (date(2027, 3, 8), NOON, datetime(2028, 3, 7, 10, tzinfo=UTC)),
        (LONG_AGO, NIGHT, datetime(2027, 11, 25, 6, tzinfo=UTC)),
    ],
)
async def test_the_note_of_the_letter_waits_for_its_time(
    works: Works, noa: Known, seen: date, now: datetime, due: datetime
) -> None:
    """A year after the last word, and never at night."""
    await _under_a_letter(works.db, noa, state=SignatureState.SIGNED)

    assert await fired(works.db, replace(noa, seen_on=seen), STANDS, now=now) == (None, {STANDS: due}, True)


async def test_who_signed_nothing_is_told_nothing(works: Works, noa: Known) -> None:
    """A first yes is none yet; no timer is left."""
    await _under_a_letter(works.db, noa, state=SignatureState.THINKING)

    assert await fired(works.db, noa, STANDS, now=NOON) == (None, {}, True)

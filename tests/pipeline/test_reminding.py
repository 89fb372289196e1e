"""The one note at the end of the time to think about a letter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.engine.event import Fired, Raised
from bot.engine.session import Session
from bot.model.gentle import gentle_until
from bot.model.letter import PublicForm
from bot.model.queue import Lane, LaneKind
from bot.model.signature import NOTE, Signature, SignatureState
from bot.pipeline.reminding import remind
from bot.store import signatures, timers
from bot.store.db import Database
from bot.store.people import Known
from tests.pipeline.works import Works
from tests.store.shelf import meet

ZONE = "Asia/Jerusalem"
NOON = datetime(2026, 11, 24, 10, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 22, tzinfo=UTC)
EVENT = Fired(timer=NOTE, version="11", values={"letter": "reserves"})
WISH = Signature(
    id=11,
    letter="reserves",
    text="f" * 64,
    form=PublicForm.FULL,
    state=SignatureState.THINKING,
    ready_at=NOON,
    agreed_on=NOON.date(),
)


async def _thinks(db: Database) -> Known:
    (known,) = await meet(db, "1")
    async with db.unit() as unit:
        await signatures.think(unit, known.person.id, wish=WISH)
        await unit.commit()
    return known


async def _reminded(db: Database, known: Known, now: datetime) -> tuple[Raised | None, dict[str, datetime]]:
    async with db.unit() as unit:
        note = await remind(unit, EVENT, known=known, now=now, zone=ZONE)
        set_ = await timers.of_lane(unit, Lane(kind=LaneKind.PERSON, id=known.person.id))
    return note, dict(set_)


async def test_it_comes_while_there_is_something_to_say_yes_to(works: Works) -> None:
    """As a question that says nothing by itself."""
    known = await _thinks(works.db)

    assert await _reminded(works.db, known, NOON) == (Raised(flow=NOTE, subject="reserves"), {})


async def test_what_an_outage_pushes_into_the_night_comes_in_the_morning(works: Works) -> None:
    """Nobody is woken by it."""
    known = await _thinks(works.db)
    note, set_ = await _reminded(works.db, known, NIGHT)

    assert note is None
    assert set_ == {NOTE: datetime(2026, 11, 25, 6, tzinfo=UTC)}


async def test_after_a_hard_moment_it_waits_until_nothing_is_hurried(works: Works) -> None:
    """As long as the second yes does, which waits too."""
    known = await _thinks(works.db)
    known = replace(known, session=Session(gentle_until=gentle_until(NOON)))
    note, set_ = await _reminded(works.db, known, NOON)

    assert note is None
    assert set_[NOTE] - NOON >= timedelta(days=3)


async def test_who_decided_meanwhile_hears_nothing(works: Works) -> None:
    """A no, or a second yes, is an answer."""
    (known,) = await meet(works.db, "1")

    assert await _reminded(works.db, known, NOON) == (None, {})


async def test_it_comes_once(works: Works) -> None:
    """A day later there is no other."""
    known = await _thinks(works.db)
    await _reminded(works.db, known, NOON)

    assert (await _reminded(works.db, known, NOON + timedelta(days=1)))[1] == {}

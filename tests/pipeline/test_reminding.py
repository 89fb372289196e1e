"""The one note at the end of the time to think about a letter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.engine.event import Fired, Raised
from bot.engine.parse import read_book
from bot.engine.session import Session
from bot.model.audit import CONSOLE
from bot.model.gentle import gentle_until
from bot.model.letter import Letter, PublicForm
from bot.model.proposal import UNANSWERED, Deed, Verdict, Vote
from bot.model.queue import Lane, LaneKind
from bot.model.signature import NOTE, TALK, UNCONFIRMED, Signature, SignatureState, Verified, note_of
from bot.pipeline.reminding import ask_again, asked_for, is_asked_for, remind
from bot.store import people, proposals, signatures, timers, verifying
from bot.store.db import Database
from bot.store.people import Known
from tests.letters import TEXT, signs
from tests.pipeline.works import Works
from tests.store.shelf import meet

ZONE = "Asia/Jerusalem"
LETTERS = read_book(Path(__file__).parents[2] / "flows").letters
NOON = datetime(2026, 11, 24, 10, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 22, tzinfo=UTC)
KIND = note_of("reserves")
EVENT = Fired(timer=KIND, version="11", values={"letter": "reserves"})
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


async def test_who_asked_for_a_second_yes_hears_that_none_came(works: Works) -> None:
    """Nothing comes where one did."""
    (known,) = await meet(works.db, "1")
    async with works.db.unit() as unit:
        one = await proposals.propose(unit, Deed.ADD_ORGANIZER, proposer=CONSOLE, now=NOON)
        event = Fired(timer=UNANSWERED, version=UNANSWERED, values={"id": str(one.id)})
        silent = await asked_for(unit, event, known=known, now=one.ends_at, zone=ZONE)
        vote = Vote(verdict=Verdict.REFUSED, by="anna", content=one.content)
        await proposals.decide(unit, one.id, vote=vote, now=NOON)
        answered = await asked_for(unit, event, known=known, now=one.ends_at, zone=ZONE)

    assert is_asked_for(UNANSWERED)
    assert (silent, answered) == (Raised(flow=UNANSWERED, subject=str(one.id)), None)


async def test_it_comes_while_there_is_something_to_say_yes_to(works: Works) -> None:
    """As a question that says nothing by itself."""
    known = await _thinks(works.db)

    assert await _reminded(works.db, known, NOON) == (Raised(flow=NOTE, subject="reserves"), {})


async def test_what_an_outage_pushes_into_the_night_comes_in_the_morning(works: Works) -> None:
    """Nobody is woken by it."""
    known = await _thinks(works.db)
    note, set_ = await _reminded(works.db, known, NIGHT)

    assert note is None
    assert set_ == {KIND: datetime(2026, 11, 25, 6, tzinfo=UTC)}


async def test_after_a_hard_moment_it_waits_until_nothing_is_hurried(works: Works) -> None:
    """As long as the second yes does, which waits too."""
    known = await _thinks(works.db)
    known = replace(known, session=Session(gentle_until=gentle_until(NOON)))
    note, set_ = await _reminded(works.db, known, NOON)

    assert note is None
    assert set_[KIND] - NOON >= timedelta(days=3)


async def test_who_decided_meanwhile_hears_nothing(works: Works) -> None:
    """A no, or a second yes, is an answer."""
    (known,) = await meet(works.db, "1")

    assert await _reminded(works.db, known, NOON) == (None, {})


async def _has_signed(db: Database, *, may_be_asked: bool) -> Known:
    known = await _thinks(db)
    async with db.unit() as unit:
        signed = replace(WISH, entry="a1")
        await signatures.sign(unit, known.person.id, signed=signed, sealed=b"box")
        if may_be_asked:
            await signatures.allow(unit, signed)
        await unit.commit()
    return known


async def _asked(db: Database, letter: Letter, now: datetime = NOON) -> int:
    async with db.unit() as unit:
        asked = await ask_again(unit, [letter], now=now, zone=ZONE)
        await unit.commit()
    return asked


def _letter(text: int) -> Letter:
    """The letter in that version."""
    return replace(LETTERS["reserves"], version=text)


async def test_who_allowed_it_is_asked_once_when_the_letter_has_changed(works: Works) -> None:
    """By the same words as every note, in the morning where it is night."""
    known = await _has_signed(works.db, may_be_asked=True)
    asked = await _asked(works.db, _letter(2), NIGHT), await _asked(works.db, _letter(3), NIGHT)
    note, set_ = await _reminded(works.db, known, datetime(2026, 11, 25, 6, tzinfo=UTC))

    assert asked == (1, 0)
    assert set_ == {KIND: datetime(2026, 11, 25, 6, tzinfo=UTC)}
    assert note == Raised(flow=NOTE, subject="reserves")


@pytest.mark.parametrize("who", ["did not allow it", "signed these words", "said stop"])
async def test_nobody_else_is_asked_again(works: Works, who: str) -> None:
    """Silence is no permission, and "stop" ends it."""
    known = await _has_signed(works.db, may_be_asked=who != "did not allow it")
    if who == "said stop":
        async with works.db.unit() as unit:
            await signatures.forbid(unit, known.person.id)
            await unit.commit()
    letter = LETTERS["reserves"]
    async with works.db.unit() as unit:
        same = await signatures.to_ask_again(unit, "reserves", text=WISH.text)

    assert same == []
    assert who == "signed these words" or await _asked(works.db, letter) == 0


async def test_it_comes_once(works: Works) -> None:
    """A day later there is no other."""
    known = await _thinks(works.db)
    await _reminded(works.db, known, NOON)

    assert (await _reminded(works.db, known, NOON + timedelta(days=1)))[1] == {}


async def _verified(db: Database, *, says: Verified | None = None) -> Known:
    """Somebody whom the letter team asked, and who talked with them if they said something."""
    (known,) = await meet(db, "1")
    async with db.unit() as unit:
        await people.save(unit, [replace(known.person, adult=True)])
        await signs(unit, known.person.id, "a1")
        await verifying.ask(unit, "reserves", TEXT)
        if says:
            await verifying.agree(unit, known.person.id)
            await verifying.record(unit, known.person.id, said=says)
        await unit.commit()
    return known


async def _told(
    db: Database, known: Known, kind: str, now: datetime
) -> tuple[Raised | None, dict[str, datetime]]:
    async with db.unit() as unit:
        event = Fired(timer=kind, version="1")
        note = await asked_for(unit, event, known=known, now=now, zone=ZONE)
        set_ = await timers.of_lane(unit, Lane(kind=LaneKind.PERSON, id=known.person.id))
    return note, dict(set_)


async def test_the_letter_team_asks_by_day_and_only_while_there_is_something_to_ask(works: Works) -> None:
    """Whoever agreed meanwhile hears nothing of it; what was refused is another note."""
    known = await _verified(works.db)
    morning = datetime(2026, 11, 25, 6, tzinfo=UTC)

    assert await _told(works.db, known, TALK, NOON) == (Raised(flow=TALK, subject=""), {})
    assert await _told(works.db, known, TALK, NIGHT) == (None, {TALK: morning})
    assert await _told(works.db, known, UNCONFIRMED, NOON) == (None, {})


async def test_a_no_is_told_unless_it_was_corrected(works: Works) -> None:
    """With a note of its own."""
    known = await _verified(works.db, says=Verified.NO)
    assert await _told(works.db, known, UNCONFIRMED, NOON) == (Raised(flow=UNCONFIRMED, subject=""), {})
    async with works.db.unit() as unit:
        await verifying.record(unit, known.person.id, said=Verified.YES)
        await unit.commit()
    assert await _told(works.db, known, UNCONFIRMED, NOON) == (None, {})


async def test_in_the_week_after_a_hard_moment_the_letter_team_is_silent(works: Works) -> None:
    """It asks when that week is over."""
    known = await _verified(works.db)
    known = replace(known, session=Session(gentle_until=gentle_until(NOON)))
    note, set_ = await _told(works.db, known, TALK, NOON)

    assert note is None
    assert set_[TALK] - NOON >= timedelta(days=7)

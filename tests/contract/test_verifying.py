"""What the letter team knows of a signature, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.letter import PublicForm
from bot.model.publication import Publication, Stage
from bot.model.signature import Signature, Verified
from bot.store import people, publications, signatures, verifying
from bot.store.db import Database
from bot.store.people import Known
from tests.letters import TEXT, signs
from tests.store.shelf import NOW, meet

TODAY = NOW.date()
LATER = NOW + timedelta(days=1)


@pytest.fixture
async def three(db: Database) -> list[Known]:
    """Adults who stand under the letter: two with a name, the last one only counted."""
    known = await meet(db, "1", "2", "3")
    forms = (PublicForm.FULL, PublicForm.INITIAL, PublicForm.COUNTED)
    async with db.unit() as unit:
        await people.save(unit, [replace(one.person, adult=True) for one in known])
        for one, entry, form in zip(known, ("a1", "b2", "c3"), forms, strict=True):
            await signs(unit, one.person.id, entry, form=form)
        await unit.commit()
    return known


async def _asked(db: Database) -> list[int]:
    async with db.unit() as unit:
        found = await verifying.ask(unit, "reserves", TEXT)
        await unit.commit()
    return [person_id for person_id, _ in found]


async def _agrees(db: Database, known: Known) -> bool:
    async with db.unit() as unit:
        done = await verifying.agree(unit, known.person.id)
        await unit.commit()
    return done


async def _says(db: Database, known: Known, said: Verified) -> bool:
    async with db.unit() as unit:
        done = await verifying.record(unit, known.person.id, said=said)
        await unit.commit()
    return done


async def _counts(db: Database) -> dict[Verified | None, int]:
    async with db.reading() as reading:
        return dict(await verifying.counts(reading, "reserves", TEXT))


async def _theirs(db: Database, known: Known) -> Signature:
    async with db.reading() as reading:
        (one,) = await signatures.of_person(reading, known.person.id)
    return one


async def _called(db: Database, *yes: Known) -> Publication:
    """A publication that has asked everybody, and that these said a fresh yes to."""
    async with db.unit() as unit:
        one = await publications.open_one(unit, letter="reserves", text=TEXT, closes_at=LATER, now=NOW)
        await publications.ask(unit, one)
        for known in yes:
            (theirs,) = await signatures.of_person(unit, known.person.id)
            await publications.confirm(unit, one, theirs.id, now=NOW)
        await unit.commit()
    return one


async def _published(db: Database, one: Publication) -> None:
    async with db.unit() as unit:
        await publications.move(unit, one, Stage.CLOSED, today=TODAY)
        closed = await publications.load(unit, one.id)
        assert closed
        await publications.publish(unit, closed, today=TODAY)
        await unit.commit()


async def test_who_stands_with_a_name_is_asked_once(db: Database, three: list[Known]) -> None:
    """Who is only counted has nothing to confirm."""
    assert await _counts(db) == {None: 2}
    assert await _asked(db) == sorted(one.person.id for one in three[:2])
    assert await _asked(db) == []
    assert await _counts(db) == {Verified.ASKED: 2}


async def test_no_minor_and_nobody_who_stopped_everything_is_asked(db: Database, three: list[Known]) -> None:
    """Nor who has not said how old they are."""
    async with db.unit() as unit:
        await people.save(unit, [replace(three[0].person, adult=None)])
        await signatures.forbid(unit, three[1].person.id)
        await unit.commit()

    assert await _asked(db) == []


async def test_nothing_is_said_of_whoever_did_not_agree(db: Database, three: list[Known]) -> None:
    """Neither of who was not asked, nor of who did not answer."""
    first = three[0]
    assert [await _agrees(db, first), await _says(db, first, Verified.NO)] == [False, False]
    await _asked(db)
    assert not await _says(db, first, Verified.NO)
    assert [await _agrees(db, first), await _agrees(db, first)] == [True, False]
    assert await _says(db, first, Verified.YES)
    assert await _counts(db) == {Verified.YES: 1, Verified.ASKED: 1}


async def test_a_no_is_in_no_bundle_whenever_it_is_said(db: Database, three: list[Known]) -> None:
    """Not counted, not asked, not published, and its fresh yes is over; corrected, a new one is needed."""
    first, second, _ = three
    await _asked(db)
    await _agrees(db, first)
    one = await _called(db, first, second)
    await _says(db, first, Verified.NO)
    async with db.unit() as unit:
        assert list(await publications.lines(unit, one)) == ["b2"]
        assert first.person.id not in await publications.asked(unit, one)
        assert (await publications.signed(unit, "reserves", TEXT))[PublicForm.FULL] == 0
        assert not await publications.confirm(unit, one, int("a1", 16), now=NOW)
    await _says(db, first, Verified.YES)
    async with db.unit() as unit:
        assert list(await publications.lines(unit, one)) == ["b2"]
        assert await publications.confirm(unit, one, int("a1", 16), now=NOW)


async def test_who_was_refused_does_not_count_as_published(db: Database, three: list[Known]) -> None:
    """So nothing of theirs has to be taken off later."""
    first, second, _ = three
    await _asked(db)
    await _agrees(db, first)
    one = await _called(db, first, second)
    await _says(db, first, Verified.NO)
    await _published(db, one)

    assert [(await _theirs(db, known)).published for known in (first, second)] == [None, one.id]


async def test_of_what_was_published_nothing_is_said_any_more(db: Database, three: list[Known]) -> None:
    """The talk was for before it."""
    first = three[0]
    await _asked(db)
    await _agrees(db, first)
    await _published(db, await _called(db, first))
    async with db.reading() as reading:
        assert not await verifying.is_awaited(reading, first.person.id)

    assert not await _says(db, first, Verified.NO)


async def test_what_is_sealed_anew_begins_without_it(db: Database, three: list[Known]) -> None:
    """A yes is not carried over; after a no the call that is open asks the new one nothing."""
    first, second, _ = three
    await _asked(db)
    for known, said in ((first, Verified.YES), (second, Verified.NO)):
        await _agrees(db, known)
        await _says(db, known, said)
    async with db.unit() as unit:
        one = await publications.open_one(unit, letter="reserves", text=TEXT, closes_at=LATER, now=NOW)
        for known, before in ((first, "a1"), (second, "b2")):
            await publications.ask(unit, one)
            await signs(unit, known.person.id, f"{before}a")
        await unit.commit()
    found = [await _theirs(db, known) for known in (first, second)]

    assert [(theirs.verified, theirs.called) for theirs in found] == [(None, one.id), (None, None)]


async def test_nothing_is_heard_of_it_after_stopping_everything(db: Database, three: list[Known]) -> None:
    """Not the question, and not a no, before they look at the letter again."""
    first = three[0]
    await _asked(db)
    async with db.reading() as reading:
        assert await verifying.heard(reading, first.person.id) == {Verified.ASKED}
    async with db.unit() as unit:
        await signatures.forbid(unit, first.person.id)
        assert await verifying.heard(unit, first.person.id) == frozenset()

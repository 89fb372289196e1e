"""Publications of a letter, and whose lines stand in them, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.model.letter import PublicForm
from bot.model.publication import Asked, Publication, Stage
from bot.model.signature import Signature
from bot.store import people, publications, signatures
from bot.store.db import Database
from bot.store.people import Known
from tests.letters import TEXT, signs
from tests.store.shelf import NOW, meet

TODAY = NOW.date()
DAY = timedelta(days=1)
LATER = NOW + DAY


@pytest.fixture
async def both(db: Database) -> list[Known]:
    """Two people who stand under the letter, the second one only counted."""
    known = await meet(db, "1", "2")
    await _signs(db, known[0], "a1")
    await _signs(db, known[1], "b2", form=PublicForm.COUNTED)
    return known


async def _signs(db: Database, known: Known, entry: str, *, form: PublicForm = PublicForm.FULL) -> None:
    async with db.unit() as unit:
        await signs(unit, known.person.id, entry, form=form)
        await unit.commit()


async def _theirs(db: Database, known: Known) -> Signature:
    async with db.reading() as reading:
        (one,) = await signatures.of_person(reading, known.person.id)
    return one


async def _called(db: Database, *, text: str = TEXT) -> Publication:
    """A publication that has asked everybody."""
    async with db.unit() as unit:
        one = await publications.open_one(unit, letter="reserves", text=text, closes_at=LATER, now=NOW)
        await publications.ask(unit, one)
        await unit.commit()
    return one


async def _confirms(db: Database, one: Publication, known: Known, *, after: timedelta = timedelta()) -> bool:
    theirs = await _theirs(db, known)
    async with db.unit() as unit:
        done = await publications.confirm(unit, one, theirs.id, now=NOW + after)
        await unit.commit()
    return done


async def _moves(db: Database, one: Publication, stage: Stage) -> Publication:
    async with db.unit() as unit:
        assert await publications.move(unit, one, stage, today=TODAY)
        await unit.commit()
    return replace(one, stage=stage)


async def _lines(db: Database, one: Publication) -> dict[str, bytes]:
    async with db.reading() as reading:
        return await publications.lines(reading, one)


async def _withdraws(db: Database, known: Known) -> None:
    async with db.unit() as unit:
        await signatures.remove(unit, await signatures.of_person(unit, known.person.id))
        await unit.commit()


async def test_only_a_fresh_yes_stands_in_it(db: Database, both: list[Known]) -> None:
    """Silence stays out; a yes can be taken back while it is asked for."""
    one = await _called(db)
    before = await _lines(db, one)
    said = await _confirms(db, one, both[0])
    there = await _lines(db, one)
    async with db.unit() as unit:
        asked = await publications.asked(unit, one)
        await publications.decline(unit, (await _theirs(db, both[0])).id)
        await unit.commit()

    assert (before, said, there, await _lines(db, one)) == ({}, True, {"a1": b"a1"}, {})
    assert asked == {
        both[0].person.id: Asked(form=PublicForm.FULL, is_fresh=True, is_quiet=False),
        both[1].person.id: Asked(form=PublicForm.COUNTED, is_fresh=False, is_quiet=False),
    }


async def test_who_signs_is_counted_by_what_is_public_of_them(db: Database, both: list[Known]) -> None:
    """Under these words, and without those who took it back."""
    await _withdraws(db, both[0])
    async with db.reading() as reading:
        ours = await publications.signed(reading, "reserves", TEXT)
        others = await publications.signed(reading, "reserves", "0" * 64)

    assert ours == {PublicForm.FULL: 0, PublicForm.INITIAL: 0, PublicForm.COUNTED: 1}
    assert set(others.values()) == {0}


async def test_after_the_call_no_yes_counts(db: Database, both: list[Known]) -> None:
    """Whether its time is over, it was closed, or it was called off."""
    one = await _called(db)
    late = await _confirms(db, one, both[0], after=DAY)
    closed = await _moves(db, one, Stage.CLOSED)
    said = [await _confirms(db, closed, both[0])]
    off = await _moves(db, closed, Stage.CALLED_OFF)
    said.append(await _confirms(db, off, both[0]))

    assert (late, said) == (False, [False, False])


async def test_a_yes_to_other_words_does_not_count(db: Database, both: list[Known]) -> None:
    """Who signed older words is not asked, and can not say it."""
    one = await _called(db, text="0" * 64)
    async with db.reading() as reading:
        assert await publications.asked(reading, one) == {}
    assert not await _confirms(db, one, both[0])


async def test_a_letter_has_one_publication_at_a_time(db: Database, both: list[Known]) -> None:
    """Until it is published or called off; then there can be another one."""
    one = await _called(db)
    with pytest.raises(IntegrityError):
        await _called(db)
    async with db.reading() as reading:
        assert await publications.running(reading, "reserves") == one
    await _moves(db, one, Stage.CALLED_OFF)
    async with db.reading() as reading:
        assert await publications.running(reading, "reserves") is None
    assert (await _called(db)).stage is Stage.CALLING


async def test_a_stage_follows_another_once(db: Database, both: list[Known]) -> None:
    """Of twenty who close it at once one does; nothing follows its end."""
    one = await _called(db)

    async def close() -> bool:
        async with db.unit() as unit:
            done = await publications.move(unit, one, Stage.CLOSED, today=TODAY)
            await unit.commit()
        return done

    done = await asyncio.gather(*(close() for _ in range(20)))
    off = await _moves(db, replace(one, stage=Stage.CLOSED), Stage.CALLED_OFF)
    async with db.unit() as unit:
        again = await publications.move(unit, off, Stage.CALLED_OFF, today=TODAY)
        published = await publications.publish(unit, off, today=TODAY)

    assert (done.count(True), again, published) == (1, False, False)


async def test_who_withdraws_is_out_at_once_and_taken_off_later(db: Database, both: list[Known]) -> None:
    """Before it is published nothing is left; after it the next file tells the keeper, once."""
    one = await _called(db)
    for known in both:
        await _confirms(db, one, known)
    closed = await _moves(db, one, Stage.CLOSED)
    await _withdraws(db, both[1])
    async with db.unit() as unit:
        nothing = await publications.removals(unit, closed)
        await publications.publish(unit, closed, today=TODAY)
        await unit.commit()
    await _withdraws(db, both[0])
    other = await _called(db)
    async with db.unit() as unit:
        first = await publications.removals(unit, other)
        await publications.move(unit, other, Stage.CLOSED, today=TODAY)
        await publications.publish(unit, replace(other, stage=Stage.CLOSED), today=TODAY)
        again = await publications.removals(unit, other)
        await unit.commit()
    third = await _called(db)
    async with db.reading() as reading:
        later = await publications.removals(reading, third)

    assert (await _lines(db, closed), nothing) == ({}, [])
    assert (first, again, later) == (["a1"], ["a1"], [])


async def test_who_is_forgotten_is_taken_off_too(db: Database, both: list[Known]) -> None:
    """By the random name of the line, which leads to nobody."""
    one = await _called(db)
    await _confirms(db, one, both[0])
    closed = await _moves(db, one, Stage.CLOSED)
    async with db.unit() as unit:
        await publications.publish(unit, closed, today=TODAY)
        await unit.commit()
    async with db.unit() as unit:
        await people.forget(unit, both[0].person.id)
        await unit.commit()
    other = await _called(db)
    async with db.reading() as reading:
        assert await publications.removals(reading, other) == ["a1"]


async def test_a_line_that_is_written_anew_is_asked_for_again(db: Database, both: list[Known]) -> None:
    """It belongs to the call that asked for the old one, without the yes that was said to that."""
    one = await _called(db)
    await _confirms(db, one, both[0])
    await _signs(db, both[0], "c3")
    there = await _lines(db, one)
    said = await _confirms(db, one, both[0])

    assert (there, said, await _lines(db, one)) == ({}, True, {"c3": b"c3"})


async def test_whoever_stopped_everything_hears_of_it_only_once_they_look(
    db: Database, both: list[Known]
) -> None:
    """They are asked like all others, where they may look; nothing comes to them by itself."""
    one = await _called(db)

    async def told(fresh: bool | None = None) -> int:
        async with db.unit() as unit:
            return await publications.tell(unit, one, flow="final_call", now=NOW, fresh=fresh)

    counts = [await told()]
    async with db.unit() as unit:
        await signatures.forbid(unit, both[0].person.id)
        await unit.commit()
    counts.append(await told())
    said = await _confirms(db, one, both[0])
    async with db.unit() as unit:
        await signatures.hear(unit, await signatures.of_person(unit, both[0].person.id))
        await unit.commit()
    counts += [await told(), await told(fresh=True), await told(fresh=False)]

    assert (counts, said) == ([2, 1, 2, 1, 1], True)


async def test_a_publication_is_read_as_it_was_written(db: Database) -> None:
    """Also when there is none."""
    one = await _called(db)
    async with db.reading() as reading:
        assert await publications.load(reading, one.id) == one
        assert await publications.load(reading, 1) is None

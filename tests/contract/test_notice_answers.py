"""Who comes, held on SQLite and on PostgreSQL alike: everybody counts once, and what each said goes when it begins."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from bot.model.kept import DataClass
from bot.model.notice import Answer, End, Fate
from bot.model.notice_code import CODES, code_of
from bot.store import copies, notice_answers, people, retention
from bot.store.db import Database
from bot.store.tables import notice, notice_answer
from tests.notices import approved, drafted, want
from tests.store.shelf import MINUTE, NOW, meet

_COMES_BACK: Final = update(notice).where(notice.c.serial == 2).values(serial=1 + CODES)
HOUR: Final = timedelta(hours=1)
COMING, CANT = Answer.COMING, Answer.CANT


async def _say(db: Database, person_id: int, *answers: Answer) -> dict[Answer, int]:
    async with db.unit() as unit:
        for answer in answers:
            await notice_answers.say(unit, 7, person_id, answer=answer, until=NOW + HOUR)
        found = await notice_answers.counts(unit, 7)
        await unit.commit()
    return found


class TestAnswers:
    """What people said to a notice."""

    async def test_everybody_counts_once(self, db: Database) -> None:
        """The same answer again changes nothing; another one takes the place of the first."""
        one, two = (known.person.id for known in await meet(db, "1", "2"))
        assert await _say(db, one, COMING, COMING) == {COMING: 1, CANT: 0}
        assert await _say(db, two, COMING) == {COMING: 2, CANT: 0}
        assert await _say(db, one, CANT) == {COMING: 1, CANT: 1}

    async def test_what_was_said_is_sealed_at_one_length(self, db: Database) -> None:
        """Whoever has the file and no key can't tell the answers apart."""
        one, two = (known.person.id for known in await meet(db, "1", "2"))
        await _say(db, one, COMING)
        await _say(db, two, CANT)
        async with db.reading() as reading:
            sealed = [row.answer_sealed for row in await reading.fetch(select(notice_answer))]
        assert len({len(one) for one in sealed}) == 1
        assert not any(b"cant" in one or b"coming" in one for one in sealed)

    async def test_after_it_began_only_the_numbers_stay(self, db: Database) -> None:
        """Within the hour nobody can tell who comes."""
        (known,) = await meet(db, "1")
        await _say(db, known.person.id, COMING)
        async with db.unit() as unit:
            removed = await retention.sweep(unit, now=NOW + 2 * HOUR + MINUTE)
            said = await notice_answers.said(unit, 7, known.person.id)
            counts = await notice_answers.counts(unit, 7)
        assert (removed[DataClass.NOTICE_ANSWER], said, counts[COMING]) == (1, None, 1)

    async def test_of_who_is_forgotten_the_number_stays(self, db: Database) -> None:
        """What they said goes with them."""
        (known,) = await meet(db, "1")
        await _say(db, known.person.id, COMING)
        async with db.unit() as unit:
            await people.forget(unit, known.person.id)
            counts = await notice_answers.counts(unit, 7)
            await unit.commit()
        assert counts[COMING] == 1

    async def test_it_is_known_who_got_a_notice_and_when(self, db: Database) -> None:
        """Whose copy arrived lately; nobody else, and not for ever."""
        one, two = await meet(db, "1", "2")
        await want(db, one.person.id)
        notice = await approved(db, await drafted(db))
        async with db.unit() as unit:
            while await copies.spread(unit, notice, limit=9, now=NOW):
                pass
            end = End(notice_id=notice.id, person_id=one.person.id, fate=Fate.DELIVERED)
            await copies.settle(unit, [end])
            theirs = [await notice_answers.lately(unit, who.person.id, since=NOW) for who in (one, two)]
            has = [await notice_answers.has_copy(unit, notice.id, who.person.id) for who in (one, two)]
            await unit.commit()
        assert (theirs, has) == ([notice.id, None], [True, False])

    async def test_the_newest_correction_holds(self, db: Database) -> None:
        """Of a correction of a correction as well; a draft of one corrects nothing yet."""
        first = await approved(db, await drafted(db))
        second = await approved(db, await drafted(db, corrects=first))
        third = await approved(db, await drafted(db, corrects=second))
        await drafted(db, corrects=third)
        async with db.reading() as reading:
            assert await notice_answers.newest(reading, first.id) == third.id
            assert await notice_answers.newest(reading, third.id) == third.id

    async def test_a_code_is_of_the_last_notice_that_came(self, db: Database) -> None:
        """Numbers go up with every draft; a code that comes back is of the newer one, for whoever got both."""
        (one,) = await meet(db, "1")
        await want(db, one.person.id)
        first = await approved(db, await drafted(db))
        second = await drafted(db)
        assert (first.serial, second.serial) == (1, 2)
        async with db.unit() as unit:
            while await copies.spread(unit, first, limit=9, now=NOW):
                pass
            code, who = code_of(first.serial), one.person.id
            theirs = [
                await notice_answers.coded(unit, code, person_id, in_team=False)
                for person_id in (who, who + 1)
            ]
            draft = [
                await notice_answers.coded(unit, code_of(2), who, in_team=in_team)
                for in_team in (False, True)
            ]
            await unit.change(_COMES_BACK, {})
            again = await notice_answers.coded(unit, code, who, in_team=True)
            none = await notice_answers.coded(unit, "A", who, in_team=True)
        assert (theirs, draft) == ([first.id, None], [None, second.id])
        assert (again, none) == (second.id, None)

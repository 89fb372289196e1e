"""Notices and everybody's copies, held on SQLite and on PostgreSQL alike."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from bot.model.incoming import FileRef
from bot.model.kept import DataClass
from bot.model.notice import Answer, Audience, End, Fate, Notice, NoticeContent, Picture, Stage, content_hash
from bot.model.person import Language, Platform
from bot.store import copies, copy_counts, notice_drafts, notices, outbox, people, retention
from bot.store.db import Database
from bot.store.people import Known
from bot.store.tables import outbox as outbox_table
from tests.notices import AUTHOR, BOTH, CONTENT, EVERYWHERE, NORTH, approved, drafted, opt_out, want
from tests.store.shelf import MINUTE, NOW, meet

DAY: Final = timedelta(days=1)
SECOND: Final = timedelta(seconds=1)


async def _moved(db: Database, one: Notice, stage: Stage) -> Notice | None:
    async with db.unit() as unit:
        found = await notices.move(unit, one, stage, now=NOW)
        await unit.commit()
    return found


async def _spread(db: Database, one: Notice, *, limit: int = 2) -> int:
    """Everybody gets a copy; how many pages that took."""
    pages = 0
    more = True
    while more:
        async with db.unit() as unit:
            more = await copies.spread(unit, one, limit=limit, now=NOW)
            await unit.commit()
        pages += more
    return pages


async def _fates(db: Database, notice_id: int) -> dict[Fate, int]:
    async with db.reading() as reading:
        report = await copy_counts.report(reading, notice_id)
    return {fate: count for fate, count in report.fates.items() if count}


async def _ends(db: Database, one: Notice, known: Known, fate: Fate, reason: str | None = None) -> None:
    async with db.unit() as unit:
        await copies.settle(
            unit, [End(notice_id=one.id, person_id=known.person.id, fate=fate, reason=reason)]
        )
        await unit.commit()


async def _sent(db: Database, *known: Known) -> Notice:
    """A notice of which these people have a copy."""
    for one in known:
        await want(db, one.person.id)
    notice = await approved(db, await drafted(db))
    await _spread(db, notice)
    return notice


class TestDrafts:
    """Before it goes out."""

    async def test_a_draft_is_left_and_found_again(self, db: Database) -> None:
        """By its author, and by nobody else; as it was written."""
        content = NoticeContent(
            texts={Language.HEBREW: "שלום"},
            place="Here",
            starts_at=NOW + DAY,
            link="https://example.org",
            picture=Picture(platform=Platform.TELEGRAM, file=FileRef(file_id="f", size=3)),
            answers=frozenset({Answer.COMING}),
        )
        draft = await drafted(db, content=content, send_at=NOW + DAY)
        async with db.unit() as unit:
            again = await notice_drafts.open_draft(unit, AUTHOR, now=NOW)
            others = await notice_drafts.draft_of(unit, "second")
            says = await notices.content_of(unit, draft.id)

        assert (again, others, says) == (draft, None, content)

    async def test_what_was_approved_is_no_draft_any_more(self, db: Database) -> None:
        """Nobody changes it, throws it away, or approves it twice; its author can write the next one."""
        draft = await drafted(db)
        await approved(db, draft)
        async with db.unit() as unit:
            done = (
                await notice_drafts.change(unit, draft, content=CONTENT, now=NOW),
                await notice_drafts.drop(unit, draft),
                await notice_drafts.approve(unit, draft.id, content=content_hash(draft, CONTENT), now=NOW),
                await notice_drafts.draft_of(unit, AUTHOR),
            )
            next_one = await notice_drafts.open_draft(unit, AUTHOR, now=NOW)

        assert done == (False, False, None, None)
        assert next_one.id != draft.id

    async def test_only_what_was_shown_is_approved(self, db: Database) -> None:
        """Other words, another audience, no end of its use, or nothing at all: no yes counts."""
        draft = await drafted(db)
        shown = content_hash(draft, CONTENT)
        await drafted(db, purposes=frozenset({NORTH}))
        async with db.unit() as unit:
            found = [await notice_drafts.approve(unit, draft.id, content=shown, now=NOW)]
            endless = replace(draft, useless_after=None)
            await notice_drafts.change(unit, endless, content=CONTENT, now=NOW)
            hash_ = content_hash(endless, CONTENT)
            found.append(await notice_drafts.approve(unit, draft.id, content=hash_, now=NOW))
            found.append(await notice_drafts.approve(unit, 1, content=shown, now=NOW))
            empty = await notice_drafts.open_draft(unit, "second", now=NOW)
            found.append(await notice_drafts.approve(unit, empty.id, content=shown, now=NOW))

        assert found == [None, None, None, None]

    async def test_a_hash_is_the_same_before_and_after_it_was_written_down(self, db: Database) -> None:
        """No database keeps microseconds, and a clock has them."""
        draft = await drafted(db, useless_after=NOW + timedelta(microseconds=1))

        assert (await approved(db, draft)).id == draft.id

    async def test_nobody_but_its_author_writes_a_draft(self, db: Database) -> None:
        """Under whatever number."""
        draft = await drafted(db)
        async with db.unit() as unit:
            assert not await notice_drafts.change(
                unit, replace(draft, author="second"), content=CONTENT, now=NOW
            )

    async def test_a_draft_is_thrown_away(self, db: Database) -> None:
        """With all that was written."""
        draft = await drafted(db)
        async with db.unit() as unit:
            assert await notice_drafts.drop(unit, draft)
            assert (await notices.load(unit, draft.id), await notices.content_of(unit, draft.id)) == (
                None,
                None,
            )

    async def test_a_draft_nobody_goes_on_with_is_thrown_away(self, db: Database) -> None:
        """After two weeks; one that goes out is no draft."""
        draft = await drafted(db)
        found = []
        for after in (14 * DAY, 14 * DAY + SECOND):
            async with db.unit() as unit:
                await retention.sweep(unit, now=NOW + after)
                found.append(await notices.load(unit, draft.id))
                await unit.commit()

        assert found == [draft, None]


class TestStages:
    """Where a notice is."""

    async def test_a_stage_follows_another_once(self, db: Database) -> None:
        """Of twenty who pause it at once one does; nothing follows its end."""
        one = await approved(db, await drafted(db))
        done = await asyncio.gather(*(_moved(db, one, Stage.PAUSED) for _ in range(20)))
        (paused,) = [found for found in done if found]
        again = await _moved(db, paused, Stage.APPROVED)
        assert again
        off = await _moved(db, again, Stage.CANCELLED)
        assert off
        nothing = [await _moved(db, off, stage) for stage in Stage]

        assert (paused.stage, again.stage) == (Stage.PAUSED, Stage.APPROVED)
        assert nothing == [None] * len(Stage)

    async def test_it_is_looked_at_at_once_and_again_after_a_crash(self, db: Database) -> None:
        """Whoever takes it in hand has a minute to say when next."""
        one = await approved(db, await drafted(db))
        async with db.unit() as unit:
            found = [await notices.due(unit, now=NOW), await notices.due(unit, now=NOW)]
            found.append(await notices.due(unit, now=NOW + MINUTE))
            await notices.look_again(unit, one.id, at=NOW + DAY)
            next_look = await notices.next_look(unit)
            await notices.look_again(unit, one.id, at=None)
            never = await notices.next_look(unit)

        assert found == [[one.id], [], [one.id]]
        assert (next_look, never) == (NOW + DAY, None)

    async def test_it_runs_until_every_copy_has_its_fate(self, db: Database) -> None:
        """Also when it was cancelled; its end is noted once."""
        one = await approved(db, await drafted(db))
        off = await _moved(db, one, Stage.CANCELLED)
        assert off
        async with db.unit() as unit:
            before = await notices.running(unit)
            ends = [await notices.end(unit, off, over_at=NOW, now=NOW) for _ in range(2)]
            after = await notices.running(unit)
            latest = await notices.latest(unit, limit=3)
            await unit.commit()

        assert (before, ends, after) == ([off], [True, False], [])
        assert latest == [replace(off, ended_at=NOW)]


class TestCopies:
    """Whom a notice is for."""

    async def test_everybody_who_wants_one_of_its_kinds_gets_one_copy(self, db: Database) -> None:
        """Page by page; not who took it back, or agreed to other words."""
        known = await meet(db, "1", "2", "3", "4", "5", "6", "7")
        for each in known[:4]:
            await want(db, each.person.id, NORTH, EVERYWHERE)
        await want(db, known[4].person.id, EVERYWHERE)
        await want(db, known[5].person.id, text="0" * 64)
        await want(db, known[6].person.id)
        await opt_out(db, known[6].person.id)
        one = await approved(db, await drafted(db))
        pages = await _spread(db, one)
        async with db.unit() as unit:
            report = await copy_counts.report(unit, one.id)
            waiting = await copies.waiting(unit, one.id, limit=9, now=NOW)

        assert (pages, report.total, report.is_whole) == (6, 5, True)
        assert {found.person_id for found in waiting} == {each.person.id for each in known[:5]}

    async def test_a_copy_goes_into_the_outbox_once(self, db: Database) -> None:
        """Then it waits for nothing; one that is put off waits for its time."""
        known = await meet(db, "1", "2", "3")
        one = await _sent(db, *known)
        await _unreachable(db, known[2])
        async with db.unit() as unit:
            waiting = {
                found.person_id: found for found in await copies.waiting(unit, one.id, limit=9, now=NOW)
            }
            first, second, third = (waiting[each.person.id] for each in known)
            assert (first.address_id, third.address_id) == (known[0].addresses[0].id, None)
            await copies.enqueue(unit, one, {first.person_id: known[0].addresses[0].id}, now=NOW)
            await copies.enqueue(unit, one, {}, now=NOW)
            await copies.put_off(unit, one.id, [second.person_id], until=NOW + DAY)
            again = await copies.waiting(unit, one.id, limit=9, now=NOW)
            there = await copies.in_outbox(unit, one.id, now=NOW)
            next_due = [await copies.next_due(unit, one.id)]
            await copies.settle(unit, [End(notice_id=one.id, person_id=third.person_id, fate=Fate.BLOCKED)])
            for until in (NOW + 2 * DAY, NOW + DAY / 2):  # at night what is in the outbox waits there
                (row,) = await unit.fetch(select(outbox_table.c.id), {})
                await outbox.put_back(unit, [row.id], now=until)
                next_due.append(await copies.next_due(unit, one.id))

        assert ([found.person_id for found in again], there) == ([third.person_id], {Platform.TELEGRAM: 1})
        assert next_due == [NOW, NOW + DAY, NOW + DAY / 2]

    async def test_a_fate_is_written_once(self, db: Database) -> None:
        """Whatever is said later."""
        (known,) = await meet(db, "1")
        one = await _sent(db, known)
        async with db.unit() as unit:
            before = await copies.any_pending(unit, one.id)
        await _ends(db, one, known, Fate.FAILED, "rejected")
        await _ends(db, one, known, Fate.DELIVERED)
        async with db.unit() as unit:
            report = await copy_counts.report(unit, one.id)
            after = await copies.any_pending(unit, one.id)

        assert (report.fates[Fate.FAILED], report.settled, dict(report.failures)) == (1, 1, {"rejected": 1})
        assert (before, after) == (True, False)

    async def test_what_is_not_on_its_way_is_dropped(self, db: Database) -> None:
        """In the outbox or not yet there, a page at a time."""
        known = await meet(db, "1", "2", "3")
        one = await _sent(db, *known)
        async with db.unit() as unit:
            await copies.enqueue(unit, one, {known[0].person.id: known[0].addresses[0].id}, now=NOW)
            more = [await copies.drop(unit, one.id, Fate.LATE, limit=2) for _ in range(3)]
            left = await copies.in_outbox(unit, one.id, now=NOW)
            await unit.commit()

        assert (more, left) == ([True, False, False], {})
        assert await _fates(db, one.id) == {Fate.LATE: 3}

    async def test_a_correction_is_for_who_got_the_first(self, db: Database) -> None:
        """And for nobody else who wants such notices."""
        known = await meet(db, "1", "2", "3")
        first = await _sent(db, *known)
        for each in known[:2]:
            await _ends(db, first, each, Fate.DELIVERED)
        await _ends(db, first, known[2], Fate.BLOCKED)
        other = await approved(db, await drafted(db, corrects=first))
        async with db.unit() as unit:
            audience = await copy_counts.audience(unit, BOTH, corrects=first.id)
        pages = await _spread(db, other, limit=1)

        assert (other.corrects, other.topic, audience.total) == (first.id, first.topic, 2)
        assert (await _fates(db, other.id), pages) == ({Fate.PENDING: 2}, 3)


class TestCounts:
    """What organizers learn."""

    async def test_an_audience_is_counted_by_language_and_purpose(self, db: Database) -> None:
        """Everybody once, whoever can be reached and agrees."""
        known = await meet(db, "1", "2", "3")
        await want(db, known[0].person.id, NORTH, EVERYWHERE)
        await want(db, known[1].person.id, NORTH)
        await want(db, known[2].person.id, NORTH)
        await _unreachable(db, known[2])
        async with db.unit() as unit:
            await people.save(unit, [replace(known[1].person, language=Language.ENGLISH)])
            found = await copy_counts.audience(unit, BOTH)
            nobody = await copy_counts.audience(unit, ())

        assert found == Audience(
            languages={Language.HEBREW: 1, Language.ENGLISH: 1}, purposes={NORTH: 2, EVERYWHERE: 1}
        )
        assert (found.total, nobody) == (2, Audience())

    async def test_of_who_is_forgotten_a_number_stays(self, db: Database) -> None:
        """What they got was got; what they did not get yet they did not want any more."""
        known = await meet(db, "1", "2", "3")
        one = await _sent(db, *known)
        await _ends(db, one, known[0], Fate.DELIVERED)
        for some in ([known[0], known[1]], [known[2]]):
            async with db.unit() as unit:
                await people.forget_all(unit, [each.person.id for each in some])
                await unit.commit()
        async with db.unit() as unit:
            waiting = await copies.waiting(unit, one.id, limit=9, now=NOW)

        assert await _fates(db, one.id) == {Fate.DELIVERED: 1, Fate.OPTED_OUT: 2}
        assert waiting == []

    async def test_a_week_after_it_is_past_only_counts_are_left(self, db: Database) -> None:
        """No word of it, and nobody it went to."""
        known = await meet(db, "1", "2")
        one = await _sent(db, *known)
        await _ends(db, one, known[0], Fate.DELIVERED)
        await _ends(db, one, known[1], Fate.FAILED, "rejected")
        async with db.unit() as unit:
            await notices.end(unit, one, over_at=NOW + DAY, now=NOW)
            await retention.sweep(unit, now=NOW + 8 * DAY)
            said = [await notices.content_of(unit, one.id)]
            oldest = await retention.oldest(unit, now=NOW + 8 * DAY)
            await retention.sweep(unit, now=NOW + 8 * DAY + SECOND)
            said.append(await notices.content_of(unit, one.id))
            latest = await notices.latest(unit, limit=1)
            report = await copy_counts.report(unit, one.id)
            await unit.commit()

        assert (said, latest) == ([CONTENT, None], [])
        assert (oldest[DataClass.NOTICE_COPY], oldest[DataClass.NOTICE_WORDS]) == (
            (7 * DAY).total_seconds(),
        ) * 2
        assert dict(report.failures) == {"rejected": 1}
        assert await _fates(db, one.id) == {Fate.DELIVERED: 1, Fate.FAILED: 1}


async def _unreachable(db: Database, known: Known) -> None:
    async with db.unit() as unit:
        await people.set_reachable(unit, known.addresses[0].id, reachable=False)
        await unit.commit()

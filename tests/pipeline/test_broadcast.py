"""A notice on its way: to everybody who wants it, once, at a time for it, until everybody's copy has its fate."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import delete, select, update

from bot.model.notice import Fate, Notice, NoticeContent, Stage
from bot.model.outgoing import FailureKind
from bot.model.person import Language, Person, Platform
from bot.pipeline import broadcast, copying
from bot.pipeline.limiter import BulkLimiter
from bot.pipeline.process import Processor
from bot.store import consents, copy_counts, notices, owner, people
from bot.store.people import Known
from bot.store.tables import inbox, notice, outbox
from tests.notices import BOTH, CONTENT, HOURS, approved, crowd, drafted, opt_out, want
from tests.pipeline.works import NOA, Works, failure
from tests.stage import TUESDAY

SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)
NIGHT: Final = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)  # eleven at night in Jerusalem
MORNING: Final = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
OTHER: Final = NoticeContent(texts={Language.HEBREW: "אחר"})
HEBREW, ENGLISH = CONTENT.texts[Language.HEBREW], CONTENT.texts[Language.ENGLISH]


REACH: Final = broadcast.Reach(platforms={Platform.TELEGRAM}, zone="Asia/Jerusalem")


async def wanting(works: Works, count: int) -> list[Known]:
    """So many people who want such notices."""
    known = [await works.meet(NOA + number) for number in range(count)]
    for one in known:
        await want(works.db, one.person.id)
    return known


async def sent(works: Works, *, content: NoticeContent = CONTENT, **more: Any) -> Notice:
    """A notice that two organizers have sent off."""
    draft = await drafted(works.db, content=content, **more)
    return await approved(works.db, draft, content=content, at=works.clock.now())


async def goes_on(works: Works, seconds: int = 5) -> None:
    """So many seconds go by."""
    for _ in range(seconds):
        await works.ticker.fire()
        await works.settle()
        works.clock.pass_time(SECOND)


async def fates(works: Works, one: Notice) -> dict[Fate, int]:
    """What became of the copies."""
    async with works.db.reading() as reading:
        report = await copy_counts.report(reading, one.id)
    return {fate: count for fate, count in report.fates.items() if count}


async def moved(works: Works, one: Notice, stage: Stage) -> None:
    """An organizer moves it, from wherever it is."""
    async with works.db.unit() as unit:
        found = await notices.load(unit, one.id)
        assert found
        assert await notices.move(unit, found, stage, now=works.clock.now())
        await unit.commit()


async def stage_of(works: Works, one: Notice) -> tuple[Stage, bool]:
    """Where it is, and whether it is over."""
    async with works.db.reading() as reading:
        found = await notices.load(reading, one.id)
    assert found
    return found.stage, found.ended_at is not None


async def test_everybody_gets_it_once_in_their_language(works: Works) -> None:
    """No outbox row holds a word of it, and in the end it is done."""
    known = await wanting(works, 3)
    async with works.db.unit() as unit:
        await people.save(unit, [Person(id=known[0].person.id, language=Language.ENGLISH)])
        await unit.commit()
    one = await sent(works)
    await works.ticker.fire()
    await works.handle()
    bodies = works.ask("SELECT body, notice_id FROM outbox")
    await goes_on(works)

    assert bodies == [(None, one.id)] * 3
    assert sorted(works.transport.texts) == sorted([ENGLISH, HEBREW, HEBREW])
    assert len({who for who, _ in works.transport.sent}) == 3
    assert (await fates(works, one), await stage_of(works, one)) == ({Fate.DELIVERED: 3}, (Stage.DONE, True))
    assert works.rows("outbox") == 0


async def test_it_waits_for_its_time(works: Works) -> None:
    """And nothing of it is there before."""
    await wanting(works, 1)
    one = await sent(works, send_at=TUESDAY + 3 * SECOND)
    await goes_on(works, 2)
    early = list(works.transport.texts)
    await goes_on(works, 4)

    assert (early, works.transport.texts) == ([], [HEBREW])
    assert (await stage_of(works, one))[0] is Stage.DONE


async def test_nobody_it_is_for_is_still_an_end(works: Works) -> None:
    """It is done at once."""
    one = await sent(works)
    await goes_on(works, 1)

    assert (await stage_of(works, one), await fates(works, one)) == ((Stage.DONE, True), {})


async def test_who_opts_out_before_it_leaves_gets_nothing(works: Works) -> None:
    """Consent is looked at in the moment of sending; who stopped gets nothing a second later."""
    known = await wanting(works, 2)
    one = await sent(works)
    await works.ticker.fire()
    await works.handle()
    await opt_out(works.db, known[0].person.id)
    await goes_on(works)

    assert [who for who, _ in works.transport.sent] == [str(NOA + 1)]
    assert await fates(works, one) == {Fate.OPTED_OUT: 1, Fate.DELIVERED: 1}


async def test_who_cannot_be_reached_is_passed_over(works: Works) -> None:
    """Whether that was known before, came out meanwhile, or the platform says so."""
    known = await wanting(works, 3)
    await _blocks(works, known[0])
    one = await sent(works)
    await works.ticker.fire()
    await works.handle()
    await _blocks(works, known[1])
    works.transport.ends = [failure(FailureKind.UNREACHABLE, "blocked")]
    await goes_on(works)

    assert len(works.transport.sent) == 1
    assert await fates(works, one) == {Fate.BLOCKED: 3}


async def _blocks(works: Works, known: Known) -> None:
    async with works.db.unit() as unit:
        await people.set_reachable(unit, known.addresses[0].id, reachable=False)
        await unit.commit()


async def test_what_the_platform_will_not_take_is_counted_by_reason(works: Works) -> None:
    """What it will take later is sent later."""
    await wanting(works, 2)
    works.transport.ends = [
        failure(FailureKind.REJECTED, "too_long"),
        failure(FailureKind.RATE_LIMITED, retry_after=1),
    ]
    one = await sent(works)
    await goes_on(works)
    async with works.db.reading() as reading:
        report = await copy_counts.report(reading, one.id)

    assert dict(report.failures) == {"too_long": 1}
    assert await fates(works, one) == {Fate.FAILED: 1, Fate.DELIVERED: 1}


async def test_a_pause_holds_at_once_and_is_taken_back(works: Works) -> None:
    """What was on its way to the outbox waits there; it goes on where it stopped."""
    await wanting(works, 5)
    one = await sent(works)
    await works.ticker.fire()
    await works.handle()
    await works.deliverer.round()
    await moved(works, one, Stage.PAUSED)
    await goes_on(works, 3)
    before = len(works.transport.sent)
    await moved(works, one, Stage.APPROVED)
    await goes_on(works)

    assert (before, len(works.transport.sent)) == (3, 5)
    assert await fates(works, one) == {Fate.DELIVERED: 5}


async def test_what_is_cancelled_is_not_sent_any_more(works: Works) -> None:
    """Wherever its copies are."""
    await wanting(works, 5)
    one = await sent(works)
    await works.ticker.fire()
    await works.handle()
    await works.deliverer.round()
    await moved(works, one, Stage.CANCELLED)
    await goes_on(works, 3)

    assert len(works.transport.sent) == 3
    assert await fates(works, one) == {Fate.DELIVERED: 3, Fate.CANCELLED: 2}
    assert await stage_of(works, one) == (Stage.CANCELLED, True)


@pytest.mark.parametrize("paused", [False, True])
async def test_what_is_late_is_not_sent_any_more(works: Works, paused: bool) -> None:
    """Whoever would have got it is counted, whether or not their copy was made by then."""
    await wanting(works, 3)
    one = await sent(works)
    if paused:
        await moved(works, one, Stage.PAUSED)
        await goes_on(works, 1)
    works.clock.pass_time(HOURS)
    await goes_on(works, 2)

    assert works.transport.sent == []
    assert (await fates(works, one), await stage_of(works, one)) == ({Fate.LATE: 3}, (Stage.DONE, True))


async def test_a_copy_that_is_late_in_the_outbox_is_refused(works: Works) -> None:
    """Though nobody looked at the notice since."""
    await wanting(works, 1)
    one = await sent(works)
    await works.ticker.fire()
    await works.handle()
    works.clock.pass_time(HOURS)
    await works.deliver()

    assert (works.transport.sent, await fates(works, one)) == ([], {Fate.LATE: 1})


async def test_at_night_it_waits_for_the_morning(works: Works) -> None:
    """Copy by copy, by the clocks of each person; nothing is lost."""
    known = await wanting(works, 2)
    async with works.db.unit() as unit:
        tokyo = Person(id=known[0].person.id, language=Language.ENGLISH, zone="America/New_York")
        await people.save(unit, [tokyo])
        await unit.commit()
    works.clock.pass_time(NIGHT - works.clock.now())
    one = await sent(works, useless_after=MORNING + HOURS)
    await goes_on(works, 3)
    at_night = list(works.transport.texts)
    works.clock.pass_time(MORNING - works.clock.now())
    await goes_on(works, 2)

    assert (at_night, works.transport.texts) == ([ENGLISH], [ENGLISH, HEBREW])
    assert await fates(works, one) == {Fate.DELIVERED: 2}


async def test_what_is_in_the_outbox_when_the_night_begins_waits_too(works: Works) -> None:
    """The hour is looked at again in the moment of sending."""
    await wanting(works, 1)
    works.clock.pass_time(NIGHT - timedelta(hours=1, minutes=1) - works.clock.now())
    one = await sent(works, useless_after=MORNING + HOURS)
    await works.ticker.fire()
    await works.handle()
    works.clock.pass_time(NIGHT - works.clock.now())
    await goes_on(works, 3)
    at_night = list(works.transport.texts)
    works.clock.pass_time(MORNING - works.clock.now())
    await goes_on(works, 2)

    assert (at_night, works.transport.texts) == ([], [HEBREW])
    assert (await stage_of(works, one))[0] is Stage.DONE


@pytest.mark.parametrize("before", [timedelta(), timedelta(hours=2)])
async def test_at_night_nobody_looks_until_the_next_may_leave(works: Works, before: timedelta) -> None:
    """Wherever its copies wait, the lane of a notice sleeps until the end of the quiet time."""
    await wanting(works, 2)
    works.clock.pass_time(NIGHT - before - works.clock.now())
    await sent(works, useless_after=MORNING + HOURS)
    await works.ticker.fire()
    await works.handle()
    works.clock.pass_time(NIGHT - works.clock.now())
    await goes_on(works, 3)

    async with works.db.reading() as reading:
        assert await notices.next_look(reading) == MORNING


async def test_an_emergency_waits_for_no_hour(works: Works) -> None:
    """While another notice waits for the morning."""
    await wanting(works, 1)
    works.clock.pass_time(NIGHT - works.clock.now())
    await sent(works, content=OTHER, useless_after=MORNING)
    await sent(works, is_emergency=True, useless_after=MORNING)
    await goes_on(works, 3)

    assert works.transport.texts == [HEBREW]


async def test_an_emergency_goes_before_other_notices(works: Works) -> None:
    """At the same rate as all of them."""
    await wanting(works, 4)
    await sent(works, content=OTHER)
    await works.ticker.fire()
    await works.handle()
    await sent(works, is_emergency=True)
    await works.ticker.fire()
    await works.handle()
    await works.deliver()
    first = list(works.transport.texts)
    await goes_on(works, 9)

    assert first == [HEBREW] * 3
    assert sorted(works.transport.texts) == sorted([HEBREW] * 4 + ["אחר"] * 4)


async def test_a_platform_on_which_nothing_leaves_holds_nobody_back(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its copies wait, a few in the outbox and the others behind them; on the other platform everybody gets theirs."""
    monkeypatch.setattr(broadcast, "PAGE", 4)
    monkeypatch.setattr(broadcast, "WINDOW", 3)
    monkeypatch.setattr(
        broadcast, "ASIDE", 2 * SECOND
    )  # as ever, no longer than a full window takes to leave
    transports = {Platform.SIGNAL: works.transport, Platform.TELEGRAM: works.transport}
    works.processor = Processor(replace(works.ground, transports=transports), works.turns)
    for number in range(10):
        await want(works.db, (await works.meet(NOA + 100 + number, on=Platform.SIGNAL)).person.id)
    await wanting(works, 6)
    one = await sent(works)
    await goes_on(works, 12)

    assert len(works.transport.texts) == 6
    assert works.rows("outbox") == 3
    assert await fates(works, one) == {Fate.DELIVERED: 6, Fate.PENDING: 10}


async def test_no_more_is_in_the_outbox_than_leaves_in_a_moment(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many it is for; page by page everybody gets it."""
    monkeypatch.setattr(broadcast, "PAGE", 2)
    monkeypatch.setattr(broadcast, "WINDOW", 3)
    await wanting(works, 9)
    one = await sent(works)
    most = 0
    for _ in range(12):
        await works.ticker.fire()
        await works.handle()
        most = max(most, works.rows("outbox"))
        await works.deliver()
        works.clock.pass_time(SECOND)

    assert (most, await fates(works, one)) == (3, {Fate.DELIVERED: 9})


async def test_a_correction_waits_for_the_end_of_the_first_and_ends_it(works: Works) -> None:
    """Who did not get the first gets neither."""
    await wanting(works, 4)
    first = await sent(works)
    await works.ticker.fire()
    await works.handle()
    await works.deliverer.round()
    correction = await sent(works, content=OTHER, corrects=first)
    await goes_on(works, 6)

    assert sorted(works.transport.texts) == sorted([HEBREW] * 3 + ["תיקון לעדכון קודם.\n\nאחר"] * 3)
    assert await fates(works, first) == {Fate.DELIVERED: 3, Fate.CANCELLED: 1}
    assert await fates(works, correction) == {Fate.DELIVERED: 3}


async def test_who_is_forgotten_meanwhile_stays_a_number(works: Works) -> None:
    """In the outbox or not yet there."""
    known = await wanting(works, 2)
    one = await sent(works)
    await works.ticker.fire()
    await works.handle()
    async with works.db.unit() as unit:
        await people.forget(unit, known[0].person.id)
        await unit.commit()
    await goes_on(works)

    assert await fates(works, one) == {Fate.OPTED_OUT: 1, Fate.DELIVERED: 1}
    assert (await stage_of(works, one))[0] is Stage.DONE


async def test_a_look_that_came_to_nothing_is_taken_again(works: Works) -> None:
    """A minute later, whatever took it."""
    await wanting(works, 1)
    await sent(works)
    await works.ticker.fire()
    async with works.db.unit() as unit:
        await unit.change(delete(inbox))
        await unit.commit()
    await goes_on(works, 1)
    before = len(works.transport.sent)
    works.clock.pass_time(notices.LEASE)
    await goes_on(works, 1)

    assert (before, len(works.transport.sent)) == (0, 1)


async def test_a_notice_that_is_over_is_not_looked_at(works: Works) -> None:
    """Nor one that is gone."""
    one = await sent(works)
    await goes_on(works, 1)
    async with works.db.unit() as unit:
        for notice_id in (one.id, 1):
            await notices.look_again(unit, notice_id, at=TUESDAY)
            await broadcast.look(unit, notice_id, now=TUESDAY, reach=REACH)
        assert await notices.next_look(unit) is None


async def test_a_copy_whose_notice_has_no_words_any_more_says_nothing(works: Works) -> None:
    """No platform takes that: it has failed, and nobody gets an empty message."""
    await wanting(works, 1)
    one = await sent(works)
    await works.ticker.fire()
    await works.handle()
    async with works.db.unit() as unit:
        await unit.change(update(notice).values(content_sealed=None))
        await unit.commit()
    works.transport.ends = [failure(FailureKind.REJECTED, "empty")]
    await goes_on(works, 2)

    assert (works.transport.texts, await fates(works, one)) == ([""], {Fate.FAILED: 1})


async def test_a_copy_whose_key_is_gone_has_failed(works: Works) -> None:
    """It can't be sent, and nobody waits for it."""
    (known,) = await wanting(works, 1)
    one = await sent(works)
    await works.ticker.fire()
    await works.handle()
    await works.db.keyring.destroy([owner.of_person(known.person.id)])
    await goes_on(works, 2)
    async with works.db.reading() as reading:
        report = await copy_counts.report(reading, one.id)

    assert (works.transport.sent, dict(report.failures)) == ([], {"unreadable": 1})


async def test_few_wordings_are_kept_at_once(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond that they are made anew, and read alike."""
    monkeypatch.setattr(copying, "KEPT", 1)
    known = await wanting(works, 3)
    async with works.db.unit() as unit:
        await people.save(unit, [Person(id=known[1].person.id, language=Language.ENGLISH)])
        await unit.commit()
    await sent(works)
    await goes_on(works)

    assert sorted(works.transport.texts) == sorted([ENGLISH, HEBREW, HEBREW])


@pytest.mark.timeout(120)
async def test_an_opt_out_before_the_claim_is_honoured_a_thousand_times(works: Works) -> None:
    """While calls are made as fast as they can, people opt out; whom no claim had by then, none gets."""
    ids = await crowd(works.db, 1_200)
    one = await sent(works)
    honoured = set[int]()
    await works.ticker.fire()
    await works.handle()
    for first in range(0, 1_100, 50):
        some = [opts_out(works, id_, honoured) for id_ in ids[first : first + 50]]
        await asyncio.gather(works.deliverer.round(), *some)
        works.clock.pass_time(SECOND)
    await works.deliver()
    works.deliverer = works.another_deliverer(BulkLimiter(rate=100_000.0))
    await goes_on(works, 3)
    got = {id_ for (id_,) in works.ask("SELECT person_id FROM notice_copy WHERE fate = 'delivered'")}

    assert len(honoured) >= 1_000
    assert got == set(ids) - honoured
    assert await fates(works, one) == {Fate.DELIVERED: len(got), Fate.OPTED_OUT: len(honoured)}


async def opts_out(works: Works, person_id: int, honoured: set[int]) -> None:
    """They opt out; to be honoured, unless a claim had their copy before that was written."""
    async with works.db.unit() as unit:
        await consents.withdraw(unit, person_id, purposes=BOTH, today=TUESDAY.date())
        waits = select(outbox.c.sending).where(outbox.c.person_id == person_id)
        if [row.sending for row in await unit.fetch(waits)] == [False]:
            honoured.add(person_id)
        await unit.commit()


async def test_a_platform_that_is_down_for_ten_minutes_is_waited_for(works: Works) -> None:
    """Nothing is given up meanwhile, and nobody is left out."""
    await wanting(works, 5)
    one = await sent(works)
    for _ in range(60):
        works.transport.ends = [failure(FailureKind.NOT_SENT)] * 9
        await goes_on(works, 1)
        works.clock.pass_time(9 * SECOND)
    meanwhile = await fates(works, one)
    works.transport.ends = []
    works.transport.sent.clear()
    for _ in range(10):
        await goes_on(works, 1)
        works.clock.pass_time(MINUTE)

    assert (meanwhile, await fates(works, one)) == ({Fate.PENDING: 5}, {Fate.DELIVERED: 5})
    assert len({who for who, _ in works.transport.sent}) == len(works.transport.sent) == 5

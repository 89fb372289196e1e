"""What comes of a notice for whoever got it: answers, a reminder, a date, and words that go nowhere."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.actions.notice import BEFORE
from bot.model.notice import Answer, Notice, NoticeContent
from bot.model.outgoing import SendFile, SendMessage
from bot.model.person import Language
from bot.store import notice_answers, notice_drafts, people
from tests.notices import CONTENT, EVERYWHERE, NORTH, approved, drafted, opt_out, want
from tests.pipeline.test_broadcast import goes_on, sent, wanting
from tests.pipeline.works import NOA, Works, pressed, said
from tests.stage import TUESDAY

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
EVENT: Final = replace(CONTENT, place="Habima Square", starts_at=TUESDAY + DAY, answers=frozenset(Answer))


async def _got(works: Works, content: NoticeContent = EVENT) -> Notice:
    """A notice that somebody has got, who reads English."""
    (known,) = await wanting(works, 1)
    async with works.db.unit() as unit:
        await people.save(unit, [replace(known.person, language=Language.ENGLISH)])
        await unit.commit()
    one = await sent(works, content=content, useless_after=content.starts_at or TUESDAY + DAY)
    await goes_on(works, 3)
    works.transport.sent.clear()
    return one


async def _press(works: Works, one: Notice | int, choice: str, *, by: int = NOA) -> list[str]:
    """What is heard at a press, each message by its first sentence."""
    which = one if isinstance(one, int) else one.id
    works.clock.pass_time(timedelta(minutes=1))
    before = len(works.transport.sent)
    await works.receive(pressed(f"n1:{which}:{choice}", by=by, press=f"q{before}{works.clock.now()}"))
    await works.settle()
    heard = [payload for _, payload in works.transport.sent[before:]]
    return [one.text.text.split(".")[0] for one in heard if isinstance(one, SendMessage)]


async def _counts(works: Works, one: Notice) -> list[int]:
    async with works.db.reading() as reading:
        return list((await notice_answers.counts(reading, one.id)).values())


async def test_an_answer_counts_once_and_can_be_changed(works: Works) -> None:
    """Until it begins; then it says so, and the number stays."""
    one = await _got(works)
    heard = [*await _press(works, one, "coming"), *await _press(works, one, "coming")]
    assert (heard, await _counts(works, one)) == (["You are counted"] * 2, [1, 0])
    assert await _press(works, one, "cant") == ["All right"]
    assert await _counts(works, one) == [0, 1]

    works.clock.pass_time(DAY)
    assert await _press(works, one, "coming") == ["It has begun already"]
    assert await _counts(works, one) == [0, 1]


async def test_only_who_got_it_counts(works: Works) -> None:
    """A button that was made up, a notice without a time, or a preview counts nothing."""
    one = await _got(works)
    assert (await _press(works, one, "coming", by=NOA + 5))[-1] == "This notice is not kept here any more"
    assert await _press(works, 5, "coming") == ["This notice is not kept here any more"]
    draft = await drafted(works.db, content=EVENT)
    for choice in ("coming", "remind", "calendar"):
        assert await _press(works, draft, choice) == ["This is a preview"]
    assert await _counts(works, one) == [0, 0]


async def test_without_a_time_there_is_nothing_to_say(works: Works) -> None:
    """Buttons that were made up for it do nothing."""
    one = await _got(works, CONTENT)
    for choice in ("coming", "remind", "calendar"):
        assert await _press(works, one, choice) == ["This notice is not kept here any more"]


async def test_a_date_for_a_calendar_is_a_file(works: Works) -> None:
    """Each has a name of its own, so that nobody can tell who was told of the same thing."""
    one = await _got(works)
    for _ in range(2):
        await _press(works, one, "calendar")
    files = [payload.content for _, payload in works.transport.sent if isinstance(payload, SendFile)]
    assert len(set(files)) == 2
    assert all(b"LOCATION:Habima Square" in file for file in files)


async def _reminders(works: Works, *, until: timedelta) -> list[str]:
    """What comes by itself while time passes."""
    before = len(works.transport.sent)
    works.clock.pass_time(until)
    await works.ticker.fire()
    await works.settle()
    heard = [payload for _, payload in works.transport.sent[before:]]
    return [one.text.text for one in heard if isinstance(one, SendMessage)]


async def test_a_reminder_comes_once_before_it_begins(works: Works) -> None:
    """With its place, for whoever asked for it."""
    one = await _got(works)
    assert await _press(works, one, "remind") == [
        "A reminder comes here about \u2068Wednesday, 25 November 2026, 09:00\u2069"
    ]
    assert (await _press(works, one, "remind"))[0].startswith("It is set already")
    assert await _reminders(works, until=DAY - BEFORE - HOUR) == []
    (reminder,) = await _reminders(works, until=HOUR)
    assert "Habima Square" in reminder
    assert await _reminders(works, until=BEFORE) == []


async def test_a_reminder_comes_closer_where_it_begins_soon(works: Works) -> None:
    """Or not at all, and that is said."""
    one = await _got(works, replace(EVENT, place="", starts_at=TUESDAY + HOUR))
    assert (await _press(works, one, "remind"))[0].startswith("A reminder comes here")
    assert await _reminders(works, until=timedelta(minutes=31)) != []
    assert await _press(works, one, "remind") == ["A reminder would come too late"]


async def test_no_reminder_comes_to_whoever_stopped_such_notices(works: Works) -> None:
    """Neither one that was set before, nor one that is asked for afterwards."""
    one = await _got(works)
    await _press(works, one, "remind")
    known = await works.meet(NOA)
    await opt_out(works.db, known.person.id)
    assert (await _press(works, one, "remind"))[0].startswith("Such notices were stopped here")
    assert await _reminders(works, until=DAY - BEFORE) == []
    assert (await _press(works, one, "remind"))[0].startswith("Such notices were stopped here")


async def test_a_reminder_is_bound_to_what_is_still_wanted(works: Works) -> None:
    """Whoever ended one of two kinds and asks once more hears that it is set, and it comes."""
    one = await _got(works)
    known = await works.meet(NOA)
    await _press(works, one, "remind")
    await want(works.db, known.person.id, EVERYWHERE)
    await opt_out(works.db, known.person.id, NORTH)

    assert (await _press(works, one, "remind"))[0].startswith("It is set already")
    assert len(await _reminders(works, until=DAY - BEFORE)) == 1


async def _corrected(works: Works, one: Notice, content: NoticeContent) -> None:
    draft = await drafted(works.db, content=content, corrects=one, useless_after=TUESDAY + 3 * DAY)
    await approved(works.db, draft, content=content, at=works.clock.now())


async def test_a_reminder_follows_a_correction(works: Works) -> None:
    """It comes before the new time; where it was called off, not at all."""
    one = await _got(works)
    await _press(works, one, "remind")
    await _corrected(works, one, replace(EVENT, place="", starts_at=TUESDAY + 2 * DAY))
    await goes_on(works, 4)
    assert await _reminders(works, until=DAY - BEFORE) == []
    assert "Thursday, 26 November" in (await _reminders(works, until=DAY))[-1]


async def test_what_was_called_off_is_not_reminded_of(works: Works) -> None:
    """The correction has no time any more."""
    one = await _got(works)
    await _press(works, one, "remind")
    await _corrected(works, one, replace(CONTENT, texts={Language.ENGLISH: "It is off."}))
    await goes_on(works, 4)
    assert await _reminders(works, until=DAY) == []


async def test_nothing_is_counted_for_what_was_called_off(works: Works) -> None:
    """The buttons of the first notice say so, and a reminder that was set does not come."""
    one = await _got(works)
    await _press(works, one, "remind")
    await _corrected(works, one, replace(EVENT, texts={}, called_off=True))
    await goes_on(works, 4)
    for choice in ("coming", "remind", "calendar"):
        assert await _press(works, one, choice) == ["It was called off since"]
    assert await _counts(works, one) == [0, 0]
    assert await _reminders(works, until=DAY - BEFORE) == []


async def test_words_soon_after_a_notice_go_nowhere_and_that_is_said(works: Works) -> None:
    """For a day, where no question is open; a word of the bot's stays that."""
    await _got(works)
    heard = []
    for text, later in (("Where exactly?", HOUR), ("Where exactly?", 2 * DAY)):
        works.clock.pass_time(later)
        before = len(works.transport.sent)
        await works.receive(said(text, message=int(later.total_seconds())))
        await works.settle()
        (first, *_) = [one for _, one in works.transport.sent[before:] if isinstance(one, SendMessage)]
        heard.append(first.text.text.split(":")[0])
    assert heard[0].startswith("A notice is sent to many people at once")
    assert heard[1] != heard[0]


async def test_a_draft_that_is_dropped_is_no_notice(works: Works) -> None:
    """Its preview's buttons find nothing."""
    draft = await drafted(works.db, content=EVENT)
    async with works.db.unit() as unit:
        assert await notice_drafts.drop(unit, draft)
        await unit.commit()
    assert (await _press(works, draft, "coming"))[-1] == "This notice is not kept here any more"

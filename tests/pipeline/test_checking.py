"""Check-ins when they are due: sent, late, skipped, joined, put off, or silent after two without an answer."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.engine.event import Asked, Distress, Led, Typed
from bot.engine.session import Frame
from bot.model.case import Case, CaseState
from bot.model.checkin import LOOK, planned_for
from bot.model.consent import Purpose
from bot.model.outgoing import Priority
from bot.model.queue import Lane, LaneKind
from bot.store import cases, consents, outbox, timers
from bot.store.moment import to_ms
from bot.store.tables import timer
from tests.crew import Crew
from tests.pipeline.works import Works

NOA: Final = 1001
DAN: Final = 2001
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
NOTES: Final = ("note", "note_late")


@pytest.fixture
async def crew(works: Works) -> Crew:
    """Nobody yet; the words that are agreed to stand as they are."""
    async with works.db.unit() as unit:
        await consents.publish(unit, works.turns.library.consents)
        await unit.commit()
    return Crew(works)


NOTE: Final = "\u2068A note for you\u2069."


def isolated(words: str) -> str:
    """As a phrase stands within a sentence."""
    return f"\u2068{words}\u2069"


async def sets(
    crew: Crew, who: int, rhythm: str = "tomorrow", part: str = "noon", *, manner: Sequence[str] = ()
) -> None:
    """Somebody asks for notes and agrees to them, after choices of how they come."""
    await crew.happens(who, Led(flow="checkin", step="when"))
    for choice in (rhythm, part, *manner, "agree"):
        await crew.chooses(who, choice)


async def set_for(crew: Crew, who: int) -> set[str]:
    """The kinds of timers that are set for somebody."""
    async with crew.works.db.reading() as reading:
        return set(await timers.of_lane(reading, Lane(kind=LaneKind.PERSON, id=who)))


async def planned(crew: Crew, who: int) -> list[datetime]:
    """For when notes are set."""
    return sorted(moment for kind in await set_for(crew, who) if (moment := planned_for(kind)))


async def open_notes(crew: Crew, who: int) -> list[str]:
    """The notes without an answer, by the name of their prompt."""
    return [prompt.flow for flow in NOTES for prompt in await crew.prompts(who, flow)]


async def outage(crew: Crew, span: timedelta) -> None:
    """Nothing happens for `span`; then everything that was due meanwhile."""
    crew.works.clock.pass_time(span)
    await crew.works.ticker.fire()
    await crew.works.settle()


async def until(crew: Crew, moment: datetime) -> timedelta:
    """How long it is until then."""
    return moment - crew.works.clock.now()


async def claimed(crew: Crew, person: int, volunteer: int, state: CaseState) -> Case:
    """A case of theirs that the volunteer has."""
    case = await crew.asks(person)
    await crew.answers(volunteer, "accept")
    async with crew.works.db.unit() as unit:
        found = await cases.load(unit, case.id)
        assert found is not None
        for step in (CaseState.CONNECTED, state):
            await cases.change(unit, found, step, now=crew.works.clock.now())
        await unit.commit()
    return await crew.case(case.id)


async def test_a_note_comes_at_its_time_and_says_nothing_by_itself(crew: Crew) -> None:
    """Within some minutes; its first words are the same for everybody."""
    noa = await crew.person(NOA)
    await sets(crew, noa)
    (moment,) = await planned(crew, noa)
    await crew.after(await until(crew, moment) + 6 * timedelta(minutes=1))

    assert await open_notes(crew, noa) == ["note"]
    assert crew.heard(NOA)[-1] == f"{isolated('A note for you')}."
    assert await planned(crew, noa) == []


@pytest.mark.parametrize(("hours", "expected"), [(5, ["note"]), (20, ["note_late"]), (48, [])])
async def test_an_outage_makes_a_note_late_and_a_long_one_skips_it(
    crew: Crew, hours: int, expected: list[str]
) -> None:
    """Up to six hours it comes, up to a day and a half with an apology, later not at all."""
    noa = await crew.person(NOA)
    await sets(crew, noa)
    (moment,) = await planned(crew, noa)
    await outage(crew, await until(crew, moment) + hours * HOUR)

    assert await open_notes(crew, noa) == expected


async def test_a_note_says_the_words_chosen_for_it_also_after_another_time(crew: Crew) -> None:
    """What is put off to another day, or into the morning, keeps them."""
    noa = await crew.person(NOA)
    await sets(crew, noa, part="evening", manner=("greeting", "hello"))
    (moment,) = await planned(crew, noa)
    await outage(crew, await until(crew, moment) + 4 * HOUR)
    await crew.after(10 * HOUR)
    late = crew.heard(NOA)[-1]
    await crew.answers(noa, "later", flow="note_late")
    await crew.after(2 * DAY)

    assert late.startswith(f"{isolated('Hello')}. It comes later")
    assert crew.heard(NOA)[-1] == f"{isolated('Hello')}."


@pytest.mark.parametrize(("chosen", "is_saturday"), [("quiet", False), ("open", True)])
async def test_notes_come_on_days_of_rest_only_where_that_was_chosen(
    crew: Crew, chosen: str, *, is_saturday: bool
) -> None:
    """One that falls on the Sabbath waits for its end, or does not."""
    noa = await crew.person(NOA)
    crew.works.clock.pass_time(timedelta(days=(4 - crew.works.clock.now().weekday()) % 7))
    await sets(crew, noa, part="morning", manner=("rest", chosen))
    (moment,) = await planned(crew, noa)

    assert (moment.astimezone(ZoneInfo("Asia/Jerusalem")).hour == 9) is is_saturday


async def test_of_several_overdue_notes_one_comes(crew: Crew) -> None:
    """The others are counted as joined."""
    noa = await crew.person(NOA)
    await sets(crew, noa, part="morning")
    await sets(crew, noa, part="noon")
    _, noon = await planned(crew, noa)
    await outage(crew, await until(crew, noon) + HOUR)

    assert len(await open_notes(crew, noa)) == 1
    assert crew.works.ask("SELECT value FROM counter WHERE name = 'checkin.joined'") == [(1,)]


async def test_what_an_outage_pushes_into_the_night_comes_in_the_morning(crew: Crew) -> None:
    """At eight, not when the machine is back."""
    noa = await crew.person(NOA)
    await sets(crew, noa, part="evening")
    (moment,) = await planned(crew, noa)
    await outage(crew, await until(crew, moment) + 4 * HOUR)
    before = await open_notes(crew, noa)
    await crew.after(10 * HOUR)

    assert before == []
    assert await open_notes(crew, noa) == ["note_late"]


async def test_after_two_unanswered_it_is_silent(crew: Crew) -> None:
    """No third note, and none is set any more."""
    noa = await crew.person(NOA)
    await sets(crew, noa, "weekly")
    await crew.after(40 * DAY)

    assert sum(NOTE in words for words in crew.heard(NOA)) == 2
    assert await planned(crew, noa) == []
    assert crew.works.ask("SELECT value FROM counter WHERE name = 'checkin.silent'") == [(1,)]


async def test_who_accompanies_the_person_is_asked_once_to_look(crew: Crew) -> None:
    """In fixed words, under the made-up name; only where somebody has the case."""
    noa, dan = await crew.person(NOA), await crew.volunteer(DAN)
    await claimed(crew, noa, dan, CaseState.PAUSED)
    await sets(crew, noa, "tomorrow")
    await sets(crew, noa, "few_days")
    await crew.after(8 * DAY)

    assert sum("did not answer the last two notes" in words for words in crew.heard(DAN)) == 1


async def test_a_third_note_before_the_look_is_silent_already(crew: Crew) -> None:
    """Two evenings without an answer, and a note in the morning after: it does not come."""
    noa = await crew.person(NOA)
    await sets(crew, noa, "tomorrow", "evening")
    await sets(crew, noa, "few_days", "morning")
    await crew.after(DAY)
    await sets(crew, noa, "tomorrow", "evening")
    _, _, morning = await planned(crew, noa)
    await crew.after(await until(crew, morning) + HOUR)

    assert sum(NOTE in words for words in crew.heard(NOA)) == 2
    assert crew.works.ask("SELECT value FROM counter WHERE name = 'checkin.silent'") == [(1,)]


async def test_a_look_that_comes_due_with_the_second_note_leaves_time_for_its_answer(crew: Crew) -> None:
    """It was the first note's; the second has gone out in the same moment."""
    noa = await crew.person(NOA)
    await sets(crew, noa, "tomorrow", "evening")
    await crew.after(DAY)
    await sets(crew, noa, "tomorrow", "evening")
    first, second = await planned(crew, noa)
    await crew.after(await until(crew, first) + HOUR)
    async with crew.works.db.unit() as unit:
        at_once = update(timer).where(timer.c.kind == LOOK).values(due_at=to_ms(second + HOUR))
        await unit.change(at_once)
        await unit.commit()
    await outage(crew, await until(crew, second) + 2 * HOUR)
    before = await set_for(crew, noa)
    await crew.after(DAY + HOUR)

    assert before == {LOOK}
    assert crew.works.ask("SELECT value FROM counter WHERE name = 'checkin.silent'") == [(1,)]


async def test_where_nobody_has_the_case_nobody_is_asked_to_look(crew: Crew) -> None:
    """Whoever still waits for somebody is looked for anyway."""
    noa = await crew.person(NOA)
    await crew.asks(noa)
    await sets(crew, noa, "weekly")
    await crew.after(20 * DAY)

    assert crew.works.ask("SELECT value FROM counter WHERE name = 'checkin.silent'") == [(1,)]


async def test_while_somebody_is_on_the_line_notes_wait_a_day_at_a_time(crew: Crew) -> None:
    """It comes after the line was closed."""
    noa, dan = await crew.person(NOA), await crew.volunteer(DAN)
    case = await claimed(crew, noa, dan, CaseState.CONNECTED)
    await sets(crew, noa)
    await crew.after(2 * DAY)
    before = await open_notes(crew, noa)
    async with crew.works.db.unit() as unit:
        await cases.close(unit, case, now=crew.works.clock.now())
        await unit.commit()
    await crew.after(2 * DAY)

    assert before == []
    assert len(await open_notes(crew, noa)) == 1


async def test_a_claim_suspends_what_was_going_on_and_closing_resumes_it_where_it_was(crew: Crew) -> None:
    """In the middle of a question with an answer kept: neither it nor a note comes meanwhile, then both do."""
    noa, dan = await crew.person(NOA), await crew.volunteer(DAN)
    await sets(crew, noa)
    await crew.happens(noa, Led(flow="hearing", step="day"))
    await crew.happens(noa, Typed(text="2026-12-01", date="2026-12-01"))
    await crew.chooses(noa, "junior")
    here = (await crew.session(noa)).top
    await crew.chooses(noa, "lawyer")
    await crew.chooses(noa, "connect")
    await crew.answers(dan, "accept")
    heard = len(crew.heard(NOA))
    await crew.after(3 * HOUR + 2 * DAY)
    meanwhile = "\n".join(crew.heard(NOA)[heard:])
    assert NOTE not in meanwhile
    assert "junior" not in meanwhile
    assert await open_notes(crew, noa) == []
    for choice in ("menu", "close", "close"):
        await crew.chooses(dan, choice)
    for choice in ("skip", "no"):
        await crew.chooses(noa, choice)

    assert here == Frame(flow="hearing", step="junior_facts", answers={"day": "2026-12-01"})
    assert (await crew.session(noa)).top == here
    await crew.after(2 * DAY)
    assert await open_notes(crew, noa) == ["note"]


async def test_without_consent_nothing_comes(crew: Crew) -> None:
    """Taken back between the timer and its turn too; /stop is enough for it."""
    noa = await crew.person(NOA)
    await sets(crew, noa)
    (moment,) = await planned(crew, noa)
    crew.works.clock.pass_time(await until(crew, moment) + HOUR)
    await crew.works.ticker.fire()
    async with crew.works.db.unit() as unit:
        await consents.withdraw(unit, noa, purposes=[Purpose.CHECKIN], today=crew.works.clock.now().date())
        await unit.commit()
    await crew.works.settle()

    assert await open_notes(crew, noa) == []
    assert crew.works.ask("SELECT value FROM counter WHERE name = 'checkin.withheld'") == [(1,)]


async def test_stop_ends_all_notes(crew: Crew) -> None:
    """The word is enough; what was set does not fire."""
    noa = await crew.person(NOA)
    await sets(crew, noa, "weekly")
    await crew.happens(noa, Asked(command="stop"))
    await crew.after(30 * DAY)

    assert await open_notes(crew, noa) == []


async def stops_with_a_note(crew: Crew) -> int:
    """Somebody set a note for tomorrow, and then stopped everything."""
    noa = await crew.person(NOA)
    await sets(crew, noa)
    await crew.happens(noa, Asked(command="stop"))
    return noa


async def may_come(crew: Crew, who: int) -> bool:
    """Whether they agree to notes."""
    async with crew.works.db.reading() as reading:
        return await consents.may(reading, who, Purpose.CHECKIN)


async def test_one_press_after_stop_sets_the_notes_again_and_agrees_to_them(crew: Crew) -> None:
    """Without it neither; with it both, and the note comes."""
    noa = await stops_with_a_note(crew)
    before = (await may_come(crew, noa), await planned(crew, noa))
    await crew.chooses(noa, "undo")
    agreed = await may_come(crew, noa)
    await crew.after(2 * DAY)

    assert before == (False, [])
    assert agreed
    assert await open_notes(crew, noa) == ["note"]


async def test_what_stop_called_off_is_not_agreed_to_when_it_is_over(crew: Crew) -> None:
    """A late press sets nothing, so there is nothing to agree to."""
    noa = await stops_with_a_note(crew)
    await crew.after(3 * DAY)
    await crew.chooses(noa, "undo")

    assert not await may_come(crew, noa)
    assert await planned(crew, noa) == []


@pytest.mark.parametrize(
    ("rhythm", "expected"), [("few_days", "gentle.ask"), ("week", "gentle.ask"), ("weekly", "how.ask")]
)
async def test_notes_are_gentle_in_the_week_after_a_hard_moment(
    crew: Crew, rhythm: str, expected: str
) -> None:
    """Up to the seventh day; those of the weeks after it ask as ever."""
    noa = await crew.person(NOA)
    await sets(crew, noa, rhythm, manner=("rest", "open"))
    await crew.happens(noa, Distress())
    for _ in range(2 if rhythm == "weekly" else 1):
        (moment, *_rest) = await planned(crew, noa)
        await crew.after(await until(crew, moment) + HOUR)
    await crew.answers(noa, "open", flow="note")
    session = await crew.session(noa)

    assert session.top is not None
    assert f"{session.top.flow}.{session.top.step}" == expected


async def test_an_answered_note_is_followed_by_the_next(crew: Crew) -> None:
    """The look a day later finds nothing to do."""
    noa = await crew.person(NOA)
    await sets(crew, noa, "weekly")
    for _ in range(4):
        await crew.after(7 * DAY)
        for flow in NOTES:
            for _prompt in await crew.prompts(noa, flow):
                await crew.answers(noa, "open", flow=flow)
    await crew.after(2 * DAY)

    assert sum(NOTE in words for words in crew.heard(NOA)) == 4


async def test_a_note_waits_behind_replies_and_is_bound_to_its_consent(crew: Crew) -> None:
    """Priority of a check-in; the outbox asks for the consent again."""
    noa = await crew.person(NOA)
    await sets(crew, noa)
    (moment,) = await planned(crew, noa)
    crew.works.clock.pass_time(await until(crew, moment) + HOUR)
    await crew.works.ticker.fire()
    await crew.works.handle()
    async with crew.works.db.reading() as reading:
        depth = await outbox.depth(reading)

    assert {priority: count for priority, count in depth.items() if count} == {Priority.CHECK_IN: 1}
    assert crew.works.ask("SELECT purpose FROM outbox WHERE body IS NOT NULL") == [("checkin",)]


def test_other_timers_are_no_notes() -> None:
    """A wait of the open question, a look, and a kind that nobody writes."""
    assert [planned_for(kind) for kind in ("wait", LOOK, "checkin:soon")] == [None] * 3
    assert planned_for("checkin:1795762800") == datetime.fromtimestamp(1795762800, tz=UTC)

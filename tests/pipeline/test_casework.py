"""A case from asking to its end: who is asked when, what the person hears, and that nothing is ever left lying."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest
from sqlalchemy import select

from bot.engine.event import Asked, Led, PromptPressed, Typed
from bot.model.case import Case, CaseState, Due, Freed, Need, Opened, Paged, Passed, Why
from bot.model.hours import ALWAYS, NEVER
from bot.model.person import Language, Role
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.search import CLAIM, Patience, Round
from bot.model.silence import SILENCE
from bot.pipeline.process import Processor
from bot.store import case_day, cases, lanes, people, roles, timers, volunteers
from bot.store.tables import case as case_table
from tests.crew import MINUTE, Crew
from tests.pipeline.works import Works

HOUR: Final = timedelta(hours=1)
NOA: Final = 1001
VOLUNTEERS: Final = range(2001, 2006)


@pytest.fixture
def crew(works: Works) -> Crew:
    """Nobody yet."""
    return Crew(works)


async def five(crew: Crew) -> list[int]:
    """Five volunteers who are there for everything."""
    return [await crew.volunteer(number) for number in VOLUNTEERS]


async def in_case_lane(crew: Crew, case_id: int, *events: Opened | Passed | Freed | Paged) -> None:
    """Something happens to a case."""
    async with crew.works.db.unit() as unit:
        for event in events:
            await lanes.to_case(unit, case_id, event, now=crew.works.clock.now())
        await unit.commit()
    await crew.settle()


class TestRounds:
    """A few, everybody, the organizers; then the person hears how it stands."""

    async def test_three_are_asked_first(self, crew: Crew) -> None:
        """Some seconds after somebody asked, so that the time of an alert says little."""
        noa, all_five = await crew.person(NOA), await five(crew)
        case = await crew.asks(noa)

        assert len(await crew.asked(*all_five)) == 3
        assert (case.state, case.round, case.epoch) == (CaseState.OFFERED, Round.FEW, 0)
        assert set(await crew.timers_of(case.id)) == {"search"}

    async def test_after_a_quarter_of_an_hour_everybody_who_fits_is_asked(self, crew: Crew) -> None:
        """Once each."""
        noa, all_five = await crew.person(NOA), await five(crew)
        case = await crew.asks(noa)
        await crew.after(16 * MINUTE)

        assert [len(await crew.prompts(one)) for one in all_five] == [1] * 5
        assert (await crew.case(case.id)).round == Round.ALL

    async def test_after_an_hour_the_organizers_on_call_are_asked(self, crew: Crew) -> None:
        """With a question of their own; the case is escalated."""
        noa, (volunteer, *_), boss = await crew.person(NOA), await five(crew), await crew.organizer(3001)
        case = await crew.asks(noa)
        await crew.after(59 * MINUTE)
        assert await crew.asked(boss, flow="page") == []
        await crew.after(3 * MINUTE)

        assert await crew.asked(boss, volunteer, flow="page") == [boss]
        assert (await crew.case(case.id)).state is CaseState.ESCALATED

    async def test_after_three_hours_the_person_hears_honestly_that_nobody_is_free(self, crew: Crew) -> None:
        """When the next try is, and the lines; and the search goes on."""
        noa, boss = await crew.person(NOA), await crew.organizer(3001)
        case = await crew.asks(noa)
        await crew.after(2 * HOUR + 59 * MINUTE)
        assert await crew.asked(noa, flow="nobody") == []
        await crew.after(3 * MINUTE)

        assert await crew.asked(noa, flow="nobody") == [noa]
        lines, told = crew.heard(NOA)[-2:]
        assert "1201" in lines
        assert told.startswith("Nobody of our team is free yet")
        assert set(await crew.timers_of(case.id)) == {"search"}
        await crew.after(8 * HOUR)
        assert await crew.asked(boss, flow="page") == [boss]
        assert len(await crew.prompts(noa, "nobody")) == 1

    async def test_they_hear_it_again_the_next_day_and_not_at_night(self, crew: Crew) -> None:
        """The search went on all the time."""
        noa = await crew.person(NOA)
        await crew.asks(noa)
        await crew.after(timedelta(days=2, hours=6))

        times = sum(text.startswith("Nobody of our team is free yet") for text in crew.heard(NOA))
        assert times == 3

    async def test_where_a_lawyer_is_needed_the_ways_to_one_come_along(self, crew: Crew) -> None:
        """Before the lines."""
        noa = await crew.person(NOA)
        await crew.asks(noa, Need.LEGAL)
        await crew.after(3 * HOUR + MINUTE)

        assert await crew.asked(noa, flow="nobody_legal") == [noa]

    async def test_what_is_urgent_goes_in_minutes(self, crew: Crew) -> None:
        """With nobody there the organizers are called at once, without a question before."""
        noa, boss = await crew.person(NOA), await crew.organizer(3001)
        case = await crew.asks(noa, Need.URGENT)

        assert await crew.asked(boss, flow="page") == [boss]
        assert (await crew.case(case.id)).state is CaseState.ESCALATED
        await crew.after(6 * MINUTE)
        assert await crew.asked(noa, flow="nobody_legal") == [noa]

    async def test_who_asks_for_the_organizers_gets_them_at_once(self, crew: Crew) -> None:
        """No volunteer is asked, also later."""
        noa, all_five, boss = await crew.person(NOA), await five(crew), await crew.organizer(3001)
        await crew.asks(noa, Need.ORGANIZE)

        assert await crew.asked(boss, flow="page") == [boss]
        await crew.after(8 * HOUR)
        assert await crew.asked(*all_five) == []


class TestMatching:
    """Who is asked at all."""

    async def test_only_who_fits_is_asked(self, crew: Crew) -> None:
        """On duty, of the need, of the language, with room; and nobody about themselves."""
        noa, fits = await crew.person(NOA), await crew.volunteer(2001)
        others = [
            await crew.volunteer(2002, needs=[Need.LEGAL]),
            await crew.volunteer(2003, languages=[Language.HEBREW]),
            await crew.volunteer(2004, hours=NEVER),
        ]
        await crew.asks(noa)

        assert await crew.asked(fits, *others) == [fits]

    async def test_a_volunteer_who_asks_is_not_offered_themselves(self, crew: Crew) -> None:
        """Somebody else is."""
        one, other = await crew.volunteer(2001), await crew.volunteer(2002)
        await crew.asks(one)

        assert await crew.asked(one, other) == [other]

    async def test_a_hebrew_speaker_is_asked_in_hebrew(self, crew: Crew) -> None:
        """Whatever the person's language is."""
        noa = await crew.person(NOA)
        await crew.volunteer(2001)
        await crew.person(2001, language=Language.HEBREW)
        await crew.asks(noa)

        assert any(text.startswith("\u200fמחפשים") or "מחפשים כאן" in text for text in crew.heard(2001))


class TestAnswers:
    """Accepting and passing."""

    async def test_accepting_leads_both_to_the_line(self, crew: Crew) -> None:
        """Under two names that are not alike; the others are too late."""
        noa, (one, two, *_) = await crew.person(NOA), [await crew.volunteer(2001), await crew.volunteer(2002)]
        case = await crew.asks(noa)
        await crew.answers(one, "accept")
        await crew.answers(two, "accept")

        held = await crew.case(case.id)
        assert (held.volunteer_id, held.epoch) == (one, 1)
        assert held.person_name != held.volunteer_name
        assert crew.heard(2002)[-1] == "Already taken, thank you."
        assert "search" not in await crew.timers_of(case.id)

    async def test_passing_asks_the_next_and_is_final(self, crew: Crew) -> None:
        """Who passed is not asked again, in any round."""
        noa, all_five = await crew.person(NOA), await five(crew)
        await crew.asks(noa)
        (first, *rest) = await crew.asked(*all_five)
        await crew.answers(first, "pass")

        assert len(await crew.asked(*all_five)) == 3
        assert set(rest) < set(await crew.asked(*all_five))
        await crew.after(10 * HOUR)
        assert await crew.prompts(first) == []

    async def test_when_everybody_has_passed_nobody_is_waited_for(self, crew: Crew) -> None:
        """The organizers are asked at once, and when they pass too the person hears it."""
        noa, one, boss = await crew.person(NOA), await crew.volunteer(2001), await crew.organizer(3001)
        await crew.asks(noa)
        await crew.answers(one, "pass")
        await crew.after(16 * MINUTE)
        assert await crew.asked(boss, flow="page") == []
        await crew.after(45 * MINUTE)
        await crew.answers(boss, "pass", flow="page")

        assert await crew.asked(noa, flow="nobody") == [noa]

    async def test_an_organizer_can_take_it_or_have_everybody_asked_again(self, crew: Crew) -> None:
        """Also who did not answer the first time; without a profile there is no limit to what they take."""
        noa, one, boss = await crew.person(NOA), await crew.volunteer(2001), await crew.organizer(3001)
        other = await crew.organizer(3002)
        case = await crew.asks(noa)
        await crew.after(61 * MINUTE)
        before = len(crew.heard(2001))
        await crew.answers(boss, "again", flow="page")
        assert len(crew.heard(2001)) == before + 1
        await crew.answers(other, "accept", flow="page")

        assert (await crew.case(case.id)).volunteer_id == other
        assert await crew.asked(one) == [one]

    @pytest.mark.parametrize(("need", "at"), [(Need.BUDDY, 179), (Need.ORGANIZE, 119)])
    async def test_asking_everybody_again_puts_off_no_word_that_was_promised(
        self, crew: Crew, need: Need, at: int
    ) -> None:
        """The person was told by when they hear how it stands, whatever an organizer presses."""
        noa, boss = await crew.person(NOA), await crew.organizer(3001)
        await crew.asks(noa, need)
        await crew.after(at * MINUTE)
        await crew.answers(boss, "again", flow="page")
        await crew.after(Patience().of(need).told + MINUTE - at * MINUTE)

        assert await crew.asked(noa, flow="nobody") == [noa]
        assert await crew.asked(boss, flow="page") == [boss]

    async def test_after_the_person_was_told_asking_again_begins_with_everybody(self, crew: Crew) -> None:
        """Nothing is promised by then that could be put off."""
        noa, boss = await crew.person(NOA), await crew.organizer(3001)
        case = await crew.asks(noa, Need.URGENT)
        await crew.after(11 * MINUTE)
        await crew.answers(boss, "again", flow="page")

        assert (await crew.case(case.id)).round == Round.ORGANIZERS
        assert await crew.asked(boss, flow="page") == [boss]

    async def test_an_organizer_can_have_those_on_call_asked_at_once(self, crew: Crew) -> None:
        """Beside whoever is asked already; the case stays with them, and every round comes when it would have."""
        noa, all_five = await crew.person(NOA), await five(crew)
        boss, other = await crew.organizer(3001), await crew.organizer(3002)
        async with crew.works.db.unit() as unit:
            await volunteers.set_on_call(unit, boss, hours=ALWAYS)
            await unit.commit()
        case = await crew.asks(noa)
        timers_before = await crew.timers_of(case.id)
        await in_case_lane(crew, case.id, Paged(on_call=True))

        assert await crew.asked(boss, other, *all_five, flow="page") == [boss]
        assert (await crew.case(case.id)).state is CaseState.ESCALATED
        assert await crew.timers_of(case.id) == timers_before
        await crew.after(16 * MINUTE)
        assert len(await crew.asked(*all_five)) == 5
        assert (await crew.case(case.id)).round == Round.ALL

    async def test_who_has_no_room_is_told_and_loses_nothing(self, crew: Crew) -> None:
        """The case stays open for others."""
        noa, dan = await crew.person(NOA), await crew.person(1002)
        one = await crew.volunteer(2001, capacity=1)
        first, second = await crew.asks(noa), await crew.asks(dan)
        await crew.answers(one, "accept")
        await crew.answers(one, "accept")

        assert crew.heard(2001)[-1].startswith("There is no room left")
        held, waiting = await crew.case(second.id), await crew.case(first.id)
        assert (held.volunteer_id, waiting.volunteer_id) == (one, None)
        assert waiting.state is CaseState.WAITING


class TestEnough:
    """One volunteer can take so many in a day, whatever becomes of them."""

    @pytest.fixture(autouse=True)
    def two_a_day(self, works: Works) -> None:
        """Two are enough for a test."""
        works.turns = replace(works.turns, claims_a_day=2)
        works.processor = Processor(works.ground, works.turns)

    async def _gives_back(self, crew: Crew, who: int) -> None:
        """They accept what they were asked last, and hand it back."""
        await crew.answers(who, "accept")
        for choice in ("menu", "hand_back", "heavy"):
            await crew.chooses(who, choice)

    async def test_who_took_enough_is_thanked_and_others_are_asked_at_once(self, crew: Crew) -> None:
        """Also where they gave it all back; nobody waits for their answer any more."""
        one, boss = await crew.volunteer(2001), await crew.organizer(3001)
        asked = [await crew.asks(await crew.person(number), Need.URGENT) for number in (1001, 1002, 1003)]
        for _ in range(2):
            await self._gives_back(crew, one)
        await crew.answers(one, "accept")

        assert crew.heard(2001)[-1].startswith("Thank you for having been there for so many")
        last = await crew.case(asked[0].id)
        assert (last.volunteer_id, last.state) == (None, CaseState.ESCALATED)
        assert len(await crew.prompts(boss, "page")) == 3

    async def test_who_took_enough_hears_of_a_case_that_is_taken_that_it_is(self, crew: Crew) -> None:
        """Nobody else is asked about it then, and they are not told so."""
        one, boss = await crew.volunteer(2001, capacity=5), await crew.organizer(3001)
        asked = [await crew.asks(await crew.person(number), Need.URGENT) for number in (1001, 1002, 1003)]
        await crew.after(6 * MINUTE)
        for _ in range(2):
            await crew.answers(one, "accept")
        first = next(one for one in await crew.prompts(boss, "page") if one.subject == str(asked[0].id))
        await crew.happens(boss, PromptPressed(id=first.id, choice="accept"))
        await crew.answers(one, "accept")

        assert crew.heard(2001)[-1] == "Already taken, thank you."

    async def test_who_took_enough_is_offered_no_more_that_day(self, crew: Crew) -> None:
        """The next day they are; and whoever asks is not told that somebody is there."""
        one = await crew.volunteer(2001, capacity=5)
        for number in (1001, 1002):
            await crew.asks(await crew.person(number))
            await crew.answers(one, "accept")
        await crew.asks(await crew.person(1003))
        assert "We keep looking" in crew.heard(1003)[-2]
        assert await crew.prompts(one) == []
        await crew.after(timedelta(days=1, hours=6))

        assert len(await crew.prompts(one)) == 1

    async def test_organizers_come_last_and_are_not_counted(self, crew: Crew) -> None:
        """If they could not, nobody could."""
        boss = await crew.organizer(3001)
        asked = [await crew.asks(await crew.person(number), Need.URGENT) for number in (1001, 1002, 1003)]
        for _ in asked:
            await crew.answers(boss, "accept", flow="page")

        assert {(await crew.case(one.id)).volunteer_id for one in asked} == {boss}


class TestFreed:
    """A case whose volunteer is gone is offered to others."""

    async def test_it_is_offered_to_others_and_never_comes_back(self, crew: Crew) -> None:
        """The person is told kindly, at a new epoch."""
        noa, one, two = await crew.person(NOA), await crew.volunteer(2001), await crew.volunteer(2002)
        case = await crew.asks(noa)
        await crew.answers(one, "accept")
        async with crew.works.db.unit() as unit:
            assert await cases.free_all(unit, one, why=Why.REVOKED, now=crew.works.clock.now()) == 1
            await unit.commit()
        await crew.settle()

        freed = await crew.case(case.id)
        assert (freed.state, freed.epoch, freed.volunteer_id) == (CaseState.OFFERED, 2, None)
        assert await crew.asked(noa, flow="again") == [noa]
        assert await crew.asked(one, two) == [two]
        await crew.after(12 * HOUR)
        assert await crew.prompts(one) == []

    async def test_who_leaves_is_no_longer_waited_for(self, crew: Crew) -> None:
        """What they were asked goes to others at once."""
        noa, all_five = await crew.person(NOA), await five(crew)
        await crew.asks(noa)
        (gone, *_) = await crew.asked(*all_five)
        async with crew.works.db.unit() as unit:
            assert await cases.free_all(unit, gone, why=Why.REVOKED, now=crew.works.clock.now()) == 0
            await unit.commit()
        await crew.settle()

        assert len([one for one in await crew.asked(*all_five) if one != gone]) == 3

    async def test_the_line_may_leave_the_freeing_to_the_case(self, crew: Crew) -> None:
        """Freed of the present epoch frees it, of an older one does nothing."""
        noa, one = await crew.person(NOA), await crew.volunteer(2001)
        case = await crew.asks(noa)
        await crew.answers(one, "accept")
        await in_case_lane(crew, case.id, Freed(epoch=0, why=Why.OTHER), Passed(volunteer_id=one), Opened())
        assert (await crew.case(case.id)).volunteer_id == one
        await in_case_lane(crew, case.id, Freed(epoch=1, why=Why.OTHER), Opened(), Passed(volunteer_id=one))

        assert (await crew.case(case.id)).volunteer_id is None

    async def test_a_claim_that_nobody_came_to_is_offered_again(self, crew: Crew) -> None:
        """Whatever went wrong between accepting and the line."""
        noa, one, two = await crew.person(NOA), await crew.volunteer(2001), await crew.volunteer(2002)
        case = await crew.asks(noa)
        await crew.answers(one, "accept")
        await self._claim_again(crew, case.id)
        await crew.after(16 * MINUTE)

        assert (await crew.case(case.id)).epoch == 2
        assert await crew.asked(one, two) == [two]

    async def _claim_again(self, crew: Crew, case_id: int) -> None:
        """The case is as right after the claim."""
        async with crew.works.db.unit() as unit:
            await unit.change(case_table.update().values(state=CaseState.CLAIMED.value))
            lane, due_at = Lane(kind=LaneKind.CASE, id=case_id), crew.works.clock.now() + 15 * MINUTE
            await timers.put(
                unit,
                [Timer(lane=lane, kind=CLAIM, due_at=due_at, version="1")],
                now=crew.works.clock.now(),
            )
            await unit.commit()


class TestSilence:
    """The timer of a line."""

    async def test_a_silence_of_other_hands_means_nothing(self, crew: Crew) -> None:
        """Nobody is reminded of what they no longer have."""
        noa, one = await crew.person(NOA), await crew.volunteer(2001)
        case = await crew.asks(noa)
        await crew.answers(one, "accept")
        before = len(crew.heard(2001))
        async with crew.works.db.unit() as unit:
            due = Due(timer=SILENCE, version="0.remind")
            await lanes.to_case(unit, case.id, due, now=crew.works.clock.now())
            await unit.commit()
        await crew.settle()

        assert len(crew.heard(2001)) == before


class TestApart:
    """Who would know each other again."""

    async def test_whom_somebody_is_beside_is_not_asked_to_be_beside_them(self, crew: Crew) -> None:
        """Two people would talk on two lines and be the same two."""
        noa, eva = await crew.volunteer(NOA), await crew.volunteer(2001)
        case = await crew.asks(noa)
        await crew.answers(eva, "accept")
        await crew.asks(eva)

        assert (await crew.case(case.id)).volunteer_id == eva
        assert await crew.asked(noa) == []

    async def test_whom_an_organizer_is_with_is_not_asked_as_one_either(self, crew: Crew) -> None:
        """Nor when nobody else is there: they would know each other again."""
        noa, eva = await crew.volunteer(NOA), await crew.organizer(2001)
        case = await crew.asks(eva)
        await crew.answers(noa, "accept")
        own = await crew.asks(noa, Need.URGENT)
        await crew.after(11 * MINUTE)

        assert (await crew.case(case.id)).volunteer_id == noa
        assert await crew.asked(eva, flow="page") == []
        assert (await crew.case(own.id)).told_on is not None

    async def test_a_problem_is_told_to_another_organizer_than_it_may_be_about(self, crew: Crew) -> None:
        """Whoever is beside the person is not asked, though they alone are on call."""
        noa, boss = await crew.person(NOA), await crew.organizer(3001)
        other = await crew.organizer(3002)
        async with crew.works.db.unit() as unit:
            await volunteers.set_on_call(unit, boss, hours=ALWAYS)
            await unit.commit()
        case = await crew.asks(noa, Need.URGENT)
        await crew.answers(boss, "accept", flow="page")
        await crew.asks(noa, Need.ORGANIZE)

        assert (await crew.case(case.id)).volunteer_id == boss
        assert await crew.asked(boss, other, flow="page") == [other]


class TestAgain:
    """Asking once more for what was asked for."""

    async def test_who_asks_again_is_led_to_the_line_if_somebody_is_there(self, crew: Crew) -> None:
        """And to the waiting otherwise."""
        noa, one = await crew.person(NOA), await crew.volunteer(2001)
        case = await crew.asks(noa)
        await crew.happens(noa, Led(flow="case", step="open", answers={"need": case.need.value}))
        waiting = crew.heard(NOA)
        await crew.answers(one, "accept")
        await crew.happens(noa, Led(flow="case", step="open", answers={"need": case.need.value}))

        assert any(text.startswith("We are looking for somebody for this already") for text in waiting)
        assert any(text.startswith("Somebody is with you for this already") for text in crew.heard(NOA))
        assert (await crew.session(noa)).frames[-1].step == "open"


class TestDay:
    """A day that somebody named goes with their case, to whoever comes, and ends with it."""

    async def _asks(self, crew: Crew, who: int, *, day: str) -> Case:
        """Somebody names the day of a hearing, and asks for a lawyer from there."""
        await crew.happens(who, Led(flow="hearing", step="day"))
        await crew.happens(who, Typed(text=day, date=day))
        await crew.chooses(who, "lawyer")
        await crew.chooses(who, "connect")
        return (await crew.cases_of(who))[0]

    async def test_the_day_goes_with_the_case_to_whoever_accepts(self, crew: Crew) -> None:
        """Not with the offer; sealed under the key of whoever asked; and in no session of the volunteer's."""
        noa, dan = await crew.person(NOA), await crew.volunteer(VOLUNTEERS[0])
        case = await self._asks(crew, noa, day="2026-12-01")
        assert not any("1 December" in text for text in crew.heard(VOLUNTEERS[0]))
        await crew.answers(dan, "accept")

        assert [text for text in crew.heard(VOLUNTEERS[0]) if "1 December 2026" in text]
        async with crew.works.db.reading() as reading:
            assert await case_day.of(reading, case) == date(2026, 12, 1)
            (row,) = await reading.fetch(select(case_table.c.date_sealed))
        assert b"2026" not in row.date_sealed
        assert "2026-12-01" not in repr(await crew.session(dan))

    async def test_whoever_has_the_case_finds_the_day_again(self, crew: Crew) -> None:
        """Where they see whom they are with; where no day was named nothing is said of one."""
        noa, eva = await crew.person(NOA), await crew.person(1002)
        dan = await crew.volunteer(VOLUNTEERS[0])
        await self._asks(crew, noa, day="2026-12-01")
        await crew.asks(eva)
        for _ in range(2):
            await crew.answers(dan, "accept")
        before = len(crew.heard(VOLUNTEERS[0]))
        await crew.happens(dan, Asked(command="cases"))

        told = crew.heard(VOLUNTEERS[0])[before:]
        assert sum("1 December 2026" in text for text in told) == 1

    async def test_a_day_named_later_is_the_cases_day(self, crew: Crew) -> None:
        """Somebody asks again with another one; the case is the same."""
        noa = await crew.person(NOA)
        case = await self._asks(crew, noa, day="2026-12-01")
        again = await self._asks(crew, noa, day="2026-12-03")

        assert again.id == case.id
        async with crew.works.db.reading() as reading:
            assert await case_day.of(reading, case) == date(2026, 12, 3)

    async def test_a_day_taken_back_goes_with_no_case(self, crew: Crew) -> None:
        """Who rather does not say, after having said, has not said."""
        noa = await crew.person(NOA)
        await crew.happens(noa, Led(flow="hearing", step="day"))
        await crew.happens(noa, Typed(text="2026-11-20", date="2026-11-20"))
        for choice in ("ahead", "unsaid", "lawyer", "connect"):
            await crew.chooses(noa, choice)

        (case,) = await crew.cases_of(noa)
        async with crew.works.db.reading() as reading:
            assert await case_day.of(reading, case) is None

    async def test_the_day_goes_when_the_case_ends(self, crew: Crew) -> None:
        """At once, not with its row thirty days later."""
        noa = await crew.person(NOA)
        await self._asks(crew, noa, day="2026-12-01")
        await crew.chooses(noa, "stop")

        async with crew.works.db.reading() as reading:
            (row,) = await reading.fetch(select(case_table.c.closed_on, case_table.c.date_sealed))
        assert row.closed_on is not None
        assert row.date_sealed is None


class TestEnd:
    """Stopping, deleting, blocking."""

    async def test_what_is_written_while_waiting_is_answered_and_not_kept(self, crew: Crew) -> None:
        """It says that nobody reads it."""
        noa = await crew.person(NOA)
        await crew.asks(noa)
        await crew.happens(noa, Typed(text="is anybody there"))

        assert any(text.startswith("No one is on the line yet") for text in crew.heard(NOA))
        assert "is anybody there" not in str(await crew.session(noa))

    async def test_stopping_the_search_ends_the_case(self, crew: Crew) -> None:
        """Whoever was asked hears that it is taken, and nothing wakes it any more."""
        noa, one = await crew.person(NOA), await crew.volunteer(2001)
        case = await crew.asks(noa)
        await crew.chooses(noa, "stop")
        await crew.answers(one, "accept")

        assert (await crew.case(case.id)).state is CaseState.CLOSED
        assert await crew.timers_of(case.id) == {}
        assert crew.heard(2001)[-1] == "Already taken, thank you."

    async def test_a_second_ask_finds_the_first(self, crew: Crew) -> None:
        """And can be stopped from there; once somebody has it, stopping ends nothing."""
        noa, one = await crew.person(NOA), await crew.volunteer(2001)
        first = await crew.asks(noa)
        assert await crew.asks(noa) == await crew.case(first.id)
        assert any(
            text.startswith("We are looking for somebody for this already") for text in crew.heard(NOA)
        )
        await crew.answers(one, "accept")
        await crew.happens(noa, Led(flow="case", step="waiting", answers={"case": str(first.id)}))
        await crew.chooses(noa, "stop")

        assert (await crew.case(first.id)).volunteer_id == one
        assert crew.heard(NOA)[-1] == "We are no longer looking for anybody here."

    @pytest.mark.parametrize("command", ["stop", "delete"])
    async def test_who_stops_everything_is_not_looked_for_and_whoever_was_there_is_told(
        self, crew: Crew, command: str
    ) -> None:
        """Kindly, by the made-up name."""
        noa, one = await crew.person(NOA), await crew.volunteer(2001)
        case = await crew.asks(noa)
        await crew.asks(noa, Need.LEGAL)
        held = next(prompt for prompt in await crew.prompts(one) if prompt.subject == str(case.id))
        await crew.happens(one, PromptPressed(id=held.id, choice="accept"))
        await crew.happens(noa, Asked(command=command))
        if command == "delete":
            await crew.chooses(noa, "wipe")

        assert any("has ended it here" in text for text in crew.heard(2001))
        async with crew.works.db.reading() as reading:
            assert await cases.of_person(reading, noa) == []
        await in_case_lane(crew, case.id, Opened())

    async def test_a_volunteer_who_deletes_everything_frees_who_they_were_with(self, crew: Crew) -> None:
        """The case is offered to somebody else."""
        noa, one, two = await crew.person(NOA), await crew.volunteer(2001), await crew.volunteer(2002)
        case = await crew.asks(noa)
        await crew.answers(one, "accept")
        await crew.happens(one, Asked(command="delete"))
        await crew.chooses(one, "wipe")

        assert await crew.asked(two) == [two]
        assert (await crew.case(case.id)).state is CaseState.OFFERED

    async def test_for_who_blocked_the_bot_nobody_is_called_in_vain(self, crew: Crew) -> None:
        """When they are back the search goes on; after a week it ends."""
        noa, one = await crew.person(NOA), await crew.volunteer(2001)
        await self._reachable(crew, noa, reachable=False)
        case = await crew.asks(noa)
        assert await crew.asked(one) == []
        await self._reachable(crew, noa, reachable=True)
        await crew.after(4 * HOUR)
        assert await crew.asked(one) == [one]

        await self._reachable(crew, noa, reachable=False)
        await crew.after(timedelta(days=6))
        assert (await crew.case(case.id)).state is not CaseState.CLOSED
        await crew.after(timedelta(days=1, hours=8))
        assert (await crew.case(case.id)).state is CaseState.CLOSED

    async def _reachable(self, crew: Crew, who: int, *, reachable: bool) -> None:
        async with crew.works.db.unit() as unit:
            (address,) = (await people.load(unit, [who]))[who].addresses
            await people.set_reachable(unit, address.id, reachable=reachable)
            await unit.commit()

    async def test_who_is_under_eighteen_is_not_offered_to_volunteers(self, crew: Crew) -> None:
        """The groups, the lines and an organizer; what is urgent goes to the organizers at once."""
        noa, boss = await crew.person(NOA, adult=False), await crew.organizer(3001)
        one = await crew.volunteer(2001)
        await crew.happens(noa, Led(flow="case", step="ask_buddy"))
        await crew.chooses(noa, "connect")
        assert await crew.cases_of(noa) == []
        await crew.chooses(noa, "organizer")
        await crew.chooses(noa, "connect")
        assert await crew.asked(boss, flow="page") == [boss]
        await crew.asks(noa, Need.URGENT)

        assert len(await crew.prompts(boss, "page")) == 2
        assert await crew.asked(one) == []


class TestLimbo:
    """Whatever is lost on the way, no case is forgotten."""

    async def test_a_case_that_nothing_would_wake_is_woken(self, crew: Crew) -> None:
        """The timer is gone: the watch sees it within a minute."""
        noa, one = await crew.person(NOA), await crew.volunteer(2001)
        case = await crew.asks(noa)
        await self._lose_timers(crew, case.id)
        await crew.works.watch.look()
        await crew.settle()
        assert set(await crew.timers_of(case.id)) == {"search"}

        await crew.answers(one, "accept")
        await self._lose_timers(crew, case.id)
        async with crew.works.db.unit() as unit:
            await unit.change(case_table.update().values(state=CaseState.CLAIMED.value))
            await unit.commit()
        await crew.works.watch.look()
        await crew.settle()
        assert (await crew.case(case.id)).volunteer_id is None

    async def _lose_timers(self, crew: Crew, case_id: int) -> None:
        async with crew.works.db.unit() as unit:
            lane = Lane(kind=LaneKind.CASE, id=case_id)
            await timers.cancel(unit, lane, list(await timers.of_lane(unit, lane)))
            await unit.commit()

    @pytest.mark.parametrize("how", ["blocked", "without a role"])
    async def test_a_volunteer_who_is_gone_without_a_word_is_noticed(self, crew: Crew, how: str) -> None:
        """Within a minute somebody else is asked, and the person hears it."""
        noa, one, two = await crew.person(NOA), await crew.volunteer(2001), await crew.volunteer(2002)
        case = await crew.asks(noa)
        await crew.answers(one, "accept")
        await crew.works.watch.look()
        await crew.settle()
        assert (await crew.case(case.id)).volunteer_id == one
        async with crew.works.db.unit() as unit:
            if how == "blocked":
                (address,) = (await people.load(unit, [one]))[one].addresses
                await people.set_reachable(unit, address.id, reachable=False)
            else:
                await roles.revoke(unit, one, Role.VOLUNTEER)
            await unit.commit()
        await crew.works.watch.look()
        await crew.settle()

        assert (await crew.case(case.id)).volunteer_id is None
        assert await crew.asked(two) == [two]
        assert await crew.asked(noa, flow="again") == [noa]

    async def test_who_comes_on_duty_is_asked(self, crew: Crew) -> None:
        """In any round, and the timer stays as it was."""
        noa = await crew.person(NOA)
        case = await crew.asks(noa)
        before = await crew.timers_of(case.id)
        one = await crew.volunteer(2001)
        await in_case_lane(crew, case.id, Opened())

        assert await crew.asked(one) == [one]
        assert await crew.timers_of(case.id) == before

    async def test_the_gauge_says_how_many_cases_there_are(self, crew: Crew) -> None:
        """By state, of nobody."""
        noa = await crew.person(NOA)
        await crew.asks(noa)
        await crew.works.ticker.measure()

        assert crew.works.metric('bot_cases{state="waiting"} 1.0')
        assert crew.works.metric('bot_cases{state="offered"} 0.0')

"""Who waits for weeks, and who is asked for weeks: nobody is nagged, and no case is dropped for that."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import pytest

from bot.almanac import next_allowed
from bot.engine.event import PromptPressed
from bot.model.case import CaseState, Need
from bot.model.search import SEARCH
from tests.crew import Crew
from tests.pipeline.works import Works

NOA: Final = 1001
DAN: Final = 2001
GAL: Final = 3001
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
ZONE: Final = "Asia/Jerusalem"


@pytest.fixture
def crew(works: Works) -> Crew:
    """Nobody yet."""
    return Crew(works)


async def _told_at(crew: Crew, number: int, *, hours: int) -> list[datetime]:
    """When somebody heard anything within so many hours, to the hour."""
    found = []
    for _ in range(hours):
        before = len(crew.heard(number))
        await crew.after(HOUR)
        found += [crew.works.clock.now()] * (len(crew.heard(number)) > before)
    return found


async def test_who_waits_for_weeks_hears_it_three_times_and_then_only_of_somebody(crew: Crew) -> None:
    """The third time asks whether to go on; meanwhile it is silent, and the search goes on without an answer."""
    noa = await crew.person(NOA)
    case = await crew.asks(noa)
    told = await _told_at(crew, NOA, hours=24 * 15)
    still = await crew.case(case.id)

    assert len(told) == 3
    assert "will not write" in crew.heard(NOA)[-1]
    assert still.state is CaseState.WAITING
    assert set(await crew.timers_of(case.id)) == {SEARCH}

    dan = await crew.volunteer(DAN)
    await crew.after(6 * HOUR + timedelta(minutes=1))

    assert await crew.asked(dan) == [dan]


async def test_what_was_not_promised_is_not_said_on_days_of_rest(crew: Crew) -> None:
    """Only the first word, which was promised by a time, comes whenever that is."""
    crew.works.clock.pass_time(2 * DAY)  # to Thursday
    noa = await crew.person(NOA)
    await crew.asks(noa)
    _, *later = await _told_at(crew, NOA, hours=24 * 6)

    assert len(later) == 2
    assert all(any(next_allowed(at, zone=ZONE) == at for at in (one, one - HOUR)) for one in later)


@pytest.mark.parametrize(("choice", "left"), [("keep", 1), ("stop", 0)])
async def test_the_last_question_can_be_answered_much_later(crew: Crew, choice: str, left: int) -> None:
    """Going on stays silent as well; stopping ends the search."""
    noa = await crew.person(NOA)
    await crew.asks(noa)
    await crew.after(5 * DAY)
    (prompt,) = await crew.prompts(noa, "nobody_still")
    await crew.happens(noa, PromptPressed(id=prompt.id, choice=choice))
    before = len(crew.heard(NOA))
    await crew.after(5 * DAY)

    assert len(crew.heard(NOA)) == before
    assert len(await crew.cases_of(noa)) == left


async def test_a_volunteer_who_never_answers_is_asked_more_and_more_rarely(crew: Crew) -> None:
    """Twice as long goes by each time, a day at the most; the case is tried as often as ever."""
    await crew.volunteer(DAN)
    noa = await crew.person(NOA)
    await crew.asks(noa)
    told = await _told_at(crew, DAN, hours=24 * 8)
    gaps = [after - before for before, after in pairwise(told)]

    assert len(told) <= 13
    assert gaps[0] <= 6 * HOUR
    assert gaps[-1] >= DAY - HOUR


async def test_somebody_in_danger_is_shown_again_to_whoever_did_not_look(crew: Crew) -> None:
    """In the first hours of an urgent case, whoever is there is asked again."""
    await crew.volunteer(DAN)
    noa = await crew.person(NOA)
    await crew.asks(noa, Need.URGENT)
    await crew.after(3 * HOUR)

    assert len(crew.heard(DAN)) >= 4


async def test_an_organizer_who_wants_everybody_asked_again_has_everybody_asked(crew: Crew) -> None:
    """Also whoever has not answered."""
    await crew.volunteer(DAN)
    gal = await crew.organizer(GAL)
    noa = await crew.person(NOA)
    await crew.asks(noa)
    await crew.after(HOUR + timedelta(minutes=1))
    before = len(crew.heard(DAN))
    await crew.answers(gal, "again", flow="page")

    assert len(crew.heard(DAN)) == before + 1

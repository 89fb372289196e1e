"""A talk of the letter team as a case: who is asked for it, what its person hears, and when it ends by itself."""

from datetime import timedelta
from typing import Final

import pytest

from bot.model.case import Case, CaseState, Need, Opened, Paged
from bot.model.person import Language, Role
from bot.model.search import Round
from bot.model.signature import Verified
from bot.store import cases, lanes, roles, signatures, verifying
from tests.crew import MINUTE, Crew
from tests.letters import TEXT, signs
from tests.pipeline.works import Works

HOUR: Final = timedelta(hours=1)
NOA: Final = 1001
OTHERS: Final = frozenset(Need) - {Need.VERIFY}


@pytest.fixture
def crew(works: Works) -> Crew:
    """Nobody yet."""
    return Crew(works)


async def agreed(crew: Crew) -> tuple[int, Case]:
    """Somebody who signed, and agreed to talk with the letter team."""
    noa, now = await crew.person(NOA), crew.works.clock.now()
    async with crew.works.db.unit() as unit:
        await signs(unit, noa, "a1")
        await verifying.ask(unit, "reserves", TEXT)
        await verifying.agree(unit, noa)
        case = await cases.open_case(unit, noa, need=Need.VERIFY, language=Language.ENGLISH, now=now)
        assert case
        await lanes.to_case(unit, case.id, Opened(), now=now)
        await unit.commit()
    await crew.settle()
    return noa, case


async def test_only_the_letter_team_is_asked_and_no_organizer_ever(crew: Crew) -> None:
    """Also where nobody of it is there for a day."""
    adi = await crew.volunteer(2001, needs={Need.VERIFY})
    others = await crew.volunteer(2002, needs=OTHERS)
    boss = await crew.organizer(3001)
    _, case = await agreed(crew)
    assert await crew.asked(adi, others) == [adi]
    await crew.after(24 * HOUR)

    assert await crew.asked(others, boss) == await crew.asked(boss, flow="page") == []
    assert (await crew.case(case.id)).round == Round.TOLD


async def test_that_nobody_is_free_is_said_once(crew: Crew) -> None:
    """In words that say nothing on a locked screen."""
    noa, _ = await agreed(crew)
    await crew.after(3 * HOUR + MINUTE)
    assert await crew.asked(noa, flow="nobody_letter") == [noa]
    await crew.after(timedelta(days=4))

    assert sum(text.startswith("Nobody has time for the talk") for text in crew.heard(NOA)) == 1


async def test_who_is_not_of_the_team_any_more_cannot_accept(crew: Crew) -> None:
    """The request that stood on their screen is nobody's."""
    adi = await crew.volunteer(2001, needs={Need.VERIFY})
    _, case = await agreed(crew)
    async with crew.works.db.unit() as unit:
        await roles.revoke(unit, adi, Role.VOLUNTEER)
        await roles.grant(unit, adi, Role.ORGANIZER, today=crew.works.clock.now().date())
        await unit.commit()
    await crew.answers(adi, "accept")

    assert (await crew.case(case.id)).volunteer_id is None


async def test_who_stops_verifying_has_no_talk_and_is_asked_for_none(crew: Crew) -> None:
    """What they had otherwise stays theirs."""
    adi, eli = [await crew.volunteer(number, needs=frozenset(Need)) for number in (2001, 2002)]
    _, talk = await agreed(crew)
    other = await crew.asks(await crew.person(1002))
    for _ in range(2):
        await crew.answers(adi, "accept")
    async with crew.works.db.unit() as unit:
        await verifying.free(unit, adi, now=crew.works.clock.now())
        await verifying.free(unit, eli, now=crew.works.clock.now())
        await unit.commit()
    await crew.settle()

    assert (await crew.case(talk.id)).volunteer_id is None
    assert (await crew.case(other.id)).volunteer_id == adi


async def test_it_ends_by_itself_where_there_is_nothing_to_confirm(crew: Crew) -> None:
    """And its person hears so, once; whoever has it goes on talking."""
    adi = await crew.volunteer(2001, needs={Need.VERIFY})
    noa, case = await agreed(crew)
    async with crew.works.db.unit() as unit:
        await verifying.record(unit, noa, said=Verified.YES)
        await unit.commit()
    await crew.after(16 * MINUTE)

    assert (await crew.case(case.id)).state is CaseState.CLOSED
    assert await crew.timers_of(case.id) == {}
    await crew.answers(adi, "accept")
    assert sum("is not needed any more" in text for text in crew.heard(NOA)) == 1


async def test_whoever_talks_goes_on_after_a_yes(crew: Crew) -> None:
    """The line is theirs to close."""
    adi = await crew.volunteer(2001, needs={Need.VERIFY})
    noa, case = await agreed(crew)
    await crew.answers(adi, "accept")
    async with crew.works.db.unit() as unit:
        await verifying.record(unit, noa, said=Verified.YES)
        await signatures.hear(unit, await signatures.of_person(unit, noa))
        await unit.commit()
    await crew.after(HOUR)

    assert (await crew.case(case.id)).volunteer_id == adi


async def test_who_calls_those_on_call_calls_the_letter_team(crew: Crew) -> None:
    """An organizer may hurry it, and is not asked for all that."""
    adi, boss = await crew.volunteer(2001, needs={Need.VERIFY}), await crew.organizer(3001)
    _, case = await agreed(crew)
    await crew.after(MINUTE)
    async with crew.works.db.unit() as unit:
        await lanes.to_case(unit, case.id, Paged(on_call=True), now=crew.works.clock.now())
        await unit.commit()
    await crew.settle()

    assert await crew.asked(boss, flow="page") == []
    await crew.answers(adi, "accept")
    assert (await crew.case(case.id)).volunteer_id == adi

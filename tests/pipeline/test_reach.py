"""A volunteer out of reach leaves nobody alone, and one who comes on duty is asked about who waits."""

from datetime import timedelta
from typing import Final

import pytest

from bot.engine.event import Asked, Pressed
from bot.model.case import CaseState
from bot.model.hours import NEVER
from bot.model.outgoing import FailureKind
from tests.crew import Crew
from tests.pipeline.works import Works, failure, membership

NOA: Final = 1001
ONE: Final = 2001
TWO: Final = 2002


@pytest.fixture
def crew(works: Works) -> Crew:
    """Nobody yet."""
    return Crew(works)


async def test_who_blocks_the_bot_loses_whom_they_accompany_to_others(crew: Crew) -> None:
    """At once, at a new epoch; the other one is asked, and they are asked nothing."""
    noa, one = await crew.person(NOA), await crew.volunteer(ONE)
    case = await crew.asks(noa)
    await crew.answers(one, "accept")
    two = await crew.volunteer(TWO)
    held = await crew.case(case.id)
    await crew.works.receive(membership("kicked", by=ONE))
    await crew.settle()
    after = await crew.case(case.id)

    assert held.volunteer_id == one
    assert (after.volunteer_id, after.epoch, after.state) == (None, held.epoch + 1, CaseState.OFFERED)
    assert await crew.asked(two) == [two]


async def test_a_call_that_meets_the_block_does_the_same(crew: Crew) -> None:
    """Whoever notices first."""
    noa, one = await crew.person(NOA), await crew.volunteer(ONE)
    case = await crew.asks(noa)
    await crew.answers(one, "accept")
    crew.works.transport.ends = [failure(FailureKind.UNREACHABLE, "blocked")]
    await crew.happens(one, Asked(command="menu"))

    assert (await crew.case(case.id)).volunteer_id is None


async def test_who_blocks_and_accompanies_nobody_changes_nothing(crew: Crew) -> None:
    """Nor does somebody who is no volunteer."""
    noa, one = await crew.person(NOA), await crew.volunteer(ONE, hours=NEVER)
    two = await crew.volunteer(TWO)
    case = await crew.asks(noa)
    await crew.answers(two, "accept")
    await crew.works.receive(membership("kicked", by=ONE))
    await crew.settle()

    assert (await crew.case(case.id)).volunteer_id == two
    assert await crew.asked(one) == []


async def test_whoever_comes_on_duty_is_asked_about_who_waits(crew: Crew) -> None:
    """By hand, after everybody else was asked in vain."""
    noa, one = await crew.person(NOA), await crew.volunteer(ONE, hours=NEVER)
    await crew.asks(noa)
    await crew.after(timedelta(hours=4))
    assert await crew.asked(one) == []
    await crew.happens(one, Asked(command="duty"))
    screen = (await crew.session(one)).screen
    assert screen
    await crew.happens(one, Pressed(nonce=screen.nonce, choice="go_on"))

    assert await crew.asked(one) == [one]

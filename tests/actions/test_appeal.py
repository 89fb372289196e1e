"""The last day of an appeal as the flow gets it, and how near a day is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.actions import appeal, day
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.card import ContentPolicy
from tests.cards import a_card, a_review, approved

TUESDAY = date(2026, 11, 24)
RULE = replace(a_card(), id="A34")


@pytest.fixture
def turn(scene: Scene) -> Scene:
    """A turn at noon of a Tuesday, with the rule approved."""
    scene.now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    scene.cards = {"A34": approved(RULE, on=TUESDAY)}
    return scene


@pytest.mark.parametrize(
    ("verdict", "name", "last"),
    [
        ("today", "open", "2026-11-27"),
        ("yesterday", "open", "2026-11-26"),
        ("two_days_ago", "open", "2026-11-25"),
        ("three_days_ago", "open", "2026-11-24"),
        ("2026-11-24", "open", "2026-11-27"),
        ("2026-11-20", "passed", "2026-11-23"),
    ],
)
async def test_the_last_day_is_shown_as_a_date(turn: Scene, verdict: str, name: str, last: str) -> None:
    """Whether it was named or is so many days ago; on the last day itself it is still open."""
    outcome = await appeal.last_day(turn, {"verdict": verdict})

    assert (outcome.name, outcome.values["day"]) == (name, last)


async def test_a_third_day_of_rest_is_shown_with_the_day_after(turn: Scene) -> None:
    """Both, so that nobody has to rely on the later one."""
    turn.now += timedelta(days=1)
    outcome = await appeal.last_day(turn, {"verdict": "today"})

    assert outcome == Outcome(name="rest", values={"third": "2026-11-28", "day": "2026-11-29"})


async def test_holidays_are_days_of_rest_too(turn: Scene) -> None:
    """A third day on the first day of Passover, a Thursday, gives way to the Friday after it."""
    turn.now, turn.policy = datetime(2027, 4, 19, 10, tzinfo=UTC), ContentPolicy.DRAFT
    outcome = await appeal.last_day(turn, {"verdict": "today"})

    assert outcome == Outcome(name="rest", values={"third": "2027-04-22", "day": "2027-04-23"})


async def test_a_verdict_cannot_be_ahead(turn: Scene) -> None:
    """A day to come is asked for again."""
    assert await appeal.last_day(turn, {"verdict": "2026-11-25"}) == Outcome(name="ahead")


async def test_after_midnight_it_is_the_next_day_where_the_person_is(turn: Scene) -> None:
    """In Israel it is tomorrow before it is in UTC."""
    turn.now = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    outcome = await appeal.last_day(turn, {"verdict": "yesterday"})

    assert outcome.values["third"] == "2026-11-27"


async def test_no_day_is_counted_by_a_rule_that_may_not_be_shown(turn: Scene) -> None:
    """Not approved, pulled, or gone: then the date rests on nothing, and is not said."""
    served = turn.cards["A34"]
    turn.pulled = frozenset({served.content})
    assert await appeal.last_day(turn, {"verdict": "today"}) == Outcome(name="unverified")

    turn.pulled, turn.cards = frozenset(), {"A34": a_review(RULE)}
    assert await appeal.last_day(turn, {"verdict": "today"}) == Outcome(name="unverified")

    turn.policy = ContentPolicy.DRAFT
    assert (await appeal.last_day(turn, {"verdict": "today"})).name == "open"

    turn.cards = {}
    assert await appeal.last_day(turn, {"verdict": "today"}) == Outcome(name="unverified")


@pytest.mark.parametrize(
    ("named", "name"),
    [("2026-11-23", "passed"), ("2026-11-24", "near"), ("2026-11-26", "near"), ("2026-11-27", "later")],
)
async def test_a_day_named_is_near_or_not(turn: Scene, named: str, name: str) -> None:
    """Within forty-eight hours the ways to people come first."""
    assert await day.look(turn, {"day": named}) == Outcome(name=name)

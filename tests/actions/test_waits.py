"""What organizers see of who waits: numbers by kind of help, and nobody."""

from datetime import timedelta

import pytest

from bot.actions import waits
from bot.actions.scene import Scene
from bot.model.case import Need
from bot.model.hours import ALWAYS
from bot.model.person import Language, Role
from bot.model.volunteer import Standing, Volunteer
from bot.store import audit, cases, counters, roles, volunteers
from tests.store.shelf import NOW


async def _asked(scene: Scene, need: Need, *, ago: timedelta) -> None:
    await cases.open_case(
        scene.unit, scene.person.id, need=need, language=Language.HEBREW, now=scene.now - ago
    )


@pytest.mark.parametrize(
    ("ago", "age"),
    [
        (timedelta(minutes=59), "age_minutes"),
        (timedelta(hours=1), "age_hours"),
        (timedelta(hours=24), "age_days"),
    ],
)
async def test_who_waits_is_a_number_and_a_rough_age(scene: Scene, ago: timedelta, age: str) -> None:
    """Kind by kind; where nobody waits there is no age."""
    await _asked(scene, Need.LEGAL, ago=ago)
    seen = (await waits.look(scene, {})).values

    assert (seen["legal_waits"], seen["legal_age"]) == ("1", age)
    assert (seen["buddy_waits"], seen["buddy_age"]) == ("0", "age_none")


async def test_who_is_on_duty_is_counted_by_need_and_language(scene: Scene) -> None:
    """Whoever offers it and is there now."""
    offered = Volunteer(
        id=scene.person.id,
        standing=Standing.FULL,
        languages=frozenset({Language.HEBREW}),
        needs=frozenset({Need.BUDDY}),
        capacity=3,
        hours=ALWAYS,
    )
    await volunteers.add(scene.unit, offered, today=NOW.date())
    await roles.grant(scene.unit, scene.person.id, Role.ORGANIZER, today=NOW.date())
    seen = (await waits.present_now(scene, {})).values

    assert [seen[f"{need}_{code}"] for need in ("buddy", "legal") for code in ("he", "en")] == [
        "1",
        "0",
        "0",
        "0",
    ]
    assert (seen["present"], seen["on_call"]) == ("1", "1")


async def test_nothing_shown_leads_to_anybody(scene: Scene) -> None:
    """Numbers and words of a short list."""
    await _asked(scene, Need.BUDDY, ago=timedelta())
    seen = (await waits.look(scene, {})).values

    assert set(seen.values()) <= {"0", "1", "age_none", "age_minutes"}


async def test_who_waits_is_looked_at_again(scene: Scene) -> None:
    """Where somebody does; it is in the audit then."""
    await roles.grant(scene.unit, scene.person.id, Role.ORGANIZER, today=NOW.date())
    ends = [(await waits.ask_again(scene, {})).name]
    await _asked(scene, Need.BUDDY, ago=timedelta())
    ends.append((await waits.ask_again(scene, {})).name)

    assert ends == ["none", "asked"]
    assert [(one.act, one.thing) for one in await audit.entries(scene.unit)] == [("page", "case")]


async def test_how_long_people_waited_for_a_human_word_is_told_in_coarse_classes(scene: Scene) -> None:
    """Half of them, and nineteen of twenty; nothing where nobody waited."""
    before = (await waits.present_now(scene, {})).values
    counted = {
        "case.first_word.five_minutes": 10,
        "case.first_word.hour": 9,
        "case.first_word.longer": 1,
        "case.handed_back.time": 2,
        "case.escalated": 3,
    }
    await counters.count(scene.unit, counted, today=scene.now.date())
    seen = (await waits.present_now(scene, {})).values

    assert (before["half"], before["most"]) == ("none", "none")
    assert (seen["half"], seen["most"]) == ("five_minutes", "hour")
    assert (seen["handed_back"], seen["escalated"]) == ("2", "3")

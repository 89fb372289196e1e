"""Setting, showing, opening and calling off notes."""

from datetime import timedelta

import pytest

from bot.actions import checkin
from bot.actions.person import set_zone
from bot.actions.scene import Scene
from bot.model.gentle import NEVER
from bot.model.queue import Lane, LaneKind
from bot.store import timers

WEEKLY = {"rhythm": "weekly", "part": "morning"}


async def test_no_more_than_a_dozen_notes_can_be_set(scene: Scene) -> None:
    """The same ones again count once."""
    wanted = [("weekly", part) for part in ("morning", "noon", "evening")]
    names = [
        (await checkin.plan(scene, {"rhythm": rhythm, "part": part})).name
        for rhythm, part in (*wanted, *wanted, ("tomorrow", "noon"))
    ]

    assert names == ["set"] * 6 + ["full"]


async def test_a_date_that_is_over_sets_nothing(scene: Scene) -> None:
    """Neither the day before it nor the day after it is ahead."""
    outcome = await checkin.plan(scene, {"rhythm": "", "part": "noon", "day": "2020-01-01"})

    assert outcome.name == "past"
    assert (await checkin.look(scene, {"at": ""})).name == "none"


async def test_each_note_can_be_shown_and_called_off(scene: Scene) -> None:
    """In a circle; the one shown goes, the others stay."""
    await checkin.plan(scene, WEEKLY)
    first = await checkin.look(scene, {"at": ""})
    second = await checkin.look(scene, {"at": first.values["at"]})
    await checkin.cancel(scene, {"at": first.values["at"]})
    left = await checkin.look(scene, {"at": ""})

    assert first.values["count"] == "4"
    assert left.values == {**second.values, "count": "3"}


async def test_what_was_called_off_all_at_once_can_be_taken_back(scene: Scene) -> None:
    """As it was set."""
    await checkin.plan(scene, WEEKLY)
    before = await checkin.look(scene, {"at": ""})
    gone = await checkin.cancel_all(scene, {})
    nothing = await checkin.look(scene, {"at": ""})
    await checkin.undo(scene, {"was": gone.values["was"]})

    assert nothing.name == "none"
    assert await checkin.look(scene, {"at": ""}) == before


async def test_how_notes_come_is_taken_back_with_them(scene: Scene) -> None:
    """Their first words and the days of rest are as they were chosen."""
    await checkin.plan(scene, WEEKLY | {"greeting": "greet_hello", "rest": "rest_open"})
    lane = Lane(kind=LaneKind.PERSON, id=scene.person.id)
    before = [(one.kind, one.values) for one in await timers.all_of_lane(scene.unit, lane)]
    gone = await checkin.cancel_all(scene, {})
    await checkin.undo(scene, {"was": gone.values["was"]})
    after = [(one.kind, one.values) for one in await timers.all_of_lane(scene.unit, lane)]

    assert after == before
    assert before[0][1] == {"greeting": "greet_hello", "rest": "rest_open"}


async def test_nothing_is_taken_back_that_is_over(scene: Scene) -> None:
    """A press that comes after all of their times."""
    await checkin.plan(scene, WEEKLY)
    gone = await checkin.cancel_all(scene, {})
    scene.now += timedelta(days=60)
    outcome = await checkin.undo(scene, {"was": gone.values["was"]})

    assert outcome.name == "past"
    assert (await checkin.look(scene, {"at": ""})).name == "none"


@pytest.mark.parametrize(
    ("days", "expected"), [(None, "ordinary"), (-1, "ordinary"), (0, "gentle"), (7, "gentle")]
)
async def test_a_note_opens_gently_up_to_the_last_day_of_that_week(
    scene: Scene, days: int | None, expected: str
) -> None:
    """And as ever on the day after it, and where there was no such week."""
    scene.gentle_until = NEVER if days is None else scene.now.date() + timedelta(days=days)

    assert (await checkin.opened(scene, {})).name == expected


async def test_another_time_is_a_day_later(scene: Scene) -> None:
    """At a moment that is allowed."""
    outcome = await checkin.later(scene, {})

    assert outcome.name == "set"
    assert outcome.values["next"] > scene.now.isoformat()


@pytest.mark.parametrize(
    ("said", "zone"),
    [("Europe/Madrid", "Europe/Madrid"), (" new york ", "America/New_York"), ("nowhere", None)],
)
async def test_a_zone_is_known_by_its_name_or_its_city(scene: Scene, said: str, zone: str | None) -> None:
    """However it is written; what is unknown changes nothing."""
    outcome = await set_zone(scene, {"zone": said})

    assert outcome.name == ("done" if zone else "unknown")
    assert scene.person.zone == zone

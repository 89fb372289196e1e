"""What organizers see counted: stages and weeks, with nothing small told, and nobody in it."""

from datetime import date, timedelta
from typing import Final

import pytest

from bot.actions import numbers
from bot.actions.scene import Scene
from bot.model.chart import Figures, told, told_parts
from bot.model.person import Role
from bot.store import counters, roles
from tests.store.shelf import NOW

TODAY: Final = NOW.date()


@pytest.fixture
async def organizer(scene: Scene) -> Scene:
    """The turn of an organizer."""
    await roles.grant(scene.unit, scene.person.id, Role.ORGANIZER, today=TODAY)
    return scene


async def seen(scene: Scene, name: str) -> Figures:
    """The figures of that name."""
    assert (await {"way": numbers.way, "weeks": numbers.weeks}[name](scene, {})).name == "seen"
    assert scene.figures
    return scene.figures


def by_name(figures: Figures) -> dict[str, tuple[int | None, ...]]:
    """The numbers of each row."""
    return {row.phrase.removeprefix("words.way_"): row.numbers for row in figures.rows}


async def test_the_way_is_added_up_from_its_counters(organizer: Scene) -> None:
    """All kinds of help together, both ways under the letter, every notice; what was taken back is not counted."""
    today = {
        "flyer.scanned": 40,
        "start": 20,
        "start.link": 10,
        "options.opened": 20,
        "case.opened.buddy": 4,
        "case.opened.legal": 3,
        "case.opened.verify": 90,
        "consent.letter_name.given": 4,
        "consent.letter_count.given": 5,
        "consent.letter_count.withdrawn": 70,
        "consent.notice:protest:north.given": 6,
        "consent.notice:webinars.given": 5,
        "consent.notice:webinars.withdrawn": 80,
    }
    await counters.count(organizer.unit, today, today=TODAY)
    await counters.count(organizer.unit, {"flyer.scanned": 60}, today=TODAY - timedelta(days=31))

    stages = {"flyers": 40, "started": 30, "options": 20, "person": 7, "letter": 9, "notices": 11}
    assert by_name(await seen(organizer, "way")) == {name: (number,) for name, number in stages.items()}


async def test_what_is_few_is_not_told(organizer: Scene) -> None:
    """One to four could be told apart; nobody at all is a number like any other."""
    await counters.count(organizer.unit, {"case.opened.fine": 4, "start": 5}, today=TODAY)

    found = by_name(await seen(organizer, "way"))
    assert (found["person"], found["started"], found["letter"]) == ((None,), (5,), (0,))


async def test_weeks_begin_on_sunday_and_the_last_is_this_one(organizer: Scene) -> None:
    """What was counted on a Saturday and on the Sunday after it stands in two rows."""
    sunday = numbers.week_of(TODAY)
    for day in (sunday - timedelta(days=1), sunday):
        await counters.count(organizer.unit, {"case.opened.urgent": 6}, today=day)
    await counters.count(organizer.unit, {"case.opened.urgent": 9}, today=sunday - timedelta(weeks=8))

    rows = (await seen(organizer, "weeks")).rows
    assert [date.fromisoformat(row.values["week"]).isoweekday() for row in rows] == [7] * 8
    assert [row.numbers[0] for row in rows] == [0, 0, 0, 0, 0, 0, 6, 6]


@pytest.mark.parametrize(
    ("classes", "told"),
    [
        ({"five_minutes": 6, "hour": 4, "day": 10}, (20, 10)),
        ({"five_minutes": 6, "day": 3}, (9, None)),
        ({"five_minutes": 3, "day": 9}, (12, None)),
        ({"quarter_hour": 7}, (7, 7)),
        ({}, (0, 0)),
    ],
)
async def test_no_small_number_is_left_by_taking_one_from_another(
    organizer: Scene, classes: dict[str, int], told: tuple[int | None, ...]
) -> None:
    """Who heard, and who within the hour: their difference is as little told as they are."""
    counted = {f"case.first_word.{name}": number for name, number in classes.items()}
    await counters.count(organizer.unit, counted, today=TODAY)

    assert (await seen(organizer, "weeks")).rows[-1].numbers[1:] == told


def test_only_one_to_four_are_few() -> None:
    """And a part that leaves few of the whole is as telling as one that is few."""
    assert [told(count) for count in (0, 1, 4, 5, 9)] == [0, None, None, 5, 9]
    assert told_parts(9, [9, 5, 4, 0]) == (9, 9, None, None, 0)

"""Hours of the week: days begin on Sunday, quarters at the wall's midnight, summer time or not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.hours import ALWAYS, NEVER, Quarter, covers, next_quarter, slot, spelled, toggled

ISRAEL = "Asia/Jerusalem"
ZONES = (ISRAEL, "UTC", "America/Havana", "America/Santiago", "Pacific/Apia", "Asia/Kathmandu")
MOMENTS = st.integers(0, 30 * 365 * 24 * 60).map(
    lambda minutes: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def utc(text: str) -> datetime:
    """A moment as it is written."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day", "quarter"),
    [
        ("2026-11-21T21:59", 6, Quarter.EVENING),  # the last minute of a Saturday
        ("2026-11-21T22:00", 0, Quarter.NIGHT),
        ("2026-11-24T09:00", 2, Quarter.MORNING),
        ("2026-11-24T10:00", 2, Quarter.AFTERNOON),
        ("2026-07-24T15:00", 5, Quarter.EVENING),  # summer: three hours ahead
    ],
)
def test_a_moment_is_in_one_quarter_of_the_week(moment: str, day: int, quarter: Quarter) -> None:
    """In the wall time of the zone."""
    assert covers(slot(day, quarter), utc(moment), zone=ISRAEL)
    assert not covers(ALWAYS & ~slot(day, quarter), utc(moment), zone=ISRAEL)


@pytest.mark.parametrize(
    ("moment", "start"),
    [
        ("2026-11-24T09:00", "2026-11-24T10:00"),
        ("2026-11-24T10:00", "2026-11-24T16:00"),
        ("2026-03-26T22:30", "2026-03-27T03:00"),  # the night the clocks go forward has five hours
        ("2026-10-24T21:30", "2026-10-25T04:00"),  # the night they go back has seven
    ],
)
def test_the_next_quarter_begins_at_the_walls_hour(moment: str, start: str) -> None:
    """Also in the nights of summer time."""
    assert next_quarter(utc(moment), zone=ISRAEL) == utc(start)


@given(MOMENTS, st.sampled_from(ZONES))
def test_nothing_changes_before_the_next_quarter(moment: datetime, zone: str) -> None:
    """It is ahead, at most a day, and the wall shows the same quarter until then."""
    start = next_quarter(moment, zone=zone)
    now = next(
        mark for mark in (slot(d, q) for d in range(7) for q in Quarter) if covers(mark, moment, zone=zone)
    )

    assert moment < start <= moment + timedelta(hours=8)
    assert covers(now, start - timedelta(seconds=1), zone=zone)
    assert covers(now, moment + (start - moment) / 2, zone=zone)


@given(MOMENTS, st.sampled_from(ZONES))
def test_never_is_never_and_always_is_always(moment: datetime, zone: str) -> None:
    """At every moment of every zone."""
    assert (covers(NEVER, moment, zone=zone), covers(ALWAYS, moment, zone=zone)) == (False, True)


def test_hours_are_spelled_quarter_by_quarter() -> None:
    """As somebody reads them in the file of all that is kept about them."""
    assert spelled(slot(0, Quarter.EVENING) | slot(6, Quarter.NIGHT)) == ["sunday evening", "saturday night"]
    assert (spelled(NEVER), len(spelled(ALWAYS))) == ([], 28)


def test_a_press_adds_a_quarter_to_some_days_and_another_one_takes_it_away() -> None:
    """Where it was there on some of them only, it is there on all."""
    days = [0, 1]
    one = toggled(slot(0, Quarter.NIGHT), days, quarter=Quarter.NIGHT)

    assert one == slot(0, Quarter.NIGHT) | slot(1, Quarter.NIGHT)
    assert toggled(one | slot(3, Quarter.NIGHT), days, quarter=Quarter.NIGHT) == slot(3, Quarter.NIGHT)

"""On which days notes come, and what becomes of a late one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.model.checkin import Late, Rhythm, days, kind_of, lateness, planned_for

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "ahead"),
    [
        (Rhythm.TOMORROW, [1]),
        (Rhythm.FEW_DAYS, [3]),
        (Rhythm.WEEK, [7]),
        (Rhythm.WEEKLY, [7, 14, 21, 28]),
        (Rhythm.AROUND, []),
    ],
)
def test_a_rhythm_counts_from_today(rhythm: Rhythm, ahead: list[int]) -> None:
    """Never today; without a date there is nothing around it."""
    found = days(rhythm, today=TODAY, about=None)

    assert found == tuple(TODAY + timedelta(days=count) for count in ahead)


@pytest.mark.parametrize(("ahead", "expected"), [(5, [4, 6]), (1, [2]), (0, [1]), (-1, [])])
def test_around_a_date_only_what_is_ahead_comes(ahead: int, expected: list[int]) -> None:
    """The day before it and the day after it, as far as they are not over."""
    found = days(Rhythm.AROUND, today=TODAY, about=TODAY + timedelta(days=ahead))

    assert found == tuple(TODAY + timedelta(days=count) for count in expected)


@pytest.mark.parametrize(
    ("hours", "late"),
    [(0, Late.SEND), (6, Late.SEND), (7, Late.SORRY), (36, Late.SORRY), (37, Late.SKIP)],
)
def test_how_late_decides(hours: int, late: Late) -> None:
    """Six hours, and a day and a half."""
    assert lateness(NOON, NOON + timedelta(hours=hours)) is late


def test_the_kind_of_a_timer_says_for_when() -> None:
    """There and back."""
    assert planned_for(kind_of(NOON)) == NOON

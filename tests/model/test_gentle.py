"""How long the week after a hard moment lasts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.gentle import NEVER, WEEK, gentle_until, is_gentle, is_hard

EVENING = datetime(2026, 11, 24, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (EVENING, True),
        (EVENING + WEEK, True),
        (EVENING + WEEK + timedelta(seconds=59), True),
        (EVENING + WEEK + timedelta(minutes=1), False),
        (EVENING + timedelta(days=30), False),
    ],
)
def test_the_week_ends_with_its_last_day(now: datetime, expected: bool) -> None:
    """In UTC: the last second of that day is in it, the next one is not."""
    assert gentle_until(EVENING) == date(2026, 12, 1)
    assert is_gentle(gentle_until(EVENING), now=now) is expected


def test_where_nothing_is_remembered_it_is_no_such_week() -> None:
    """Most people never have one."""
    assert not is_gentle(NEVER, now=EVENING)


@given(st.datetimes(timezones=st.just(UTC), max_value=datetime(9000, 1, 1)), st.integers(0, 9 * 86400))  # noqa: DTZ001 - Hypothesis wants it without a zone
def test_it_is_never_shorter_than_a_week_and_less_than_a_day_longer(moment: datetime, later: int) -> None:
    """At whatever time of the day it began."""
    passed = timedelta(seconds=later)
    found = is_gentle(gentle_until(moment), now=moment + passed)

    assert found or passed > WEEK
    assert not found or passed < WEEK + timedelta(days=1)


@pytest.mark.parametrize(
    ("passed", "expected"), [(timedelta(), True), (timedelta(hours=24), True), (timedelta(hours=48), False)]
)
def test_a_moment_is_hard_for_that_day_and_the_next(passed: timedelta, expected: bool) -> None:
    """Late in the evening and in the night after it as well; where there was none, never."""
    assert is_hard(gentle_until(EVENING), now=EVENING + passed) is expected
    assert not is_hard(NEVER, now=EVENING + passed)

"""The clock of an appeal: three days, the verdict's day not counted, and never a day of rest."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.appeal import Clock, clock, is_near

SATURDAY = 5


def sabbath(day: date) -> bool:
    return day.weekday() == SATURDAY


days = st.dates(min_value=date(2020, 1, 1), max_value=date(2100, 1, 1))


@given(days, st.frozensets(st.integers(0, 10)))
def test_the_last_day_is_the_first_working_day_from_the_third_on(
    verdict: date, rests: frozenset[int]
) -> None:
    """Nothing between the third day and the last one is a working day; the last one is."""
    holidays = {verdict + timedelta(days=ahead) for ahead in rests}
    found = clock(verdict, is_rest=lambda day: sabbath(day) or day in holidays)

    assert found.third == verdict + timedelta(days=3)
    rest = [found.third + timedelta(days=n) for n in range((found.last - found.third).days)]
    assert all(sabbath(day) or day in holidays for day in rest)
    assert not sabbath(found.last)
    assert found.last not in holidays


@pytest.mark.parametrize(
    ("verdict", "third", "last"),
    [
        (date(2026, 11, 22), date(2026, 11, 25), date(2026, 11, 25)),  # from a Sunday
        (date(2026, 11, 24), date(2026, 11, 27), date(2026, 11, 27)),  # Friday counts as a working day
        (date(2026, 11, 25), date(2026, 11, 28), date(2026, 11, 29)),  # the Sabbath gives way to Sunday
        (date(2026, 12, 29), date(2027, 1, 1), date(2027, 1, 1)),  # over the end of a year
    ],
)
def test_the_clock_of_a_verdict(verdict: date, third: date, last: date) -> None:
    """As a lawyer would count it on the fingers of a hand."""
    assert clock(verdict, is_rest=sabbath) == Clock(third=third, last=last)


def test_a_holiday_beside_the_sabbath_is_passed_over_with_it() -> None:
    """Two days of rest in a row."""
    sunday = date(2026, 11, 29)
    found = clock(date(2026, 11, 25), is_rest=lambda day: sabbath(day) or day == sunday)

    assert found.last == date(2026, 11, 30)


@pytest.mark.parametrize(("ahead", "near"), [(-1, False), (0, True), (2, True), (3, False)])
def test_what_is_within_forty_eight_hours_is_near(ahead: int, *, near: bool) -> None:
    """Counted in whole days, today included; what has passed is not."""
    today = date(2026, 11, 24)

    assert is_near(today + timedelta(days=ahead), today=today) is near

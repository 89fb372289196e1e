"""When the bot may begin to speak by itself."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.almanac import JERUSALEM, local, next_allowed

ZONES = (JERUSALEM, "Europe/Berlin", "America/New_York")
MINUTES = st.integers(0, 5 * 365 * 24 * 60)
MOMENTS = MINUTES.map(lambda count: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=count))


def at(text: str, zone: str = JERUSALEM) -> datetime:
    """A moment by the clocks there."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def shown(moment: datetime, zone: str = JERUSALEM) -> str:
    """To the minute, by the clocks there."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def test_a_moment_in_the_day_stays() -> None:
    """On a weekday at noon the bot may speak at once."""
    moment = at("2026-11-25 12:00")

    assert next_allowed(moment, zone=JERUSALEM) == moment


@pytest.mark.parametrize("text", ["2026-11-24 22:00", "2026-11-25 00:30", "2026-11-25 07:59"])
@pytest.mark.parametrize("zone", ZONES)
def test_the_night_ends_at_eight(text: str, zone: str) -> None:
    """What falls between ten and eight waits until eight there."""
    assert shown(next_allowed(at(text, zone), zone=zone), zone) == "2026-11-25 08:00"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("2026-11-27 15:50", "2026-11-27 15:50"),  # Friday, before the candles are lit
        ("2026-11-27 16:00", "2026-11-28 17:15"),
        ("2026-11-28 12:00", "2026-11-28 17:15"),  # Saturday
        ("2026-11-28 23:00", "2026-11-29 08:00"),
        ("2026-06-26 20:00", "2026-06-27 20:31"),  # in summer the evening is later
    ],
)
def test_in_jerusalem_the_sabbath_is_kept_by_the_sun(text: str, allowed: str) -> None:
    """From the lighting of candles to nightfall nothing begins; the hours move with the year."""
    assert shown(next_allowed(at(text), zone=JERUSALEM)) == allowed


@pytest.mark.parametrize("zone", ZONES[1:])
def test_elsewhere_the_sabbath_is_from_three_to_ten(zone: str) -> None:
    """Friday from three until Saturday night; after that it is night, so Sunday at eight."""
    before = at("2026-11-27 14:59", zone)

    assert next_allowed(before, zone=zone) == before
    assert shown(next_allowed(at("2026-11-27 15:00", zone), zone=zone), zone) == "2026-11-29 08:00"
    assert shown(next_allowed(at("2026-11-28 21:59", zone), zone=zone), zone) == "2026-11-29 08:00"


def test_holy_days_in_a_row_are_one_rest() -> None:
    """In 2026 the new year falls on Saturday and Sunday."""
    assert shown(next_allowed(at("2026-09-11 19:00"), zone=JERUSALEM)) == "2026-09-13 19:25"


@pytest.mark.parametrize("text", ["2026-12-06 12:00", "2026-04-05 12:00"])
def test_working_days_of_a_festival_are_no_rest(text: str) -> None:
    """Hanukkah, and the days between the first and the last of Passover."""
    assert next_allowed(at(text), zone=JERUSALEM) == at(text)


def test_who_allows_it_is_spoken_to_on_days_of_rest_but_not_at_night() -> None:
    """The night stays quiet for everybody."""
    noon, night = at("2026-11-28 12:00"), at("2026-11-27 23:00")

    assert next_allowed(noon, zone=JERUSALEM, allows_rest_days=True) == noon
    assert shown(next_allowed(night, zone=JERUSALEM, allows_rest_days=True)) == "2026-11-28 08:00"


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        (JERUSALEM, ("2026-03-27", "2026-10-25")),
        ("Europe/Berlin", ("2026-03-29", "2026-10-25")),
        ("America/New_York", ("2026-03-08", "2026-11-01")),
    ],
)
def test_the_night_in_which_clocks_change_ends_at_eight_too(zone: str, days: tuple[str, str]) -> None:
    """Eight is eight by the clocks of that morning, both ways."""
    for day in days:
        evening = at(f"{day} 22:30", zone) - timedelta(days=1)

        allowed = next_allowed(evening, zone=zone, allows_rest_days=True)

        assert shown(allowed, zone) == f"{day} 08:00"


def test_a_time_that_summer_time_leaves_out_is_there_an_hour_later() -> None:
    """Half past two on the night the clocks go forward."""
    assert shown(local(date(2026, 3, 27), time(2, 30), zone=JERUSALEM)) == "2026-03-27 03:30"


@given(MOMENTS, st.sampled_from(ZONES), st.booleans())
def test_what_is_allowed_is_never_earlier_never_at_night_and_stays_allowed(
    moment: datetime, zone: str, allows: bool
) -> None:
    """Any moment, any zone: by day, within a few days, and the same when asked again."""
    allowed = next_allowed(moment, zone=zone, allows_rest_days=allows)

    assert moment <= allowed <= moment + timedelta(days=5)
    assert time(8) <= allowed.astimezone(ZoneInfo(zone)).time() < time(22)
    assert next_allowed(allowed, zone=zone, allows_rest_days=allows) == allowed
    assert allowed <= next_allowed(moment + timedelta(hours=1), zone=zone, allows_rest_days=allows)


@given(MOMENTS, st.sampled_from(ZONES))
def test_what_waits_is_allowed_at_a_full_minute(moment: datetime, zone: str) -> None:
    """The queue counts in milliseconds: a finer end would be missed by its own timer."""
    allowed = next_allowed(moment, zone=zone)

    assert (allowed.second, allowed.microsecond) == (0, 0)


@given(MOMENTS, st.sampled_from(ZONES))
def test_no_saturday_noon_is_ever_allowed(moment: datetime, zone: str) -> None:
    """Whatever is asked, the answer is never in the middle of a Sabbath."""
    there = next_allowed(moment, zone=zone).astimezone(ZoneInfo(zone))

    assert not (there.weekday() == 5 and there.hour < 16)

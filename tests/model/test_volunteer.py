"""When a volunteer is on duty: by the week, by hand, away, and through a deputy."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.model.case import Need
from bot.model.hours import ALWAYS, NEVER, Quarter, slot
from bot.model.person import Language
from bot.model.volunteer import (
    BY_HAND,
    Duty,
    Standing,
    Volunteer,
    by_hand_until,
    is_away,
    is_on_duty,
    next_change,
    next_present,
    present,
)

ISRAEL = "Asia/Jerusalem"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday, eleven in the morning in Israel
HOUR = timedelta(hours=1)
ONE = Volunteer(
    id=1,
    standing=Standing.FULL,
    languages=frozenset({Language.HEBREW}),
    needs=frozenset({Need.BUDDY}),
    capacity=3,
    hours=slot(2, Quarter.MORNING),
)

VOLUNTEERS = st.builds(
    Volunteer,
    id=st.integers(1, 4),
    standing=st.sampled_from(Standing),
    languages=st.just(ONE.languages),
    needs=st.just(ONE.needs),
    capacity=st.integers(1, 5),
    hours=st.integers(NEVER, ALWAYS) | st.sampled_from([NEVER, ALWAYS]),
    duty=st.sampled_from(Duty),
    duty_until=st.none() | st.integers(-20, 20).map(lambda hours: NOW + hours * HOUR),
    away_until=st.none() | st.integers(-3, 20).map(lambda days: NOW.date() + timedelta(days=days)),
    deputy_id=st.none() | st.integers(1, 4),
    zone=st.none() | st.sampled_from(["America/New_York", "Asia/Tokyo"]),
    is_reachable=st.booleans(),
)
MOMENTS = st.integers(-4000, 4000).map(lambda half: NOW + half * HOUR / 2)


class TestDuty:
    """One volunteer alone."""

    def test_hours_decide_while_nothing_was_done_by_hand(self) -> None:
        """In the volunteer's own zone."""
        assert is_on_duty(ONE, NOW, zone=ISRAEL)
        assert not is_on_duty(ONE, NOW + HOUR, zone=ISRAEL)
        assert not is_on_duty(replace(ONE, zone="America/New_York"), NOW, zone=ISRAEL)

    def test_by_hand_wins_until_its_time_is_up(self) -> None:
        """Then the hours count again."""
        off = replace(ONE, duty=Duty.OFF, duty_until=NOW + HOUR / 2)
        on = replace(ONE, hours=NEVER, duty=Duty.ON, duty_until=NOW + HOUR / 2)

        assert [is_on_duty(off, NOW, zone=ISRAEL), is_on_duty(off, NOW + HOUR / 2, zone=ISRAEL)] == [
            False,
            True,
        ]
        assert [is_on_duty(on, NOW, zone=ISRAEL), is_on_duty(on, NOW + HOUR / 2, zone=ISRAEL)] == [
            True,
            False,
        ]

    def test_who_is_away_is_back_on_the_day_they_named(self) -> None:
        """As the day begins where they are, whatever else they set."""
        away = replace(ONE, hours=ALWAYS, away_until=date(2026, 11, 25))
        midnight = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)

        assert (is_away(away, NOW, zone=ISRAEL), is_on_duty(away, NOW, zone=ISRAEL)) == (True, False)
        assert next_change(away, NOW, zone=ISRAEL) == midnight
        assert is_on_duty(away, midnight, zone=ISRAEL)

    def test_newcomers_and_unreachable_ones_are_never_on_duty(self) -> None:
        """Nobody is entrusted to them, whatever they chose."""
        assert not is_on_duty(replace(ONE, standing=Standing.NEWCOMER), NOW, zone=ISRAEL)
        assert not is_on_duty(replace(ONE, is_reachable=False), NOW, zone=ISRAEL)

    def test_probation_is_room_for_one(self) -> None:
        """Whatever capacity they chose."""
        assert (ONE.room, replace(ONE, standing=Standing.PROBATION).room) == (3, 1)

    def test_by_hand_holds_until_the_hours_next_change_or_half_a_day(self) -> None:
        """Whichever comes first."""
        assert by_hand_until(ONE, NOW, zone=ISRAEL) == NOW + HOUR
        assert by_hand_until(replace(ONE, hours=NEVER), NOW, zone=ISRAEL) == NOW + BY_HAND

    @given(VOLUNTEERS, MOMENTS)
    def test_nothing_changes_before_the_next_change(self, one: Volunteer, moment: datetime) -> None:
        """Sampled on the way, and changed when it comes."""
        now, change = is_on_duty(one, moment, zone=ISRAEL), next_change(one, moment, zone=ISRAEL)
        end = change or moment + timedelta(days=14)
        on_the_way = [moment + (end - moment) * part / 97 for part in range(97)]

        assert {is_on_duty(one, at, zone=ISRAEL) for at in on_the_way} == {now}
        assert change is None or is_on_duty(one, change, zone=ISRAEL) is not now


class TestPresent:
    """All of them together."""

    def test_a_deputy_stands_in_at_the_hours_of_who_is_away(self) -> None:
        """Through another one who is away too; outside those hours nobody does."""
        away = date(2026, 12, 1)
        book = [
            replace(ONE, away_until=away, deputy_id=2),
            replace(ONE, id=2, hours=NEVER, away_until=away, deputy_id=3),
            replace(ONE, id=3, hours=NEVER),
        ]

        assert [one.id for one in present(book, NOW, zone=ISRAEL)] == [3]
        assert present(book, NOW + HOUR, zone=ISRAEL) == []

    def test_deputies_in_a_circle_are_nobody(self) -> None:
        """As is a deputy who volunteers no more, or is not trusted yet."""
        away = date(2026, 12, 1)
        circle = [
            replace(ONE, away_until=away, deputy_id=2),
            replace(ONE, id=2, away_until=away, deputy_id=1),
        ]
        newcomer = replace(ONE, id=2, standing=Standing.NEWCOMER)

        assert present(circle, NOW, zone=ISRAEL) == []
        assert present(circle[:1], NOW, zone=ISRAEL) == []
        assert present([circle[0], newcomer], NOW, zone=ISRAEL) == []
        assert present([replace(circle[0], deputy_id=None)], NOW, zone=ISRAEL) == []

    @given(st.lists(VOLUNTEERS, max_size=4, unique_by=lambda one: one.id), MOMENTS)
    def test_whoever_is_present_may_help_and_is_there_once(
        self, book: list[Volunteer], moment: datetime
    ) -> None:
        """Everybody on duty is among them, nobody who is away."""
        found = present(book, moment, zone=ISRAEL)
        ids = [one.id for one in found]

        assert ids == sorted(set(ids))
        assert {one.id for one in book if is_on_duty(one, moment, zone=ISRAEL)} <= set(ids)
        assert all(one.may_help and not is_away(one, moment, zone=ISRAEL) for one in found)

    def test_the_next_to_come_is_the_first_who_fits(self) -> None:
        """Need and language both count; nobody within two weeks is nobody."""
        later = replace(ONE, id=2, hours=slot(3, Quarter.EVENING), needs=frozenset({Need.LEGAL}))
        book = [replace(ONE, hours=slot(2, Quarter.EVENING)), replace(ONE, id=3, is_reachable=False), later]

        def at(need: Need, language: Language = Language.HEBREW) -> datetime | None:
            return next_present(book, NOW, need=need, language=language, zone=ISRAEL)

        assert at(Need.BUDDY) == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
        assert at(Need.LEGAL) == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
        assert (at(Need.LEGAL, Language.ENGLISH), at(Need.FINE)) == (None, None)

"""Whom a search asks and how long it waits: the rules, for every crowd of volunteers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.case import Case, CaseState, Need, Offer, OfferState
from bot.model.hours import ALWAYS, NEVER
from bot.model.person import Language
from bot.model.search import (
    URGENT,
    USUAL,
    WAITS,
    Patience,
    Round,
    Times,
    Word,
    after,
    first_round,
    fitting,
    in_order,
    is_overlooked,
    next_try,
    pause_after,
    to_ask,
    two_names,
    wait_class,
    without_refused,
    word_due,
)
from bot.model.volunteer import Standing, Volunteer

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ZONE: Final = "Asia/Jerusalem"
CASE: Final = Case(
    id=9,
    person_id=1,
    need=Need.BUDDY,
    language=Language.HEBREW,
    state=CaseState.OFFERED,
    epoch=0,
    opened_at=NOW,
)
ROUNDS: Final = (Round.FEW, Round.ALL, Round.ORGANIZERS, Round.TOLD)


def counting(length: int) -> bytes:
    """No chance at all."""
    return bytes(length)


volunteers = st.lists(
    st.builds(
        Volunteer,
        id=st.integers(min_value=1, max_value=9),
        standing=st.sampled_from(Standing),
        languages=st.frozensets(st.sampled_from(Language), min_size=1),
        needs=st.frozensets(st.sampled_from(Need), min_size=1, max_size=3),
        capacity=st.integers(min_value=1, max_value=3),
        hours=st.sampled_from([ALWAYS, NEVER]),
        is_reachable=st.booleans(),
    ),
    unique_by=lambda one: one.id,
)
offers = st.lists(
    st.builds(
        Offer,
        volunteer_id=st.integers(min_value=1, max_value=9),
        state=st.sampled_from(OfferState),
        offered_at=st.sampled_from([NOW, NOW - timedelta(hours=5)]),
    ),
    unique_by=lambda one: one.volunteer_id,
)
busy = st.dictionaries(st.integers(min_value=1, max_value=9), st.integers(min_value=0, max_value=3))


@given(everyone=volunteers, standing=offers, load=busy)
def test_who_is_found_fits_in_every_way(
    everyone: list[Volunteer], standing: list[Offer], load: dict[int, int]
) -> None:
    """On duty, of the language and need, with room, and not one who refused; and nobody who fits is left out."""
    found = without_refused(CASE, fitting(CASE, everyone, busy=load, now=NOW, zone=ZONE), offers=standing)
    refused = {
        one.volunteer_id for one in standing if one.state in (OfferState.PASSED, OfferState.GIVEN_BACK)
    }

    assert set(found) == {
        one.id
        for one in everyone
        if one.hours == ALWAYS
        and one.standing is not Standing.NEWCOMER
        and one.is_reachable
        and CASE.need in one.needs
        and CASE.language in one.languages
        and load.get(one.id, 0) < one.room
        and one.id not in refused
        and one.id != CASE.person_id
    }


@given(standing=offers, at_most=st.sampled_from([None, 3]))
def test_nobody_is_asked_twice_in_one_try_and_never_more_than_the_round_wants(
    standing: list[Offer], at_most: int | None
) -> None:
    """An offer that stayed unanswered since the last try is one that nobody saw; what was answered is answered."""
    since = NOW - timedelta(hours=3)
    asked = to_ask(
        range(1, 10), offers=standing, at_most=at_most, overlooked=lambda one: one.offered_at <= since
    )
    fresh = {one.volunteer_id for one in standing if one.state is OfferState.OPEN and one.offered_at > since}
    answered = {OfferState.PASSED, OfferState.GIVEN_BACK, OfferState.ACCEPTED}

    assert not fresh & set(asked)
    assert not {one.volunteer_id for one in standing if one.state in answered} & set(asked)
    if at_most is None:
        assert len(asked) == 9 - len(fresh) - sum(one.state in answered for one in standing)
    else:
        assert len(asked) <= max(0, at_most - len(fresh))


@given(load=busy)
def test_who_has_the_fewest_comes_first(load: dict[int, int]) -> None:
    """Between equals chance decides."""
    ordered = in_order(range(1, 10), busy=load, entropy=counting)

    assert [load.get(one, 0) for one in ordered] == sorted(load.get(one, 0) for one in range(1, 10))


def test_chance_decides_between_equals() -> None:
    """Nobody can know whom the next case goes to."""
    drawn = iter([b"2", b"1", b"3"])

    assert in_order([7, 8, 9], busy={}, entropy=lambda _: next(drawn)) == [8, 7, 9]


@given(
    names=st.lists(st.text(min_size=1), min_size=2, unique=True),
    taken=st.frozensets(st.text(min_size=1)),
    chance=st.binary(min_size=8, max_size=8),
)
def test_two_names_are_never_alike(names: list[str], taken: frozenset[str], chance: bytes) -> None:
    """Nor those of another open case, as long as there are others."""
    first, second = two_names(names, taken=taken, entropy=lambda _: chance)

    assert first != second
    if len(set(names) - taken) >= 2:
        assert not {first, second} & taken


@pytest.mark.parametrize("first", [Round.FEW, Round.ORGANIZERS])
def test_the_rounds_come_one_after_the_other_and_never_end(first: Round) -> None:
    """Who is not for volunteers is never offered to them."""
    done, seen = Round.NONE, []
    for _ in range(9):
        done = after(done, first=first)
        seen.append(done)

    few = [Round.FEW, *[Round.ALL, Round.ORGANIZERS, Round.TOLD] * 3][:9]
    assert seen == (few if first is Round.FEW else [Round.ORGANIZERS, Round.TOLD, *seen[2:]])
    assert set(seen) <= {one for one in Round if one >= first}


def test_a_search_begins_with_volunteers_unless_it_may_not() -> None:
    """For the organizers, and for whoever is under eighteen, it begins with organizers."""
    organize = replace(CASE, need=Need.ORGANIZE)

    assert first_round(CASE, is_minor=False) is Round.FEW
    assert first_round(CASE, is_minor=True) is Round.ORGANIZERS
    assert first_round(organize, is_minor=False) is Round.ORGANIZERS


@pytest.mark.parametrize("times", [USUAL, URGENT])
def test_by_the_third_time_the_person_has_heard_it(times: Times) -> None:
    """The pauses of the rounds before add up to it."""
    waited = sum((pause_after(one, times) for one in ROUNDS[:3]), timedelta())

    assert waited == times.told
    assert pause_after(Round.NONE, times) == timedelta()
    assert pause_after(Round.TOLD, times) == times.told


def test_a_need_may_have_times_of_its_own() -> None:
    """Urgent ones do, the others have the usual."""
    patience = Patience()

    assert patience.of(Need.URGENT) == URGENT
    assert patience.of(Need.BUDDY) == USUAL


def test_the_next_try_comes_with_the_next_shift_but_is_not_put_off_for_it() -> None:
    """And never at once."""
    assert next_try(NOW, USUAL, next_shift=None) == NOW + USUAL.told
    assert next_try(NOW, USUAL, next_shift=NOW + timedelta(days=2)) == NOW + USUAL.told
    assert next_try(NOW, USUAL, next_shift=NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert next_try(NOW, USUAL, next_shift=NOW) == NOW + USUAL.everybody


@pytest.mark.parametrize(
    ("waited", "pause"),
    [
        (timedelta(minutes=10), URGENT.told),
        (timedelta(hours=4), timedelta(hours=1)),
        (timedelta(days=1), timedelta(hours=6)),
        (timedelta(days=30), timedelta(hours=6)),
    ],
)
def test_what_waits_long_is_tried_more_rarely(waited: timedelta, pause: timedelta) -> None:
    """A quarter of what it waited already, six hours at the most; also where somebody is there and silent."""
    assert next_try(NOW, URGENT, next_shift=None, waited=waited) == NOW + pause
    assert next_try(NOW, URGENT, next_shift=NOW, waited=waited) <= NOW + pause


@pytest.mark.parametrize(
    ("told", "hours", "word"),
    [
        (None, 0, Word.NOBODY),
        (None, 14, Word.NOBODY),
        (0, 4, None),
        (0, 24, Word.NOBODY),
        (0, 38, None),
        (0, 48, Word.STILL),
        (1, 48, Word.STILL),
        (1, 96, Word.STILL),
        (2, 72, None),
        (3, 500, None),
        (None, 500, Word.STILL),
    ],
)
def test_the_person_is_told_at_once_then_by_day_and_after_days_once_more(
    told: int | None, hours: int, word: Word | None
) -> None:
    """A message in the night helps nobody, and what is told for weeks is not heard any more."""
    case = replace(CASE, opened_at=NOW, told_on=None if told is None else NOW.date() + timedelta(days=told))

    assert word_due(case, NOW + timedelta(hours=hours), zone=ZONE) is word


@pytest.mark.parametrize(
    ("need", "waited", "again"),
    [
        (Need.BUDDY, 0, 3),
        (Need.BUDDY, 3, 3),
        (Need.BUDDY, 6, 6),
        (Need.BUDDY, 24, 24),
        (Need.BUDDY, 240, 24),
        (Need.URGENT, 1, 1),
        (Need.URGENT, 240, 6),
    ],
)
def test_who_never_answers_is_asked_more_and_more_rarely(need: Need, waited: int, again: int) -> None:
    """As long again as the case had waited: a day at the most, in an urgent case six hours."""
    case, made = replace(CASE, need=need, opened_at=NOW), NOW + timedelta(hours=waited)
    offer = Offer(volunteer_id=2, state=OfferState.OPEN, offered_at=made)
    at = made + timedelta(hours=again)

    assert is_overlooked(offer, case, now=at, times=Patience().of(need))
    assert not is_overlooked(offer, case, now=at - timedelta(minutes=1), times=Patience().of(need))


def test_waits_are_counted_in_classes() -> None:
    """Each in the shortest that holds it."""
    assert [wait_class(limit) for limit in WAITS.values()] == list(WAITS)
    assert wait_class(timedelta(days=2)) == "longer"


def test_nobody_is_there_for_their_own_case() -> None:
    """The only volunteer on duty who asks for help does not fit: they are not told that somebody is there."""
    needs, languages = frozenset({CASE.need}), frozenset({CASE.language})
    own, another = (
        Volunteer(id=who, standing=Standing.FULL, languages=languages, needs=needs, capacity=1, hours=ALWAYS)
        for who in (CASE.person_id, CASE.person_id + 1)
    )

    assert fitting(CASE, [own, another], busy={}, now=NOW, zone=ZONE) == [another.id]

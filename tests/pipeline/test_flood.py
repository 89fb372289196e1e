"""The turnstile: people are slowed down, told, and passed over, and nobody else notices. Time is an argument."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from bot.model.flood import RULES, Flow, raised
from bot.pipeline.flood import Arrival, Turnstile, Verdict

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)
NOA: Final = 1
MANY: Final = RULES[Flow.MANY].more_than
MORE: Final = RULES[Flow.TOO_MANY].more_than
AT_ONCE: Final = RULES[Flow.NEWCOMERS].more_than


def nothing_urgent() -> int | None:
    return None


def arrival(
    who: int | None = NOA, *, is_new: bool = False, urgent: Callable[[], int | None] = nothing_urgent
) -> Arrival:
    return Arrival(person_id=who, is_new=is_new, urgent=urgent)


def take(turnstile: Turnstile, arrivals: Sequence[Arrival], at: datetime = NOW) -> list[Verdict]:
    """These come at once and are stored."""
    judgement = turnstile.judge(arrivals, at)
    turnstile.keep(judgement)
    return judgement.verdicts


def delays(verdicts: Sequence[Verdict], at: datetime = NOW) -> list[float]:
    """How long after their coming they are due, in seconds."""
    return [(verdict.due_at - at).total_seconds() for verdict in verdicts]


def flooded(turnstile: Turnstile) -> list[Verdict]:
    """A person has just been told."""
    return take(turnstile, [arrival()] * (MANY + 1))


def test_ten_messages_in_twenty_seconds_are_nothing_special() -> None:
    """Each is handled when it comes."""
    turnstile = Turnstile()
    found = [take(turnstile, [arrival()], NOW + 2 * number * SECOND) for number in range(10)]

    assert [delays(verdicts, NOW + 2 * at * SECOND) for at, verdicts in enumerate(found)] == [[0.0]] * 10


def test_an_album_of_ten_after_ten_messages_is_stored_whole() -> None:
    """It is handled within ten seconds, and nobody is told anything."""
    turnstile = Turnstile()
    for number in range(10):
        take(turnstile, [arrival()], NOW + 2 * number * SECOND)
    album = take(turnstile, [arrival()] * 10, NOW + 20 * SECOND)

    assert all(verdict.is_stored and verdict.told_until is None for verdict in album)
    assert max(delays(album, NOW + 20 * SECOND)) < 10


def test_what_comes_at_once_leaves_room_between() -> None:
    """The first at once, the others half a second apart, then a second."""
    verdicts = take(Turnstile(), [arrival()] * 15)

    assert delays(verdicts)[:3] == [0.0, 0.5, 1.0]
    assert delays(verdicts)[11:14] == pytest.approx([5.5, 6.5, 7.5])


def test_a_person_is_told_once_and_until_when() -> None:
    """With the message that is too many, which is stored as well."""
    verdicts = flooded(Turnstile())

    assert [verdict.told_until for verdict in verdicts] == [None] * MANY + [NOW + 3 * MINUTE]
    assert all(verdict.is_stored for verdict in verdicts)


def test_after_that_a_few_more_are_stored_and_then_none() -> None:
    """Three seconds apart; nobody is told again."""
    turnstile = Turnstile()
    flooded(turnstile)
    verdicts = take(turnstile, [arrival()] * (MORE + 5), NOW + 2 * MINUTE)

    assert [verdict.is_stored for verdict in verdicts] == [True] * MORE + [False] * 5
    assert delays(verdicts, NOW + 2 * MINUTE)[:3] == [0.0, 3.0, 6.0]
    assert not any(verdict.told_until for verdict in verdicts)


def test_at_the_time_they_were_told_everything_is_as_before() -> None:
    """And another flood is told of again."""
    turnstile = Turnstile()
    flooded(turnstile)
    later = NOW + 3 * MINUTE
    verdicts = take(turnstile, [arrival()] * (MANY + 1), later)

    assert delays(verdicts, later)[0] == 0.0
    assert verdicts[-1].told_until == later + 3 * MINUTE


def test_urgent_words_pass_at_once_and_what_waits_before_them_too() -> None:
    """Before the person was told, and in silence."""
    turnstile = Turnstile()
    take(turnstile, [arrival()] * 20)
    (early,) = take(turnstile, [arrival(urgent=lambda: 7)])
    take(turnstile, [arrival()] * (MANY + MORE + 5))
    (silent,) = take(turnstile, [arrival()])
    (late,) = take(turnstile, [arrival(urgent=lambda: 7)])

    assert early == Verdict(due_at=NOW, hurries=True)
    assert not silent.is_stored
    assert late == Verdict(due_at=NOW, hurries=True)


def test_the_message_that_is_too_many_may_be_urgent() -> None:
    """It is told of and passes."""
    turnstile = Turnstile()
    take(turnstile, [arrival()] * MANY)
    (verdict,) = take(turnstile, [arrival(urgent=lambda: 7)])

    assert verdict == Verdict(due_at=NOW, told_until=NOW + 3 * MINUTE, hurries=True)


def test_the_same_urgent_words_are_answered_in_each_minute() -> None:
    """Three times, then again in the next; other urgent words are not counted with them."""
    turnstile = Turnstile()
    flooded(turnstile)
    same = take(turnstile, [arrival(urgent=lambda: 7)] * 5)
    (other,) = take(turnstile, [arrival(urgent=lambda: 8)])
    again = take(turnstile, [arrival(urgent=lambda: 7)] * 5, NOW + MINUTE)

    assert [verdict.is_stored for verdict in same] == [True] * 3 + [False] * 2
    assert other.is_stored
    assert [verdict.is_stored for verdict in again] == [True] * 3 + [False] * 2


def test_even_urgent_words_have_an_end() -> None:
    """Twenty different ones a minute, each with the same numbers as its answer."""
    turnstile = Turnstile()
    flooded(turnstile)
    keys = iter(range(100))
    verdicts = take(turnstile, [arrival(urgent=lambda: next(keys)) for _ in range(25)])

    assert [verdict.is_stored for verdict in verdicts] == [True] * 20 + [False] * 5


def test_a_message_is_read_only_when_it_would_be_held() -> None:
    """Of everybody else nothing is looked into before it is stored."""

    def never() -> int | None:
        raise AssertionError

    assert delays(take(Turnstile(), [arrival(who, urgent=never) for who in range(100)])) == [0.0] * 100


def test_newcomers_beyond_what_can_be_handled_come_one_by_one() -> None:
    """Fifty a second; whoever is known is not among them."""
    turnstile = Turnstile()
    crowd = take(turnstile, [arrival(who, is_new=True) for who in range(AT_ONCE + 50)])
    known = take(turnstile, [arrival(-1)])

    assert delays(crowd)[AT_ONCE - 1 : AT_ONCE + 2] == pytest.approx([0.0, 0.02, 0.04])
    assert delays(crowd)[-1] == pytest.approx(1.0)
    assert delays(known) == [0.0]


def test_a_newcomers_next_messages_stand_in_the_same_line() -> None:
    """For ten minutes; then they are known."""
    turnstile = Turnstile()
    take(turnstile, [arrival(NOA, is_new=True)])
    take(turnstile, [arrival(who, is_new=True) for who in range(2, AT_ONCE + 100)])
    soon = take(turnstile, [arrival(NOA)], NOW + SECOND)
    take(turnstile, [arrival(who, is_new=True) for who in range(1000, 1000 + 2 * AT_ONCE)], NOW + 11 * MINUTE)
    later = take(turnstile, [arrival(NOA)], NOW + 11 * MINUTE)

    assert delays(soon, NOW + SECOND)[0] > 0
    assert delays(later, NOW + 11 * MINUTE) == [0.0]


def test_urgent_words_of_a_newcomer_pass_the_line() -> None:
    """However many came before."""
    turnstile = Turnstile()
    take(turnstile, [arrival(who, is_new=True) for who in range(AT_ONCE + 50)])
    (verdict,) = take(turnstile, [arrival(NOA, is_new=True, urgent=lambda: 7)])

    assert verdict == Verdict(due_at=NOW, hurries=True)


def test_what_was_not_stored_does_not_count() -> None:
    """The same batch comes again until the store takes it."""
    turnstile = Turnstile()
    for _ in range(100):
        turnstile.judge([arrival()] * 10, NOW)

    assert delays(take(turnstile, [arrival()])) == [0.0]


def test_whoever_is_on_a_line_is_slowed_down_and_never_passed_over() -> None:
    """Somebody is there to read it."""
    turnstile = Turnstile()
    flooded(turnstile)
    on_a_line = replace(arrival(), is_on_a_line=True)
    found = take(turnstile, [on_a_line] * (3 * MORE))

    assert [verdict.is_stored for verdict in found] == [True] * (3 * MORE)
    assert delays(found)[-1] > 60.0


def test_of_whom_something_may_be_dropped_is_known_before() -> None:
    """Who was told, until then; and of whom so much comes at once that they are about to be."""
    turnstile = Turnstile()
    flooded(turnstile)

    assert turnstile.pressed([NOA, 2], NOW) == [NOA]
    assert turnstile.pressed([2] * (MORE + 1), NOW) == [2]
    assert turnstile.pressed([NOA], NOW + 10 * MINUTE) == []


def test_nobodys_updates_are_not_held() -> None:
    """Each is a lane of its own."""
    assert delays(take(Turnstile(), [arrival(None)] * 100)) == [0.0] * 100


def test_strangers_without_end_take_a_bounded_place() -> None:
    """Who was silent longest is forgotten first."""
    turnstile = Turnstile(remembered=1000)
    for first in range(0, 50_000, 10_000):
        take(turnstile, [arrival(who, is_new=True) for who in range(first, first + 10_000)])

    assert len(turnstile) <= 3 * 1000


def test_a_factor_raises_every_threshold() -> None:
    """For a day when very many write at once."""
    assert not any(verdict.told_until for verdict in take(Turnstile(raised(2)), [arrival()] * 2 * MANY))
    assert all(rule.more_than == 3 * RULES[flow].more_than for flow, rule in raised(3).items())


def test_a_clock_that_was_set_back_holds_nobody_up() -> None:
    """What was remembered lies ahead then: whoever is new, or wrote much, would wait until the clock is there again."""
    turnstile = Turnstile()
    take(turnstile, [arrival(who, is_new=True) for who in range(1, 2 * AT_ONCE)])
    flooded(turnstile)
    back = NOW - timedelta(hours=1)
    crowd = [arrival(), arrival(2), arrival(3000, is_new=True)]

    assert delays(take(turnstile, crowd, back), back) == [0, 0, 0]
    assert len(turnstile) == 4  # a tally each, and who is new


def test_a_second_back_is_nothing() -> None:
    """That is how clocks are kept right: what was counted counts."""
    turnstile = Turnstile()
    flooded(turnstile)
    (verdict,) = take(turnstile, [arrival()], NOW - SECOND)

    assert verdict.due_at > NOW

"""How fast bulk may leave: never above the rate and its burst, never too often to one chat, and never stuck."""

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline.limiter import A_CHAT, BulkLimiter, FloodWatch
from tests.stage import TUESDAY

RATE = 25.0
BURST = 3
steps = st.lists(
    st.tuples(st.integers(0, 400), st.lists(st.integers(1, 30), max_size=6)), min_size=1, max_size=60
)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@given(steps=steps)
def test_never_more_leave_than_the_rate_and_its_burst(steps: list[tuple[int, list[int]]]) -> None:
    """In every stretch of time at most `rate` a second and `burst` more are let out."""
    limiter, now, out = BulkLimiter(rate=RATE, burst=BURST), TUESDAY, list[datetime]()
    for wait, wanted in steps:
        now += timedelta(milliseconds=wait)
        turns = limiter.admit(wanted[: limiter.available(now)], now)
        out += [now for turn in turns if turn is None]

    for first, start in enumerate(out):
        for last, end in enumerate(out[first:], first):
            assert last - first + 1 <= (end - start).total_seconds() * RATE + BURST + 1e-6


@given(steps=steps)
def test_a_chat_hears_bulk_once_a_second(steps: list[tuple[int, list[int]]]) -> None:
    """Between two bulk messages to one chat there is a second."""
    limiter, now, last = BulkLimiter(rate=1000.0, burst=100), TUESDAY, dict[int, datetime]()
    for wait, wanted in steps:
        now += timedelta(milliseconds=wait)
        limiter.available(now)
        for chat, turn in zip(wanted, limiter.admit(wanted, now), strict=True):
            if turn is None:
                assert now - last.get(chat, now - A_CHAT) >= A_CHAT
                last[chat] = now
            else:
                assert now < turn <= now + A_CHAT


def test_a_chat_that_comes_back_at_its_turn_is_let_out() -> None:
    """However often it asked meanwhile, its turn does not move away."""
    limiter = BulkLimiter(rate=RATE)
    limiter.available(TUESDAY)
    first, turn = limiter.admit([7, 7], TUESDAY)
    for milliseconds in (10, 20, 30):
        limiter.admit([7], TUESDAY + timedelta(milliseconds=milliseconds))

    assert (first, turn) == (None, TUESDAY + A_CHAT)
    assert limiter.admit([7], TUESDAY + A_CHAT) == [None]


def test_it_begins_with_its_burst_and_no_more() -> None:
    """A fresh start sends no double second."""
    limiter = BulkLimiter(rate=RATE, burst=BURST)

    assert limiter.available(TUESDAY) == BURST
    assert limiter.available(TUESDAY + seconds(60)) == BURST


def test_the_next_token_has_its_time() -> None:
    """Who waits that long finds one."""
    limiter = BulkLimiter(rate=RATE, burst=BURST)
    limiter.admit(range(limiter.available(TUESDAY)), TUESDAY)
    wait = limiter.seconds_to_next()

    assert limiter.available(TUESDAY) == 0
    assert wait == 1 / RATE
    assert limiter.available(TUESDAY + seconds(wait)) == 1


def test_a_clock_set_back_takes_nothing_away() -> None:
    """Tokens stay as they are."""
    limiter = BulkLimiter(rate=RATE, burst=BURST)
    limiter.available(TUESDAY)

    assert limiter.available(TUESDAY - seconds(3600)) == BURST


def test_two_limited_chats_within_a_second_are_a_flood() -> None:
    """One chat alone may be limited as often as it likes; two at once mean the whole bot."""
    watch = FloodWatch()
    seen = Counter(watch.is_flood(1, TUESDAY + seconds(second)) for second in range(3))

    assert seen == {False: 3}
    assert watch.is_flood(2, TUESDAY + seconds(2.5))
    assert not watch.is_flood(1, TUESDAY + seconds(9))


def test_a_fast_bucket_fills_for_a_twentieth_of_a_second() -> None:
    """At the platform's rate three are as many as come at once; without a limit a round takes what it can."""
    bursts = [BulkLimiter(rate=rate).available(TUESDAY) for rate in (25.0, 60.0, 1000.0)]

    assert bursts == [3, 3, 50]

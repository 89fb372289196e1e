"""What follows a failed call, as a table."""

from datetime import timedelta

import pytest

from bot.model.outgoing import Failure, FailureKind
from bot.pipeline.retry import Again, Decision, Done, GiveUp, PausePlatform, Plain, backoff, decide

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("kind", "decision"),
    [
        (FailureKind.UNREACHED, Again(after=SECOND)),
        (FailureKind.NOT_SENT, Again(after=SECOND)),
        (FailureKind.AMBIGUOUS, Again(after=SECOND, ambiguous=True)),
        (FailureKind.RATE_LIMITED, Again(after=timedelta(minutes=1))),
        (FailureKind.UNREACHABLE, GiveUp(reason="why", unreachable=True)),
        (FailureKind.NO_CHAT, GiveUp(reason="why", unreachable=True)),
        (FailureKind.MOVED, GiveUp(reason="why")),
        (FailureKind.REJECTED, GiveUp(reason="why")),
        (FailureKind.MARKUP, Plain()),
        (FailureKind.ALREADY_DONE, Done()),
        (FailureKind.CHALLENGED, PausePlatform(after=timedelta(days=1), reason="challenged")),
        (FailureKind.IDENTITY_CHANGED, Again(after=timedelta(minutes=5))),
        (FailureKind.PLATFORM_DOWN, PausePlatform(after=timedelta(minutes=1), reason="why")),
    ],
)
def test_each_kind_of_failure_has_its_rule(kind: FailureKind, decision: Decision) -> None:
    """What passes is tried again, what the platform will not accept is given up, a platform that is down waits."""
    assert decide(Failure(kind=kind, reason="why"), 1) == decision


def test_every_kind_of_failure_is_decided() -> None:
    """No kind is left to chance, at any attempt."""
    decisions = [decide(Failure(kind=kind, reason="why"), 40) for kind in FailureKind]

    assert all(isinstance(decision, Decision) for decision in decisions)


def test_the_platforms_own_wait_is_obeyed() -> None:
    """`retry_after` counts, however many attempts there were."""
    failure = Failure(kind=FailureKind.RATE_LIMITED, reason="flood", retry_after=37)

    assert decide(failure, 9) == Again(after=timedelta(seconds=37))


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (10_000, 60)])
def test_where_no_wait_is_named_it_doubles_from_a_minute(attempt: int, minutes: int) -> None:
    """Up to an hour: a platform that limits us and says no more is not to be pressed."""
    failure = Failure(kind=FailureKind.RATE_LIMITED, reason="flood")

    assert decide(failure, attempt) == Again(after=timedelta(minutes=minutes))


@pytest.mark.parametrize(("seconds", "hours"), [(None, 24), (3600.0, 24), (172_800.0, 48)])
def test_a_riddle_is_waited_for_a_day_at_least(seconds: float | None, hours: int) -> None:
    """Longer where the platform says so; whoever solves it ends that."""
    failure = Failure(kind=FailureKind.CHALLENGED, reason="challenge", retry_after=seconds)

    assert decide(failure, 1) == PausePlatform(after=timedelta(hours=hours), reason="challenged")


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (10_000, 300)])
def test_the_waits_double_up_to_five_minutes(attempt: int, seconds: int) -> None:
    """1, 2, 4 ... 300 seconds."""
    assert backoff(attempt) == timedelta(seconds=seconds)


def test_a_platform_that_comes_back_is_found_soon() -> None:
    """However long it was away: what waits for it is tried twice a minute."""
    failure = Failure(kind=FailureKind.UNREACHED, reason="no_network")

    assert [decide(failure, attempt) for attempt in (5, 6, 10_000)] == [
        Again(after=timedelta(seconds=seconds)) for seconds in (16, 30, 30)
    ]


@pytest.mark.parametrize("kind", [FailureKind.NOT_SENT, FailureKind.AMBIGUOUS])
def test_a_network_that_fails_once_more_is_tried_soon(kind: FailureKind) -> None:
    """However often what waits was tried while it was away."""
    decision = decide(Failure(kind=kind, reason="network"), 12)

    assert decision == Again(after=timedelta(seconds=30), ambiguous=kind is FailureKind.AMBIGUOUS)

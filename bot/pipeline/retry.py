"""What to do after a failed call: a pure decision from the kind of failure and the number of attempts.

Again and again for what will pass by itself (no connection, 5xx, 429), at once in another shape for bad markup,
never for what the platform will not accept. A platform that refuses us altogether is paused, its rows are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from bot.model.outgoing import Failure, FailureKind
from bot.store.pauses import CHALLENGED

FIRST: Final = 1.0  # seconds
LONGEST: Final = 300.0
AWAY_LONGEST: Final = 30.0  # where the platform is away: it costs it nothing, and people wait for its return
RIDDLE_PAUSE: Final = timedelta(days=1)  # if nobody does: each try before makes the platform more wary
FLOOD_FIRST: Final = 60.0  # seconds, where a platform that limits us names no time; each time twice as long
FLOOD_LONGEST: Final = 3600.0
TRUST_WAIT: Final = timedelta(minutes=5)
PLATFORM_PAUSE: Final = timedelta(minutes=1)  # 401 and 404 also come from middleboxes: try each minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Try the row again after this time; `ambiguous` if the call may have gone through."""

    after: timedelta
    ambiguous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The platform says it is so already: a success."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """This row will never go out. `unreachable`: nothing will, until the person writes again."""

    reason: str
    unreachable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """Send the words once more at once, without their formatting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PausePlatform:
    """Nothing goes out on this platform for a while; the row is kept, and leaves when that is over."""

    after: timedelta
    reason: str


Decision = Again | Done | GiveUp | Plain | PausePlatform
FIXED: Final[Mapping[FailureKind, Decision]] = {
    FailureKind.ALREADY_DONE: Done(),
    FailureKind.MARKUP: Plain(),
    FailureKind.IDENTITY_CHANGED: Again(after=TRUST_WAIT),
}


def decide(failure: Failure, attempt: int) -> Decision:
    """The decision for a row whose attempt number `attempt` (the first is 1) ended in `failure`."""
    match failure.kind:
        case FailureKind.UNREACHED | FailureKind.NOT_SENT | FailureKind.AMBIGUOUS:
            return _again(failure, attempt)
        case FailureKind.RATE_LIMITED:
            return Again(after=_flood(failure, attempt))
        case FailureKind.PLATFORM_DOWN | FailureKind.CHALLENGED:
            return _pause(failure)
        case FailureKind.UNREACHABLE | FailureKind.NO_CHAT:
            return GiveUp(reason=failure.reason, unreachable=True)
        case FailureKind.REJECTED | FailureKind.MOVED:  # only groups move, and the bot is in none
            return GiveUp(reason=failure.reason)
        case FailureKind.ALREADY_DONE | FailureKind.MARKUP | FailureKind.IDENTITY_CHANGED:
            return FIXED[failure.kind]
        case _:
            assert_never(failure.kind)


def _again(failure: Failure, attempt: int) -> Again:
    """A network that has just come back may fail once more: the tries while it was away must not count against it."""
    is_away = failure.kind is FailureKind.UNREACHED or failure.reason == "network"
    after = backoff(attempt, longest=AWAY_LONGEST if is_away else LONGEST)
    return Again(after=after, ambiguous=failure.kind is FailureKind.AMBIGUOUS)


def _pause(failure: Failure) -> PausePlatform:
    """A platform that wants a riddle solved says itself when it would forget about it: a day, mostly."""
    if failure.kind is FailureKind.PLATFORM_DOWN:
        return PausePlatform(after=PLATFORM_PAUSE, reason=failure.reason)
    wait = max(RIDDLE_PAUSE, timedelta(seconds=failure.retry_after or 0.0))
    return PausePlatform(after=wait, reason=CHALLENGED)


def _flood(failure: Failure, attempt: int) -> timedelta:
    """As long as the platform says, else a minute, two, four, ..., at most an hour."""
    named = failure.retry_after
    seconds = named or min(FLOOD_LONGEST, FLOOD_FIRST * 2 ** min(attempt - 1, 20))
    return timedelta(seconds=seconds)


def backoff(attempt: int, *, longest: float = LONGEST) -> timedelta:
    """1, 2, 4, ... seconds, at most five minutes, or `longest`."""
    return timedelta(seconds=min(longest, FIRST * 2 ** min(attempt - 1, 20)))

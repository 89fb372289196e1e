"""What an error of signal-cli means for the call that got it. Pure: tables and one small function.

For a `send` the daemon says what became of it for each recipient, and we name one at a time. Codes and types are those
of signal-cli 0.13.19 to 0.14.6, from its source and from a daemon that was made to fail.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.model.outgoing import Failure, FailureKind
from bot.transports.signal.error import NotConnected, RpcError, SignalError

AT_ONCE: Final = 1.0  # seconds; a network failure that took longer may have come after the message had left

NETWORK: Final = Failure(kind=FailureKind.NOT_SENT, reason="network")
FLOOD: Final = Failure(kind=FailureKind.RATE_LIMITED, reason="flood")
CHALLENGE: Final = Failure(kind=FailureKind.CHALLENGED, reason="challenge")
IDENTITY: Final = Failure(kind=FailureKind.IDENTITY_CHANGED, reason="identity_changed")

BY_TYPE: Final[Mapping[str, Failure]] = {
    "NETWORK_FAILURE": NETWORK,
    "UNREGISTERED_FAILURE": Failure(kind=FailureKind.UNREACHABLE, reason="unregistered"),
    "IDENTITY_FAILURE": IDENTITY,
    "RATE_LIMIT_FAILURE": FLOOD,
    "INVALID_PRE_KEY_FAILURE": Failure(kind=FailureKind.NOT_SENT, reason="pre_key"),
}
BY_CODE: Final[Mapping[int, Failure]] = {
    -1: Failure(kind=FailureKind.REJECTED, reason="refused"),
    -3: NETWORK,
    -4: IDENTITY,
    -5: FLOOD,
    -6: CHALLENGE,
    -32600: Failure(kind=FailureKind.REJECTED, reason="bad_request"),
    -32601: Failure(
        kind=FailureKind.PLATFORM_DOWN, reason="no_method"
    ),  # older than what we were written for
    -32602: Failure(kind=FailureKind.PLATFORM_DOWN, reason="no_account"),
    -32603: Failure(kind=FailureKind.REJECTED, reason="broken"),
    -32700: Failure(kind=FailureKind.REJECTED, reason="bad_request"),
}
UNKNOWN: Final = Failure(kind=FailureKind.AMBIGUOUS, reason="unreadable_answer")


def classify(error: SignalError, *, seconds: float) -> Failure:
    """The failure in the words the pipeline decides by; `seconds` is how long the call took."""
    if isinstance(error, NotConnected):
        return Failure(kind=FailureKind.UNREACHED, reason="no_connection")
    if not isinstance(error, RpcError):
        return Failure(kind=FailureKind.AMBIGUOUS, reason="connection_lost")
    found = refused(error.data) or BY_CODE.get(error.code, UNKNOWN)
    if found is NETWORK and seconds >= AT_ONCE:
        return replace(found, kind=FailureKind.AMBIGUOUS)
    return found


def refused(data: object) -> Failure | None:
    """What became of the one recipient, where the daemon says it; None if it got there or nothing is said."""
    match data:
        case {"response": {"results": [dict(result), *_]}} | {"results": [dict(result), *_]}:
            pass
        case _:
            return None
    kind = str(result.get("type"))
    if kind == "SUCCESS":
        return None
    if kind == "RATE_LIMIT_FAILURE":
        return _limited(result)
    return BY_TYPE.get(kind, UNKNOWN)


def _limited(result: Mapping[str, object]) -> Failure:
    """Only a token says for certain that a captcha is wanted."""
    if token := result.get("token"):
        return replace(CHALLENGE, riddle=str(token), retry_after=_seconds(result))
    return replace(FLOOD, retry_after=_seconds(result))


def _seconds(result: Mapping[str, object]) -> float | None:
    """How long it says to wait."""
    match result.get("retryAfterSeconds"):
        case int(seconds) | float(seconds) if seconds > 0:
            return float(seconds)
        case _:
            return None

"""How signal-cli says that a call failed, and what that means."""

import pytest

from bot.model.outgoing import Failure, FailureKind
from bot.transports.signal.error import NotConnected, RpcError, SignalError, Unsure
from bot.transports.signal.failure import classify


def of_one(kind: str, **more: object) -> object:
    """What the daemon adds where there was one recipient."""
    result = {"recipientAddress": {"uuid": "u", "number": None}, "type": kind, **more}
    return {"response": {"results": [result], "timestamp": 1795411144591}}


@pytest.mark.parametrize(
    ("error", "seconds", "kind", "reason"),
    [
        (NotConnected(), 0.0, FailureKind.UNREACHED, "no_connection"),
        (Unsure(), 0.0, FailureKind.AMBIGUOUS, "connection_lost"),
        (RpcError(-1, data=of_one("NETWORK_FAILURE")), 0.05, FailureKind.NOT_SENT, "network"),
        (RpcError(-1, data=of_one("NETWORK_FAILURE")), 50.0, FailureKind.AMBIGUOUS, "network"),
        (RpcError(-1, data=of_one("UNREGISTERED_FAILURE")), 0.1, FailureKind.UNREACHABLE, "unregistered"),
        (
            RpcError(-4, data=of_one("IDENTITY_FAILURE")),
            0.1,
            FailureKind.IDENTITY_CHANGED,
            "identity_changed",
        ),
        (RpcError(-1, data=of_one("INVALID_PRE_KEY_FAILURE")), 9.0, FailureKind.NOT_SENT, "pre_key"),
        (RpcError(-1, data=of_one("NEW_FAILURE")), 0.1, FailureKind.AMBIGUOUS, "unreadable_answer"),
        (RpcError(-1), 0.1, FailureKind.REJECTED, "refused"),
        (RpcError(-1, data=of_one("SUCCESS")), 0.1, FailureKind.REJECTED, "refused"),
        (RpcError(-3, "…: Closed unexpectedly"), 0.1, FailureKind.NOT_SENT, "network"),
        (RpcError(-3), 2.0, FailureKind.AMBIGUOUS, "network"),
        (RpcError(-4), 0.1, FailureKind.IDENTITY_CHANGED, "identity_changed"),
        (RpcError(-6), 0.1, FailureKind.CHALLENGED, "challenge"),
        (RpcError(-32600), 0.1, FailureKind.REJECTED, "bad_request"),
        (RpcError(-32601), 0.1, FailureKind.PLATFORM_DOWN, "no_method"),
        (RpcError(-32602), 0.1, FailureKind.PLATFORM_DOWN, "no_account"),
        (RpcError(-32603), 0.1, FailureKind.REJECTED, "broken"),
        (RpcError(-32700), 0.1, FailureKind.REJECTED, "bad_request"),
        (RpcError(0), 0.1, FailureKind.AMBIGUOUS, "unreadable_answer"),
    ],
)
def test_each_error_has_its_meaning(
    error: SignalError, seconds: float, kind: FailureKind, reason: str
) -> None:
    """What passes by itself, what nobody knows, what never goes, and what needs a person."""
    assert classify(error, seconds=seconds) == Failure(kind=kind, reason=reason)


@pytest.mark.parametrize(
    ("more", "failure"),
    [
        ({}, Failure(kind=FailureKind.RATE_LIMITED, reason="flood")),
        (
            {"retryAfterSeconds": 300},
            Failure(kind=FailureKind.RATE_LIMITED, reason="flood", retry_after=300.0),
        ),
        ({"retryAfterSeconds": 0}, Failure(kind=FailureKind.RATE_LIMITED, reason="flood")),
        (
            {"token": "tok", "retryAfterSeconds": 86400},
            Failure(kind=FailureKind.CHALLENGED, reason="challenge", riddle="tok", retry_after=86400.0),
        ),
    ],
)
def test_only_a_token_is_a_captcha(more: dict[str, object], failure: Failure) -> None:
    """Else it is a matter of waiting, as long as is said, if it is."""
    error = RpcError(-5, data=of_one("RATE_LIMIT_FAILURE", **more))

    assert classify(error, seconds=0.1) == failure

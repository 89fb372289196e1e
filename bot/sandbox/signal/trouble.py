"""Scripted failures of signal-cli and of what stands behind it: which calls fail, how often and how.

Faults of a state (the network away, a captcha wanted, a changed identity) are in `network`; these hit single calls.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.sandbox.signal.refusal import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    IO_ERROR,
    USER_ERROR,
    RpcRefusal,
    Wire,
    reached_nobody,
    result_of,
)

DAY = 86400


class TroubleKind(StrEnum):
    """What happens to the call."""

    HANG_UP = "hang_up"  # the connection closes and nothing was processed
    HANG_UP_AFTER = "hang_up_after"  # processed, then the connection closes: the ambiguous case
    SLOW = "slow"  # processed at once, the answer takes ``seconds`` longer
    NETWORK = (
        "network"  # NETWORK_FAILURE after ``seconds``; the message arrives all the same when ``processed``
    )
    FLOOD = "flood"  # 413: RATE_LIMIT_FAILURE, ``retry_after`` where given
    CHALLENGE = "challenge"  # 428: RATE_LIMIT_FAILURE with a ``token``
    UNREGISTERED = "unregistered"  # the account is gone
    UNTRUSTED = "untrusted"  # the safety number changed
    PRE_KEY = "pre_key"  # INVALID_PRE_KEY_FAILURE
    REFUSED = "refused"  # -1 without data: the caller's fault
    NO_ACCOUNT = "no_account"  # -32602: the daemon started without the account
    BROKEN = "broken"  # -32603: an exception of Java
    LOSE = "lose"  # answered as sent, never shown to anybody


_RESULTS = {
    TroubleKind.NETWORK: "NETWORK_FAILURE",
    TroubleKind.FLOOD: "RATE_LIMIT_FAILURE",
    TroubleKind.CHALLENGE: "RATE_LIMIT_FAILURE",
    TroubleKind.UNREGISTERED: "UNREGISTERED_FAILURE",
    TroubleKind.UNTRUSTED: "IDENTITY_FAILURE",
    TroubleKind.PRE_KEY: "INVALID_PRE_KEY_FAILURE",
}
_REFUSALS = {
    TroubleKind.REFUSED: (USER_ERROR, "sandbox trouble"),
    TroubleKind.NO_ACCOUNT: (INVALID_PARAMS, "Specified account does not exist"),
    TroubleKind.BROKEN: (INTERNAL_ERROR, "java.lang.IllegalStateException (IllegalStateException)"),
}
IO_FAILURE = (IO_ERROR, "Failed: Closed unexpectedly (StreamResetException)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One rule: ``Trouble(kind=TroubleKind.FLOOD, method="send", times=2)``; ``times`` None means for ever."""

    kind: TroubleKind
    method: str | None = None
    recipient: str | None = None
    times: int | None = 1
    seconds: float = 0.0
    processed: bool = False
    retry_after: int | None = None
    token: str = "tok-123"

    def refusal(self, params: Wire, timestamp: int) -> RpcRefusal | None:
        """The error this answers with; None for the kinds that are no answer."""
        if (known := _REFUSALS.get(self.kind)) is not None:
            return RpcRefusal(*known)
        if (kind := _RESULTS.get(self.kind)) is None:
            return None
        names = recipients(params)
        if not names:  # no call that reaches people
            return RpcRefusal(*IO_FAILURE)
        return reached_nobody([result_of(name, kind, **self._more()) for name in names], timestamp)

    def _more(self) -> Wire:
        if self.kind is TroubleKind.CHALLENGE:
            return {"token": self.token, "retryAfterSeconds": self.retry_after or DAY}
        if self.kind is TroubleKind.FLOOD and self.retry_after is not None:
            return {"retryAfterSeconds": self.retry_after}
        return {}


@dataclass(slots=True)
class _Armed:
    trouble: Trouble
    left: int | None

    def hits(self, method: str, params: Wire) -> bool:
        wanted = self.trouble
        return (
            self.left != 0
            and wanted.method in (None, method)
            and (wanted.recipient is None or wanted.recipient in recipients(params))
        )


@dataclass(slots=True)
class Troubles:
    """The rules in force, first match wins."""

    _armed: list[_Armed] = field(default_factory=list)

    def add(self, trouble: Trouble) -> None:
        """Put a rule in force, after those already there."""
        self._armed.append(_Armed(trouble, trouble.times))

    def clear(self) -> None:
        """Forget every rule."""
        self._armed.clear()

    def pick(self, method: str, params: Wire) -> Trouble | None:
        """The trouble of this call, counted as used."""
        hit = next((armed for armed in self._armed if armed.hits(method, params)), None)
        if hit is None:
            return None
        if hit.left is not None:
            hit.left -= 1
        return hit.trouble


def recipients(params: Wire) -> list[str]:
    """Whom a call is for: a single value and a list are both accepted."""
    given = params.get("recipient", params.get("recipients"))
    if given is None:
        return []
    return [str(one) for one in given] if isinstance(given, list) else [str(given)]

"""Scripted failures of the Bot API.

A ``Fault`` says which calls fail, how often and how; ``Faults`` picks the one that hits a call. Random ones
use their own seed, so a run can be repeated. Carried out by ``api``.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from bot.sandbox.refusal import Refusal, bad_request, forbidden, too_many_requests


class FaultKind(StrEnum):
    """What happens to the call."""

    DROP_BEFORE = "drop_before"  # the connection closes and nothing was processed
    DROP_AFTER = "drop_after"  # processed, then the connection is reset: the ambiguous case
    DELAY = "delay"  # processed, but the answer takes ``seconds`` longer
    BAD_GATEWAY = "bad_gateway"  # 502 with an HTML body; processed first when ``processed``
    FLOOD = "flood"  # 429 with ``retry_after``
    BLOCKED = "blocked"  # 403
    BAD_REQUEST = "bad_request"  # 400 with ``description``
    UNAUTHORIZED = "unauthorized"  # 401
    LOSE = "lose"  # answered as sent, never shown to anybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule: ``Fault(kind=FaultKind.DROP_AFTER, method="sendMessage", times=1)``.

    ``times`` None means for ever; ``skip`` lets that many matching calls pass first.
    """

    kind: FaultKind
    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    seconds: float = 0.0
    retry_after: int = 1
    description: str = "sandbox fault"
    processed: bool = False

    def refusal(self) -> Refusal | None:
        """The error answer of this fault; None for the kinds that are not an answer."""
        match self.kind:
            case FaultKind.FLOOD:
                return too_many_requests(self.retry_after)
            case FaultKind.BLOCKED:
                return forbidden("bot was blocked by the user")
            case FaultKind.BAD_REQUEST:
                return bad_request(self.description)
            case FaultKind.UNAUTHORIZED:
                return Refusal(401, "Unauthorized")
            case _:
                return None


@dataclass(slots=True)
class _Armed:
    fault: Fault
    method: str | None
    left: int | None
    skip: int
    dice: random.Random

    @classmethod
    def of(cls, fault: Fault) -> Self:
        method = fault.method.lower() if fault.method else None
        return cls(fault, method, fault.times, fault.skip, random.Random(fault.seed))

    def hits(self, method: str, chat_id: int | None) -> bool:
        if self.left == 0 or (self.method is not None and self.method != method):
            return False
        if self.fault.chat_id is not None and self.fault.chat_id != chat_id:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.fault.probability < 1.0 and self.dice.random() >= self.fault.probability:
            return False
        if self.left is not None:
            self.left -= 1
        return True


@dataclass(slots=True)
class Faults:
    """The rules in force, first match wins; ``down`` resets every Bot API connection until it is False."""

    down: bool = False
    latency_ms: float = 0.0
    _armed: list[_Armed] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Put a rule in force, after those already there."""
        self._armed.append(_Armed.of(fault))

    def clear(self) -> None:
        """Forget every rule; up again, no latency."""
        self._armed.clear()
        self.down = False
        self.latency_ms = 0.0

    def pick(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault for this call (method in lower case), counted as used."""
        if not self._armed:
            return None
        hit = next((armed for armed in self._armed if armed.hits(method, chat_id)), None)
        if hit is None:
            return None
        if hit.left == 0:
            self._armed.remove(hit)
        return hit.fault

    def in_force(self) -> tuple[Fault, ...]:
        """Every rule that can still hit."""
        return tuple(armed.fault for armed in self._armed)

"""The ordered log of everything the bot asked for, and how it ended.

Tests read it to say what was called, how often and in which order. The newest calls are kept whole; counts
cover all of them. Written by ``api`` for every call.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, NamedTuple

KEPT_CALLS = 200_000


class Call(NamedTuple):
    """One call: ``Call(1, 1700000000.0, "sendMessage", 42, "ok", {"text": "Hi"})``.

    ``outcome`` is ``ok``, an error code as text, or the name of the fault that hit it.
    """

    number: int
    at: float
    method: str
    chat_id: int | None
    outcome: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Violation:
    """A call no Bot API would take: ``Violation("sendMessage", "sendMessage has no parameter colour")``."""

    method: str
    reason: str


@dataclass(slots=True)
class Journal:
    """All calls in the order they ended."""

    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)
    total: int = 0

    def write(self, at: float, method: str, outcome: str, params: dict[str, Any]) -> None:
        """Record one finished call."""
        self.total += 1
        self.counts[method, outcome] += 1
        chat_id = params.get("chat_id")
        self.calls.append(Call(self.total, at, method, chat_id, outcome, params))

    def of(self, method: str | None = None, *, chat_id: int | None = None, after: int = 0) -> list[Call]:
        """The kept calls of a method and chat, with a number above ``after``."""
        return [
            call
            for call in self.calls
            if call.number > after
            and (method is None or call.method == method)
            and (chat_id is None or call.chat_id == chat_id)
        ]

    def count(self, method: str, outcome: str = "ok") -> int:
        """How many calls of a method ended this way, of all there ever were."""
        return self.counts[method, outcome]

"""Telegram's rate limits, for runs that enforce them.

Bulk is a message to a chat that has not written lately: at most 30 a second in all. One chat takes a burst
and then one message a second; a group takes 20 a minute. Called by ``posting``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

BULK_PER_SECOND = 30.0
CHAT_PER_SECOND = 1.0
CHAT_BURST = 10.0
GROUP_PER_SECOND = 20.0 / 60.0
GROUP_BURST = 20.0
REPLY_SECONDS = 30.0


@dataclass(slots=True)
class _Bucket:
    rate: float
    size: float
    level: float
    at: float

    def take(self, now: float) -> float:
        """Take one; 0, or the seconds until there will be one."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level >= 1.0:
            self.level -= 1.0
            return 0.0
        return (1.0 - self.level) / self.rate


@dataclass(slots=True)
class Flood:
    """The buckets of one bot; off unless ``enforced``."""

    enforced: bool = False
    _bulk: _Bucket | None = None
    _chats: dict[int, _Bucket] = field(default_factory=dict)

    def seconds_to_wait(self, *, chat_id: int, last_heard: float, now: float) -> int:
        """0 when this message may go now, else whole seconds for ``retry_after``."""
        chat = self._chats.get(chat_id) or self._new_bucket(chat_id, now)
        wait = chat.take(now)
        if wait == 0.0 and now - last_heard > REPLY_SECONDS:
            if self._bulk is None:
                self._bulk = _Bucket(BULK_PER_SECOND, BULK_PER_SECOND, BULK_PER_SECOND, now)
            wait = self._bulk.take(now)
        return math.ceil(wait)

    def _new_bucket(self, chat_id: int, now: float) -> _Bucket:
        rate, size = (CHAT_PER_SECOND, CHAT_BURST) if chat_id > 0 else (GROUP_PER_SECOND, GROUP_BURST)
        bucket = self._chats[chat_id] = _Bucket(rate, size, size, now)
        return bucket

"""How fast messages may leave, so that no platform has to say it. Time is an argument; nothing here waits.

Bulk goes through a token bucket with a small burst and at most once a second to one chat; replies never wait for
either. Telegram allows about 30 bulk messages a second and answers 429 beyond that; a bucket that starts full sends
a double second first (seen in other limiters), so this one starts with its burst only.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

A_CHAT: Final = timedelta(seconds=1)  # between two bulk messages to one chat
ROUNDS: Final = 20  # a second, in which a fast bucket is emptied
TOGETHER: Final = timedelta(seconds=1)  # two chats limited within this: the whole bot is


class BulkLimiter:
    """Tokens for rows of `Priority.CHECK_IN` and after: `rate` a second, `burst` at once at most.

    Of a fast one the burst is what comes in a twentieth of a second, for a round costs more than a row.
    """

    def __init__(self, *, rate: float, burst: int | None = None) -> None:
        burst = max(3, int(rate / ROUNDS)) if burst is None else burst
        self._rate = rate
        self._burst = float(burst)
        self._tokens = float(burst)
        self._at: datetime | None = None
        self._chats: dict[int, datetime] = {}

    def available(self, now: datetime) -> int:
        """How many bulk messages may be claimed at `now`."""
        if self._at is not None:
            grown = (now - self._at).total_seconds() * self._rate
            self._tokens = min(self._burst, self._tokens + max(0.0, grown))
        self._at = now
        return int(self._tokens)

    def seconds_to_next(self) -> float:
        """How long until there is a token again, seen from the last look."""
        return max(0.0, (1.0 - self._tokens) / self._rate)

    def admit(self, addresses: Sequence[int], now: datetime) -> list[datetime | None]:
        """Spend a token for each bulk message to these addresses that may leave now.

        The answers are in order: None for one that may, else when its chat has its turn again.
        """
        self._chats = {chat: at for chat, at in self._chats.items() if at > now - A_CHAT}
        return [self._admit_one(address, now) for address in addresses]

    def _admit_one(self, address: int, now: datetime) -> datetime | None:
        last = self._chats.get(address)
        if last is not None:
            return last + A_CHAT
        self._chats[address] = now
        self._tokens -= 1
        return None


class FloodWatch:
    """Tells one chat that is limited from a bot that is: a second chat within a second means all of them."""

    def __init__(self) -> None:
        self._last: tuple[int, datetime] | None = None

    def is_flood(self, address: int, now: datetime) -> bool:
        """Note that the platform limited this address now; whether everything should wait."""
        before, self._last = self._last, (address, now)
        return before is not None and before[0] != address and now - before[1] <= TOGETHER

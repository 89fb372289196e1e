"""How fast bulk messages may leave: a token bucket with a small burst. Replies never wait for it.

Telegram allows about 30 bulk messages a second and answers 429 beyond that; a bucket that starts full sends a
double second first (seen in other limiters), so this one starts with its burst only.
"""

from datetime import datetime


class BulkLimiter:
    """Tokens for rows of `Priority.NOTICE`. Time is an argument; nothing here waits."""

    def __init__(self, *, rate: float, burst: int = 3) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._tokens = float(burst)
        self._at: datetime | None = None

    def available(self, now: datetime) -> int:
        """How many bulk messages may be claimed at `now`."""
        if self._at is not None:
            grown = (now - self._at).total_seconds() * self._rate
            self._tokens = min(self._burst, self._tokens + max(0.0, grown))
        self._at = now
        return int(self._tokens)

    def spend(self, count: int) -> None:
        """`count` of the available tokens were used."""
        self._tokens -= count

"""Where row ids come from: known before the insert, because they are part of what a sealed value is bound to.

Ids of rows that have an order carry the time they were made and always grow; ids of people and addresses are
random and say nothing. The clock's reading and the random bytes are given.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.store.crypto import Entropy

_START: Final = datetime(2024, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_LOW_BITS: Final = 21


def first_of(moment: datetime) -> int:
    """The smallest id a row made at `moment` can have."""
    return max((moment - _START) // _MILLISECOND, 0) << _LOW_BITS


def made_at(id: int) -> datetime:
    """When an ordered id was given, as its clock had it."""
    return _START + (id >> _LOW_BITS) * _MILLISECOND


class Ids:
    """Gives 63-bit ids. Two processes in the same millisecond meet with odds of one to a million."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._last = 0

    def ordered(self, now: datetime) -> int:
        """An id above every one given before, even if the clock was set back."""
        low = int.from_bytes(self._entropy(3), "big") >> 4
        self._last = max(self._last + 1, first_of(now) | low)
        return self._last

    def random(self) -> int:
        """An id that tells nothing."""
        return (int.from_bytes(self._entropy(8), "big") >> 1) or 1

    def stay_above(self, last: int) -> None:
        """Every ordered id from now on is greater than `last`, the newest one on disk."""
        self._last = max(self._last, last)

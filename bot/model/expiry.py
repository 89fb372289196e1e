"""After how long the messages of a chat disappear by themselves: what its person chose, and what the bot sets. Pure.

A shorter time than the bot's own protects its person, and stays; a longer one, or none, is put back. While a line is
open it is a day, for both sides; afterwards it is what it was.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

USUAL: Final = timedelta(days=7)
SHORTEST: Final = timedelta(days=1)  # that an operator can choose, and what it is on a line
LONGEST: Final = timedelta(days=28)  # as in the apps


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """What is known of a chat, in seconds: what holds `now` (0: they stay; None: nobody knows), what is their `own`.

    Example: Expiry(now=86400) on a line, Expiry(now=3600, own=3600) where its person chose an hour.
    """

    now: int | None = None
    own: int | None = None

    def changed(self, seconds: int, *, usual: timedelta) -> "Expiry":
        """As its person set it. Their app repeats what holds now and then, which changes nothing."""
        if seconds == self.now:
            return self
        return Expiry(now=seconds, own=seconds if 0 < seconds < usual.total_seconds() else None)

    def shown(self, seconds: int, *, usual: timedelta) -> "Expiry":
        """As a message shows it, which may have been written before the last change arrived: less means nothing."""
        if self.now is None:
            return self.changed(seconds, usual=usual)
        return self if 0 < seconds <= self.now else replace(self, now=seconds)

    def wanted(self, *, usual: timedelta, on_a_line: bool) -> int:
        """What it should be."""
        bound = min(usual, SHORTEST) if on_a_line else usual
        seconds = int(bound.total_seconds())
        return min(seconds, self.own) if self.own else seconds

"""What differs between a machine, a sandbox and a test: time, chance, and how words are read."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from bot.app.words import Words, words
from bot.ports import Clock, Nonces
from bot.settings import Settings

NONCE_LETTERS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
NONCE_LENGTH: Final = 8


class MachineClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place below the command line that reads the clock


def random_nonce() -> str:
    """Eight unguessable characters, from one question to the system's source of chance."""
    base = len(NONCE_LETTERS)
    number = secrets.randbelow(base**NONCE_LENGTH)
    return "".join(NONCE_LETTERS[number // base**place % base] for place in range(NONCE_LENGTH))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Time and chance as the house uses them.

    `words` reads what the bot says; a test that opens many houses reads it once.
    """

    clock: Clock = field(default_factory=MachineClock)
    nonces: Nonces = random_nonce
    entropy: Callable[[int], bytes] = os.urandom
    words: Callable[[Settings], Words] = words

"""Where a bot is at every instant, in a file that outlives a kill -9: memory mapped by the victim, read afterwards.

`victim` writes it, the tests read it. What stands on disk (rows received, rows waiting) is read from the database
itself; only what a process alone knows is here: an open transaction, a call under way, an answer not written down.
"""

import mmap
import struct
from enum import StrEnum
from pathlib import Path
from typing import Final, Self


class Stage(StrEnum):
    """Where on its way an update, or the reply to it, can be when the process dies."""

    RECEIVED = "received"  # the inbox row is committed and no transaction handles it
    IN_TRANSACTION = "in transaction"  # the transaction that handles it is open
    COMMITTED = "committed"  # the outbox row is committed and not claimed
    SENDING = "sending"  # the call is under way
    SENT = "sent"  # the call was answered and that is not written down


SLOTS: Final = (*Stage, "calls")
SIZE: Final = 8 * len(SLOTS)


class Watch:
    """One number per stage and one more, the calls ever begun, in shared memory."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory

    @classmethod
    def made(cls, path: Path) -> Self:
        """A fresh watch at `path`, all zeros."""
        path.write_bytes(bytes(SIZE))
        return cls.opened(path)

    @classmethod
    def opened(cls, path: Path) -> Self:
        """The watch at `path`, shared with whoever else has it open."""
        with path.open("r+b") as file:
            return cls(mmap.mmap(file.fileno(), SIZE))

    def close(self) -> None:
        """Let go of it; the file stays."""
        self._memory.close()

    def put(self, slot: str, value: int) -> None:
        """Write a number; it is there for everybody at once."""
        struct.pack_into("<q", self._memory, 8 * SLOTS.index(slot), value)

    def get(self, slot: str) -> int:
        """The number as it stands."""
        value: int = struct.unpack_from("<q", self._memory, 8 * SLOTS.index(slot))[0]
        return value

    def add(self, slot: str, value: int) -> int:
        """Change a number by `value`; the new one."""
        self.put(slot, self.get(slot) + value)
        return self.get(slot)

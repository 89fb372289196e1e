"""The bot's side of a spool in tests: reads the folder, and stores what it gets in a list, or refuses it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.model.person import Platform
from bot.spool.folder import Folder
from bot.spool.pair import Pairs
from bot.spool.reader import SpoolListener
from bot.spool.segment import Pen
from bot.store.keyring import Keyring
from tests.store.shelf import NOW


@dataclass(slots=True)
class FixedClock:
    """A clock that is moved by hand."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass(slots=True)
class Clerk:
    """A reader on its clock; `stored` is what the inbox got, and `refuse` may raise before it does."""

    folder: Folder
    keyring: Keyring
    clock: FixedClock = field(default_factory=FixedClock)
    stored: list[bytes] = field(default_factory=list)
    refuse: Callable[[Sequence[bytes]], None] = lambda raws: None
    reader: SpoolListener = field(init=False)

    def __post_init__(self) -> None:
        self.again()

    def again(self, discard: Callable[[str], object] | None = None) -> None:
        """As after a crash: nothing is known but what lies in files."""
        pairs = Pairs(self.folder, self.keyring, self.clock)
        self.reader = SpoolListener(self.folder, pairs, self.clock, discard=discard)

    async def ingest(self, platform: Platform, raws: Sequence[bytes]) -> None:
        """`ports.Ingest`."""
        assert platform is Platform.SIGNAL
        self.refuse(raws)
        self.stored += raws

    async def drain(self) -> None:
        """Read all there is."""
        while await self.reader.once(self.ingest):
            pass

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.clock.at += timedelta(**span)


def written(folder: Folder, *lines: bytes) -> None:
    """Lines in a segment of their own, whole."""
    pen = Pen(folder)
    pen.append(lines)
    pen.end()
    pen.sync()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, ten seconds at most."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - what is waited for is told by nobody
            await asyncio.sleep(0.005)

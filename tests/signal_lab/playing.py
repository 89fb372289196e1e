"""Stories over the real daemon: the stage of all stories, with a spooler beside it and friends on Signal.

Time on the stage begins with the machine's, for Signal has no other; it can be passed as in any story.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from bot.app.signal import listener
from bot.settings import Secret
from bot.spool.folder import Folder
from bot.spool.reader import SpoolListener
from bot.spool.writer import Spooler
from tests.signal_lab.friend import Friend, Seen
from tests.signal_lab.lab import BOT, Lab
from tests.stage import Stage, staged

Found = TypeVar("Found")
LOOK: Final = 0.05  # seconds between two looks at the spool


class Play:
    """A stage and its spooler; what happens, happens while somebody waits for what they will see."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._reader: SpoolListener
        self._spooling: asyncio.Task[None]

    async def begin(self) -> None:
        """Listen."""
        settings = self.stage.settings
        house = self.stage.house
        self._reader = listener(settings, house.db.keyring, clock=self.stage.clock)
        await self._reader.prepare()
        spooler = Spooler(Folder(settings.signal_spool), settings.signal_rpc or "", account=BOT)
        self._spooling = asyncio.create_task(spooler.run())

    async def end(self) -> None:
        """Listen no more."""
        self._spooling.cancel()
        with suppress(asyncio.CancelledError):
            await self._spooling

    async def while_waiting(self, seen: Awaitable[Found]) -> Found:
        """Let everything happen until something is seen."""
        waiting = asyncio.ensure_future(seen)
        try:
            while not waiting.done():
                await self.happen()
                await asyncio.wait([waiting], timeout=LOOK)
            return await waiting
        finally:
            waiting.cancel()

    async def happen(self) -> None:
        """What has come is taken in, handled and answered."""
        await self.take_in()
        await self.stage.settle()

    async def take_in(self) -> bool:
        """What has come is in the inbox, and no more; whether anything had."""
        taken = False
        while await self._reader.once(self.stage.house.receiver):
            taken = True
        return taken

    async def says(self, who: Friend, words: str, *, sees: str, within: float = 30.0) -> Seen:
        """Somebody on Signal writes, and waits for an answer with these words in it."""
        await who.send(words)
        return await self.while_waiting(who.sees(sees, within=within))

    async def sees(self, who: Friend, words: str, *, within: float = 30.0) -> Seen:
        """Somebody on Signal waits for these words."""
        return await self.while_waiting(who.sees(words, within=within))


@asynccontextmanager
async def playing(lab: Lab, directory: Path) -> AsyncIterator[Play]:
    """A bot on Telegram and on the lab's Signal, while the block lasts."""
    signal = {
        "signal_rpc": lab.daemon.tcp,
        "signal_account": Secret(BOT),
        "signal_spool": directory / "spool",
        "signal_attachments": lab.daemon.data / "attachments",
    }
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(staged(directory, **signal))
        stage.clock.pass_time(max(datetime.now(UTC) - stage.clock.now(), timedelta()))
        play = Play(stage)
        await play.begin()
        stack.push_async_callback(play.end)
        yield play

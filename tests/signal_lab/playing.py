"""Stories over the real daemon: the stage of all stories, with a spooler beside it and friends on Signal.

Time on the stage begins with the machine's, for Signal has no other; it can be passed as in any story.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from bot.app.signal import listener
from bot.model.person import Form, Language, Platform
from bot.sandbox import Person
from bot.settings import Secret
from bot.spool.folder import Folder
from bot.spool.reader import SpoolListener
from bot.spool.writer import Spooler
from bot.store import people
from tests.signal_lab.friend import Friend, Seen
from tests.signal_lab.lab import BOT, Lab
from tests.signal_lab.rpc import SOON
from tests.stage import Stage, staged
from tests.volunteer import agreed, enlisted, welcomed

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

    async def until(self, is_so: Callable[[], bool], *, within: float = SOON) -> None:
        """Let everything happen until something is so, which nobody waits for on Signal."""
        async with asyncio.timeout(within):
            while not is_so():
                await self.happen()
                await asyncio.sleep(LOOK)

    async def catch_up(self) -> None:
        """Until it is as late as on the stage, which is ahead by what it waited for: words from before are early."""
        ahead = self.stage.clock.now() - datetime.now(UTC)
        await asyncio.sleep(max(0.0, ahead.total_seconds()) + LOOK)

    async def does(self, who: Person, *steps: str) -> None:
        """Somebody on Telegram presses these buttons, and writes what is none."""
        for step in steps:
            is_button = any(step in message.labels for message in who.chat)
            await (who.press(step) if is_button else who.send(step))
            await self.happen()

    async def says(self, who: Friend, words: str, *, sees: str, within: float = SOON) -> Seen:
        """Somebody on Signal writes, and waits for an answer with these words in it."""
        await who.send(words)
        return await self.while_waiting(who.sees(sees, within=within))

    async def sees(self, who: Friend, words: str, *, within: float = SOON) -> Seen:
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


async def begun(play: Play, noa: Friend) -> None:
    """Somebody writes for the first time, and chooses English."""
    await play.says(noa, "/start", sees="להמשיך")
    await play.says(noa, "English", sees="Go on")


async def a_volunteer(stage: Stage) -> Person:
    """Somebody on Telegram who is on duty."""
    person = stage.emulator.person(language_code="en")
    await person.start("")
    await stage.settle()
    house, now = stage.house, stage.clock.now()
    who = await known(stage, Platform.TELEGRAM, str(person.user_id))
    await welcomed(house.db, who, language=Language.ENGLISH, form=Form.NEUTRAL, now=now)
    await enlisted(house.db, who, now=now)
    await agreed(house.db, who, text=house.library.texts["conduct.text"], now=now)
    return person


async def known(stage: Stage, platform: Platform, routing_id: str) -> int:
    """Who that is to the bot."""
    async with stage.house.db.unit() as unit:  # never committed: looking makes nobody
        found = await people.resolve(unit, platform, [routing_id], today=stage.clock.now().date())
    return found[routing_id]


async def on_a_line(play: Play, noa: Friend) -> Person:
    """Somebody on Signal and a volunteer on Telegram find each other; the volunteer."""
    volunteer = await a_volunteer(play.stage)
    await begun(play, noa)
    await play.says(noa, "talk to someone now", sees="Somebody of the team")
    await play.says(noa, "Somebody of the team", sees="Who would help most now?")
    await play.says(noa, "Somebody to talk with", sees="Shall we look for somebody?")
    await play.says(noa, "Yes, please look", sees="There is no need to wait")
    await volunteer.press("Accept")
    await play.sees(noa, "is open.")
    return volunteer

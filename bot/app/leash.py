"""The bot as the sandbox's own process: `run`, with a clock that can be moved and an end when its owner ends.

The owner (`bot.sandbox.supervisor`) writes lines of JSON to standard input, each is answered by one on standard
output. When the input ends, so does the bot: an owner that was killed leaves nobody behind.
"""

import asyncio
import json
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.app.house import House
from bot.app.invite import EnoughOrganizers, invite_organizer
from bot.app.ready import appoint, enlist
from bot.app.serve import run
from bot.app.upkeep import migrate
from bot.app.world import MachineClock, World
from bot.model.person import Role
from bot.ports import Clock
from bot.settings import Settings
from bot.store import invites, roles


@dataclass(slots=True)
class MovedClock:
    """The machine's clock, and how far ahead of it the sandbox is."""

    ahead: timedelta
    _clock: Clock

    def now(self) -> datetime:
        """The sandbox's present."""
        return self._clock.now() + self.ahead


async def run_on_leash(settings: Settings, *, ahead: float, volunteer: str | None = None) -> None:
    """Bring the databases up to date and serve, `ahead` seconds in the future, until told to stop or left alone.

    `volunteer` is the routing id of somebody who is one from the start.
    """
    await migrate(settings)
    clock = MovedClock(timedelta(seconds=ahead), MachineClock())
    world = World(clock=clock)
    await run(settings, world, beside=partial(_listen, clock, volunteer))


async def _listen(clock: MovedClock, volunteer: str | None, home: House) -> None:
    """Do what the owner says. The end of the input is the same as being told to stop."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    if volunteer:
        await enlist(home, volunteer)
    _say({"ready": True, **await _invitation(home)})
    while line := await reader.readline():
        _say(await _done(json.loads(line), clock, home))
    signal.raise_signal(signal.SIGTERM)


async def _done(wanted: dict[str, Any], clock: MovedClock, home: House) -> dict[str, Any]:
    """`{"ahead": 3600}`: it is that much later now, and what became due meanwhile happens.

    `{"organizer": "1007"}`: who has this routing id is one from now on; `secret` is their authenticator's, `refused` if
    there are two already.
    """
    if "organizer" in wanted:
        try:
            return wanted | {"secret": await appoint(home, wanted["organizer"])}
        except EnoughOrganizers:
            return wanted | {"refused": True}
    clock.ahead = timedelta(seconds=wanted["ahead"])
    await home.retention.sweep()
    await home.ticker.fire()
    return wanted | await _invitation(home)


async def _invitation(home: House) -> dict[str, Any]:
    """A sandbox has somebody to be its organizer: an invitation where there is neither one nor the other."""
    async with home.db.reading() as unit:
        there = await roles.holders(unit, Role.ORGANIZER)
        waiting = await invites.count_open(unit, Role.ORGANIZER, now=home.world.clock.now())
    if there or waiting:
        return {}
    made = await invite_organizer(home.settings, home.world)
    return {"invite": {"payload": made.payload, "secret": made.secret}}


def _say(note: dict[str, Any]) -> None:
    with suppress(OSError):  # nobody listens any more: the input ends, too
        sys.stdout.write(f"{json.dumps(note)}\n")
        sys.stdout.flush()

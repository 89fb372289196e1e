"""Sealing the bot from its machine, and opening it again. While it is sealed, no process of it starts or goes on.

Sealing has to work for whoever is at the machine in a hurry, so it does not need the master key, nor a key file that
opens; without them, the act is written into the audit when the bot is opened again.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from bot.app.house import House, opened
from bot.app.signal import hush
from bot.app.world import World
from bot.model.audit import CONSOLE, Act, Thing
from bot.model.exit import Exit, ExpectedError
from bot.model.person import Role
from bot.settings import Settings
from bot.store import audit, pauses, proof, roles, version
from bot.store.db import Database
from bot.store.errors import StorageTroubled, StoreError
from bot.store.link import Link
from bot.store.unit import Unit

NEEDED: Final = 2  # organizers who open it together; as many as there are, if there are fewer
UNWRITTEN: Final = "console_unwritten"  # the reason of a seal that is not in the audit yet


log = logging.getLogger(__name__)


class Sealed(ExpectedError):
    """The bot is sealed."""

    status = Exit.SEALED
    advice = "Two organizers open it again at this machine: `bot unseal`. Starting it again does not help."


class NotSealed(ExpectedError):
    """The bot is not sealed."""

    advice = "There is nothing to open."


class NotProven(ExpectedError):
    """A code was not right, or it was of the same organizer, or it was used already. The bot stays sealed."""

    advice = "Each organizer types a code of their own authenticator app while the app shows it."


async def refuse_if_sealed(db: Database) -> None:
    """Raises Sealed."""
    async with db.reading() as unit:
        if await pauses.held(unit, pauses.SEALED):
            raise Sealed


async def last_calls(home: House, taking_in: Sequence[asyncio.Task[None]]) -> None:
    """The bot was sealed: nothing is taken in or handled any more, and the replies that are written down leave."""
    log.warning("sealed", extra={"action": "seal"})
    for task in taking_in:
        task.cancel()
    await asyncio.wait(taking_in)
    with suppress(StorageTroubled):
        await home.deliverer.round()


async def seal(settings: Settings, world: World | None = None) -> list[str]:
    """Have every process of the bot end within a second, and none start; what was done, in lines."""
    try:
        await _seal_and_write(settings, world or World())
    except StoreError:  # no key, another one, no key file, a version behind: the data file is enough
        await _seal_alone(settings)
    hush(settings)
    return ["Sealed. Every process of the bot ends within a second or two, with status 77, and none starts."]


async def _seal_and_write(settings: Settings, world: World) -> None:
    async with opened(settings, world) as db, db.unit() as unit:
        if await pauses.held(unit, pauses.SEALED) is None:
            await pauses.hold(unit, pauses.SEALED, reason=CONSOLE)
            await _write(unit, CONSOLE, Act.SEAL, world.clock.now())
        await unit.commit()


async def _seal_alone(settings: Settings) -> None:
    link = await Link.open(settings.database_url)
    try:
        await version.check_is_there(link)  # not which version: the program may be newer than what runs
        async with link.channel() as channel:
            if await pauses.held(channel, pauses.SEALED) is None:
                await pauses.hold(channel, pauses.SEALED, reason=UNWRITTEN)
            await channel.commit()
    finally:
        await link.close()


async def unseal(settings: Settings, ask: Callable[[str], str], *, world: World | None = None) -> list[str]:
    """Let the bot start again, once organizers have proven who they are; what was done, in lines.

    `ask` shows its argument at the terminal and gives what was typed. Raises NotSealed, NotProven.
    """
    world = world or World()
    async with opened(settings, world) as db:
        async with db.reading() as unit:
            reason = await pauses.held(unit, pauses.SEALED)
            there = len(await roles.holders(unit, Role.ORGANIZER))
        if reason is None:
            raise NotSealed
        given = [
            (ask(f"Code of organizer {number}"), world.clock.now())
            for number in range(1, min(NEEDED, there) + 1)
        ]
        await _open(db, reason, given, now=world.clock.now())
    return ["Open. Start it with `bot run`."]


async def _open(db: Database, reason: str, given: list[tuple[str, datetime]], *, now: datetime) -> None:
    """All of it or nothing: a wrong code uses up no right one."""
    async with db.unit() as unit:
        proven: list[int] = []
        for code, typed_at in given:
            who = await proof.prover(unit, code=code.replace(" ", ""), now=typed_at, besides=proven)
            if who is None:
                raise NotProven
            proven.append(who)
        if reason == UNWRITTEN:
            await _write(unit, CONSOLE, Act.SEAL, now)
        for actor in [await audit.alias_of(unit, who) for who in proven] or [CONSOLE]:
            await _write(unit, actor, Act.UNSEAL, now)
        await pauses.resume(unit, pauses.SEALED)
        await unit.commit()


async def _write(unit: Unit, actor: str, act: Act, now: datetime) -> None:
    await audit.write(unit, actor=actor, act=act, thing=Thing.BOT, today=now.date())

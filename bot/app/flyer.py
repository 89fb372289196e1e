"""Flyers from a terminal: made, drawn into a folder, listed, ended. In the chat it is `actions.flyer`."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.app.house import opened
from bot.app.keeper import FolderExists, NotWritten
from bot.app.known import bot_name
from bot.app.world import World
from bot.model.audit import CONSOLE, Act, Thing
from bot.model.chart import told
from bot.model.exit import Exit, ExpectedError
from bot.model.flyer import LONGEST, LONGEST_NAME, Flyer, Order
from bot.model.outgoing import SendFailed
from bot.model.person import Language
from bot.pipeline import leaflet
from bot.pipeline.press import PROGRAM
from bot.pipeline.program import made
from bot.settings import Settings
from bot.store import audit, flyers
from bot.store.unit import Unit

DRAWN_WITHIN: Final = 60.0  # seconds for one sheet


class FlyerUnfit(ExpectedError):
    """A flyer has a name of 1 to 40 letters, and is in use for a day at least and a year at most."""

    status = Exit.USAGE
    advice = "Give it a short name of a place or an occasion, and --days from 1 to 366."


class FlyerUnknown(ExpectedError):
    """There is no flyer in use with that code."""

    advice = "`bot flyer list` shows them."


class NameUnknown(ExpectedError):
    """What the bot is called on Telegram is not known here, so there is no link to print."""

    status = Exit.TRY_AGAIN
    advice = "Draw it with --bot NAME, or when Telegram can be reached: `bot flyer draw CODE`."


class NotDrawn(ExpectedError):
    """The sheets could not be drawn."""

    status = Exit.TRY_AGAIN
    advice = "Try `bot flyer draw` again. If it goes on, this installation lacks a library: `make setup`."


async def new_flyer(settings: Settings, name: str, *, days: int, world: World | None = None) -> Flyer:
    """Make one. Raises FlyerUnfit."""
    world, called, span = world or World(), " ".join(name.split()), timedelta(days=days)
    if not 0 < len(called) <= LONGEST_NAME or not timedelta() < span <= LONGEST:
        raise FlyerUnfit
    today = world.clock.now().date()
    async with opened(settings, world) as db, db.unit() as unit:
        one = await flyers.make(unit, called, today=today, ends_on=today + span)
        await audit.write(unit, actor=CONSOLE, act=Act.MAKE, thing=Thing.FLYER, today=today)
        await unit.commit()
    return one


async def list_flyers(settings: Settings, world: World | None = None) -> list[str]:
    """Each in a line: code, until when, how often it was opened, name."""
    world = world or World()
    today = world.clock.now().date()
    async with opened(settings, world) as db, db.reading() as unit:
        found, scans = await flyers.everyone(unit), await flyers.scans(unit)
    return [
        f"{one.code}  {'until' if one.is_live(today) else 'ended'} {one.ends_on}  "
        f"{_told(scans.get(one.code, 0)):>12}  {one.name}"
        for one in found
    ] or ["There is no flyer."]


async def retire_flyer(settings: Settings, code: str, *, world: World | None = None) -> list[str]:
    """End one today. Raises FlyerUnknown."""
    world = world or World()
    today = world.clock.now().date()
    async with opened(settings, world) as db, db.unit() as unit:
        if not await flyers.retire(unit, code, today=today):
            raise FlyerUnknown
        await audit.write(unit, actor=CONSOLE, act=Act.RETIRE, thing=Thing.FLYER, today=today)
        await unit.commit()
    return ["Ended. It still opens the chat, and is not counted any more."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Which flyer is drawn: in which languages, for which bot (None: Telegram is asked), into which new folder."""

    code: str
    languages: tuple[Language, ...] = tuple(Language)
    bot: str | None = None
    out: Path | None = None


async def draw_flyer(settings: Settings, drawing: Drawing, *, world: World | None = None) -> list[str]:
    """Draw every sheet of one.

    Raises FlyerUnknown, NameUnknown, NotDrawn, FolderExists, NotWritten.
    """
    world = world or World()
    async with opened(settings, world) as db:
        async with db.reading() as unit:
            one = await _live(unit, drawing.code, world)
        name = drawing.bot or await bot_name(settings, db)
    if name is None:
        raise NameUnknown
    link = f"https://t.me/{name.removeprefix('@')}?start={one.payload}"
    library, renderer, _ = world.words(settings)
    order = Order(link=link, languages=drawing.languages)
    content = leaflet.content(order, renderer, phrases=library.book.phrases)
    return [f"opens: {link}", *_write(drawing.out or Path(f"flyer-{one.code}"), await _drawn(content))]


async def _live(unit: Unit, code: str, world: World) -> Flyer:
    today = world.clock.now().date()
    for one in await flyers.everyone(unit):
        if one.code == code and one.is_live(today):
            return one
    raise FlyerUnknown


async def _drawn(content: bytes) -> dict[str, bytes]:
    """Every sheet by its name. Raises NotDrawn."""
    try:
        async with asyncio.timeout(DRAWN_WITHIN * len(leaflet.NAMES)):
            return {
                name: await made("-m", PROGRAM, sheet, content=content)
                for sheet, name in leaflet.NAMES.items()
            }
    except (TimeoutError, SendFailed):
        raise NotDrawn from None


def _write(folder: Path, contents: Mapping[str, bytes]) -> list[str]:
    """Every file into a new folder, both for their owner alone. Raises FolderExists, NotWritten."""
    try:
        folder.mkdir(mode=0o700)
        for name, content in contents.items():
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
    except FileExistsError:
        raise FolderExists from None
    except OSError:
        raise NotWritten from None
    return [f"written: {folder / name}" for name in contents]


def _told(scans: int) -> str:
    """A number that could be told apart from people is not shown."""
    return "fewer than 5" if told(scans) is None else str(scans)

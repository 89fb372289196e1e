"""The bot's account on Signal, for whoever runs the bot: each command says what was done, and what to do next."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.app import signal_folders
from bot.app.house import opened
from bot.app.signal import spooler
from bot.app.world import World
from bot.model.exit import ExpectedError
from bot.model.finding import Finding
from bot.model.outgoing import SendFailed
from bot.model.person import Platform
from bot.pipeline import holding
from bot.pipeline.press import PROGRAM
from bot.pipeline.program import made
from bot.settings import Settings
from bot.store import memo, pauses, vitals
from bot.store.errors import StoreError
from bot.transports.signal import account
from bot.transports.signal.check import check
from bot.transports.signal.rpc import Rpc

DRAWN_WITHIN: Final = 20.0  # seconds
NEXT: Final = "Then let people see a name instead of the number: `bot signal profile NAME`."


SOLVE: Final = (
    'Solve one at https://signalcaptchas.org/challenge/generate.html, copy the link of "Open Signal", then\n'
    '`bot signal challenge "signalcaptcha://..."`'
)


class NothingWanted(ExpectedError):
    """Signal has not asked for a captcha."""

    advice = "If messages wait, see why with `bot doctor`."


async def register(settings: Settings, *, captcha: str | None, voice: bool) -> list[str]:
    """Ask for a code. Raises what `bot.transports.signal.account` raises, as all of these."""
    async with _daemon(settings) as rpc:
        await account.register(rpc, captcha=captcha, voice=voice)
    how = "calls the number and says" if voice else "sends an SMS with"
    hint = [] if voice else ["A landline gets none: wait a minute, then the same with --voice."]
    return [f"Signal {how} a code of six digits.", *hint, "Then: `bot signal verify CODE`."]


async def verify(settings: Settings, code: str, *, pin: str | None) -> list[str]:
    """Give back the code."""
    async with _daemon(settings) as rpc:
        await account.verify(rpc, code, pin=pin)
    return ["The number is the bot's on Signal.", NEXT]


async def link(settings: Settings) -> AsyncIterator[str]:
    """Have a phone take this in as one of its devices: the code to scan, and what came of it."""
    async with _daemon(settings) as rpc:
        uri = await account.begin_link(rpc)
        yield await _code(uri)
        yield uri
        yield "On the phone: Settings, Linked devices, and scan this. It is waited for ten minutes."
        await account.finish_link(rpc, uri)
    yield "Linked. What is written to that phone reaches the bot too: use a number that serves nothing else."
    yield "The phone may be off, but has to go online once in a while, or Signal forgets the link after a month."
    yield NEXT


async def profile(settings: Settings, name: str) -> list[str]:
    """What people see of the bot, and that the number is not among it."""
    async with _daemon(settings) as rpc:
        await account.introduce(rpc, name)
    return [
        f"People see: {name}",
        "The number is not shown and not found; no sign goes out of what was read.",
        "Then a name people can find it by: `bot signal username NAME`.",
    ]


async def lock(settings: Settings, pin: str | None) -> list[str]:
    """A PIN without which nobody registers the number anew; None takes it away."""
    async with _daemon(settings) as rpc:
        await account.lock(rpc, pin)
    if pin is None:
        return ["The PIN is gone: whoever gets the number's SMS can take the account."]
    return [
        "From now on the number can't be registered again without this PIN.",
        "Keep it beside the copy of the master key, not on this machine: signal-cli alone can't tell it.",
        "It holds while signal-cli is online at least once a week.",
    ]


async def username(settings: Settings, name: str, *, world: World | None = None) -> list[str]:
    """A name people can find the bot by, as words, a link and a code to scan; who is on Telegram is shown the link."""
    async with _daemon(settings) as rpc:
        whole, address = await account.set_username(rpc, name)
    known = await _remembered(settings, address, world=world or World())
    return [f"username: {whole}", f"link: {address}", await _code(address), *known]


async def _remembered(settings: Settings, address: str, *, world: World) -> list[str]:
    """Keep the link for people who come from Telegram; what to do where there is nowhere to keep it yet."""
    try:
        async with opened(settings, world) as db, db.unit() as unit:
            await memo.put(unit, memo.LINK, address)
            await unit.commit()
    except ExpectedError:
        return [
            "To have the bot show the link to people on Telegram: this command again, once it was started."
        ]
    return []


async def challenge(settings: Settings, captcha: str, *, world: World | None = None) -> list[str]:
    """Give Signal the captcha it wants before it takes more messages. Raises also NothingWanted."""
    world = world or World()
    async with opened(settings, world) as db:
        async with db.reading() as unit:
            token = await memo.get(unit, memo.riddle(Platform.SIGNAL))
        if token is None:
            raise NothingWanted
        async with _daemon(settings) as rpc:
            await account.solve(rpc, token=token, captcha=captcha)
        async with db.unit() as unit:
            count = await holding.lift(unit, Platform.SIGNAL, now=world.clock.now())
            await unit.commit()
    return [f"Signal took it. `bot run` goes on within seconds; still to go out there: {count}."]


async def status(settings: Settings, *, world: World | None = None) -> tuple[Finding, ...]:
    """The daemon, its account, the spooler, what lies on the disk; with a master key also a captcha that is wanted."""
    world = world or World()
    today = world.clock.now().date()
    found = await check(
        settings.signal_rpc or "", account=_number(settings), today=today, polls=settings.signal_polls
    )
    captcha = await wanted(settings, world) if settings.master_keys() else ()
    return (*found, spooler(settings), *captcha, *await asyncio.to_thread(signal_folders.check, settings))


async def wanted(settings: Settings, world: World) -> tuple[Finding, ...]:
    """The captcha that Signal waits for, if any; nothing where the databases can't be asked."""
    try:
        async with opened(settings, world) as db, db.reading() as unit:
            pause = (await pauses.active(unit, now=world.clock.now())).get(Platform.SIGNAL)
            count = await vitals.waiting(unit, Platform.SIGNAL)
    except StoreError:
        return ()
    if pause is None or pause.reason != pauses.CHALLENGED:
        return ()
    detail = f"wanted before anything more goes out; waiting: {count}"
    return (Finding(name="signal captcha", ok=False, detail=detail, advice=SOLVE),)


@asynccontextmanager
async def _daemon(settings: Settings) -> AsyncIterator[Rpc]:
    async with Rpc(settings.signal_rpc or "", account=_number(settings)) as rpc:
        yield rpc


def _number(settings: Settings) -> str:
    return settings.signal_account.get_secret_value() if settings.signal_account else ""


async def _code(link: str) -> str:
    """The link as a code for a phone to scan off the terminal; nothing where it can't be drawn."""
    try:
        async with asyncio.timeout(DRAWN_WITHIN):
            drawn = await made("-m", PROGRAM, "terminal", content=json.dumps({"link": link}).encode())
    except (TimeoutError, SendFailed):
        return ""
    return drawn.decode()

"""Serving people: every loop in one TaskGroup. In the sandbox it is the same, with `bot.app.leash` beside it."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import count
from typing import Final
from urllib.parse import urlsplit

from bot.app import signal_profile
from bot.app.house import House, bot_id, house, telegram_api
from bot.app.known import remember_name
from bot.app.seal import Sealed, last_calls, refuse_if_sealed
from bot.app.signal import clear_away, hush, listener, silence
from bot.app.world import World
from bot.model.exit import Exit, ExpectedError
from bot.model.outgoing import SendFailed
from bot.model.person import Form, Language, Platform, Voice
from bot.pipeline.retry import backoff
from bot.settings import Mode, Settings
from bot.store import memo, outbox
from bot.store.errors import StorageTroubled
from bot.store.link import Dialect
from bot.transports.telegram.listener import TelegramPoller
from bot.transports.telegram.profile import BotProfile, MenuCommand, ProfileWords, apply_profile
from bot.transports.telegram.webhook import accept, set_webhook
from bot.web import Check, Hook, build, serving

ALARM: Final = 90.0  # seconds without a sign of life before health fails
RECEIVER_RETRY: Final = 2.0
PROFILE_MEMO: Final = "telegram_profile"

Beside = Callable[[House], Coroutine[None, None, None]]

log = logging.getLogger(__name__)


class AlreadyRunning(ExpectedError):
    """Another process is serving from this database."""

    status = Exit.TRY_AGAIN
    advice = "Stop it first, or use PostgreSQL to run more than one."


class NoListening(ExpectedError):
    """The address of BOT_HTTP_LISTEN can't be listened on."""

    status = Exit.TRY_AGAIN
    advice = "Most likely another program has it: stop that one, or set another port."


async def run(settings: Settings, world: World | None = None, *, beside: Beside | None = None) -> None:
    """Serve people until cancelled. Raises whatever is wrong at the start; later only a seal ends it (Sealed).

    What is given as `beside` starts when people are served, and runs with the other loops.
    The end goes in order: no new calls, those under way written down, the loops cancelled, then what they stand on
    closed.
    """
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        spawn = tasks.create_task
        home = await stack.enter_async_context(house(settings, spawn=spawn, world=world or World()))
        await refuse_if_sealed(home.db)
        await stack.enter_async_context(_alone(home))
        poller = await _poller(home, stack)
        await _begin(home)
        await stack.enter_async_context(_web(home, poller))
        await stack.enter_async_context(home.ticker.ticking())
        tasks.create_task(home.deliverer.run())
        loops = [home.processor.run()]
        if poller:
            loops += [_receive(home, poller), _introduce(home)]
        if settings.signal_rpc:
            loops.append(listener(settings, home.db.keyring, clock=home.world.clock).listen(home.receiver))
            loops += [clear_away(settings), signal_profile.introduce(home)]
        if beside:
            loops.append(beside(home))
        taking_in = [tasks.create_task(loop) for loop in loops]
        gc.freeze()  # what is here stays; scanning it for cycles again and again is where long pauses come from
        gc.enable()
        try:
            await home.ticker.sealed.wait()
            await last_calls(home, taking_in)
            hush(settings)
            raise Sealed
        finally:
            await home.deliverer.finish()


async def _poller(home: House, stack: AsyncExitStack) -> TelegramPoller | None:
    """What asks Telegram, over a connection of its own, where there is a token."""
    if home.settings.telegram_token is None:
        return None
    return TelegramPoller(await stack.enter_async_context(telegram_api(home.settings)), home.world.clock)


@asynccontextmanager
async def _alone(home: House) -> AsyncIterator[None]:
    """On SQLite one process serves a data file; on PostgreSQL there may be many."""
    async with home.db.hold("run") as alone:
        if not alone and home.db.dialect is Dialect.SQLITE:
            raise AlreadyRunning
        yield


async def _begin(home: House) -> None:
    """Sweep first: a bot that cannot keep its promises does not start. Then take up what a crash left behind."""
    await home.retention.sweep()
    await home.ticker.measure()
    async with home.db.unit() as unit:
        if left := await outbox.release(unit, now=home.world.clock.now()):
            log.warning("sends_cut_short", extra={"action": "start", "count": left})
        await unit.commit()


async def _receive(home: House, poller: TelegramPoller) -> None:
    """Poll while we are the one receiver; in webhook mode see that Telegram knows where to deliver."""
    if home.settings.telegram_mode is Mode.WEBHOOK:
        await _until_done(partial(_hook_up, home), "webhook")
        return
    while True:
        try:
            async with home.db.hold("receive") as ours:
                if ours:
                    await poller.listen(home.receiver)
        except StorageTroubled as trouble:
            log.warning("storage_troubled", extra={"action": "receive", "error": trouble.trouble.value})
        await asyncio.sleep(RECEIVER_RETRY)


async def _hook_up(home: House) -> None:
    url, secret = home.settings.webhook_url, home.settings.webhook_secret
    if url and secret:
        await set_webhook(home.telegram, url, secret=secret.get_secret_value())


async def _introduce(home: House) -> None:
    """What the bot is called, asked; commands and descriptions there, in every language, when they have changed."""
    await _until_done(partial(_set_profile, home), "profile")


async def _set_profile(home: House) -> None:
    await remember_name(home.telegram, home.db, settings=home.settings)
    name = f"{PROFILE_MEMO}/{bot_id(home.settings)}"
    async with home.db.reading() as unit:
        stored = await memo.get(unit, name)
    fingerprint = await apply_profile(home.telegram, profile(home), stored=stored)
    if fingerprint != stored:
        async with home.db.unit() as unit:
            await memo.put(unit, name, fingerprint)
            await unit.commit()


async def _until_done(work: Callable[[], Awaitable[None]], name: str) -> None:
    """Do `work`, again and again until Telegram takes it and the store knows."""
    for attempt in count(1):
        try:
            await work()
        except (SendFailed, StorageTroubled) as error:
            outcome = error.failure.reason if isinstance(error, SendFailed) else error.trouble.value
            log.warning("setup_failed", extra={"action": name, "outcome": outcome})
            await asyncio.sleep(backoff(attempt).total_seconds())
        else:
            return


def profile(home: House) -> BotProfile:
    """What people see of the bot before and beside the chat; English is what everybody else sees."""
    hebrew = _profile_words(home, Language.HEBREW, shown_to=Language.HEBREW)
    english = _profile_words(home, Language.ENGLISH, shown_to=None)
    return BotProfile(words=(hebrew, english))


def _profile_words(home: House, language: Language, *, shown_to: Language | None) -> ProfileWords:
    voice, book = Voice(language=language, form=Form.NEUTRAL), home.library.book_of(frozenset())
    commands = [
        MenuCommand(name=command.name, description=home.renderer.label(voice, command.menu))
        for command in book.commands.values()
        if command.menu
    ]
    return ProfileWords(
        language=shown_to,
        description=home.renderer.label(voice, book.phrases["profile_description"]),
        short_description=home.renderer.label(voice, book.phrases["profile_short"]),
        commands=tuple(commands),
    )


@asynccontextmanager
async def _web(home: House, poller: TelegramPoller | None) -> AsyncIterator[None]:
    """Health, metrics, and the webhook where that is how updates come."""
    listen = home.settings.http_listen

    def render() -> bytes:
        if (age := _poll_age(home, poller)) is not None:
            home.metrics.polled(Platform.TELEGRAM, age)
        home.metrics.statements(home.db.statements, home.db.commits)
        return home.metrics.render()

    application = build(checks=lambda: _checks(home, poller), render=render, hooks=_hooks(home))
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(serving(application, host=listen.host, port=listen.port))
        except OSError as error:
            raise NoListening from error
        yield


def _hooks(home: House) -> list[Hook]:
    url, secret = home.settings.webhook_url, home.settings.webhook_secret
    if home.settings.telegram_mode is not Mode.WEBHOOK or not url or not secret:
        return []
    take = partial(accept, secret=secret.get_secret_value(), ingest=home.receiver)
    return [Hook(path=urlsplit(url).path or "/", accept=take)]


def _checks(home: House, poller: TelegramPoller | None) -> list[Check]:
    ticked = home.ticker.last_measured
    ages = {
        "storage": (home.world.clock.now() - ticked).total_seconds() if ticked else None,
        "queues": home.ticker.longest_overdue,
    }
    if poller and home.settings.telegram_mode is Mode.POLLING:
        ages["telegram"] = _poll_age(home, poller)
    if home.settings.signal_rpc:
        ages["signal"] = silence(home.settings)
    return [Check(name=name, ok=age is not None and age < ALARM, age=age) for name, age in ages.items()]


def _poll_age(home: House, poller: TelegramPoller | None) -> float | None:
    seen = poller.last_success if poller else None
    return (home.world.clock.now() - seen).total_seconds() if seen else None

"""The house: databases opened and checked, the transports connected, the pipeline's stages wired. Nothing runs yet."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.app.signal import discard, intake
from bot.app.world import World
from bot.engine.need import MOVE
from bot.engine.part import without
from bot.i18n.render import Renderer
from bot.model.flood import raised
from bot.model.person import Platform
from bot.pipeline.announce import Announcer
from bot.pipeline.copying import Copying
from bot.pipeline.deliver import Deliverer
from bot.pipeline.flood import Turnstile
from bot.pipeline.ground import Ground, Spawn
from bot.pipeline.limiter import BulkLimiter
from bot.pipeline.metrics import Metrics
from bot.pipeline.process import Processor
from bot.pipeline.receive import Receiver
from bot.pipeline.reminding import ask_again
from bot.pipeline.retention import Retention
from bot.pipeline.speech import Library
from bot.pipeline.tick import Ticker
from bot.pipeline.turn import TurnTaker
from bot.pipeline.urgent import Urgency
from bot.pipeline.watch import Watch
from bot.ports import Transport
from bot.settings import Settings
from bot.store import consents
from bot.store.db import Database
from bot.store.keyring import open_keyring
from bot.store.keys import MasterKeys
from bot.transports.signal.adapter import SignalTransport
from bot.transports.signal.rpc import Rpc
from bot.transports.telegram.adapter import TelegramTransport
from bot.transports.telegram.api import Api
from bot.transports.telegram.request import AiohttpRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything one process has."""

    settings: Settings
    world: World
    db: Database
    library: Library
    renderer: Renderer
    receiver: Receiver
    processor: Processor
    deliverer: Deliverer
    ticker: Ticker
    retention: Retention
    watch: Watch
    metrics: Metrics
    telegram: Api


@asynccontextmanager
async def house(settings: Settings, *, spawn: Spawn, world: World) -> AsyncIterator[House]:
    """A house for `settings`, open while the block lasts. `spawn` starts a task somebody else owns.

    Raises what opening and checking raises: NotMigrated, WrongMasterKey, NoKeyFile, FlowsRefused, ...
    """
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(opened(settings, world))
        telegram = await stack.enter_async_context(telegram_api(settings))
        transports: dict[Platform, Transport] = {}
        if settings.telegram_token:
            transports[Platform.TELEGRAM] = TelegramTransport(telegram)
        if settings.signal_rpc and settings.signal_account:
            account = settings.signal_account.get_secret_value()
            rpc = await stack.enter_async_context(Rpc(settings.signal_rpc, account=account))
            transports[Platform.SIGNAL] = SignalTransport(rpc, account=account, polls=settings.signal_polls)
        ground = Ground(
            db=db, transports=transports, clock=world.clock, spawn=spawn, discard=discard(settings)
        )
        built = _built(settings, ground, telegram=telegram, world=world)
        await _publish(built)
        yield built


async def _publish(built: House) -> None:
    """From now on the words of these flows and letters are what people agree to."""
    library, settings = built.library, built.settings
    letters = [one for one in library.book.letters.values() if one.is_offered(library.policy)]
    now = built.world.clock.now()
    async with built.db.unit() as unit:
        changed = await consents.publish(unit, library.consents)
        asked = (
            await ask_again(unit, letters, now=now, zone=settings.timezone)
            if settings.letter_public_key
            else 0
        )
        if changed or asked:
            await unit.commit()


@asynccontextmanager
async def opened(settings: Settings, world: World) -> AsyncIterator[Database]:
    """The data file with its key file, both checked."""
    masters = MasterKeys(settings.master_keys())
    today = world.clock.now().date()
    async with open_keyring(settings.keys_url, masters, entropy=world.entropy, today=today) as keyring:
        db = await Database.open(settings.database_url, keyring, bot=bot_id(settings))
        try:
            await db.check_migrated()
            await db.check_keys(today=today)
            yield db
        finally:
            await db.close()


def telegram_api(settings: Settings) -> Api:
    """A connection to Telegram of its own; polling and sending do not share one."""
    return Api(
        settings.telegram_token.get_secret_value() if settings.telegram_token else "0:none",
        url=settings.telegram_api_url,
        request=AiohttpRequest(proxy=settings.telegram_proxy),
    )


def bot_id(settings: Settings) -> str:
    """The public half of the token: whose updates these are."""
    return settings.telegram_token.get_secret_value().partition(":")[0] if settings.telegram_token else ""


def _paces(settings: Settings, ground: Ground) -> dict[Platform, BulkLimiter]:
    """How fast check-ins and notices leave on each platform that is served."""
    rates = {Platform.TELEGRAM: settings.telegram_rate, Platform.SIGNAL: settings.signal_rate}
    return {one: BulkLimiter(rate=rates.get(one, settings.telegram_rate)) for one in ground.transports}


def _built(settings: Settings, ground: Ground, *, telegram: Api, world: World) -> House:
    library, renderer, vocabulary = world.words(settings)
    if len(ground.transports) < len(Platform):  # there is no other app to go on in
        library = replace(library, book=without(library.book, MOVE))
    turns = TurnTaker(
        library=library,
        renderer=renderer,
        vocabulary=vocabulary,
        nonces=world.nonces,
        zone=settings.timezone,
        patience=settings.case_times,
        claims_a_day=settings.claims_a_day,
        keeper=settings.letter_public_key,
        lasting=timedelta(days=settings.signal_timer),
    )
    retention = Retention(ground)
    watch = Watch(ground, retention, cards=library.cards, intake=lambda: intake(settings))
    return House(
        settings=settings,
        world=world,
        db=ground.db,
        library=library,
        renderer=renderer,
        receiver=Receiver(
            ground,
            urgency=Urgency(library.book, vocabulary),
            turnstile=Turnstile(raised(settings.flood_factor)),
        ),
        processor=Processor(ground, turns),
        deliverer=Deliverer(
            ground,
            _paces(settings, ground),
            Copying(Announcer(book=library.book, renderer=renderer), zone=settings.timezone),
        ),
        ticker=Ticker(ground, retention, watch),
        retention=retention,
        watch=watch,
        metrics=ground.metrics,
        telegram=telegram,
    )

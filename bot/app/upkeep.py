"""The commands around serving: migrate, rotate keys, look at everything, list the sessions a deploy would touch."""

from collections import Counter

from bot.app import account
from bot.app.house import opened, telegram_api
from bot.app.seal import Sealed
from bot.app.words import read_reviews
from bot.app.world import World
from bot.engine.parse import FlowsRefused, read_book
from bot.model.card import ContentPolicy
from bot.model.exit import ExpectedError
from bot.model.finding import Finding
from bot.model.letter import LetterStatus
from bot.model.review import Standing
from bot.settings import Mode, Settings
from bot.store import inbox, pauses, sessions
from bot.store.errors import StoreError
from bot.store.keyring import open_keyring
from bot.store.keys import MasterKeys
from bot.transports.telegram.check import check, check_clock


async def migrate(settings: Settings) -> list[str]:
    """Bring both databases to the version this program needs; what was done, in lines."""
    from bot.store import migrate as migrations

    await migrations.migrate_keys(settings.keys_url)
    await migrations.migrate(settings.database_url)
    return ["The key file is up to date.", "The database is up to date."]


async def rotate_keys(settings: Settings) -> list[str]:
    """Wrap every key with the newest master key while others serve; what was done, in lines."""
    world = World()
    masters = MasterKeys(settings.master_keys())
    today = world.clock.now().date()
    async with open_keyring(settings.keys_url, masters, entropy=world.entropy, today=today) as keyring:
        done = await keyring.rewrap()
    return [f"Wrapped {done} keys again.", "The old master key is needed no more: keep only the new one."]


async def doctor(settings: Settings) -> list[Finding]:
    """Look at the settings, the keys, the database, the clock, Telegram and Signal; what to do about each."""
    world = World()
    settled = Finding(name="settings", ok=True, detail="all readable")
    return [
        settled,
        _keys_given(settings),
        await _storage(settings, world),
        _cards(settings, world),
        _letters(settings),
        *await _telegram(settings, world),
        *await _signal(settings, world),
    ]


def _keys_given(settings: Settings) -> Finding:
    given = bool(settings.master_keys())
    return Finding(
        name="master key",
        ok=given,
        detail="given" if given else "none given",
        advice="" if given else "Make one with `bot keys new` and give it as BOT_MASTER_KEY_FILE.",
    )


async def _storage(settings: Settings, world: World) -> Finding:
    """Both databases opened as `bot run` opens them, and one row read."""
    try:
        async with opened(settings, world) as db, db.reading() as unit:
            waiting = await inbox.depth(unit)
            is_sealed = await pauses.held(unit, pauses.SEALED) is not None
    except StoreError as error:
        advice = error.advice if isinstance(error, ExpectedError) else "See that the disk is not full."
        return Finding(name="databases", ok=False, detail=str(error), advice=advice)
    if is_sealed:
        return Finding(name="databases", ok=False, detail="sealed by organizers", advice=Sealed.advice)
    return Finding(name="databases", ok=True, detail=f"open; {waiting} events wait")


def _cards(settings: Settings, world: World) -> Finding:
    """How many cards stand where; with the policy of `bot run`, a bot without an approved one has little to say."""
    today, approved_only = world.clock.now().date(), settings.content_policy == ContentPolicy.APPROVED
    try:
        reviews = read_reviews(settings.flows_dir / "cards").values()
    except FlowsRefused:
        return Finding(name="cards", ok=False, detail="can't be read", advice=FlowsRefused.advice)
    found = Counter(review.standing(today) for review in reviews)
    return Finding(
        name="cards",
        ok=found[Standing.APPROVED] > 0 or not approved_only,
        detail=", ".join(f"{found[standing]} {standing}" for standing in Standing if found[standing]),
        advice="Only the emergency lines are served. Have cards signed: docs/cards.md.",
    )


def _letters(settings: Settings) -> Finding:
    """Whether an open letter can be signed: without the keeper's key there is nothing to seal a name to."""
    try:
        letters = read_book(settings.flows_dir).letters.values()
    except FlowsRefused:
        return Finding(name="letters", ok=False, detail="can't be read", advice=FlowsRefused.advice)
    is_open = [letter for letter in letters if letter.status is LetterStatus.OPEN]
    has_key = settings.letter_public_key is not None
    return Finding(
        name="letters",
        ok=has_key or not is_open,
        detail=f"{len(is_open)} open; {'a' if has_key else 'no'} key to seal to",
        advice="Nobody can sign. Have the keeper make a key: docs/letter.md.",
    )


async def _telegram(settings: Settings, world: World) -> list[Finding]:
    if settings.telegram_token is None:
        if settings.signal_rpc:
            return []
        advice = "Set BOT_TELEGRAM_TOKEN to the token @BotFather shows."
        return [Finding(name="telegram", ok=False, detail="no token", advice=advice)]
    wanted = settings.webhook_url if settings.telegram_mode is Mode.WEBHOOK else None
    async with telegram_api(settings) as api:
        found = await check(api, webhook_url=wanted)
    clock = await check_clock(settings.telegram_api_url, now=world.clock.now, proxy=settings.telegram_proxy)
    return [*found, clock]


async def _signal(settings: Settings, world: World) -> tuple[Finding, ...]:
    if settings.signal_rpc is None or settings.signal_account is None:
        return ()
    return await account.status(settings, world=world)


async def touched(settings: Settings) -> list[str]:
    """The sessions that the flows on disk would interrupt, as steps and how many people wait there."""
    from bot.lint import affected

    async with opened(settings, World()) as db, db.reading() as unit:
        found = affected(read_book(settings.flows_dir), await sessions.everyone(unit))
    return [f"{one.flow}.{one.step}: {one.sessions} waiting" for one in found]

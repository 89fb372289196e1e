"""A sealed bot ends by itself, on every machine, and does not start again until organizers open it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot import app
from bot.app.house import opened
from bot.app.seal import NotProven, NotSealed
from bot.app.world import World
from bot.model.exit import Exit
from bot.model.person import Platform
from bot.settings import Secret, Settings, sandbox
from bot.store import pauses, people
from tests.faults.crowd import visitor_at_home
from tests.faults.place import MASTER_KEY, PATIENCE, Place
from tests.organizer import OTHER, SECRET, enrolled, shown
from tests.stage import StillClock


def settings_of(place: Place, *, key: bool = True) -> Settings:
    """What the console of that place would read."""
    urls = {
        "database_url": place.environment["BOT_DATABASE_URL"],
        "keys_url": place.environment["BOT_KEYS_URL"],
        "master_key": Secret(MASTER_KEY) if key else None,
        "master_key_file": None,
        "telegram_token": Secret(place.emulator.token),
    }
    return sandbox(place.directory, env_file=place.directory / "none").model_copy(update=urls)


async def organizers(settings: Settings, clock: StillClock, *secrets: bytes) -> None:
    """Somebody for each secret."""
    async with opened(settings, World(clock=clock)) as db:
        async with db.unit() as unit:
            ids = [str(number) for number in range(len(secrets))]
            found = await people.resolve(unit, Platform.TELEGRAM, ids, today=clock.now().date())
            await unit.commit()
        for id_, secret in zip(ids, secrets, strict=True):
            await enrolled(db, found[id_], now=clock.now(), secret=secret)


async def opens(settings: Settings, clock: StillClock, codes: Sequence[str]) -> list[str]:
    """What was asked when these codes were typed one after the other."""
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return codes[len(asked) - 1]

    await app.unseal(settings, ask, world=World(clock=clock))
    return asked


@pytest.mark.parametrize("key", [True, False])
async def test_a_sealed_bot_ends_and_does_not_start_again(place: Place, key: bool) -> None:
    """With status 77, even with the key in its environment; sealing takes no key, and the audit has it in the end."""
    settings, clock = settings_of(place), StillClock()
    bot = await place.start()
    await visitor_at_home(place.emulator)
    await app.seal(settings_of(place, key=key))
    await app.seal(settings_of(place, key=key))
    status = await bot.ended()
    again = await (await place.start(ready=False)).ended()
    (found,) = [one for one in await app.doctor(settings) if one.name == "databases"]
    await organizers(settings, clock, SECRET)
    asked = await opens(settings, clock, [shown(clock.now())])
    await place.start()
    await visitor_at_home(place.emulator)

    assert (status, again) == (Exit.SEALED, Exit.SEALED)
    assert "The bot is sealed." in bot.log
    assert (found.ok, found.detail) == (False, "sealed by organizers")
    assert asked == ["Code of organizer 1"]
    assert [line.split()[3] for line in await app.audited(settings)] == ["seal", "unseal"]
    assert await app.audit_breach(settings) is None


async def test_every_worker_ends(postgres_place: Place) -> None:
    """On PostgreSQL a second process notices as soon as the first."""
    bots = [await postgres_place.start(), await postgres_place.start(ready=False)]
    await visitor_at_home(postgres_place.emulator)
    await app.seal(settings_of(postgres_place))

    assert [await bot.ended() for bot in bots] == [Exit.SEALED, Exit.SEALED]


async def test_a_pause_holds_in_another_process_and_after_a_kill(place: Place) -> None:
    """Set by one process, kept by the other from the next message on, and by the one that comes after kill -9."""
    bot = await place.start()
    visitor = await visitor_at_home(place.emulator)
    async with opened(settings_of(place), World()) as db, db.unit() as unit:
        await pauses.hold(unit, pauses.EVERYTHING, reason="organizer")
        await unit.commit()
    heard = []
    for _ in range(2):
        await visitor.person.send("menu")
        heard.append((await visitor.person.wait_reply(timeout=PATIENCE)).text)
        await place.until_quiet()
        bot.kill()
        await bot.ended()
        bot = await place.start()

    assert [text.startswith("This bot is paused for now") for text in heard] == [True, True]


async def test_two_organizers_open_it_together(place: Place) -> None:
    """One alone does not, not with two codes of their own, nor with one that is wrong; no right code is used up."""
    settings, clock = settings_of(place), StillClock()
    await organizers(settings, clock, SECRET, OTHER)
    with pytest.raises(NotSealed):
        await opens(settings, clock, [])
    await app.seal(settings)
    mine, theirs = shown(clock.now()), shown(clock.now(), secret=OTHER)
    for codes in ([mine, mine], [mine, "000000"], ["", theirs]):
        with pytest.raises(NotProven):
            await opens(settings, clock, codes)

    assert await opens(settings, clock, [theirs, mine]) == ["Code of organizer 1", "Code of organizer 2"]


async def test_a_code_opens_once(place: Place) -> None:
    """A code that opened it does not open it after the next seal."""
    settings, clock = settings_of(place), StillClock()
    await organizers(settings, clock, SECRET)
    await app.seal(settings)
    await opens(settings, clock, [shown(clock.now())])
    await app.seal(settings)
    with pytest.raises(NotProven):
        await opens(settings, clock, [shown(clock.now())])
    clock.pass_time(timedelta(minutes=1))

    assert await opens(settings, clock, [shown(clock.now())])


async def test_before_there_are_organizers_the_key_opens_it(place: Place) -> None:
    """There is nobody to ask: whoever has the machine and the master key is all there is."""
    settings = settings_of(place)
    await app.seal(settings)

    assert await opens(settings, StillClock(), []) == []
    assert [line.split()[2] for line in await app.audited(settings)] == ["console", "console"]

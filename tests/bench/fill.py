"""Databases with many people in them, made through the store's own functions: every row sealed, tagged and keyed.

They are kept under `data/bench/` and made anew when they are a week old, because sessions end after two.
"""

import secrets
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from bot import app
from bot.app.house import opened
from bot.engine.session import Frame, Screen, Session
from bot.model.person import Language, Person, Platform
from bot.settings import Settings, sandbox
from bot.store import people, sessions
from bot.store.unit import Unit
from tests.bench.place import DATA

FIRST: Final = 5_000_000_000  # Telegram's ids today are of this size
AT_ONCE: Final = 8192
FRESH: Final = timedelta(days=7)
CAME: Final = timedelta(days=30)  # ago: their keys are old enough for the sweep to look at
CHOICES: Final = ("urgent", "order", "think", "others", "more")


async def filled(count: int) -> Path:
    """The folder of a database with the people FIRST up to FIRST + `count`."""
    folder = DATA / f"people-{count}"
    made = folder / "master.key"
    if made.exists() and time.time() - made.stat().st_mtime < FRESH.total_seconds():
        await app.migrate(sandbox(folder, env_file=folder / "none"))
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    draft = DATA / f"people-{count}-draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    settings = sandbox(draft, env_file=draft / "none")
    await app.migrate(settings)
    await _fill(settings, count)
    return draft.rename(folder)


def routing_id(number: int) -> int:
    """The Telegram id of the person with this number."""
    return FIRST + number


async def _fill(settings: Settings, count: int) -> None:
    world = app.World()
    numbers = iter(range(count))
    async with opened(settings, world) as db:
        while some := list(islice(numbers, AT_ONCE)):
            async with db.unit() as unit:
                await _add(unit, [str(routing_id(number)) for number in some], now=world.clock.now())
                await unit.commit()
            sys.stderr.write(f"\rmaking {count:,} people: {some[-1] + 1:,}")
    sys.stderr.write("\n")


async def _add(unit: Unit, routing_ids: list[str], *, now: datetime) -> None:
    """People who came a month ago and whose conversation rests at the menu."""
    found = await people.resolve(unit, Platform.TELEGRAM, routing_ids, today=(now - CAME).date())
    persons = [
        Person(id=id_, language=Language.ENGLISH if id_ % 5 == 0 else Language.HEBREW, onboarded=True)
        for id_ in found.values()
    ]
    await people.save(unit, persons)
    resting = {person.id: _session(now.astimezone(UTC)) for person in persons}
    await sessions.save(unit, resting, today=now.date())


def _session(now: datetime) -> Session:
    return Session(
        frames=(Frame(flow="menu", step="home"),),
        screen=Screen(nonce=secrets.token_hex(4), choices=CHOICES),
        expires_at=now + timedelta(days=7),
    )

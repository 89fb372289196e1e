"""Check-ins that came due while the bot was away, and what whoever writes meanwhile notices of them."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Final

from bot import app
from bot.app.house import opened
from bot.model.checkin import Manner, Rest, kind_of
from bot.model.consent import Consent, Method, Purpose
from bot.model.person import Language, Person, Platform
from bot.model.queue import Lane, LaneKind, Timer
from bot.sandbox import Emulator, running
from bot.settings import sandbox
from bot.store import consents, people, timers
from bot.store.unit import Unit
from tests.bench.crowd import Crowd, Turns
from tests.bench.fill import filled, routing_id
from tests.bench.place import workplace
from tests.bench.process import started

WRITING: Final = 20
EACH_PAUSES: Final = 2.0  # seconds from one turn of somebody to their next
CALM: Final = 20.0  # seconds
SENDING: Final = 20.0  # seconds in which the platform's rate is seen
LONGEST: Final = 300.0
AT_ONCE: Final = 1000
NOON: Final = 13

# How late, by turns: most are sent, some with an apology, some are skipped.
LATE: Final = (*[timedelta(hours=1)] * 7, *[timedelta(hours=12)] * 2, timedelta(days=2))

LEFT: Final = """
    SELECT (SELECT count(*) FROM timer WHERE kind LIKE 'checkin:%')
         + (SELECT count(*) FROM inbox WHERE handled_at IS NULL AND origin = 'timer')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What it took to catch up. `sent_per_second` is while check-ins wait for their turn to leave."""

    notes: int
    seconds: float
    calm: Turns
    meanwhile: Turns
    leaving: Turns
    sent_per_second: float
    too_fast: int  # how often Telegram said so


async def overdue(count: int) -> Outage:
    """Everybody but those who write is owed a check-in when the bot comes back."""
    with workplace(await filled(count + WRITING)) as folder:
        async with running(Emulator(open_doors=True)) as emulator:  # everybody wrote once, long ago
            emulator.enforce_limits()
            crowd = Crowd(emulator, [routing_id(number) for number in range(WRITING)])
            async with started(emulator, folder):
                await crowd.come("/menu")
                calm = await _strolled(crowd, CALM)
            emulator.go_down()  # or the poll of the one that ended would pass for one of the next
            await _owe(folder, range(WRITING, WRITING + count))
            emulator.come_up()
            began = time.perf_counter()
            async with started(emulator, folder):
                async with asyncio.TaskGroup() as tasks:
                    handling = tasks.create_task(_handled(folder / "bot.db", since=began))
                    meanwhile = await _strolled(crowd, CALM, while_=handling)
                before = emulator.journal.count("sendMessage")
                leaving = await _strolled(crowd, SENDING)
                sent = emulator.journal.count("sendMessage") - before - len(leaving.latencies)
    return Outage(
        notes=count,
        seconds=handling.result(),
        calm=calm,
        meanwhile=meanwhile,
        leaving=leaving,
        sent_per_second=sent / SENDING,
        too_fast=emulator.journal.count("sendMessage", "429"),
    )


async def _strolled(crowd: Crowd, seconds: float, *, while_: "asyncio.Task[float] | None" = None) -> Turns:
    """The turns of a while, or of as long as a task takes."""
    crowd.turns = Turns()
    if while_ is None:
        await crowd.stroll(WRITING / EACH_PAUSES, seconds)
    while while_ and not while_.done():
        await crowd.stroll(WRITING / EACH_PAUSES, EACH_PAUSES)
    return crowd.turns


async def _handled(file: Path, *, since: float) -> float:
    """Seconds until none waits: neither as a timer nor in the inbox."""
    async with asyncio.timeout(LONGEST):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            while connection.execute(LEFT).fetchone() != (0,):  # noqa: ASYNC110 - another process' file tells nobody
                await asyncio.sleep(0.25)
    return time.perf_counter() - since


async def _owe(folder: Path, numbers: range) -> None:
    """A check-in for each of these people, agreed to and late, where they live in the middle of the day."""
    settings, world = sandbox(folder, env_file=folder / "none"), app.World()
    now, late = world.clock.now(), cycle(LATE)
    library, _, _ = world.words(settings)
    words = next(one.text for one in library.consents if one.purpose == Purpose.CHECKIN)
    async with opened(settings, world) as db:
        for first in range(0, len(numbers), AT_ONCE):
            some = numbers[first : first + AT_ONCE]
            async with db.unit() as unit:
                ids = await _moved(unit, [str(routing_id(number)) for number in some], now=now)
                await _agreed(unit, ids, words=words, now=now)
                await timers.put(unit, list(_due(ids, late, now)), now=now)
                await unit.commit()


async def _moved(unit: Unit, routing_ids: list[str], *, now: datetime) -> list[int]:
    """These people live where it is noon, so that no night is in the way."""
    ids = (await people.resolve(unit, Platform.TELEGRAM, routing_ids, today=now.date())).values()
    zone = f"Etc/GMT{now.hour - NOON:+d}"  # the sign is the other way round there
    persons = [Person(id=id_, language=Language.HEBREW, onboarded=True, zone=zone) for id_ in ids]
    await people.save(unit, persons)
    return [person.id for person in persons]


async def _agreed(unit: Unit, ids: list[int], *, words: str, now: datetime) -> None:
    given = Consent(
        purpose=Purpose.CHECKIN,
        text=words,
        language=Language.HEBREW,
        method=Method.BUTTON,
        given_on=now.date(),
    )
    for id_ in ids:
        await consents.give(unit, id_, given=given)


def _due(ids: list[int], late: Iterator[timedelta], now: datetime) -> Iterator[Timer]:
    for id_ in ids:
        planned = now - next(late)
        yield Timer(
            lane=Lane(kind=LaneKind.PERSON, id=id_),
            kind=kind_of(planned),
            due_at=planned,
            version=kind_of(planned),
            values=Manner(rest=Rest.OPEN).values,
            purpose=Purpose.CHECKIN,
        )

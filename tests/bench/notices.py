"""A notice to many people: whether it keeps the platform's rate, what others notice, and what waiting costs."""

import asyncio
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, insert, literal, select, update

from bot import app
from bot.app.house import opened
from bot.model.consent import Method
from bot.model.notice import NoticeContent, content_hash
from bot.model.person import Language, Platform
from bot.sandbox import Emulator, running
from bot.settings import sandbox
from bot.store import notice_drafts, people
from bot.store.tables import consent, consent_text, person
from tests.bench.crowd import Crowd, Turns
from tests.bench.fill import filled, routing_id
from tests.bench.overdue import EACH_PAUSES, NOON, WRITING
from tests.bench.place import BOT_CORE, busy_seconds, workplace
from tests.bench.process import Running, started

ALLOWED: Final = 30.0  # a second: faster than that, the platform says so, and is not asked here
CALM: Final = 20.0  # seconds
MINUTE: Final = 60.0
LONGEST: Final = 1800.0
PURPOSE: Final = "notice:bench"
TEXT: Final = "b" * 64
WORDS: Final = "There is a meeting on Thursday."
CONTENT: Final = NoticeContent(texts={Language.HEBREW: WORDS, Language.ENGLISH: WORDS})
LEFT: Final = "SELECT count(*) FROM notice WHERE ended_at IS NULL"
MADE: Final = "SELECT count(*) FROM notice_copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What became of a broadcast, as the platform saw it. Shares are of the bot's core."""

    people: int
    rate: float
    per_second: float
    lost: int
    doubled: int
    too_fast: int
    bot_share: float
    others: float
    calm: Turns = field(default_factory=Turns)
    meanwhile: Turns = field(default_factory=Turns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What copies that wait hold in memory. `seconds` until all were made."""

    people: int
    before_mb: float
    first_mb: float
    last_mb: float
    seconds: float


async def sent(count: int, *, rate: float) -> Notice:
    """Everybody but those who write gets one."""
    with workplace(await filled(count + WRITING)) as folder:
        await _want(folder)
        async with running(Emulator(open_doors=True)) as emulator:
            emulator.enforce_limits(rate <= ALLOWED)
            crowd = Crowd(emulator, [routing_id(number) for number in range(WRITING)])
            async with started(emulator, folder, rate=rate) as bot:
                await crowd.come("/menu")
                calm = await _strolled(crowd, CALM)
                await _send(folder)
                before = bot.cpu_seconds, busy_seconds(BOT_CORE), time.perf_counter()
                async with asyncio.TaskGroup() as tasks:
                    over = tasks.create_task(_until(folder, LEFT, 0))
                    meanwhile = await _strolled(crowd, EACH_PAUSES, while_=over)
                seconds = time.perf_counter() - before[2]
                share = (bot.cpu_seconds - before[0]) / seconds
                others = (busy_seconds(BOT_CORE) - before[1]) / seconds - share
            return _seen(
                emulator, count, rate, Shares(bot=share, others=others, calm=calm, meanwhile=meanwhile)
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What it cost meanwhile."""

    bot: float
    others: float
    calm: Turns
    meanwhile: Turns


def _seen(emulator: Emulator, count: int, rate: float, shares: Shares) -> Notice:
    """From the platform's own log of calls."""
    calls = [call for call in emulator.calls("sendMessage") if WORDS in str(call.params.get("text"))]
    came = [call for call in calls if call.outcome == "ok"]
    per_chat = Counter(call.chat_id for call in came)
    return Notice(
        people=count,
        rate=rate,
        per_second=(len(came) - 1) / (came[-1].at - came[0].at),
        lost=count - len(per_chat),
        doubled=sum(times - 1 for times in per_chat.values()),
        too_fast=emulator.journal.count("sendMessage", "429"),
        bot_share=shares.bot,
        others=max(0.0, shares.others),
        calm=shares.calm,
        meanwhile=shares.meanwhile,
    )


async def queued(count: int) -> Queue:
    """So many copies wait for their turn, at the platform's rate."""
    with workplace(await filled(count + WRITING)) as folder:
        await _want(folder)
        async with running(Emulator(open_doors=True)) as emulator, started(emulator, folder) as bot:
            crowd = Crowd(emulator, [routing_id(number) for number in range(WRITING)])
            await crowd.come("/menu")
            before = bot.rss_mb
            await _send(folder)
            began = time.perf_counter()
            await _until(folder, MADE, count)
            seconds, first = time.perf_counter() - began, bot.rss_mb
            most = await _watched(bot, MINUTE)
    return Queue(people=count, before_mb=before, first_mb=first, last_mb=most, seconds=seconds)


async def _watched(bot: Running, seconds: float) -> float:
    """The most it held in memory for a while."""
    most, until = bot.rss_mb, time.perf_counter() + seconds
    while time.perf_counter() < until:
        await asyncio.sleep(1)
        most = max(most, bot.rss_mb)
    return most


async def _strolled(crowd: Crowd, seconds: float, *, while_: "asyncio.Task[None] | None" = None) -> Turns:
    """The turns of a while, or of as long as a task takes."""
    crowd.turns = Turns()
    if while_ is None:
        await crowd.stroll(WRITING / EACH_PAUSES, seconds)
    while while_ and not while_.done():
        await crowd.stroll(WRITING / EACH_PAUSES, EACH_PAUSES)
    return crowd.turns


async def _until(folder: Path, question: str, wanted: int) -> None:
    """Until a query on the bot's data file answers this number."""
    async with asyncio.timeout(LONGEST):
        with closing(sqlite3.connect(f"file:{folder / 'bot.db'}?mode=ro", uri=True)) as connection:
            while connection.execute(question).fetchone() != (wanted,):  # noqa: ASYNC110 - a file tells nobody
                await asyncio.sleep(0.1)


async def _want(folder: Path) -> None:
    """Everybody but those who write wants a kind of notices, and lives where no night is in the way."""
    settings, world = sandbox(folder, env_file=folder / "none"), app.World()
    now = world.clock.now()
    writing = [str(routing_id(number)) for number in range(WRITING)]
    async with opened(settings, world) as db, db.unit() as unit:
        found = await people.resolve(unit, Platform.TELEGRAM, writing, today=now.date())
        others = person.c.id.not_in(found.values())
        chance = func.abs(func.random())
        zone = f"Etc/GMT{now.hour - NOON:+d}"  # the sign is the other way round there
        await unit.change(update(person).where(others).values(subject=chance, zone=zone))
        rows = select(
            chance,
            person.c.subject,
            *map(
                literal, (PURPOSE, TEXT, Language.HEBREW.value, Method.BUTTON.value, now.date().toordinal())
            ),
        ).where(others)
        names = ["id", "subject", "purpose", "text", "language", "method", "given_on"]
        await unit.change(insert(consent).from_select(names, rows))
        await unit.commit()


async def _send(folder: Path) -> None:
    """One is written and approved beside the running bot, which has published its own words at its start."""
    settings, world = sandbox(folder, env_file=folder / "none"), app.World()
    now = world.clock.now()
    async with opened(settings, world) as db, db.unit() as unit:
        await unit.change(insert(consent_text), {"purpose": PURPOSE, "text": TEXT})
        made = await notice_drafts.open_draft(unit, "bench", now=now)
        draft = replace(
            made, topic="bench", purposes=frozenset({PURPOSE}), useless_after=now + timedelta(hours=8)
        )
        await notice_drafts.change(unit, draft, content=CONTENT, now=now)
        assert await notice_drafts.approve(unit, draft.id, content=content_hash(draft, CONTENT), now=now)
        await unit.commit()

"""The measurements: each starts a bot, brings a crowd, and gives figures. Nothing is judged here."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import app
from bot.sandbox import Emulator, running
from bot.sandbox.speaking import App
from bot.settings import sandbox
from tests.bench.crowd import Crowd, Turns
from tests.bench.fill import routing_id
from tests.bench.place import BOT_CORE, busy_seconds, workplace
from tests.bench.process import PLAIN, Running, started

CROWD = 200
NORMAL = 20
HOSTILE = 100
ABUSE = 10_000  # messages in all
ABUSE_SECONDS = 10.0
NEWCOMERS = 2_000
PACE = 50.0
SLOW_MS = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """How long things are done, in seconds."""

    warm_up: float
    hurry: float
    stroll: float
    idle: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rush:
    """What a closed loop came to. Shares are of one core; `others` is what other work took of the bot's."""

    per_second: float
    bot_ms: float
    bot_share: float
    crowd_share: float
    others: float
    statements: float
    commits: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """The clocks and counters at one moment; processor times in seconds."""

    at: float
    bot: float
    crowd: float
    core: float
    statements: float
    commits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A new database from its first people on."""

    quick: Rush
    slow: Rush
    stroll: Turns
    stroll_others: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """A database with many people, of whom a few are here."""

    start_seconds: float
    rss_mb: float
    rush: Rush


async def flooded() -> Turns:
    """The turns of a few people while many accounts send all they can, with the thresholds as they are."""
    with workplace() as folder:
        await app.migrate(sandbox(folder, env_file=folder / "none"))
        async with running() as emulator, started(emulator, folder, flood_factor=1):
            crowd = Crowd(emulator, range(1, NORMAL + 1))
            await crowd.come("/start")
            crowd.turns = Turns()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_abuse(emulator))
                tasks.create_task(crowd.stroll(NORMAL / 8, 2 * ABUSE_SECONDS))
            return crowd.turns


async def _abuse(emulator: Emulator) -> None:
    """Each hostile account writes as often as the others, evenly over the time."""
    apps = [App(emulator.world, emulator.person(10_000 + n).user_id) for n in range(HOSTILE)]
    began = time.perf_counter()
    for number in range(ABUSE):
        await asyncio.sleep(max(0.0, began + number * ABUSE_SECONDS / ABUSE - time.perf_counter()))
        one = apps[number % HOSTILE]
        one.write(one.text(f"{number}"))


async def plain(spans: Spans) -> Rush:
    """What the emulator and HTTP allow."""
    async with running() as emulator:
        with workplace() as folder:
            async with started(emulator, folder, PLAIN) as bot:
                crowd = Crowd(emulator, range(1, CROWD + 1))
                await crowd.come("/start")
                return await _rush(crowd, bot, spans, counted=False)


async def day(spans: Spans) -> Day:
    """People who come for the first time, then in a hurry, then over a slow connection, then at a walking pace."""
    with workplace() as folder:
        await app.migrate(sandbox(folder, env_file=folder / "none"))
        async with running() as emulator, started(emulator, folder) as bot:
            crowd = Crowd(emulator, range(1, CROWD + 1))
            await crowd.come("/start")
            quick = await _rush(crowd, bot, spans)
            async with _latency(emulator, SLOW_MS):
                slow = await _rush(crowd, bot, spans)
            crowd.turns = Turns()
            before = await _stand(bot)
            await crowd.stroll(PACE, spans.stroll)
            others = _others(before, await _stand(bot))
            return Day(quick=quick, slow=slow, stroll=crowd.turns, stroll_others=others)


async def sized(files: Path, count: int, spans: Spans) -> Sized:
    """People from all over a filled database come back."""
    with workplace(files) as folder:
        async with running() as emulator, started(emulator, folder) as bot:
            await asyncio.sleep(spans.idle)
            rss_mb = bot.rss_mb
            crowd = Crowd(emulator, _spread(count))
            await crowd.come("/menu")
            rush = await _rush(crowd, bot, spans)
            return Sized(start_seconds=bot.start_seconds, rss_mb=rss_mb, rush=rush)


def _spread(count: int) -> Sequence[int]:
    return [routing_id(number * count // CROWD) for number in range(CROWD)]


@asynccontextmanager
async def _latency(emulator: Emulator, milliseconds: float) -> AsyncIterator[None]:
    emulator.faults.latency_ms = milliseconds
    try:
        yield
    finally:
        emulator.faults.latency_ms = 0.0


async def _rush(crowd: Crowd, bot: Running, spans: Spans, *, counted: bool = True) -> Rush:
    """The closed loop, measured after it has warmed up."""
    await crowd.hurry(spans.warm_up)
    before = await _stand(bot, counted=counted)
    crowd.turns = Turns()
    await crowd.hurry(spans.hurry)
    turns, after = crowd.turns, await _stand(bot, counted=counted)
    crowd.turns = Turns()
    await crowd.rest()
    return _compared(before, after, turns)


def _compared(before: Stand, after: Stand, turns: Turns) -> Rush:
    count, seconds, cpu = len(turns.latencies), after.at - before.at, after.bot - before.bot
    return Rush(
        per_second=count / seconds,
        bot_ms=cpu / count * 1000,
        bot_share=cpu / seconds,
        crowd_share=(after.crowd - before.crowd) / seconds,
        others=_others(before, after),
        statements=(after.statements - before.statements) / count,
        commits=(after.commits - before.commits) / count,
        p50=turns.quantile(0.5),
        p99=turns.quantile(0.99),
    )


def _others(before: Stand, after: Stand) -> float:
    """What share of the bot's core went to other work on this machine."""
    theirs = (after.core - before.core) - (after.bot - before.bot)
    return max(0.0, theirs) / (after.at - before.at)


async def _stand(bot: Running, *, counted: bool = True) -> Stand:
    return Stand(
        at=time.perf_counter(),
        bot=bot.cpu_seconds,
        crowd=time.process_time(),
        core=busy_seconds(BOT_CORE),
        statements=await bot.figure("bot_sql_statements") if counted else 0.0,
        commits=await bot.figure("bot_sql_commits") if counted else 0.0,
    )

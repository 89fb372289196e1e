"""Tick: APScheduler, and only a ticker. What is due stands in tables; a lost tick costs a second.

Every second due timers and looks at notices move to the inbox, due deletions to the outbox, and both loops are woken;
now and then the log of the data file is folded in, the gauges are read, retention runs and the watch looks. Each job is
on its own: one that fails is logged and comes again.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.model.case import OPEN
from bot.pipeline import clear
from bot.pipeline.ground import Ground
from bot.pipeline.retention import Retention
from bot.pipeline.watch import Watch
from bot.store import caseload, dead, inbox, lanes, notices, outbox, pauses, refs, timers, vitals

EVERY_SECOND: Final = 1
CHECKPOINT_SECONDS: Final = 5
SWEEP_SECONDS: Final = 300
GAUGE_SECONDS: Final = 15
WATCH_SECONDS: Final = 60
WATCH_JITTER: Final = 30  # so that the time of an alert says little about what raised it
MOVED_AT_ONCE: Final = 500  # timers of cases: somebody asked for help
WAITING: Final = 32  # other timers in the inbox at most, because whoever writes meanwhile waits behind them
AT_IT: Final = 0.8  # seconds of a tick in which more of them follow
REST: Final = 0.05  # seconds before they do

log = logging.getLogger(__name__)


class Ticker:
    """The clock's hand on the tables."""

    def __init__(self, ground: Ground, retention: Retention, watch: Watch) -> None:
        self._on = ground
        self._retention = retention
        self._watch = watch
        self.sealed = asyncio.Event()  # set once the bot is sealed: the process has to end
        self.last_measured: datetime | None = None
        self.longest_overdue = 0.0  # seconds that the row that waits longest, in or out, is late

    @asynccontextmanager
    async def ticking(self) -> AsyncIterator[None]:
        """Tick while the context is open."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        for job, seconds, jitter in (
            (self.fire, EVERY_SECOND, None),
            (self._on.db.checkpoint, CHECKPOINT_SECONDS, None),
            (self._retention.sweep, SWEEP_SECONDS, None),
            (self.measure, GAUGE_SECONDS, None),
            (self._watch.look, WATCH_SECONDS, WATCH_JITTER),
        ):
            scheduler.add_job(
                _guarded(job),
                "interval",
                seconds=seconds,
                jitter=jitter,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)

    async def fire(self) -> None:
        """Move what is due to the inbox and the outbox, and wake both loops for it; notice a seal.

        After an outage thousands may be due: they wait where they are, and follow as those before them are handled.
        """
        over = time.monotonic() + AT_IT
        while await self._move() and time.monotonic() < over:  # noqa: ASYNC110 - what is due stands in a table
            await asyncio.sleep(REST)

    async def _move(self) -> bool:
        """One portion; whether more may be due."""
        now, more = self._on.clock.now(), False
        if await self._is_due(now):
            async with self._on.db.unit() as unit:
                room = WAITING - await inbox.fired(unit, now=now, limit=WAITING)
                moved = await timers.move_due(unit, now=now, limit=room, of_cases=MOVED_AT_ONCE)
                await clear.what_is_due(unit, now=now)
                for notice_id in await notices.due(unit, now=now):
                    await lanes.to_notice(unit, notice_id, now=now)
                await unit.commit()
            more = moved >= room
        self._on.process.set()
        self._on.deliver.set()
        return more

    async def measure(self) -> None:
        """Read the gauges."""
        now = self._on.clock.now()
        async with self._on.db.reading() as reading:
            rows = await outbox.depth(reading)
            copies = sum(count for what, count in rows.items() if what.is_notice)
            waiting = {
                "inbox": (await inbox.depth(reading), await inbox.next_due(reading)),
                "outbox": (sum(rows.values()) - copies, await vitals.oldest_held_up(reading, now=now)),
                "notices": (copies, None),
                "dead": (await dead.depth(reading), None),
            }
            standing = await caseload.standing(reading)
            to_delete = await refs.oldest_to_delete(reading)
        self._on.metrics.oldest("to_delete", (now - to_delete).total_seconds() if to_delete else 0.0)
        self._on.metrics.cases({state: standing.get(state, 0) for state in sorted(OPEN)})
        overdue = {
            name: max(0.0, (now - since).total_seconds()) if since else 0.0
            for name, (_, since) in waiting.items()
        }
        for name, (depth, _) in waiting.items():
            self._on.metrics.queue(name, depth=depth, overdue=overdue[name])
        self.longest_overdue = max(overdue.values())
        self._on.metrics.statements(self._on.db.statements, self._on.db.commits)
        self.last_measured = now

    async def _is_due(self, now: datetime) -> bool:
        async with self._on.db.reading() as reading:
            moments = (
                await timers.next_due(reading),
                await refs.next_due(reading, now=now),
                await notices.next_look(reading),
            )
            if await pauses.held(reading, pauses.SEALED):
                self.sealed.set()
        return any(moment is not None and moment <= now for moment in moments)


def _guarded(job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """`job`, logged and forgiven when it fails."""

    async def tick() -> None:
        try:
            await job()
        except Exception as error:
            log.error("tick_failed", extra={"action": job.__name__, "error": type(error).__name__})

    return tick

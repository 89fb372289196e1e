"""Retention is executed, not declared: the table in `model.retention`, swept at start and every few minutes.

A body that is wiped before it was handled or delivered is never wiped in silence: its person is told.
"""

import logging
from collections.abc import Mapping
from datetime import datetime

from bot.model.retention import DataClass
from bot.pipeline.ground import Ground
from bot.store import retention

log = logging.getLogger(__name__)


class Retention:
    """Sweeps every data class and reports how old its oldest row is."""

    def __init__(self, ground: Ground) -> None:
        self._on = ground

    async def sweep(self) -> None:
        """One sweep. At start a failure stops the bot; later it is logged and an alert rises."""
        now = self._on.clock.now()
        async with self._on.db.hold("retention") as ours:
            removed = await self._sweep(now) if ours else {}
        for name, count in removed.items():
            if count:
                log.info("swept", extra={"action": name, "count": count})
        await self._measure(now)

    async def _sweep(self, now: datetime) -> Mapping[DataClass, int]:
        """Several workers never sweep at once: the locks they take cross."""
        async with self._on.db.unit() as unit:
            removed = await retention.sweep(unit, now=now)
            await unit.commit()
        return removed

    async def _measure(self, now: datetime) -> None:
        async with self._on.db.reading() as reading:
            for name, age in (await retention.oldest(reading, now=now)).items():
                self._on.metrics.oldest(name, age)

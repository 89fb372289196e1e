"""Retention is executed, not declared: the table in `model.retention`, swept at start and every few minutes.

A body that is wiped before it was handled or delivered is never wiped in silence: its person is told.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.engine.event import Loss
from bot.model.kept import DataClass
from bot.model.queue import Cause, DeadLetter, InboxRow, NewInbox
from bot.model.retention import lifetime
from bot.pipeline import loss
from bot.pipeline.changes import Changes
from bot.pipeline.ground import Ground
from bot.store import inbox, memo, outbox, refs, retention, vitals
from bot.store.outbox import Refused

EXPIRED: Final = "Expired"  # what stands for the class of an error in such a dead letter

log = logging.getLogger(__name__)


class Retention:
    """Sweeps every data class and reports how old its oldest row is."""

    def __init__(self, ground: Ground) -> None:
        self._on = ground
        self.last_swept: datetime | None = None  # by us, or by the worker that has the sweep

    async def sweep(self) -> None:
        """One sweep. At start a failure stops the bot; later it is logged and an alert rises."""
        now = self._on.clock.now()
        async with self._on.db.hold("retention") as ours:
            removed = await self._sweep(now) if ours else {}
        for name, count in removed.items():
            if count:
                log.info("swept", extra={"action": name, "count": count})
        await self._measure(now)
        self.last_swept = now

    async def _sweep(self, now: datetime) -> Mapping[DataClass, int]:
        """Several workers never sweep at once: the locks they take cross."""
        async with self._on.db.unit() as unit:
            unhandled = await inbox.expired(unit, before=now - lifetime(DataClass.EVENT_BODY))
            unsent = await outbox.expired(unit, before=now - lifetime(DataClass.CALL_BODY))
            await _given_up(unhandled, unsent, now=now).save(unit, now=now)
            lapsed = await refs.lapsed(unit, now=now)
            await inbox.add(unit, _undeleted(lapsed), now=now)
            removed = await retention.sweep(unit, now=now)
            await memo.put(unit, vitals.SWEPT, now.isoformat())
            await unit.commit()
        for _ in unhandled:
            self._on.metrics.died(Cause.EXPIRED)
        for refused in unsent:
            self._on.metrics.sent("none", refused.refusal)
        self._on.process.set()
        return {**removed, DataClass.EVENT_BODY: len(unhandled), DataClass.CALL_BODY: len(unsent)}

    async def _measure(self, now: datetime) -> None:
        async with self._on.db.reading() as reading:
            for name, age in (await retention.oldest(reading, now=now)).items():
                self._on.metrics.oldest(name, age)


def _undeleted(lapsed: Mapping[int, int]) -> list[NewInbox]:
    """To whoever was promised that a message goes, and it did not."""
    return [loss.news(person_id, Loss.UNDELETED, row_id=ref_id) for person_id, ref_id in lapsed.items()]


def _given_up(unhandled: Sequence[InboxRow], unsent: Sequence[Refused], *, now: datetime) -> Changes:
    """What was not handled becomes dead letters; who wrote it, or what was not sent, is told once."""
    letters = [
        DeadLetter(row_id=row.id, lane=row.lane, cause=Cause.EXPIRED, error=EXPIRED, died_at=now)
        for row in unhandled
    ]
    writers = ((loss.writer_of(row), row.id) for row in unhandled)
    last = {writer: row_id for writer, row_id in writers if writer is not None}
    news = [loss.news(person_id, Loss.EXPIRED, row_id=row_id) for person_id, row_id in last.items()]
    unheard = {row.sender_id: row.id for row in unsent if row.sender_id is not None}
    news += [loss.news(person_id, Loss.UNREACHABLE, row_id=row_id) for person_id, row_id in unheard.items()]
    return Changes(letters=letters, events=news)

"""Process: claim a batch of inbox rows, take a turn for each, and commit all of it in one transaction.

A batch holds at most one row per lane, so turns never race. A batch that fails is retried row by row; a row that
fails three times by itself becomes a dead letter, its person hears one honest sentence, and the lane goes on.
Storage errors are nobody's fault: they pass through to the loop, which waits and tries again.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.engine.event import Fired, Loss
from bot.model.case import CaseEvent, Due
from bot.model.incoming import Press
from bot.model.person import Platform
from bot.model.queue import Cause, DeadLetter, InboxRow, Lane, LaneKind, Origin
from bot.pipeline import broadcast, casework, loss, orphan, publishing
from bot.pipeline.changes import Changes
from bot.pipeline.ground import Ground
from bot.pipeline.loop import forever
from bot.pipeline.reading import Reading, Shared
from bot.pipeline.retry import backoff
from bot.pipeline.searching import Searching
from bot.pipeline.turn import TurnTaker
from bot.store import codec, inbox, lanes, people, refs, timers
from bot.store.errors import StorageTroubled, Unopenable
from bot.store.people import Known
from bot.store.unit import Unit
from bot.store.withheld import withheld

BATCH: Final = 64
BY_THEMSELVES: Final = frozenset({LaneKind.LETTER, LaneKind.NOTICE})
ATTEMPTS: Final = 3
HELD_FOR: Final = timedelta(minutes=1)  # then it is looked again whether the organizers still hold everything

log = logging.getLogger(__name__)


class RowFailed(Exception):
    """A batch failed; `row` is its first row, and the only one where the batch is a row alone."""

    def __init__(self, row: InboxRow, error: Exception) -> None:
        super().__init__()
        self.row = row
        self.error = error


class Processor:
    """The loop that turns inbox rows into turns."""

    def __init__(self, ground: Ground, turns: TurnTaker) -> None:
        self._on = ground
        self._turns = turns
        self._searching = Searching(patience=turns.patience, zone=turns.zone, claims_a_day=turns.claims_a_day)

    async def run(self) -> None:
        """Handle what comes until cancelled."""
        await forever(self.batch, self._on.process, name="process")

    async def batch(self) -> int:
        """Handle one batch; how many rows it held."""
        started = time.perf_counter()
        try:
            handled = await self._transact(BATCH)
        except RowFailed as failed:
            log.warning("batch_failed", extra={"action": "process", "error": type(failed.error).__name__})
            handled = await self._one_by_one()
        if handled:
            self._on.metrics.turns(handled, seconds=time.perf_counter() - started)
            self._on.deliver.set()
        return handled

    async def _transact(self, limit: int) -> int:
        """Claim, handle and commit; how many rows. Raises RowFailed, with nothing written."""
        async with self._on.db.unit() as unit:
            now = self._on.clock.now()
            rows = await inbox.claim(unit, now=now, limit=limit)
            if not rows:
                return 0
            try:
                changes = await self._handle(unit, rows)
                await changes.save(unit, now=now)
                await unit.commit()
            except StorageTroubled:
                raise
            except Exception as error:
                raise RowFailed(rows[0], error) from error
        self._report(changes)
        return len(rows)

    async def _one_by_one(self) -> int:
        """As many rows, each in a transaction of its own, so that one cannot spoil another."""
        handled = 0
        while handled < BATCH and await self._alone():
            handled += 1
        return handled

    async def _alone(self) -> bool:
        """Handle one row; False if there is none. One that fails is put off, so the next call gets another."""
        try:
            rows = await self._transact(1)
        except RowFailed as failed:
            await self._failed(failed.row, failed.error)
            return True
        return rows > 0

    async def _failed(self, row: InboxRow, error: Exception) -> None:
        """A row failed by itself: later again, or a dead letter."""
        attempts = row.attempts + 1
        extra = {"action": "process", "row": row.id, "error": type(error).__name__, "attempt": attempts}
        log.error("row_failed", extra=extra, exc_info=error)
        async with self._on.db.unit() as unit:
            now, changes = self._on.clock.now(), Changes()
            if attempts < ATTEMPTS:
                await inbox.postpone(unit, row.id, attempts=attempts, until=now + backoff(attempts))
            else:
                changes = self._given_up(row, Cause.FAILED, type(error).__name__)
                await changes.save(unit, now=now)
            await unit.commit()
        self._report(changes)

    def _given_up(self, row: InboxRow, cause: Cause, error: str) -> Changes:
        """The row becomes a dead letter, and whoever wrote it is told so by a turn of their own."""
        letter = DeadLetter(
            row_id=row.id, lane=row.lane, cause=cause, error=error, died_at=self._on.clock.now()
        )
        writer = loss.writer_of(row)
        news = [] if writer is None else [loss.news(writer, Loss.FAILED, row_id=row.id)]
        return Changes(letters=[letter], events=news)

    async def _handle(self, unit: Unit, rows: Sequence[InboxRow]) -> Changes:
        """The turns of a batch, gathered."""
        changes = Changes()
        readings = [reading for row in rows if (reading := self._opened(row, changes))]
        known = await people.load(
            unit, [reading.row.lane.id for reading in readings if _is_a_persons(reading)]
        )
        now = self._on.clock.now()
        here = [
            known[id_] for reading in readings if reading.incoming and (id_ := reading.row.lane.id) in known
        ]
        await people.touch(unit, here, today=now.date())
        kept_back = await withheld(unit)
        shared = Shared(
            now=now,
            screens=await _screens(unit, readings, known),
            pulled=kept_back.pulled,
            is_held=kept_back.is_held,
        )
        for reading in readings:
            if reading.row.lane.kind in BY_THEMSELVES:
                changes.add(await self._by_itself(unit, reading.row.lane, reading.row.id, now=now))
                continue
            if reading.of_case:
                turn = self._put_off if kept_back.is_held else self._case_turn
                changes.add(await turn(unit, reading.row, reading.of_case, now=now))
                continue
            person = known.get(reading.row.lane.id)
            if person is None:
                changes.done += await orphan.over(unit, reading, transports=self._on.transports, now=now)
                continue
            changes.add(await self._turns.take(unit, reading, known=person, shared=shared))
        return changes

    async def _by_itself(self, unit: Unit, lane: Lane, row_id: int, *, now: datetime) -> Changes:
        """What happens to a publication or to a notice, in nobody's words."""
        if lane.kind is LaneKind.LETTER:
            return Changes(done=[row_id], counts=await publishing.close(unit, lane.id, now=now))
        reach = broadcast.Reach(platforms=self._on.transports, zone=self._turns.zone)
        await broadcast.look(unit, lane.id, now=now, reach=reach)
        return Changes(done=[row_id])

    async def _case_turn(self, unit: Unit, row: InboxRow, event: CaseEvent, *, now: datetime) -> Changes:
        counts = await casework.take(unit, row.lane.id, event, now=now, on=self._searching)
        return Changes(done=[row.id], counts=counts)

    async def _put_off(self, unit: Unit, row: InboxRow, event: CaseEvent, *, now: datetime) -> Changes:
        """While all is held no case moves: nobody could accept it. It comes anew, so that it never grows too old."""
        await lanes.to_case(unit, row.lane.id, event, now=now, due_at=now + HELD_FOR)
        return Changes(done=[row.id])

    def _opened(self, row: InboxRow, changes: Changes) -> Reading | None:
        """The row read, or given up at once: reading it again would not help."""
        try:
            return self._read(row)
        except (ValueError, Unopenable) as error:
            log.error(
                "row_unreadable", extra={"action": "process", "row": row.id, "error": type(error).__name__}
            )
            changes.add(self._given_up(row, Cause.UNREADABLE, type(error).__name__))
            return None

    def _read(self, row: InboxRow) -> Reading:
        if row.body is None:
            raise Unopenable
        match row.origin:
            case Origin.TELEGRAM | Origin.SIGNAL:
                return Reading(row=row, incoming=self._on.transports[Platform(row.origin)].read(row.body))
            case Origin.TIMER:
                timer = timers.read(row.body)
                if row.lane.kind is LaneKind.CASE:
                    return Reading(row=row, of_case=Due(timer=timer.kind, version=timer.version))
                return Reading(
                    row=row, event=Fired(timer=timer.kind, version=timer.version, values=timer.values)
                )
            case Origin.TURN if row.lane.kind is LaneKind.CASE:
                return Reading(row=row, of_case=codec.case_event_from_bytes(row.body))
            case Origin.TURN:
                return Reading(row=row, event=codec.event_from_bytes(row.body))
            case _:
                assert_never(row.origin)

    def _report(self, changes: Changes) -> None:
        """What operators should know of a batch that is written, and the files that it left for nobody."""
        for letter in changes.letters:
            self._on.metrics.died(letter.cause)
        for file in changes.unneeded:
            self._on.discard(file)
        for fault in changes.faults:
            extra = {"action": "engine", "error": fault.error, "flow": fault.flow, "step": fault.step}
            log.error("flow_fault", extra=extra)
            self._on.metrics.fault(fault.error)


def _is_a_persons(reading: Reading) -> bool:
    return reading.row.lane.kind is LaneKind.PERSON


async def _screens(unit: Unit, readings: Sequence[Reading], known: Mapping[int, Known]) -> dict[int, str]:
    """The last screen's message id per address, where a turn may need it: a press brings its message along."""
    needed = [
        reading.row.lane.id
        for reading in readings
        if not _is_current_press(reading, known.get(reading.row.lane.id))
    ]
    return await refs.screens(unit, needed)


def _is_current_press(reading: Reading, known: Known | None) -> bool:
    """Whether the row is a press of the open screen, whose keyboard is on the pressed message itself."""
    happening = reading.incoming.happening if reading.incoming else None
    screen = known.session.screen if known and known.session else None
    return isinstance(happening, Press) and screen is not None and screen.nonce in happening.data

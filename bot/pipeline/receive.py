"""Receive: a raw update is on disk, sealed, before the platform may forget it.

Two things are done beside that. The spinner of a pressed button is stopped right after the commit: it carries no
words, Telegram forgets a press after 150 seconds, and a person should not watch a spinner. And of whom too much comes
at once (`flood`), it is handled later, or not stored at all, after one honest sentence; what is urgent always passes.
"""

import asyncio
import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.engine.event import Flooded
from bot.model.incoming import Envelope
from bot.model.person import Platform
from bot.model.queue import Lane, LaneKind, NewInbox, Origin
from bot.pipeline.flood import Arrival, Turnstile, Verdict
from bot.pipeline.ground import Ground
from bot.pipeline.urgent import Urgency
from bot.ports import Transport
from bot.store import caseload, codec, inbox, strangers

SPINNERS: Final = 500  # acknowledgements under way at most; beyond that a spinner stops by itself
NOBODYS: Final = Lane(kind=LaneKind.NOBODY, id=0)  # the store makes each such row a lane of its own
TICK: Final = 1.0  # seconds

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A raw update with its outside, whose it is if anybody's, what becomes of it, and the name that person types."""

    raw: bytes
    envelope: Envelope
    person_id: int | None
    verdict: Verdict
    draft: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is stored: an update, or before it the news that too many came."""

    row: NewInbox
    update: Update | None


class Receiver:
    """Where transports bring raw updates (`ports.Ingest`)."""

    def __init__(self, ground: Ground, *, urgency: Urgency, turnstile: Turnstile) -> None:
        self._on = ground
        self._urgency = urgency
        self._turnstile = turnstile
        self._spinning = 0

    async def __call__(self, platform: Platform, raws: Sequence[bytes]) -> None:
        """Store each raw update once; on return they are committed."""
        transport, now = self._on.transports[platform], self._on.clock.now()
        envelopes = [transport.envelope(raw) for raw in raws]
        routing_ids = {envelope.routing_id for envelope in envelopes if envelope.routing_id}
        async with self._on.db.unit() as unit:
            met = await strangers.meet(unit, platform, sorted(routing_ids), today=now.date())
            senders = [met.ids[one.routing_id] for one in envelopes if one.routing_id]
            talking = await caseload.on_a_line(unit, self._turnstile.pressed(senders, now))
            arrivals = [
                self._arrival(transport, raw, met.ids.get(envelope.routing_id or ""), new=met.new)
                for raw, envelope in zip(raws, envelopes, strict=True)
            ]
            arrivals = [replace(one, is_on_a_line=one.person_id in talking) for one in arrivals]
            judgement = self._turnstile.judge(arrivals, now)
            updates = [
                Update(
                    raw=raw,
                    envelope=envelope,
                    person_id=arrival.person_id,
                    verdict=verdict,
                    draft=None if arrival.person_id is None else met.drafts.get(arrival.person_id),
                )
                for raw, envelope, arrival, verdict in zip(
                    raws, envelopes, arrivals, judgement.verdicts, strict=True
                )
            ]
            rows = list(_rows(Origin(platform), updates))
            fresh = await inbox.add(unit, [one.row for one in rows], now=now)
            await inbox.hurry(unit, _hurried(updates), now=now)
            await unit.commit()
        self._turnstile.keep(judgement)
        self._report(platform, updates, [stored for at in sorted(fresh) if (stored := rows[at].update)], now)

    def _arrival(
        self, transport: Transport, raw: bytes, person_id: int | None, *, new: Collection[int]
    ) -> Arrival:
        def urgent() -> int | None:
            try:
                return self._urgency.key(transport.read(raw).happening)
            except ValueError:  # what nobody can read is not urgent
                return None

        return Arrival(person_id=person_id, is_new=person_id in new, urgent=urgent)

    def _report(
        self, platform: Platform, updates: Sequence[Update], stored: Sequence[Update], now: datetime
    ) -> None:
        """Figures, the next stage, the spinners."""
        transport, metrics = self._on.transports[platform], self._on.metrics
        metrics.received(platform, len(stored))
        for verdict in (one.verdict for one in updates):
            if verdict.told_until:
                metrics.held("told")
            if not verdict.is_stored or verdict.due_at > now:
                metrics.held("later" if verdict.is_stored else "not_stored")
        self._on.process.set()
        self._wake_again(updates, now)
        for press_id in (one.envelope.press_id for one in stored):
            if press_id:
                self._stop_spinner(transport, press_id)

    def _wake_again(self, updates: Sequence[Update], now: datetime) -> None:
        """When the first of what is held for a moment is due; for the rest there is the tick of each second."""
        delays = [(one.verdict.due_at - now).total_seconds() for one in updates if one.verdict.due_at > now]
        if delays and min(delays) < TICK:
            asyncio.get_running_loop().call_later(min(delays), self._on.process.set)

    def _stop_spinner(self, transport: Transport, press_id: str) -> None:
        if self._spinning < SPINNERS:
            self._spinning += 1
            self._on.spawn(self._acknowledge(transport, press_id))

    async def _acknowledge(self, transport: Transport, press_id: str) -> None:
        try:
            await transport.acknowledge(press_id)
        except Exception as error:  # a task of `app`: a defect here must not end the process over a spinner
            log.warning("spinner_failed", extra={"action": "acknowledge", "error": type(error).__name__})
        finally:
            self._spinning -= 1


def _rows(origin: Origin, updates: Sequence[Update]) -> Iterator[Row]:
    """What is stored, in order."""
    for update in updates:
        person_id, verdict = update.person_id, update.verdict
        lane = NOBODYS if person_id is None else Lane(kind=LaneKind.PERSON, id=person_id)
        if verdict.told_until:
            news = NewInbox(
                lane=lane,
                origin=Origin.TURN,
                external_id=f"flooded/{lane.id}/{verdict.told_until.timestamp()}",
                body=codec.event_to_bytes(Flooded(until=verdict.told_until)),
                due_at=verdict.due_at,
            )
            yield Row(row=news, update=None)
        if verdict.is_stored:
            row = NewInbox(
                lane=lane,
                origin=origin,
                external_id=update.envelope.external_id,
                body=update.raw,
                due_at=verdict.due_at,
                draft=update.draft,
            )
            yield Row(row=row, update=update)


def _hurried(updates: Sequence[Update]) -> list[int]:
    """Of whom everything that waits is due now."""
    return sorted({one.person_id for one in updates if one.person_id is not None and one.verdict.hurries})

"""Deliver: every outbox row leaves, or is told why it cannot; never lost, doubled only where a crash cut a call.

A round is one transaction: settle what ended, claim what is due (replies first, bulk only with the limiter's
tokens). `sending` is on disk before a call starts. Rows of one address are sent in order by one task, many
addresses at once.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final, assert_never

from bot.model.outgoing import Failure, FailureKind, Priority, Receipt, SendFailed, SendMessage
from bot.model.person import Platform
from bot.model.queue import Delivery, Ending, Settlement
from bot.model.text import Rich
from bot.pipeline.ground import Ground
from bot.pipeline.limiter import BulkLimiter, FloodWatch
from bot.pipeline.loop import forever
from bot.pipeline.retry import Again, Decision, Done, GiveUp, PausePlatform, Plain, decide
from bot.store import outbox, pauses, people
from bot.store.errors import StorageTroubled
from bot.store.unit import Unit

AT_ONCE: Final = 200  # rows under way at most
LEASE: Final = timedelta(minutes=2)  # longer than any call may take; then the row is ambiguous

SHORTEST: Final = 0.01  # seconds between two questions for notices
BULK_LOOK: Final = timedelta(seconds=1)  # how often to ask for notices while there are none

BROKE: Final = Failure(kind=FailureKind.AMBIGUOUS, reason="transport_broke")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A platform that nothing goes out on for a while."""

    until: datetime
    reason: str


class Deliverer:
    """The loop that empties the outbox."""

    def __init__(self, ground: Ground, limiter: BulkLimiter) -> None:
        self._on = ground
        self._limiter = limiter
        self._ended: list[Settlement] = []
        self._watch = FloodWatch()
        self._pauses: dict[Platform, Held] = {}
        self._under_way = 0
        self._bulk_at = datetime.min.replace(tzinfo=UTC)

    @property
    def is_busy(self) -> bool:
        """Whether calls are under way or their ends are not written down yet."""
        return self._under_way > 0 or bool(self._ended)

    async def run(self) -> None:
        """Send what is due until cancelled."""
        await forever(self.round, self._on.deliver, name="deliver")

    async def round(self) -> int:
        """Settle and claim once, and start the calls; how many were claimed."""
        ended, self._ended = self._ended, []
        try:
            claimed = await self._transact(ended)
        except StorageTroubled:
            self._ended = ended + self._ended
            raise
        self._under_way += len(claimed)
        for _, run in groupby(
            sorted(claimed, key=lambda row: (row.address_id, row.priority, row.id)),
            key=lambda row: row.address_id,
        ):
            self._on.spawn(self._send_run(list(run)))
        return len(claimed)

    async def _transact(self, ended: Sequence[Settlement]) -> list[Delivery]:
        room = AT_ONCE - self._under_way
        if not ended and room <= 0:
            return []
        async with self._on.db.unit() as unit:
            if ended:
                await self._settle(unit, ended)
            claim = await self._claim(unit, room) if room > 0 else []
            if ended or claim:
                await unit.commit()
            return claim

    async def _settle(self, unit: Unit, ended: Sequence[Settlement]) -> None:
        now = self._on.clock.now()
        await outbox.settle(unit, [one for one in ended if not _is_put_back(one)], now=now)
        await outbox.put_back(unit, [one.delivery.id for one in ended if _is_put_back(one)], now=now)
        for address_id in {row.delivery.address_id for row in ended if row.unreachable}:
            await people.set_reachable(unit, address_id, reachable=False)
        self._pauses = {platform: pause for platform, pause in self._pauses.items() if pause.until > now}
        for platform, pause in self._pauses.items():
            await pauses.pause(unit, platform.value, until=pause.until, reason=pause.reason)

    async def _claim(self, unit: Unit, room: int) -> list[Delivery]:
        """Replies, relay and check-ins as there is room; notices also as there are tokens."""
        now = self._on.clock.now()
        claimed = await self._take(unit, room, up_to=Priority.CHECK_IN)
        if now >= self._bulk_at:
            claimed += await self._claim_bulk(unit, room - len(claimed), now)
        return claimed

    async def _claim_bulk(self, unit: Unit, room: int, now: datetime) -> list[Delivery]:
        """As many notices as there are tokens; while there are more, asked again with the next token."""
        tokens = min(self._limiter.available(now), room)
        bulk = await self._take(unit, tokens, up_to=Priority.NOTICE) if tokens > 0 else []
        more = len(bulk) == max(tokens, 0)
        self._bulk_at = now + (timedelta() if more else BULK_LOOK)
        if more:
            wait = max(SHORTEST, self._limiter.seconds_to_next())
            asyncio.get_running_loop().call_later(wait, self._on.deliver.set)
        return await self._admitted(unit, bulk)

    async def _admitted(self, unit: Unit, bulk: Sequence[Delivery]) -> list[Delivery]:
        """The bulk messages that may leave now; one whose chat has just had one goes back until its turn."""
        turns = self._limiter.admit([one.address_id for one in bulk], self._on.clock.now())
        for delivery, turn in zip(bulk, turns, strict=True):
            if turn:
                await outbox.put_back(unit, [delivery.id], now=turn)
        return [delivery for delivery, turn in zip(bulk, turns, strict=True) if not turn]

    async def _take(self, unit: Unit, limit: int, *, up_to: Priority) -> list[Delivery]:
        now = self._on.clock.now()
        claim = await outbox.claim(unit, now=now, lease=LEASE, limit=limit, up_to=up_to)
        for refused in claim.refused:
            self._on.metrics.sent("none", refused.refusal)
        return list(claim.deliveries)

    async def _send_run(self, run: Sequence[Delivery]) -> None:
        """The claimed rows of one address, in order; when one has to wait, those behind it wait with it."""
        stopped: Settlement | None = None
        for delivery in run:
            settlement = _behind(delivery, stopped) if stopped else await self._send(delivery)
            if settlement.ending is Ending.RETRY or settlement.unreachable:
                stopped = settlement
            self._ended.append(settlement)
        self._under_way -= len(run)
        self._on.deliver.set()

    async def _send(self, delivery: Delivery) -> Settlement:
        """One call, and what its end means for the row."""
        try:
            receipt = await self._call(delivery)
        except SendFailed as failed:
            self._on.metrics.sent(delivery.platform, failed.failure.kind)
            return await self._decide(delivery, failed)
        except Exception as error:  # a defect of a transport must not take the other deliveries with it
            log.error("transport_broke", extra={"action": "deliver", "row": delivery.id}, exc_info=error)
            return await self._decide(delivery, SendFailed(BROKE))
        self._on.metrics.sent(delivery.platform, "sent")
        return Settlement(delivery=delivery, ending=Ending.SENT, message_id=receipt.message_id)

    async def _call(self, delivery: Delivery) -> Receipt:
        transport = self._on.transports[delivery.platform]
        return await transport.send(delivery.routing_id, delivery.payload)

    async def _decide(self, delivery: Delivery, failed: SendFailed) -> Settlement:
        decision = self._decision(delivery, failed.failure)
        extra = {"action": "deliver", "row": delivery.id, "outcome": failed.failure.reason}
        log.info("send_failed", extra=extra)
        match decision:
            case Done():
                return Settlement(delivery=delivery, ending=Ending.SENT)
            case Again():
                at = self._on.clock.now() + decision.after
                return Settlement(delivery=delivery, ending=Ending.RETRY, at=at, ambiguous=decision.ambiguous)
            case GiveUp():
                return Settlement(
                    delivery=delivery,
                    ending=Ending.FAILED,
                    reason=decision.reason,
                    unreachable=decision.unreachable,
                )
            case Plain():
                return await self._without_formatting(delivery)
            case PausePlatform():
                log.error("platform_paused", extra=extra)
                until = self._on.clock.now() + decision.after
                self._pauses[delivery.platform] = Held(until=until, reason=decision.reason)
                return Settlement(delivery=delivery, ending=Ending.RETRY, at=until)
            case _:
                assert_never(decision)

    def _decision(self, delivery: Delivery, failure: Failure) -> Decision:
        """The rule for one row; where two chats are limited at once, the whole platform waits."""
        decision = decide(failure, delivery.attempts + 1)
        if failure.kind is not FailureKind.RATE_LIMITED or not isinstance(decision, Again):
            return decision
        flood = self._watch.is_flood(delivery.address_id, self._on.clock.now())
        return PausePlatform(after=decision.after, reason="flood") if flood else decision

    async def _without_formatting(self, delivery: Delivery) -> Settlement:
        """The platform did not like the spans: the words matter more."""
        payload = delivery.payload
        if isinstance(payload, SendMessage) and payload.text.spans:
            return await self._send(replace(delivery, payload=replace(payload, text=Rich(payload.text.text))))
        return Settlement(delivery=delivery, ending=Ending.FAILED, reason="markup")


def _is_put_back(settlement: Settlement) -> bool:
    """A row that was claimed and not tried: it waits behind the one that failed."""
    return settlement.untried and settlement.ending is Ending.RETRY


def _behind(delivery: Delivery, stopped: Settlement) -> Settlement:
    """What becomes of a row behind one that could not go out: the same, without having been tried."""
    return replace(stopped, delivery=delivery, ambiguous=False, untried=True)

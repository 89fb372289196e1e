"""Deliver: every outbox row leaves, or is told why it cannot; never lost, doubled only where a crash cut a call.

A round is one transaction: settle what ended, claim what is due (replies first; what the bot begins by itself only
with the limiter's tokens). `sending` is on disk before a call starts. Rows of one address are sent in order by one
task, many addresses at once. Each platform has its own room and its own pace: none waits for another.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final

from bot.engine.event import Loss
from bot.model.incoming import MediaRef
from bot.model.outgoing import Priority, SendMedia
from bot.model.person import Platform
from bot.model.queue import Delivery, Ending, NewInbox, Settlement
from bot.pipeline import clear, holding, loss, reach, rekeyed, relay
from bot.pipeline.copying import Copying
from bot.pipeline.ground import Ground
from bot.pipeline.holding import Held
from bot.pipeline.limiter import BulkLimiter
from bot.pipeline.loop import forever
from bot.pipeline.send import Sender
from bot.store import inbox, outbox
from bot.store.errors import StorageTroubled
from bot.store.outbox import Refusal, Refused
from bot.store.unit import Unit

AT_ONCE: Final = 200  # rows under way on one platform at most
FOR_REPLIES: Final = (
    50  # of them, which what the bot begins by itself leaves free, however slow a platform is
)
LEASE: Final = timedelta(minutes=2)  # then a claimed row counts as ambiguous
FRESH: Final = timedelta(seconds=10)  # what is begun by then has ended when the lease has
GRACE: Final = 3.0  # seconds for the calls under way when the process is told to stop

SHORTEST: Final = 0.01  # seconds between two questions for them
BULK_LOOK: Final = timedelta(seconds=1)  # how often to ask for check-ins and notices while there are none


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a round took off the outbox: to be sent, not to be sent at all, and put back until later."""

    deliveries: tuple[Delivery, ...] = ()
    refused: tuple[Refused, ...] = ()
    later: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(
            deliveries=self.deliveries + other.deliveries,
            refused=self.refused + other.refused,
            later=self.later + other.later,
        )

    @property
    def rows(self) -> int:
        """How many rows it met."""
        return len(self.deliveries) + len(self.refused) + self.later


class Deliverer:
    """The loop that empties the outbox. `limiters` is the pace of each platform that is served."""

    def __init__(self, ground: Ground, limiters: Mapping[Platform, BulkLimiter], copying: Copying) -> None:
        self._on = ground
        self._limiters = limiters
        self._copying = copying
        self._sender = Sender(ground)
        self._ended: list[Settlement] = []
        self._under_way: Counter[Platform] = Counter()
        self._bulk_at = dict.fromkeys(limiters, datetime.min.replace(tzinfo=UTC))
        self._one_round = asyncio.Lock()
        self._at_rest = asyncio.Event()
        self._is_closing = False

    @property
    def is_busy(self) -> bool:
        """Whether calls are under way or their ends are not written down yet."""
        return self._under_way.total() > 0 or bool(self._ended)

    async def run(self) -> None:
        """Send what is due until cancelled."""
        await forever(self.round, self._on.deliver, name="deliver")

    async def finish(self) -> None:
        """Begin no call any more; on return those under way are written down, or `GRACE` is over.

        `run` has to go on meanwhile. A call that is cut off counts as ambiguous at the next start.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                async with self._one_round:
                    self._is_closing = True
                    self._note_rest()
                await self._at_rest.wait()

    async def round(self) -> int:
        """Settle and claim once, and start the calls; how many rows were claimed or removed."""
        async with self._one_round:
            ended, self._ended = self._ended, []
            held, self._sender.held = self._sender.held, {}
            try:
                taken = await self._transact(ended, held)
            except StorageTroubled:
                self._ended, self._sender.held = ended + self._ended, held | self._sender.held
                raise
            self._discard(ended)
            self._under_way.update(one.platform for one in taken.deliveries)
            self._note_rest()
        self._report(taken)
        in_order = sorted(taken.deliveries, key=lambda row: (row.address_id, row.priority, row.id))
        for _, run in groupby(in_order, key=lambda row: row.address_id):
            self._on.spawn(self._send_run(list(run)))
        return taken.rows

    def _discard(self, ended: Sequence[Settlement]) -> None:
        """What was passed on over a line, or never can be, is asked for no more; the picture of a notice is."""
        for one in ended:
            payload = one.delivery.payload
            if isinstance(payload, SendMedia) and one.delivery.line_id and one.ending is not Ending.RETRY:
                self._on.discard(MediaRef(media=payload.media, source=payload.source, file=payload.file))

    def _note_rest(self) -> None:
        if self.is_busy:
            self._at_rest.clear()
        else:
            self._at_rest.set()

    async def _transact(self, ended: Sequence[Settlement], held: Mapping[Platform, Held]) -> Taken:
        rooms = {one: 0 if self._is_closing else AT_ONCE - self._under_way[one] for one in self._limiters}
        if not ended and max(rooms.values(), default=0) <= 0:
            return Taken()
        async with self._on.db.unit() as unit:
            if ended:
                await self._settle(unit, ended)
                await holding.write(unit, held)
            taken = Taken()
            for platform, room in rooms.items():
                taken += await self._claim(unit, platform, room) if room > 0 else Taken()
            await self._copying.settle(unit, ended, taken.refused, now=self._on.clock.now())
            await inbox.add(
                unit, [*_news(taken.refused), *relay.untold(taken.refused)], now=self._on.clock.now()
            )
            if ended or taken.rows:
                await unit.commit()
        return taken

    async def _settle(self, unit: Unit, ended: Sequence[Settlement]) -> None:
        now = self._on.clock.now()
        await outbox.settle(unit, [one for one in ended if not _is_put_back(one)], now=now)
        await outbox.put_back(unit, [one.delivery.id for one in ended if _is_put_back(one)], now=now)
        await clear.one_by_one(unit, ended, now=now)
        await relay.settled(unit, ended, now=now)
        await rekeyed.noticed(unit, ended, now=now)
        lost = {row.delivery.address_id: False for row in ended if row.unreachable}
        await reach.note(unit, lost, now=now)

    async def _claim(self, unit: Unit, platform: Platform, room: int) -> Taken:
        """Replies and relay as there is room; check-ins and notices also as there are tokens."""
        taken = await self._take(unit, room, on=platform, up_to=Priority.RELAY)
        if self._on.clock.now() >= self._bulk_at[platform]:
            taken += await self._claim_bulk(unit, platform, room - len(taken.deliveries) - FOR_REPLIES)
        return taken

    async def _claim_bulk(self, unit: Unit, platform: Platform, room: int) -> Taken:
        """As many as there are tokens, check-ins first; while there are more, asked again with the next token."""
        now, limiter = self._on.clock.now(), self._limiters[platform]
        tokens = max(0, min(limiter.available(now), room))
        bulk = await self._take(unit, tokens, on=platform, up_to=Priority.NOTICE) if tokens else Taken()
        more = bulk.rows == tokens
        self._bulk_at[platform] = now + (timedelta() if more else BULK_LOOK)
        if more:
            wait = max(SHORTEST, limiter.seconds_to_next())
            asyncio.get_running_loop().call_later(wait, self._on.deliver.set)
        return await self._admitted(unit, bulk, limiter)

    async def _admitted(self, unit: Unit, bulk: Taken, limiter: BulkLimiter) -> Taken:
        """The bulk messages that may leave now, with their words; the others go back until their turn.

        One whose chat has just had one waits for that, a notice for the end of a night or of a day of rest. A reply
        that another worker wrote since the first question waits for no turn.
        """
        moment = self._on.clock.now()
        later = {one.id: turn for one in bulk.deliveries if (turn := self._copying.rests(one, moment))}
        notices = [
            one for one in bulk.deliveries if one.priority >= Priority.CHECK_IN and one.id not in later
        ]
        turns = limiter.admit([one.address_id for one in notices], moment)
        later |= {one.id: turn for one, turn in zip(notices, turns, strict=True) if turn}
        for row_id, turn in later.items():
            await outbox.put_back(unit, [row_id], now=turn)
        now = [delivery for delivery in bulk.deliveries if delivery.id not in later]
        worded = await self._copying.worded(unit, now)
        return Taken(deliveries=worded, refused=bulk.refused, later=len(later))

    async def _take(self, unit: Unit, limit: int, *, on: Platform, up_to: Priority) -> Taken:
        now = self._on.clock.now()
        claim = await outbox.claim(unit, now=now, lease=LEASE, limit=limit, up_to=up_to, on=on)
        return Taken(deliveries=claim.deliveries, refused=claim.refused)

    def _report(self, taken: Taken) -> None:
        for refused in taken.refused:
            self._on.metrics.sent("none", refused.refusal)
        if any(refused.sender_id is not None for refused in taken.refused):
            self._on.process.set()

    async def _send_run(self, run: Sequence[Delivery]) -> None:
        """The claimed rows of one address, in order; when one has to wait, those behind it wait with it."""
        fresh_until = self._on.clock.now() + FRESH
        stopped: Settlement | None = None
        for delivery in run:
            now = self._on.clock.now()
            if stopped is None and (self._is_closing or now >= fresh_until):
                stopped = Settlement(delivery=delivery, ending=Ending.RETRY, at=now)
            settlement = _behind(delivery, stopped) if stopped else await self._sender.send(delivery)
            if settlement.ending is Ending.RETRY or settlement.unreachable:
                stopped = settlement
            self._ended.append(settlement)
        self._under_way[run[0].platform] -= len(run)
        self._on.deliver.set()


def _is_put_back(settlement: Settlement) -> bool:
    """A row that was claimed and not tried: it waits behind the one that failed."""
    return settlement.untried and settlement.ending is Ending.RETRY


def _behind(delivery: Delivery, stopped: Settlement) -> Settlement:
    """What becomes of a row behind one that could not go out: the same, without having been tried."""
    return replace(stopped, delivery=delivery, ambiguous=False, untried=True)


def _news(refused: Sequence[Refused]) -> list[NewInbox]:
    """To whoever wrote what nobody can read any more. A guard's refusal is told by whatever changed."""
    return [
        loss.news(one.sender_id, Loss.EXPIRED, row_id=one.id)
        for one in refused
        if one.sender_id is not None and one.refusal is not Refusal.GUARD
    ]

"""One call to a platform, and what its end means for its row: the decisions of `retry`, carried out.

Called by `deliver` for one row at a time. Nothing here is written down; what holds a whole platform back is kept in
`held` until `deliver` writes it with the settlements.
"""

import asyncio
import logging
from dataclasses import replace
from functools import partial
from typing import Final, assert_never

from bot.model.notice import BARE
from bot.model.outgoing import (
    EditMessage,
    Failure,
    FailureKind,
    MarkDelivered,
    Payload,
    Priority,
    Receipt,
    SendChart,
    SendFailed,
    SendFile,
    SendMedia,
    SendMessage,
    SetExpiry,
)
from bot.model.person import Platform
from bot.model.queue import Delivery, Ending, Settlement
from bot.model.text import Rich
from bot.pipeline.carry import SENT_WITHIN, Carrier, NotBrought
from bot.pipeline.ground import Ground
from bot.pipeline.holding import Held, longest
from bot.pipeline.limiter import FloodWatch
from bot.pipeline.picture import Pictures
from bot.pipeline.press import Press
from bot.pipeline.retry import Again, Decision, Done, GiveUp, PausePlatform, Plain, decide
from bot.store.pauses import FLOOD

BROKE: Final = Failure(kind=FailureKind.AMBIGUOUS, reason="transport_broke")
PICTURE_TRIES: Final = 6  # half a minute: then the words go without it
MARK_TRIES: Final = (
    3  # a mark that does not come says nothing, nor does a timer; they must not hold up what does
)

log = logging.getLogger(__name__)


class Sender:
    """Makes the calls."""

    def __init__(self, ground: Ground) -> None:
        self._on = ground
        self._watch = FloodWatch()
        self._carrier = Carrier(ground.transports)
        self._pictures = Pictures(self._carrier.bring, ground.clock)
        self._press = Press()
        self.held: dict[Platform, Held] = {}

    async def send(self, delivery: Delivery) -> Settlement:
        """Make the call; how it ended for the row. Raises nothing but cancellation."""
        try:
            receipt = await self._call(delivery)
        except SendFailed as failed:
            if words := _alone(delivery, failed):
                settlement = await self.send(replace(delivery, payload=words))
                bare = settlement.ending is Ending.SENT and delivery.copy
                return replace(settlement, delivery=delivery, reason=BARE if bare else settlement.reason)
            self._on.metrics.sent(delivery.platform, failed.failure.kind)
            return await self._decide(delivery, failed.failure)
        except Exception as error:  # a defect of a transport must not take the other deliveries with it
            log.error("transport_broke", extra={"action": "deliver", "row": delivery.id}, exc_info=error)
            return await self._decide(delivery, BROKE)
        self._on.metrics.sent(delivery.platform, "sent")
        if delivery.priority is Priority.REPLY:
            self._on.metrics.answered((self._on.clock.now() - delivery.written_at).total_seconds())
        return Settlement(delivery=delivery, ending=Ending.SENT, message_id=receipt.message_id)

    async def _call(self, delivery: Delivery) -> Receipt:
        transport, payload = self._on.transports[delivery.platform], delivery.payload
        content = b""
        if isinstance(payload, SendMedia) and delivery.copy:
            send = partial(self._send_within, delivery)
            return await self._pictures.send(payload, on=delivery.platform, send=send)
        if isinstance(payload, SendMedia | SendChart):
            content = await self._carrier.bring(payload, to=delivery.platform)
        elif isinstance(payload, SendFile) and payload.sheet:
            payload = await self._press.drawn(payload, payload.sheet)
        else:
            return await transport.send(delivery.routing_id, payload)
        return await self._send_within(delivery, payload, content)

    async def _send_within(self, delivery: Delivery, payload: Payload, content: bytes) -> Receipt:
        transport = self._on.transports[delivery.platform]
        try:
            async with asyncio.timeout(SENT_WITHIN):
                return await transport.send(delivery.routing_id, payload, content=content)
        except TimeoutError:
            raise SendFailed(Failure(kind=FailureKind.AMBIGUOUS, reason="timed_out")) from None

    async def _decide(self, delivery: Delivery, failure: Failure) -> Settlement:
        extra = {"action": "deliver", "row": delivery.id, "outcome": failure.reason}
        log.info("send_failed", extra=extra)
        match decision := self._decision(delivery, failure):
            case Done():
                return Settlement(delivery=delivery, ending=Ending.SENT)
            case Again():
                at = self._on.clock.now() + decision.after
                return Settlement(
                    delivery=delivery,
                    ending=Ending.RETRY,
                    at=at,
                    ambiguous=decision.ambiguous,
                    rekeyed=failure.kind is FailureKind.IDENTITY_CHANGED,
                )
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
                now = self._on.clock.now()
                held = Held(until=now + decision.after, reason=decision.reason, riddle=failure.riddle)
                self.held[delivery.platform] = longest(self.held.get(delivery.platform), held)
                return Settlement(delivery=delivery, ending=Ending.RETRY, at=now)
            case _:
                assert_never(decision)

    def _decision(self, delivery: Delivery, failure: Failure) -> Decision:
        """The rule for one row; where two chats are limited at once, the whole platform waits."""
        decision = decide(failure, delivery.attempts + 1)
        if not isinstance(decision, Again):
            return decision
        if failure.kind is FailureKind.UNREACHED:
            return decision
        if isinstance(delivery.payload, MarkDelivered | SetExpiry) and delivery.attempts + 1 >= MARK_TRIES:
            return GiveUp(reason=failure.reason)
        if failure.kind is not FailureKind.RATE_LIMITED:
            return decision
        flood = self._watch.is_flood(delivery.address_id, self._on.clock.now())
        return PausePlatform(after=decision.after, reason=FLOOD) if flood else decision

    async def _without_formatting(self, delivery: Delivery) -> Settlement:
        """The platform did not like the spans: the words matter more."""
        payload = delivery.payload
        if isinstance(payload, SendMessage | EditMessage) and payload.text.spans:
            plain = replace(payload, text=Rich(payload.text.text))
            return await self.send(replace(delivery, payload=plain))
        if isinstance(payload, SendMedia | SendChart) and payload.caption.spans:
            bare = replace(payload, caption=Rich(payload.caption.text))
            return await self.send(replace(delivery, payload=bare))
        return Settlement(delivery=delivery, ending=Ending.FAILED, reason="markup")


def _alone(delivery: Delivery, failed: SendFailed) -> SendMessage | None:
    """The words alone, where what stands above them can't be had; somebody's own photo on a line is not that."""
    payload, is_gone = delivery.payload, failed.failure.kind is FailureKind.REJECTED
    if isinstance(payload, SendChart) and is_gone:
        return SendMessage(text=payload.caption, protect=payload.protect)
    is_given_up = isinstance(failed, NotBrought) and delivery.attempts + 1 >= PICTURE_TRIES
    if isinstance(payload, SendMedia) and delivery.line_id is None and (is_gone or is_given_up):
        return SendMessage(text=payload.caption, rows=payload.rows, protect=payload.protect)
    return None

"""Receive: a raw update is on disk, sealed, before the platform may forget it.

The one thing done beside that is to stop the spinner of a pressed button, right after the commit: it carries no
words, Telegram forgets a press after 150 seconds, and a person should not watch a spinner.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from bot.model.incoming import Envelope
from bot.model.person import Platform
from bot.model.queue import Lane, LaneKind, NewInbox, Origin
from bot.pipeline.ground import Ground
from bot.ports import Transport
from bot.store import inbox, people

SPINNERS: Final = 500  # acknowledgements under way at most; beyond that a spinner stops by itself
NOBODYS: Final = Lane(kind=LaneKind.NOBODY, id=0)  # the store makes each such row a lane of its own

log = logging.getLogger(__name__)


class Receiver:
    """Where transports bring raw updates (`ports.Ingest`)."""

    def __init__(self, ground: Ground) -> None:
        self._on = ground
        self._spinning = 0

    async def __call__(self, platform: Platform, raws: Sequence[bytes]) -> None:
        """Store each raw update once; on return they are committed."""
        transport = self._on.transports[platform]
        envelopes = [transport.envelope(raw) for raw in raws]
        now = self._on.clock.now()
        routing_ids = {envelope.routing_id for envelope in envelopes if envelope.routing_id}
        async with self._on.db.unit() as unit:
            person_ids = await people.resolve(unit, platform, sorted(routing_ids), today=now.date())
            rows = [
                self._row(platform, envelope, raw, person_ids)
                for envelope, raw in zip(envelopes, raws, strict=True)
            ]
            fresh = await inbox.add(unit, rows, now=now)
            await unit.commit()
        self._on.metrics.received(platform, len(fresh))
        self._on.process.set()
        for position in fresh:
            if press_id := envelopes[position].press_id:
                self._stop_spinner(transport, press_id)

    def _row(
        self, platform: Platform, envelope: Envelope, raw: bytes, person_ids: Mapping[str, int]
    ) -> NewInbox:
        if envelope.routing_id is None:
            lane = NOBODYS
        else:
            lane = Lane(kind=LaneKind.PERSON, id=person_ids[envelope.routing_id])
        return NewInbox(lane=lane, origin=Origin(platform), external_id=envelope.external_id, body=raw)

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

"""Polling the text-only messenger: a message is confirmed by the next poll, after `ingest` has returned."""

import asyncio
import logging
from typing import Final

import orjson

from bot.model.outgoing import SendFailed
from bot.model.person import Platform
from bot.ports import Ingest
from bot.transports.plain.client import Client

POLL_SECONDS: Final = 50
PAUSE: Final = 1.0  # seconds, after a failure

log = logging.getLogger(__name__)


class PlainPoller:
    """`ports.Listener` by long polls."""

    def __init__(self, client: Client, *, poll_seconds: int = POLL_SECONDS, pause: float = PAUSE) -> None:
        self._client = client
        self._poll_seconds = poll_seconds
        self._pause = pause
        self._after = 0

    async def listen(self, ingest: Ingest) -> None:
        """Poll until cancelled."""
        while True:
            if not await self.once(ingest):
                await asyncio.sleep(self._pause)

    async def once(self, ingest: Ingest) -> bool:
        """One round; whether all went well."""
        try:
            messages = await self._client.poll(after=self._after, wait=self._poll_seconds)
            if messages:
                await ingest(Platform.PLAIN, [orjson.dumps(message) for message in messages])
                self._after = max(_number(message) for message in messages)
        # A loop of the pipeline: whatever the store raises, the messages stay where they are and come again.
        except Exception as error:  # noqa: BLE001
            reason = error.failure.reason if isinstance(error, SendFailed) else type(error).__name__
            log.warning("poll failed", extra={"action": "poll", "reason": reason})
            return False
        return True


def _number(message: object) -> int:
    number = message.get("number") if isinstance(message, dict) else None
    return number if isinstance(number, int) else 0

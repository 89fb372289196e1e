"""Polling: brings updates to `ingest` and lets Telegram forget them only afterwards.

Telegram's one confirmation is the offset of the *next* getUpdates, so that call is made when `ingest` has
returned and not before. The offset lives in memory and starts at 0: what comes twice is one row in the inbox.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

import orjson

from bot.model.outgoing import Failure, FailureKind, SendFailed
from bot.model.person import Platform
from bot.ports import Clock, Ingest
from bot.transports.telegram.api import Api
from bot.transports.telegram.update import ALLOWED_UPDATES

log = logging.getLogger(__name__)

POLL_SECONDS: Final = 50  # the server cuts longer ones down to this
POLL_GRACE: Final = 15.0  # what the answer may take on top before the connection counts as lost
BATCH: Final = 100
LONGEST_PAUSE: Final = 30.0
TOKEN_PAUSE: Final = 60.0
# The same offset again within half a second makes the server hand out one update at a time.
SHORTEST_PAUSE: Final = 1.0


class TelegramPoller:
    """`ports.Listener` by long polls. Give it an Api of its own: a burst of sends must not delay a poll."""

    def __init__(
        self,
        api: Api,
        clock: Clock,
        *,
        poll_seconds: int = POLL_SECONDS,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._api = api
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._sleep = sleep
        self._offset = 0
        self._failures = 0
        self._webhook_gone = False
        self.last_success: datetime | None = None
        self.trouble: str | None = None

    async def listen(self, ingest: Ingest) -> None:
        """Poll until cancelled. `last_success` is when a poll last ended in a commit, `trouble` why not now."""
        while True:
            pause = await self.once(ingest)
            if pause:
                await self._sleep(pause)

    async def once(self, ingest: Ingest) -> float:
        """One round; the seconds to wait before the next."""
        try:
            return await self._round(ingest)
        except SendFailed as error:
            return self._failed(error.failure)
        # A loop of the pipeline: whatever the store raises, the updates stay with Telegram and come again.
        except Exception as error:  # noqa: BLE001
            log.error("ingest failed", extra={"action": "poll", "error": type(error).__name__})
            return self._failed(Failure(kind=FailureKind.NOT_SENT, reason="ingest"))

    async def _round(self, ingest: Ingest) -> float:
        if not self._webhook_gone:
            # At the start only: one that is set later may be a newer process's. What waits is kept.
            await self._api.call("deleteWebhook")
            self._webhook_gone = True
        asked_at = self._clock.now()
        updates = await self._poll()
        if updates:
            await ingest(Platform.TELEGRAM, [orjson.dumps(update) for update in updates])
            self._offset = next_offset(updates, self._offset)
        self.last_success, self.trouble, self._failures = self._clock.now(), None, 0
        hurried = not updates and (self.last_success - asked_at).total_seconds() < SHORTEST_PAUSE
        return SHORTEST_PAUSE if hurried else 0.0

    async def _poll(self) -> Sequence[object]:
        result = await self._api.call(
            "getUpdates",
            {
                "offset": self._offset,
                "limit": BATCH,
                "timeout": self._poll_seconds,
                # Always said: the server remembers the last list when it is left out.
                "allowed_updates": ALLOWED_UPDATES,
            },
            read_timeout=self._poll_seconds + POLL_GRACE,
        )
        if not isinstance(result, list):
            raise SendFailed(Failure(kind=FailureKind.AMBIGUOUS, reason="unreadable_answer"))
        return result

    def _failed(self, failure: Failure) -> float:
        self._failures += 1
        self.trouble = failure.reason
        pause = pause_after(failure, self._failures)
        level = logging.ERROR if failure.kind is FailureKind.PLATFORM_DOWN else logging.WARNING
        log.log(level, "poll failed", extra={"action": "poll", "reason": failure.reason, "pause": pause})
        return pause


def pause_after(failure: Failure, failures: int) -> float:
    """Seconds to wait after so many failures in a row: 1, 2, 4 ... 30, unless the failure says otherwise."""
    if failure.kind is FailureKind.RATE_LIMITED and failure.retry_after is not None:
        return max(failure.retry_after, SHORTEST_PAUSE)
    if failure.reason == "bad_token":
        return TOKEN_PAUSE
    return min(SHORTEST_PAUSE * 2.0 ** min(failures - 1, 5), LONGEST_PAUSE)


def next_offset(updates: Sequence[object], offset: int) -> int:
    """One more than the highest id in the batch; the old offset if there is no id in it."""
    numbers = [update.get("update_id") for update in updates if isinstance(update, dict)]
    return max([number + 1 for number in numbers if isinstance(number, int)], default=offset)

"""The queue of updates the bot has not confirmed yet.

Only the offset of the next getUpdates forgets an update. Each one is serialised once, when it is added, and
expires by its own time. Rules follow Client.cpp and TQueue.cpp of tdlib/telegram-bot-api.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import orjson

from bot.sandbox.chat import Wire
from bot.sandbox.refusal import Refusal, second_poller

MESSAGE_SECONDS = 86400.0
CALLBACK_SECONDS = 150.0
LONGEST_POLL = 50
FIRST_UPDATE_ID = 500_000_001
MOST_AT_ONCE = 100
BIGGEST_UPDATE = 65536

_LEFT_OUT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True, eq=False)
class Queued:
    """One update on its way: ``lane`` is what must stay in order on a webhook."""

    update_id: int
    lane: tuple[str, int]
    expires: float
    raw: bytes


class Updates:
    """Unconfirmed updates of one bot, oldest first."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._queue: deque[Queued] = deque()
        self._next_id = FIRST_UPDATE_ID
        self._earliest_end = float("inf")
        self._poll: asyncio.Future[None] | None = None
        self._previous_offset = -1
        self._previous_start = self._previous_finish = float("-inf")
        self.allowed: frozenset[str] | None = None
        self.expired = 0
        self.on_added: Callable[[], None] | None = None

    def __len__(self) -> int:
        self._expire()
        return len(self._queue)

    def __iter__(self) -> Iterator[Queued]:
        return iter(self._queue)

    def is_wanted(self, kind: str) -> bool:
        """Whether the remembered ``allowed_updates`` lets this kind through."""
        if self.allowed:
            return kind in self.allowed
        return kind not in _LEFT_OUT_BY_DEFAULT

    def add(self, kind: str, body: Wire, *, lane: tuple[str, int]) -> int | None:
        """Queue ``{"update_id": …, kind: body}``; its id, or None when the bot did not ask for this kind."""
        if not self.is_wanted(kind):
            return None
        return self.add_raw({kind: body}, lane=lane)

    def add_raw(self, update: Wire, *, lane: tuple[str, int] = ("raw", 0)) -> int:
        """Queue an update of any shape, with its own ``update_id`` where it has one."""
        update_id = update.get("update_id", self._next_id)
        self._next_id = max(self._next_id, update_id + 1)
        seconds = CALLBACK_SECONDS if "callback_query" in update else MESSAGE_SECONDS
        raw = orjson.dumps({"update_id": update_id, **update})
        if len(raw) <= BIGGEST_UPDATE:
            expires = self._now() + seconds
            self._earliest_end = min(self._earliest_end, expires)
            self._queue.append(Queued(update_id, lane, expires, raw))
        self._wake()
        return int(update_id)

    def remove(self, done: Queued) -> None:
        """Forget one update that a webhook accepted."""
        if done in self._queue:
            self._queue.remove(done)

    def drop_all(self) -> None:
        """Forget everything (``drop_pending_updates``)."""
        self._queue.clear()

    async def fetch(self, *, offset: int, limit: int, seconds: float) -> list[bytes]:
        """Confirm what is below the offset, then wait up to ``seconds`` for something to give."""
        self._confirm(offset)
        self.refuse_poller(second_poller())
        limit, seconds = self._same_offset_rule(offset, min(max(limit, 1), MOST_AT_ONCE), seconds)
        try:
            return await self._wait(limit, min(max(seconds, 0.0), float(LONGEST_POLL)))
        finally:
            self._previous_finish = self._now()

    def refuse_poller(self, refusal: Refusal) -> None:
        """End the waiting long poll, if there is one, with an error."""
        poll, self._poll = self._poll, None
        if poll is not None and not poll.done():
            poll.set_exception(refusal)

    def release_poller(self) -> None:
        """End the waiting long poll with an empty answer, e.g. because the emulator stops."""
        self._wake()

    def _same_offset_rule(self, offset: int, limit: int, timeout: float) -> tuple[int, float]:
        now = self._now()
        if offset == self._previous_offset:
            if timeout < 3 and now < self._previous_start + 3.0:
                timeout = 3
            if now < self._previous_finish + 0.5:
                limit = 1
        self._previous_offset, self._previous_start = offset, now
        return limit, timeout

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._queue) > -offset:
                self._queue.popleft()
        elif offset <= self._next_id + 10:
            while self._queue and self._queue[0].update_id < offset:
                self._queue.popleft()

    async def _wait(self, limit: int, seconds: float) -> list[bytes]:
        loop = asyncio.get_running_loop()
        self._expire()
        if not self._queue and seconds > 0:
            poll: asyncio.Future[None] = loop.create_future()
            self._poll = poll
            alarm = loop.call_later(seconds, _finish, poll)
            try:
                await poll
            finally:
                alarm.cancel()
                if self._poll is poll:
                    self._poll = None
        return [queued.raw for queued, _ in zip(self._queue, range(limit), strict=False)]

    def _wake(self) -> None:
        if self._poll is not None:
            _finish(self._poll)
        if self.on_added is not None:
            self.on_added()

    def _expire(self) -> None:
        now = self._now()
        if now < self._earliest_end:
            return
        alive = deque(queued for queued in self._queue if queued.expires > now)
        self.expired += len(self._queue) - len(alive)
        self._queue = alive
        self._earliest_end = min((queued.expires for queued in alive), default=float("inf"))


def _finish(poll: asyncio.Future[None]) -> None:
    if not poll.done():
        poll.set_result(None)

"""Posts updates to the bot's webhook, as Telegram does.

One update in flight per lane (a chat's messages, a person's presses), in order; what is not answered 2xx is
sent again after 1, 2, 4 … seconds until the update expires. Runs as one task beside the server.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiohttp

from bot.sandbox.receiving import Receiving
from bot.sandbox.updates import Queued
from bot.sandbox.world import World

LONGEST_BACK_OFF = 60.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(slots=True)
class _Lane:
    busy: bool = False
    failures: int = 0
    not_before: float = 0.0


class WebhookPump:
    """Delivers while a webhook is set; ``retry_seconds`` is the first back-off."""

    def __init__(self, world: World, receiving: Receiving, *, retry_seconds: float = 1.0) -> None:
        self._world = world
        self._receiving = receiving
        self._retry_seconds = retry_seconds
        self._lanes: dict[tuple[str, int], _Lane] = {}
        self._wake = asyncio.Event()
        world.updates.on_added = self._wake.set

    async def run(self) -> None:
        """Deliver until cancelled."""
        timeout = aiohttp.ClientTimeout(total=30)
        async with aiohttp.ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as tasks:
            while True:
                self._wake.clear()
                self._start_due(session, tasks)
                await self._pause()

    async def _pause(self) -> None:
        now = asyncio.get_running_loop().time()
        waits = [lane.not_before - now for lane in self._lanes.values() if lane.not_before > now]
        try:
            async with asyncio.timeout(min(waits, default=3600.0)):
                await self._wake.wait()
        except TimeoutError:
            return

    def _start_due(self, session: aiohttp.ClientSession, tasks: asyncio.TaskGroup) -> None:
        if not self._receiving.hook.url or not len(self._world.updates):
            return
        now = asyncio.get_running_loop().time()
        free = self._receiving.hook.max_connections - sum(lane.busy for lane in self._lanes.values())
        seen: set[tuple[str, int]] = set()
        for queued in self._world.updates:
            if free <= 0:
                return
            if queued.lane in seen:
                continue
            seen.add(queued.lane)
            lane = self._lanes.setdefault(queued.lane, _Lane())
            if not lane.busy and lane.not_before <= now:
                lane.busy = True
                free -= 1
                tasks.create_task(self._deliver(session, queued, lane))

    async def _deliver(self, session: aiohttp.ClientSession, queued: Queued, lane: _Lane) -> None:
        failure, wait = await self._post(session, queued)
        lane.busy = False
        if failure is None:
            self._world.updates.remove(queued)
            del self._lanes[queued.lane]
        else:
            hook = self._receiving.hook
            hook.last_error, hook.last_error_date = failure, self._world.date()
            lane.failures += 1
            back_off = min(self._retry_seconds * 2.0 ** (lane.failures - 1), LONGEST_BACK_OFF)
            lane.not_before = asyncio.get_running_loop().time() + (wait or back_off)
        self._wake.set()

    async def _post(self, session: aiohttp.ClientSession, queued: Queued) -> tuple[str | None, float]:
        """Why the delivery failed (None: it did not), and the seconds the receiver asked to wait."""
        hook = self._receiving.hook
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers[SECRET_HEADER] = hook.secret
        try:
            async with session.post(hook.url, data=queued.raw, headers=headers) as response:
                await response.read()
                if 200 <= response.status < 300:
                    return None, 0.0
                asked = response.headers.get("Retry-After", "")
                reason = f"Wrong response from the webhook: {response.status} {response.reason}"
                return reason, min(float(asked), 3600.0) if asked.isdigit() else 0.0
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"Connection failed: {type(error).__name__}", 0.0

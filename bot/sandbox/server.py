"""The loopback HTTP server around an emulator, and ``running`` to start one.

Paths: ``/bot<token>/<method>`` and ``/file/bot<token>/`` as on Telegram, ``/_sandbox/`` to act as people and
script faults, ``/_signal/`` the same for phones with Signal, and the page at ``/``. aiohttp's
low-level server: no routing per call.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from urllib.parse import unquote

from aiohttp import web

from bot.sandbox.api import BotApi
from bot.sandbox.control import Control, is_local
from bot.sandbox.emulator import TOKEN, Emulator
from bot.sandbox.page_files import page_response
from bot.sandbox.room import Room
from bot.sandbox.signal_control import SignalControl
from bot.sandbox.webhook import WebhookPump

HOST = "127.0.0.1"
BIGGEST_BODY = 50 * 1024 * 1024
_CONTROL = "/_sandbox/"
_SIGNAL = "/_signal/"
_DOORS = ("/bot", "/file/", _CONTROL, _SIGNAL)  # everything but the page's own files


class Server:
    """Routes requests by their path."""

    def __init__(self, emulator: Emulator, *, page: bool, room: Room | None = None) -> None:
        self.emulator = emulator
        self._page = page
        self._api = BotApi(emulator)
        self._prefix = f"/bot{emulator.token}/"
        self._file_prefix = f"/file/bot{emulator.token}/"
        self.control = Control(emulator, room)
        self.signal = SignalControl(emulator.daemon)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer any request; whatever does or tells something only to this machine's own pages and programs."""
        path = request.raw_path.partition("?")[0]
        if "%" in path:
            path = unquote(path)
        if path.startswith(_DOORS) and not is_local(request):
            return web.Response(status=403)
        return await self._answered(request, path)

    async def _answered(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        if path.startswith(self._prefix):
            return await self._api.handle(request, path[len(self._prefix) :], authorized=True)
        if path.startswith("/bot"):
            return await self._api.handle(request, path.rpartition("/")[2], authorized=False)
        if path.startswith(_CONTROL):
            return await self.control.handle(request, path.removeprefix(_CONTROL))
        if path.startswith(self._file_prefix):
            return self._file(path.rpartition("/")[2])
        if path.startswith(_SIGNAL):
            return await self.signal.handle(request, path.removeprefix(_SIGNAL))
        return page_response(path) if self._page else web.Response(status=404)

    def _file(self, file_id: str) -> web.Response:
        stored = self.emulator.world.files.get(file_id)
        if stored is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=stored.content, content_type="application/octet-stream")


async def _listen(server: Server, port: int) -> web.ServerRunner:
    loop = asyncio.get_running_loop()
    request = partial(web.BaseRequest, loop=loop, client_max_size=BIGGEST_BODY)
    low = web.Server(server.handle, request_factory=request, access_log=None, keepalive_timeout=3600.0)
    runner = web.ServerRunner(low, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, HOST, port, backlog=1024).start()
    return runner


@asynccontextmanager
async def running(
    emulator: Emulator | None = None,
    *,
    token: str = TOKEN,
    port: int = 0,
    page: bool = False,
    webhook_retry_seconds: float = 1.0,
) -> AsyncIterator[Emulator]:
    """Serve an emulator on loopback while the block runs; its address is ``emulator.url``."""
    emulator = emulator or Emulator(token)
    async with serving(Server(emulator, page=page), port=port, webhook_retry_seconds=webhook_retry_seconds):
        yield emulator


@asynccontextmanager
async def serving(
    server: Server, *, port: int = 0, webhook_retry_seconds: float = 1.0
) -> AsyncIterator[None]:
    """Listen on loopback while the block runs."""
    emulator = server.emulator
    runner = await _listen(server, port)
    emulator.url = f"http://{HOST}:{runner.addresses[0][1]}"
    pump = WebhookPump(emulator.world, emulator.receiving, retry_seconds=webhook_retry_seconds)
    # Not a TaskGroup around the yield: that would wrap a failing test's error in a group.
    pumping = asyncio.get_running_loop().create_task(pump.run())
    await emulator.daemon.come_up()
    try:
        yield
    finally:
        pumping.cancel()
        with suppress(asyncio.CancelledError):
            await pumping
        await emulator.daemon.go_down()
        emulator.world.updates.release_poller()
        server.control.close()
        server.signal.close()
        await runner.cleanup()

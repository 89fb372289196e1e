"""The text-only messenger as the bot sees it, over HTTP and JSON.

``GET /plain/poll?after=7&wait=50`` gives the messages after number 7 and forgets those up to it;
``POST /plain/send`` with ``{"to", "text"}`` delivers words. Faults hit both as they do the Bot API.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from bot.sandbox.api import close_connection
from bot.sandbox.fault import Fault, FaultKind
from bot.sandbox.plain import LONGEST_TEXT, Messenger

_REFUSALS = {
    FaultKind.FLOOD: 429,
    FaultKind.BLOCKED: 403,
    FaultKind.BAD_REQUEST: 400,
    FaultKind.UNAUTHORIZED: 401,
    FaultKind.BAD_GATEWAY: 502,
}


class PlainApi:
    """Answers ``/plain/<method>``."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger

    async def handle(self, request: web.BaseRequest, method: str) -> web.StreamResponse:
        """Answer one request of the bot."""
        faults = self._messenger.faults
        fault = faults.pick(method, None)
        kind = fault.kind if fault else None
        if faults.down or kind is FaultKind.DROP_BEFORE:
            close_connection(request, hard=False)
            return web.Response()
        if fault and fault.kind in _REFUSALS:
            return _refused(fault)
        answer = await self._answer(request, method, lost=kind is FaultKind.LOSE)
        if kind is FaultKind.DROP_AFTER or faults.down:
            close_connection(request, hard=True)
        if fault and kind is FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)
        return answer

    async def _answer(self, request: web.BaseRequest, method: str, *, lost: bool) -> web.Response:
        if method == "poll":
            return await self._poll(request)
        if method == "send":
            return self._send(await request.read(), lost=lost)
        return _json({"error": "no such method"}, status=404)

    async def _poll(self, request: web.BaseRequest) -> web.Response:
        given = dict(parse_qsl(request.raw_path.partition("?")[2]))
        found = await self._messenger.fetch(after=int(given["after"]), seconds=float(given["wait"]))
        return _json({"messages": [asdict(waiting) for waiting in found]})

    def _send(self, body: bytes, *, lost: bool) -> web.Response:
        given = orjson.loads(body)
        person, text = self._messenger.people.get(given["to"]), given["text"]
        if person is None:
            return _json({"error": "nobody there"}, status=404)
        if not text or len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
            return _json({"error": "empty or too long"}, status=413)
        if not lost:
            person.put(text, mine=False)
        return _json({"sent": True})


def _refused(fault: Fault) -> web.Response:
    headers = {"Retry-After": str(fault.retry_after)} if fault.kind is FaultKind.FLOOD else {}
    return web.Response(status=_REFUSALS[fault.kind], text="refused", headers=headers)


def _json(body: object, *, status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")

"""One Bot API call over HTTP: check it, let a fault hit it, answer it, write it down.

This is the hot path; ``server`` routes here. What a method does is in ``posting``, ``editing``, ``profile``
and ``receiving``.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from typing import NamedTuple

import orjson
from aiohttp import web

from bot.sandbox.decode import Params, read_params
from bot.sandbox.emulator import Emulator
from bot.sandbox.fault import Fault, FaultKind
from bot.sandbox.journal import Violation
from bot.sandbox.method import METHODS, Method
from bot.sandbox.refusal import Refusal, bad_request

_BAD_GATEWAY = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"
_LINGER_ZERO = struct.pack("ii", 1, 0)


class Answer(NamedTuple):
    """What goes back: ``Answer(200, b'{"ok":true,"result":true}', "ok")``."""

    status: int
    body: bytes
    outcome: str


class BotApi:
    """Answers the calls of the bot of one emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def handle(self, request: web.BaseRequest, name: str, *, authorized: bool) -> web.StreamResponse:
        """Answer one request to ``/bot<token>/<name>``."""
        faults = self._emulator.faults
        method = METHODS.get(name.lower())
        params: Params = {}
        try:
            if faults.down:
                return self._dropped(request, name, params, "down")
            params = await read_params(request)
            method = self._checked(name, params, authorized=authorized)
        except Refusal as refusal:
            return self._sent(_refused(refusal), method.name if method else name, params)
        if faults.latency_ms:
            await asyncio.sleep(faults.latency_ms / 1000)
        fault = faults.pick(name.lower(), params.get("chat_id"))
        if fault is not None:
            return await self._with_fault(request, method, params, fault)
        answer = await self._answer(method, params)
        if faults.down:
            return self._dropped(request, method.name, params, "down")
        return self._sent(answer, method.name, params)

    def _checked(self, name: str, params: Params, *, authorized: bool) -> Method:
        """The method, when this can be a call of it; a Refusal and a recorded violation otherwise."""
        if not authorized:
            raise Refusal(401, "Unauthorized")
        method = METHODS.get(name.lower())
        if method is None:
            self._emulator.violations.append(Violation(name, "no such method"))
            raise Refusal(404, "Not Found: method not found")
        objection = method.objection(set(params))
        if objection is not None:
            self._emulator.violations.append(Violation(method.name, objection))
            raise bad_request(objection)
        return method

    async def _answer(self, method: Method, params: Params) -> Answer:
        try:
            result: object
            if method.name == "getUpdates":
                result = await self._emulator.receiving.get_updates(params)
            else:
                result = self._emulator.answerers[method.name.lower()](params)
        except Refusal as refusal:
            return _refused(refusal)
        return Answer(200, orjson.dumps({"ok": True, "result": result}), "ok")

    async def _with_fault(
        self, request: web.BaseRequest, method: Method, params: Params, fault: Fault
    ) -> web.StreamResponse:
        refusal = fault.refusal()
        if refusal is not None:
            answer = _refused(refusal)
            return self._sent(answer._replace(outcome=fault.kind.value), method.name, params)
        match fault.kind:
            case FaultKind.DROP_BEFORE:
                return self._dropped(request, method.name, params, fault.kind.value)
            case FaultKind.DROP_AFTER:
                await self._answer(method, params)
                return self._dropped(request, method.name, params, fault.kind.value, hard=True)
            case FaultKind.BAD_GATEWAY:
                if fault.processed:
                    await self._answer(method, params)
                return self._sent(Answer(502, _BAD_GATEWAY, fault.kind.value), method.name, params)
            case FaultKind.LOSE:
                answer = await self._lost(method, params)
            case _:
                answer = await self._answer(method, params)
                await asyncio.sleep(fault.seconds)
        return self._sent(answer._replace(outcome=fault.kind.value), method.name, params)

    async def _lost(self, method: Method, params: Params) -> Answer:
        # No other call can run in between: everything but getUpdates answers without awaiting.
        self._emulator.posting.losing = True
        try:
            return await self._answer(method, params)
        finally:
            self._emulator.posting.losing = False

    def _sent(self, answer: Answer, name: str, params: Params) -> web.Response:
        self._emulator.journal.write(self._emulator.world.now(), name, answer.outcome, params)
        kind = "text/html" if answer.body is _BAD_GATEWAY else "application/json"
        return web.Response(status=answer.status, body=answer.body, content_type=kind)

    def _dropped(
        self, request: web.BaseRequest, name: str, params: Params, outcome: str, *, hard: bool = False
    ) -> web.Response:
        self._emulator.journal.write(self._emulator.world.now(), name, outcome, params)
        close_connection(request, hard=hard)
        return web.Response()


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.code, orjson.dumps(refusal.answer()), str(refusal.code))


def close_connection(request: web.BaseRequest, *, hard: bool) -> None:
    """Close without an answer; ``hard`` sends a TCP reset."""
    transport = request.transport
    if transport is None:
        return
    found = transport.get_extra_info("socket")
    if hard and found is not None:
        with socket.socket(fileno=os.dup(found.fileno())) as copy:
            copy.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
    transport.abort()

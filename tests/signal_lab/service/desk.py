"""The service at its counter: faults first, then whoever answers; over HTTP and inside the websocket."""

import asyncio
import dataclasses
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import WSMsgType, web

from tests.signal_lab.service.account import Account, Register
from tests.signal_lab.service.call import Answer, Call, Route, said
from tests.signal_lab.service.post import Post
from tests.signal_lab.service.protobuf import Value, content, contents, decoded, encoded, number

_RESPONSE: Final = 2
_REQUEST: Final = 1
_NOBODY: Final = 403
_KNOWN: Final = 200  # calls that are remembered


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to the next calls that match `verb path`: another answer, or an answer that is late."""

    match: str
    status: int | None = None
    body: Any = None
    times: int = 1
    delay: float = 0.0
    headers: list[tuple[str, str]] = dataclasses.field(default_factory=list)


class Desk:
    """Answers every call, and remembers the last ones: verb, path and status."""

    def __init__(self, register: Register, post: Post, routes: Sequence[Route]) -> None:
        self._register, self._post, self._routes = register, post, routes
        self.faults: list[Fault] = []
        self.log: list[tuple[str, int]] = []

    async def answer(self, call: Call) -> Answer:
        """What is said to a call."""
        answer = await self._faulty(call) or await self._routed(call)
        self.log = [*self.log[-_KNOWN:], (f"{call.verb} {call.path}", answer.status)]
        return answer

    async def _faulty(self, call: Call) -> Answer | None:
        for fault in self.faults:
            if re.search(fault.match, f"{call.verb} {call.path}"):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                await asyncio.sleep(fault.delay)
                if fault.status is None:
                    return None
                body = b"" if fault.body is None else json.dumps(fault.body).encode()
                return Answer(status=fault.status, body=body, headers=tuple(fault.headers))
        return None

    async def _routed(self, call: Call) -> Answer:
        for route in self._routes:
            match = route.path.fullmatch(call.path)
            if match and call.verb in route.verb.split("|"):
                if not call.caller and not route.open:
                    return said({}, status=401)
                return await route.answering(dataclasses.replace(call, found=match.groups()))
        return said({}, status=404)

    async def http(self, request: web.Request) -> web.StreamResponse:
        """A call by itself, or the beginning of a websocket."""
        caller = self._register.caller(request.headers.get("Authorization"))
        if request.path.startswith("/v1/websocket"):
            if "Authorization" in request.headers and not caller:
                return web.Response(status=_NOBODY)
            return await self._socket(request, caller)
        call = Call(
            verb=request.method,
            path=request.path,
            query=request.query_string,
            body=await request.read(),
            headers=request.headers,
            caller=caller,
        )
        answer = await self.answer(call)
        headers = {"Content-Type": "application/json", **dict(answer.headers)}
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    async def _socket(self, request: web.Request, caller: Account | None) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        if caller:
            await self._post.connect(socket, caller)
        try:
            async with asyncio.TaskGroup() as tasks:
                async for message in socket:
                    if message.type == WSMsgType.BINARY:
                        fields = decoded(message.data)
                        if number(fields, 1) == _REQUEST:
                            tasks.create_task(self._inside(socket, content(fields, 2), caller))
                        else:
                            self._acknowledged(socket, content(fields, 3))
        finally:
            self._post.disconnect(socket)
        return socket

    def _acknowledged(self, socket: web.WebSocketResponse, response: bytes) -> None:
        fields = decoded(response)
        if number(fields, 2) == 200:
            self._post.acknowledged(socket, number(fields, 1))

    async def _inside(self, socket: web.WebSocketResponse, request: bytes, caller: Account | None) -> None:
        """A call that came through a websocket."""
        fields = decoded(request)
        path, _, query = content(fields, 2).decode().partition("?")
        call = Call(
            verb=content(fields, 1).decode(),
            path=path,
            query=query,
            body=content(fields, 3),
            headers=dict(_header(line) for line in contents(fields, 5)),
            caller=caller,
        )
        answer = await self.answer(call)
        words = "OK" if answer.status < 300 else "Error"
        said: list[tuple[int, Value]] = [
            (1, number(fields, 4)),
            (2, answer.status),
            (3, words),
            (4, answer.body),
        ]
        said += [(5, f"{name}: {value}") for name, value in answer.headers]
        if not socket.closed:
            await socket.send_bytes(encoded([(1, _RESPONSE), (3, encoded(said))]))


def _header(line: bytes) -> tuple[str, str]:
    name, _, value = line.decode().partition(":")
    return name, value.strip()

"""A scripted `signal-cli daemon --tcp --receive-mode=manual` on loopback: JSON-RPC, an object a line.

Requests of one connection are answered as they end, not as they came. What is written to a subscription is forgotten,
as by the real one, whether its reader lives or not.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import orjson

from bot.sandbox.signal.envelope import Wire
from bot.sandbox.signal.method import HangUp, Methods
from bot.sandbox.signal.network import Listener, Network
from bot.sandbox.signal.refusal import INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, RpcRefusal

HOST = "127.0.0.1"
LONGEST_LINE = 64 * 1024 * 1024


class Daemon:
    """Listens for clients. ``go_down`` and ``come_up`` are its death and its next start, at the same address."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.methods = Methods(network)
        self._clients: set[_Client] = set()
        self._server: asyncio.Server | None = None
        self._port = 0
        self._subscriptions = count()

    async def come_up(self) -> None:
        """Listen; nothing where it does already."""
        if self._server is not None:
            return
        self._server = await asyncio.start_server(self._serve, HOST, self._port, limit=LONGEST_LINE)
        self._port = self._server.sockets[0].getsockname()[1]
        self.network.rpc = f"tcp://{HOST}:{self._port}"

    async def go_down(self) -> None:
        """Drop every client and refuse new ones; what people write meanwhile waits at Signal."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for client in list(self._clients):
            client.drop()
        while self._clients:  # noqa: ASYNC110 - each leaves the set by itself, in a moment
            await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = _Client(self.methods, writer, self._subscriptions)
        self._clients.add(client)
        try:
            while line := await reader.readline():
                client.hear(line)
        except (ConnectionError, ValueError, asyncio.CancelledError):
            pass  # the other side went, sent a line without an end, or this loop ends
        finally:
            client.drop()
            self._clients.discard(client)


class _Client:
    """One connection: its calls under way, and its subscriptions."""

    def __init__(self, methods: Methods, writer: asyncio.StreamWriter, numbers: count[int]) -> None:
        self._methods = methods
        self._writer = writer
        self._numbers = numbers
        self._calls: set[asyncio.Task[None]] = set()
        self._listeners: dict[int, Listener] = {}

    def hear(self, line: bytes) -> None:
        """Begin to answer a line."""
        call = asyncio.get_running_loop().create_task(self._answer_line(line))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    def drop(self) -> None:
        """Close at once; calls under way end unanswered."""
        for listener in self._listeners.values():
            self._methods.network.unsubscribe(listener)
        self._listeners.clear()
        for call in self._calls:
            if call is not asyncio.current_task():
                call.cancel()
        self._writer.transport.abort()

    async def _answer_line(self, line: bytes) -> None:
        try:
            given = orjson.loads(line) if line.strip() else None
        except orjson.JSONDecodeError:
            self._write(_refused(None, RpcRefusal(PARSE_ERROR, "Invalid JSON")))
            return
        if given is None:
            self._write(_refused(None, RpcRefusal(PARSE_ERROR, "Empty input line")))
            return
        try:
            if isinstance(given, list):
                answers = await asyncio.gather(*map(self._answered, given))
                self._write([answer for answer in answers if answer])
            elif answer := await self._answered(given):
                self._write(answer)
        except HangUp:
            self.drop()
            return
        self._subscribed()

    async def _answered(self, given: Wire) -> Wire | None:
        """The answer to one request; None to a notification."""
        id = given.get("id")
        try:
            result = await self._result(str(given.get("method") or ""), given.get("params") or {})
        except RpcRefusal as refusal:
            return _refused(id, refusal)
        return {"jsonrpc": "2.0", "result": result, "id": id} if id is not None else None

    async def _result(self, method: str, params: Wire) -> object:
        match method:
            case "subscribeReceive":
                self._methods.check_account(method, params)
                return self._subscribe()
            case "unsubscribeReceive":
                return self._unsubscribe(params)
            case "receive":
                raise RpcRefusal(INVALID_REQUEST, "Receive command cannot be used: a subscription is there")
            case _:
                return await self._methods.answer(method, params)

    def _subscribe(self) -> int:
        number = next(self._numbers)

        def listener(told: Wire) -> None:
            if not self._writer.is_closing():
                self._writer.write(notification(number, told) + b"\n")

        self._listeners[number] = listener
        return number

    def _subscribed(self) -> None:
        """Hand over what waits, now that the answer with the number is written."""
        for listener in self._listeners.values():
            self._methods.network.subscribe(listener)

    def _unsubscribe(self, params: Wire) -> Wire:
        listener = self._listeners.pop(params.get("subscription", -1), None)
        if listener is None:
            raise RpcRefusal(INVALID_PARAMS, "Unknown subscription id")
        self._methods.network.unsubscribe(listener)
        return {}

    def _write(self, body: object) -> None:
        if not self._writer.is_closing():
            self._writer.write(orjson.dumps(body) + b"\n")


def notification(subscription: int, told: Wire) -> bytes:
    """An event as one line to a subscription, without its end."""
    params = {"subscription": subscription, "result": told}
    return orjson.dumps({"jsonrpc": "2.0", "method": "receive", "params": params})


def _refused(id: object, refusal: RpcRefusal) -> Wire:
    return {"jsonrpc": "2.0", "error": refusal.answer(), "id": id}


@asynccontextmanager
async def signal_running(network: Network) -> AsyncIterator[Daemon]:
    """A daemon for `network` while the block runs; its address is ``network.rpc``."""
    daemon = Daemon(network)
    await daemon.come_up()
    try:
        yield daemon
    finally:
        await daemon.go_down()

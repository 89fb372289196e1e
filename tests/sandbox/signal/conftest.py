"""A scripted signal-cli, people with Signal, and a client that writes lines as any would."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import orjson
import pytest

from bot.sandbox.signal import Daemon, Network, SignalPerson, signal_running

Wire = dict[str, Any]


class Client:
    """One connection; answers are found by their id, everything else is what came."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer
        self._ids = count(1)
        self._events: deque[Wire] = deque()

    async def line(self) -> Any:
        """The next line, parsed."""
        async with asyncio.timeout(5):
            return orjson.loads(await self._reader.readline())

    async def ended(self) -> bool:
        """Whether the daemon has hung up."""
        async with asyncio.timeout(5):
            try:
                return await self._reader.readline() == b""
            except ConnectionError:
                return True

    def ask(self, method: str, **params: object) -> int:
        """Write a request; its id."""
        id = next(self._ids)
        self.raw(orjson.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
        return id

    def raw(self, line: bytes) -> None:
        """Write a line as it is."""
        self.writer.write(line + b"\n")

    async def answer(self, id: int) -> Wire:
        """The answer to a request; events that come first are kept for `event`."""
        while (found := await self.line()).get("id") != id:
            self._events.append(found)
        answer: Wire = found
        return answer

    async def call(self, method: str, **params: object) -> Any:
        """The result. Raises KeyError with the error where there is none."""
        answer = await self.answer(self.ask(method, **params))
        if "error" in answer:
            raise KeyError(answer["error"])
        return answer["result"]

    async def error(self, method: str, **params: object) -> Wire:
        """The error a call ends in."""
        answer = await self.answer(self.ask(method, **params))
        error: Wire = answer["error"]
        return error

    async def event(self) -> Wire:
        """What the next notification tells."""
        told = self._events.popleft() if self._events else await self.line()
        assert told["method"] == "receive"
        result: Wire = told["params"]["result"]
        return result


@asynccontextmanager
async def connected(network: Network) -> AsyncIterator[Client]:
    host, _, port = network.rpc.removeprefix("tcp://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=2**26)
    try:
        yield Client(reader, writer)
    finally:
        writer.transport.abort()


@pytest.fixture
def network() -> Network:
    return Network(time.time)


@pytest.fixture
async def daemon(network: Network) -> AsyncIterator[Daemon]:
    async with signal_running(network) as daemon:
        yield daemon


@pytest.fixture
async def client(daemon: Daemon) -> AsyncIterator[Client]:
    async with connected(daemon.network) as client:
        yield client


@pytest.fixture
def noa(network: Network) -> SignalPerson:
    return network.person()

"""A plain JSON-RPC conversation with a daemon, for the people of a test: not the bot's client, which is on trial."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any, Final

_LONGEST_LINE: Final = 64 * 2**20
# Seconds. A daemon that loses a client while another comes may hand out nothing for a minute; whoever lost its daemon
# tries again within thirty.
SOON: Final = 120.0


class Refused(Exception):
    """The daemon answered with an error; `code` and `data` are its own."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code: int = error["code"]
        self.data: Any = error.get("data")


class Line:
    """One connection; what the daemon says by itself is in `heard`, in order."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._serials = count(1)
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._news = asyncio.Condition()
        self.heard: list[dict[str, Any]] = []

    async def call(self, method: str, **params: object) -> Any:
        """Ask, and wait for the answer. Raises Refused, ConnectionError when the daemon went, TimeoutError."""
        serial = next(self._serials)
        waiting = self._asked[serial] = asyncio.get_running_loop().create_future()
        asked = {"jsonrpc": "2.0", "id": serial, "method": method, "params": params}
        self._writer.write(json.dumps(asked).encode() + b"\n")
        async with asyncio.timeout(SOON):
            answer = await waiting
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    async def until(
        self, wanted: Callable[[dict[str, Any]], bool], *, within: float = SOON
    ) -> dict[str, Any]:
        """The first thing heard that is wanted; it is taken out. Raises TimeoutError."""
        async with asyncio.timeout(within), self._news:
            while True:
                for said in self.heard:
                    if wanted(said):
                        self.heard.remove(said)
                        return said
                await self._news.wait()

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Until the daemon hangs up."""
        with suppress(ConnectionError):
            while line := await reader.readline():
                said = json.loads(line)
                if "id" in said:
                    self._answered(said)
                else:
                    async with self._news:
                        self.heard.append(said["params"].get("result", said["params"]))
                        self._news.notify_all()
        for waiting in self._asked.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError())

    def _answered(self, said: dict[str, Any]) -> None:
        waiting = self._asked.pop(said["id"], None)
        if waiting and not waiting.done():
            waiting.set_result(said)


@asynccontextmanager
async def line(port: int) -> AsyncIterator[Line]:
    """A connection while the block lasts."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_LONGEST_LINE)
    opened = Line(writer)
    reading = asyncio.create_task(opened.read(reader))
    try:
        yield opened
    finally:
        reading.cancel()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

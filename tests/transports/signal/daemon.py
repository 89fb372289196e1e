"""A very small daemon: newline JSON over a socket, answers from a table, and what can go wrong with it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson

Asked = dict[str, object]


@dataclass
class Daemon:
    """What it answers: a result or, as `{"error": …}`, an error; None is silence. What it was asked is in `asked`."""

    answers: dict[str, object] = field(default_factory=lambda: {"version": {"version": "0.14.6"}})
    asked: list[Asked] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    endpoint: str = ""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        while line := await reader.readline():
            asked = orjson.loads(line)
            self.asked.append(asked)
            missing = {"error": {"code": -32601, "message": "Method not implemented", "data": None}}
            answer = self.answers.get(asked["method"], missing)
            if answer is not None:
                whole = answer if isinstance(answer, dict) and "error" in answer else {"result": answer}
                self.say(orjson.dumps({"jsonrpc": "2.0", "id": asked["id"], **whole}))
        writer.close()

    def say(self, line: bytes) -> None:
        """A line on the newest connection."""
        self.writers[-1].write(line + b"\n")

    def hang_up(self) -> None:
        """End every connection at once."""
        for writer in self.writers:
            writer.transport.abort()

    def calls(self, method: str) -> list[object]:
        """The params of each call of a method."""
        return [one["params"] for one in self.asked if one["method"] == method]


@asynccontextmanager
async def running(daemon: Daemon, path: str | None = None, port: int = 0) -> AsyncIterator[Daemon]:
    """The daemon, listening on a TCP port of this machine, or on a UNIX socket."""
    if path:
        server = await asyncio.start_unix_server(daemon._serve, path)
        daemon.endpoint = f"unix://{path}"
    else:
        server = await asyncio.start_server(daemon._serve, "127.0.0.1", port)
        daemon.endpoint = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield daemon
    finally:
        server.close()
        daemon.hang_up()
        await asyncio.sleep(0)


async def until(is_so: Callable[[], object]) -> None:
    """Wait until something is so, five seconds at most."""
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110  what is waited for is told by nobody
            await asyncio.sleep(0.005)

"""A connection to signal-cli's JSON-RPC socket that comes back by itself: one JSON object a line, both ways.

It knows nothing of messages: a notification goes out as the line it came in. Nothing of a line is ever logged.
Two programs use it: the spooler, which receives and does nothing else, and the bot, which never receives.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from secrets import randbelow
from typing import Final, Self
from urllib.parse import urlsplit

import orjson

from bot.transports.signal.error import NotConnected, RpcError, SignalError, Unsure

LINE: Final = 64 * 2**20  # bytes; an attachment comes in one line
SHORTEST, LONGEST = 0.5, 30.0  # seconds until the next try to connect
CONNECT: Final = 5.0  # seconds
CLOSE: Final = 1.0
TIMEOUTS: Final[Mapping[str, float]] = {"send": 75.0}  # the daemon itself gives up on the network after 50
TIMEOUT: Final = 30.0
PING: Final = 30.0  # seconds between two questions whether the daemon is still there
JSON: Final = (b"{", b"[")  # how every line of signal-cli begins, but one that nobody can read
NO_METHOD: Final = -32601
OF_NO_ACCOUNT: Final = frozenset({"version", "listAccounts", "startLink", "finishLink"})

log = logging.getLogger(__name__)

Answer = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """What the daemon said of itself. `accounts` is None where it serves one account, given when it was started."""

    version: str
    accounts: tuple[str, ...] | None = None


async def connected(endpoint: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to `tcp://host:port` or `unix:///path`. Raises OSError, TimeoutError."""
    place = urlsplit(endpoint)
    async with asyncio.timeout(CONNECT):
        if place.scheme == "unix":
            return await asyncio.open_unix_connection(place.path, limit=LINE)
        return await asyncio.open_connection(place.hostname, place.port, limit=LINE)


class Rpc:
    """The daemon at `endpoint` (`tcp://host:port` or `unix:///path`); open it with `async with`.

    `account` is named in every call where the daemon serves several. Each notification goes to `on_line` as it came,
    before anything else reads it, and so does a line that nobody can read, once it is known to be signal-cli that
    speaks. `on_connect` is called after each new connection, when calls are possible; it may fail with a SignalError,
    and a new connection follows. What either raises beside that ends the whole: let it raise nothing.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        account: str | None = None,
        on_line: Callable[[bytes], object] | None = None,
        on_connect: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._account = account
        self._on_line = on_line
        self._on_connect = on_connect
        self._tasks = asyncio.TaskGroup()
        self._keeping: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Answer | None]] = {}
        self.hello: Hello | None = None  # None while there is no connection

    async def __aenter__(self) -> Self:
        """On return there is a connection, or the first try has failed and the next is to come."""
        await self._tasks.__aenter__()
        self._keeping = self._tasks.create_task(self._keep())
        try:
            await self._tried.wait()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the connection; who waits for an answer hears that nobody knows."""
        if self._keeping:
            self._keeping.cancel()
        await self._tasks.__aexit__(None, None, None)

    async def call(
        self, method: str, params: Mapping[str, object] | None = None, *, timeout: float | None = None
    ) -> object:
        """The result of a call. Raises NotConnected, Unsure or RpcError; `timeout` is in seconds."""
        if self.hello is None:
            raise NotConnected
        params = dict(params or {})
        if self.hello.accounts is not None and self._account and method not in OF_NO_ACCOUNT:
            params["account"] = self._account
        return await self._ask(method, params, timeout=timeout or TIMEOUTS.get(method, TIMEOUT))

    async def _ask(self, method: str, params: Answer, *, timeout: float = TIMEOUT) -> object:
        if self._writer is None:
            raise NotConnected
        number = next(self._numbers)
        answered = self._waiting[number] = asyncio.get_running_loop().create_future()
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        try:
            async with asyncio.timeout(timeout):
                self._writer.write(orjson.dumps(request) + b"\n")
                await self._writer.drain()
                return _result(await answered)
        except (TimeoutError, OSError):
            raise Unsure from None
        finally:
            self._waiting.pop(number, None)

    async def _keep(self) -> None:
        """Connect, again and again, until cancelled."""
        wait = SHORTEST
        while True:
            try:
                reader, writer = await connected(self._endpoint)
            except (OSError, TimeoutError):
                log.warning("no_connection", extra={"action": "signal"})
            else:
                was_greeted = await self._serve(reader, writer)
                wait = SHORTEST if was_greeted else wait
            self._tried.set()
            await asyncio.sleep(max(SHORTEST, wait * (0.5 + randbelow(500) / 1000)))
            wait = min(LONGEST, wait * 2)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read until the connection ends; whether the daemon said hello."""
        self._writer, was_greeted = writer, False
        try:
            async with asyncio.TaskGroup() as tasks:
                greeting = tasks.create_task(self._greet(writer))
                await self._read(reader)
                was_greeted = self.hello is not None
                greeting.cancel()
        finally:
            self._writer = self.hello = None
            for answered in self._waiting.values():
                if not answered.done():
                    answered.set_result(None)
            await _close(writer)
        log.warning("connection_ended", extra={"action": "signal"})
        return was_greeted

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                if self.hello is None and not line.startswith(JSON):
                    log.error("not_signal_cli", extra={"action": "signal"})
                    return
                self._take(line)
        except (OSError, ValueError) as error:  # ValueError: a line longer than `LINE`
            log.warning("unreadable", extra={"action": "signal", "error": type(error).__name__})

    def _take(self, line: bytes) -> None:
        """Give an answer to whoever waits for it, and every other line to `on_line`."""
        try:
            found = orjson.loads(line)
        except ValueError:
            found = None
        match found:
            case {"id": int(number)} if "method" not in found:
                answered = self._waiting.get(number)
                if answered and not answered.done():
                    answered.set_result(found)
            case {"id": None, "error": _}:
                log.warning("refused_line", extra={"action": "signal"})
            case _:
                if self._on_line:
                    self._on_line(line)

    async def _greet(self, writer: asyncio.StreamWriter) -> None:
        """Ask who is there, tell whoever wants to know, then see now and then that it is still there."""
        try:
            self.hello = await self._hello()
            log.info("connected", extra={"action": "signal"})
            if self._on_connect:
                await self._on_connect()
            self._tried.set()
            while True:
                await asyncio.sleep(PING)
                await self._ask("version", {})
        except SignalError as error:
            log.warning("no_answer", extra={"action": "signal", "error": type(error).__name__})
        finally:
            writer.close()

    async def _hello(self) -> Hello:
        match await self._ask("version", {}):
            case {"version": str(version)}:
                pass
            case _:
                version = ""
        try:
            found = await self._ask("listAccounts", {})
        except RpcError as error:
            if error.code == NO_METHOD:
                return Hello(version=version)
            raise
        accounts = found if isinstance(found, list) else []
        return Hello(
            version=version,
            accounts=tuple(str(one.get("number")) for one in accounts if isinstance(one, dict)),
        )


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(CLOSE):
            await writer.wait_closed()


def _result(answer: Answer | None) -> object:
    """What an answer says. Raises Unsure if there is none, and RpcError."""
    match answer:
        case None:
            raise Unsure
        case {"error": {"code": int(code), **more}}:
            raise RpcError(code, str(more.get("message", "")), more.get("data"))
        case {"error": _}:
            raise RpcError(0)
        case _:
            return answer.get("result")

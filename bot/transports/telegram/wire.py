"""One HTTP exchange on a connection that aiohttp keeps: a whole request out, a whole answer in.

aiohttp's connector (pool, TLS, proxies) and parser do the work. Its session is left out: cookies, redirects, streams
and tracing, of which a bot's call uses none, take more than half of the processor time of a call (measured: 0.12 ms
against 0.05). Errors are aiohttp's; `request` makes them harmless.
"""

import asyncio
from collections.abc import Mapping
from functools import cached_property, lru_cache, partial
from typing import Final

from aiohttp import (
    ClientPayloadError,
    ClientRequest,
    ClientTimeout,
    ConnectionTimeoutError,
    StreamReader,
    TCPConnector,
    hdrs,
)
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http import HttpProcessingError
from yarl import URL

BODY_LIMIT: Final = 16 * 2**20  # the largest honest answer is 100 updates of 64 KiB each
HEADERS: Final = {hdrs.USER_AGENT: "python-telegram-bot", hdrs.CONTENT_TYPE: "application/json"}
UNSAID: Final = (hdrs.ACCEPT, hdrs.ACCEPT_ENCODING)  # each costs time and changes nothing


class TooLong(Exception):
    """The answer is longer than any honest one."""


class Target:
    """Where requests of one method and URL go, and what stands above their bodies."""

    def __init__(self, method: str, url: str, *, proxy: str | None) -> None:
        self.request = ClientRequest(
            method,
            URL(url),
            headers=HEADERS,
            skip_auto_headers=UNSAID,
            proxy=URL(proxy) if proxy else None,
            loop=asyncio.get_running_loop(),
        )

    @cached_property
    def head(self) -> bytes:
        """The first lines, up to the length. Made after the first connection: it may ask for a proxy's header."""
        request = self.request
        through = request.proxy and not request.is_ssl()
        place = str(request.url) if through else request.url.raw_path_qs
        lines = [f"{request.method} {place} HTTP/1.1", *_lines(request.headers), "Content-Length: "]
        return "\r\n".join(lines).encode()


class Wire:
    """The connections of one client. Made inside a running loop. Times are in seconds."""

    def __init__(self, *, proxy: str | None, connections: int, connect_timeout: float) -> None:
        self._connector = TCPConnector(limit=connections)
        self._timeout = ClientTimeout(total=None, connect=connect_timeout)
        self._target = lru_cache(maxsize=256)(partial(Target, proxy=proxy))

    async def close(self) -> None:
        """Close every connection."""
        await self._connector.close()

    async def exchange(self, method: str, url: str, *, body: bytes, seconds: float) -> tuple[int, bytes]:
        """Status and body of the answer, which has `seconds` to come. Raises aiohttp's errors and TimeoutError."""
        target = self._target(method, url)
        connection = await self._connected(target)
        try:
            async with asyncio.timeout(seconds):
                answer = await _asked(connection, target.head + b"%d\r\n\r\n%b" % (len(body), body))
        except BaseException:
            connection.close()
            raise
        connection.release()
        return answer

    async def _connected(self, target: Target) -> Connection:
        try:
            return await self._connector.connect(target.request, traces=[], timeout=self._timeout)
        except TimeoutError:
            raise ConnectionTimeoutError from None


async def _asked(connection: Connection, request: bytes) -> tuple[int, bytes]:
    protocol, transport = connection.protocol, connection.transport
    if protocol is None or transport is None:
        raise ClientPayloadError
    protocol.set_response_params(read_until_eof=True, auto_decompress=False)
    transport.write(request)
    try:
        return await _answer(protocol)
    except HttpProcessingError:
        raise ClientPayloadError from None


async def _answer(protocol: ResponseHandler) -> tuple[int, bytes]:
    message, content = await protocol.read()
    return message.code, await _whole(content)


async def _whole(content: StreamReader) -> bytes:
    """The body, unless it is absurdly long."""
    body = bytearray()
    while chunk := await content.readany():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise TooLong
    return bytes(body)


def _lines(headers: Mapping[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers.items() if name != hdrs.CONTENT_LENGTH]

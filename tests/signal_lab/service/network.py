"""The way to the service, one for each daemon: an HTTP proxy that leads nowhere else, and can be cut."""

import asyncio
from contextlib import suppress
from typing import Final

from tests.signal_lab.service.certificate import HOST

LOOPBACK: Final = "127.0.0.1"
_OPENED: Final = b"HTTP/1.1 200 OK\r\n\r\n"
_PIECE: Final = 65536


class Way:
    """Whatever a daemon asks for ends at the service's TLS port, while it is up."""

    def __init__(self, tls_port: int) -> None:
        self._tls_port = tls_port
        self._open: set[asyncio.StreamWriter] = set()
        self._is_up = True

    async def serve(self) -> int:
        """Listen; the port."""
        server = await asyncio.start_server(self._client, LOOPBACK, 0)
        port: int = server.sockets[0].getsockname()[1]
        return port

    def up(self, is_up: bool) -> None:
        """Let everything through, or cut everything at once."""
        self._is_up = is_up
        if not is_up:
            for writer in list(self._open):
                writer.transport.abort()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            asked = await reader.readuntil(b"\r\n\r\n")
            if self._is_up and asked.startswith(b"CONNECT ") and _is_of(asked, HOST):
                await self._lead(reader, writer)
        writer.close()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inside, out = await asyncio.open_connection(LOOPBACK, self._tls_port)
        writer.write(_OPENED)
        self._open |= {writer, out}
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_pour(reader, out))
                tasks.create_task(_pour(inside, writer))
        finally:
            self._open -= {writer, out}


def _is_of(asked: bytes, host: str) -> bool:
    domain = host.partition(".")[2].encode()
    return asked.split(b" ")[1].rpartition(b":")[0].endswith(b"." + domain)


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    writer.close()

"""Doubles for the tests of Telegram: a request class that records, a misbehaving server, updates to read."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from telegram.request import BaseRequest, RequestData
from typing_extensions import override

from bot.model.person import Platform

TOKEN = "42:AAHsecret_of-the-bot"
SECRET = TOKEN.partition(":")[2]

Answer = tuple[int, dict[str, Any]] | Exception
Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def fine(result: object) -> Answer:
    """Telegram's yes."""
    return 200, {"ok": True, "result": result}


def refused(code: int, description: str, **parameters: int) -> Answer:
    """Telegram's no."""
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return code, body | ({"parameters": parameters} if parameters else {})


class RecordingRequest(BaseRequest):
    """Keeps every call and gives the answers in turn, then `True` for ever."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.read_timeouts: list[object] = []
        self.is_open = False

    @property
    @override
    def read_timeout(self) -> float:
        return 5.0

    @override
    async def initialize(self) -> None:
        self.is_open = True

    @override
    async def shutdown(self) -> None:
        self.is_open = False

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        parameters = orjson.loads(orjson.dumps(request_data.parameters if request_data else {}))
        self.calls.append((url.rpartition("/")[2], parameters))
        self.read_timeouts.append(read_timeout)
        answer = self.answers.pop(0) if self.answers else fine(True)
        if isinstance(answer, Exception):
            raise answer
        return answer[0], orjson.dumps(answer[1])

    @property
    def methods(self) -> list[str]:
        """The names of the called methods."""
        return [method for method, _ in self.calls]


class StepClock:
    """A clock that goes on by `step` seconds each time it is read."""

    def __init__(self, step: float = 2.0) -> None:
        self._now = datetime(2026, 9, 1, tzinfo=UTC)
        self._step = timedelta(seconds=step)

    def now(self) -> datetime:
        """The next moment."""
        self._now += self._step
        return self._now


class Shelf:
    """An ingest that keeps what it gets, after failing as often as it is told to."""

    def __init__(self, *, failures: int = 0) -> None:
        self.raws: list[bytes] = []
        self.failures = failures

    async def __call__(self, platform: Platform, raws: Sequence[bytes]) -> None:
        assert platform is Platform.TELEGRAM
        if self.failures:
            self.failures -= 1
            raise OSError("disk full")
        self.raws.extend(raws)


@asynccontextmanager
async def answering(conversation: Conversation) -> AsyncIterator[str]:
    """A raw TCP server on loopback whose connections are handled by `conversation`; yields its URL."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await conversation(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def head_and_body(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """The request line with headers, and the body, of one HTTP request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next(line for line in head.splitlines() if line.lower().startswith("content-length"))
    return head, await reader.readexactly(int(length.partition(":")[2]))


def saying(status: str, body: bytes, *headers: str) -> Conversation:
    """A conversation that reads one request and gives this answer."""

    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_and_body(reader)
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return conversation


# What follows builds updates as Telegram sends them.

PERSON: dict[str, Any] = {"id": 1001, "is_bot": False, "first_name": "Noa", "language_code": "he"}
BOT: dict[str, Any] = {"id": 42, "is_bot": True, "first_name": "Bot", "username": "the_bot"}
PRIVATE: dict[str, Any] = {"id": 1001, "type": "private", "first_name": "Noa"}
GROUP: dict[str, Any] = {"id": -100200, "type": "supergroup", "title": "Group"}


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    """A message of the person with this content."""
    return {"message_id": 17, "from": PERSON, "chat": chat, "date": 1_780_000_000, **content}


def press(shown: dict[str, Any] | None, data: str | None = "v1:abc:yes") -> dict[str, Any]:
    """A callback query on `shown`, or on an inline message."""
    query: dict[str, Any] = {"id": "q1", "from": PERSON, "chat_instance": "c"}
    query |= {"inline_message_id": "i1"} if shown is None else {"message": shown}
    return query | ({} if data is None else {"data": data})


def membership(status: str, chat: dict[str, Any] = PRIVATE, **extra: Any) -> dict[str, Any]:
    """The bot's own standing in a chat changed to `status`."""
    return {
        "chat": chat,
        "from": PERSON,
        "date": 1_780_000_000,
        "old_chat_member": {"user": BOT, "status": "left"},
        "new_chat_member": {"user": BOT, "status": status, **extra},
    }


def raw(kind: str, body: object, update_id: int = 900) -> bytes:
    """One update as bytes."""
    return orjson.dumps({"update_id": update_id, kind: body})

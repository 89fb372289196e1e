"""Server-sent events: the chats of some people, live, and the machine room, for the page.

First a ``chat`` event with everything for each person, then ``message``, ``toast`` and ``standing`` (look again) as
they happen, each with its ``chat_id``; ``machine`` whenever something in the machine room is different.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import orjson
from aiohttp import web

from bot.sandbox.chat import Change, Chat, Post, Standing, Toast, Wire
from bot.sandbox.emulator import Emulator
from bot.sandbox.person import Person
from bot.sandbox.room import Room
from bot.sandbox.world import BLOCKED, NOT_STARTED

HEARTBEAT_SECONDS = 15.0
LOOK_SECONDS = 0.2  # how often the machine room is looked at while a page shows it
_MOST_WAITING = 10_000

Waiting = asyncio.Queue[bytes | None]


class Streams:
    """All open streams, so that they can be ended together."""

    def __init__(self, emulator: Emulator, room: Room | None) -> None:
        self._emulator = emulator
        self._room = room
        self._open: set[Waiting] = set()

    def close(self) -> None:
        """End every stream."""
        for waiting in self._open:
            waiting.put_nowait(None)

    async def serve(self, request: web.BaseRequest, people: Sequence[Person]) -> web.StreamResponse:
        """Stream until the reader goes away or the emulator stops."""
        waiting: Waiting = asyncio.Queue(_MOST_WAITING)
        response = web.StreamResponse(headers={"Cache-Control": "no-store"})
        response.content_type = "text/event-stream"
        self._open.add(waiting)
        try:
            with _watched(people, waiting):
                await response.prepare(request)
                for person in people:
                    await response.write(frame("chat", chat_snapshot(self._emulator, person)))
                async for found in self._frames(waiting):
                    await response.write(found)
        except ConnectionError:
            pass
        finally:
            self._open.discard(waiting)
        return response

    async def _frames(self, waiting: Waiting) -> AsyncIterator[bytes]:
        """What happened, one after the other, until the end; a sign of life where nothing did."""
        look = self._room.look if self._room else dict
        shown: Wire = {}
        quiet = 0.0
        while True:
            if (seen := look()) != shown:
                shown = seen
                yield frame("machine", seen)
            try:
                async with asyncio.timeout(LOOK_SECONDS if self._room else HEARTBEAT_SECONDS):
                    found = await waiting.get()
            except TimeoutError:
                quiet += LOOK_SECONDS if self._room else HEARTBEAT_SECONDS
                found = b""
            if found is None:
                return
            if found or quiet >= HEARTBEAT_SECONDS:
                quiet = 0.0
                yield found or b": still here\n\n"


async def next_frame(waiting: Waiting) -> bytes | None:
    """What to write next, a sign of life where nothing comes; None at the end."""
    try:
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            return await waiting.get()
    except TimeoutError:
        return b": still here\n\n"


@contextmanager
def _watched(people: Sequence[Person], waiting: Waiting) -> Iterator[None]:
    """Every change of these people's chats is put among what waits."""
    watchers = [(person.private, _watcher(person.private, waiting)) for person in people]
    for chat, watcher in watchers:
        chat.watchers.append(watcher)
    try:
        yield
    finally:
        for chat, watcher in watchers:
            chat.watchers.remove(watcher)


def _watcher(chat: Chat, waiting: Waiting) -> Callable[[Change], None]:
    return lambda change: waiting.put_nowait(_event(chat.chat_id, change))


def chat_snapshot(emulator: Emulator, person: Person) -> Wire:
    """Everything the page shows of one person."""
    language = person.user.get("language_code")
    return {
        "user": person.user,
        "bot": emulator.world.bot,
        "name": emulator.profile.about("name", language),
        "description": emulator.profile.about("description", language),
        "commands": emulator.profile.commands_for(person.user_id, language),
        "started": person.private.closed_because != NOT_STARTED,
        "blocked": person.private.closed_because == BLOCKED,
        "messages": person.history,
        "toasts": person.toasts,
    }


def _event(chat_id: int, change: Change) -> bytes:
    match change:
        case Post():
            return frame("message", change.view())
        case Toast():
            return frame("toast", {"chat_id": chat_id, **asdict(change)})
        case Standing():
            return frame("standing", {"chat_id": chat_id})


def frame(event: str, body: object) -> bytes:
    """One event of a stream."""
    return b"event: %b\ndata: %b\n\n" % (event.encode(), orjson.dumps(body))

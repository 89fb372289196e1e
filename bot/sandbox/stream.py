"""Server-sent events: one person's chat, live, for the page.

First a ``chat`` event with everything, then ``message``, ``toast`` and ``standing`` (look again) as they
happen.
"""

from __future__ import annotations

import asyncio

import orjson
from aiohttp import web

from bot.sandbox.chat import Change, Post, Standing, Toast, Wire
from bot.sandbox.emulator import Emulator
from bot.sandbox.person import Person
from bot.sandbox.world import BLOCKED, NOT_STARTED

HEARTBEAT_SECONDS = 15.0
_MOST_WAITING = 10_000

Waiting = asyncio.Queue[bytes | None]


class Streams:
    """All open streams, so that they can be ended together."""

    def __init__(self) -> None:
        self._open: set[Waiting] = set()

    def close(self) -> None:
        """End every stream."""
        for waiting in self._open:
            waiting.put_nowait(None)

    async def serve(self, request: web.BaseRequest, emulator: Emulator, person: Person) -> web.StreamResponse:
        """Stream until the reader goes away or the emulator stops."""
        waiting: Waiting = asyncio.Queue(_MOST_WAITING)
        response = web.StreamResponse(headers={"Cache-Control": "no-store"})
        response.content_type = "text/event-stream"

        def watch(change: Change) -> None:
            waiting.put_nowait(_event(change))

        chat = person.private
        chat.watchers.append(watch)
        self._open.add(waiting)
        try:
            await response.prepare(request)
            await response.write(frame("chat", chat_snapshot(emulator, person)))
            while (found := await next_frame(waiting)) is not None:
                await response.write(found)
        except ConnectionError:
            pass
        finally:
            self._open.discard(waiting)
            chat.watchers.remove(watch)
        return response


async def next_frame(waiting: Waiting) -> bytes | None:
    """What to write next, a sign of life where nothing comes; None at the end."""
    try:
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            return await waiting.get()
    except TimeoutError:
        return b": still here\n\n"


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


def _event(change: Change) -> bytes:
    match change:
        case Post():
            return frame("message", change.view())
        case Toast():
            return frame("toast", change)
        case Standing():
            return frame("standing", {})


def frame(event: str, body: object) -> bytes:
    """One event of a stream."""
    return b"event: %b\ndata: %b\n\n" % (event.encode(), orjson.dumps(body))

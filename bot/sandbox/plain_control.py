"""The text-only phones over HTTP and JSON, for the page and for tests in other processes.

``POST /_plain/<verb>`` with a JSON object, as ``control`` does for the other phones;
``GET /_plain/stream?id=`` is a server-sent-events stream of one chat: all of it, then each new message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.control import read_given
from bot.sandbox.fault import Fault, FaultKind
from bot.sandbox.plain import Line, Messenger, PlainPerson
from bot.sandbox.refusal import SandboxError
from bot.sandbox.stream import frame, next_frame

Given = dict[str, Any]
Verb = Callable[[Given], Awaitable[object]]


class PlainControl:
    """Answers ``/_plain/<verb>``: 200 with ``{"result": …}``, 400 with ``{"error": …}``."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._open: set[asyncio.Queue[bytes | None]] = set()
        self._verbs: dict[str, Verb] = {
            "person": self._person,
            "people": self._people,
            "send": self._send,
            "chat": self._chat,
            "wait": self._wait,
            "fault": self._fault,
            "settings": self._settings,
            "stats": self._stats,
        }

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        for waiting in self._open:
            waiting.put_nowait(None)

    async def handle(self, request: web.BaseRequest, verb: str) -> web.StreamResponse:
        """Answer one request."""
        try:
            given = await read_given(request)
            if request.method == "GET":
                return await self._given_out(request, verb, given)
            result = await self._verbs[verb](given)
        except (SandboxError, KeyError, TypeError, ValueError) as error:
            body = orjson.dumps({"error": f"{type(error).__name__}: {error}"})
            return web.Response(status=400, body=body, content_type="application/json")
        return web.Response(body=orjson.dumps({"result": result}), content_type="application/json")

    async def _given_out(self, request: web.BaseRequest, verb: str, given: Given) -> web.StreamResponse:
        """As with the other phones, a link can read and do nothing."""
        if verb != "stream":
            return web.Response(status=405)
        return await self._stream(request, self._one(given))

    def _one(self, given: Given) -> PlainPerson:
        return self._messenger.person(str(given["id"]))

    async def _person(self, given: Given) -> Given:
        """The person with this id, made when new; a language that is given holds from now on."""
        return _about(self._messenger.person(given.get("id"), language=given.get("language")))

    async def _people(self, _given: Given) -> list[Given]:
        return [_about(person) for person in self._messenger.people.values()]

    async def _send(self, given: Given) -> Line:
        return await self._one(given).send(str(given["text"]))

    async def _chat(self, given: Given) -> Given:
        return _snapshot(self._one(given))

    async def _wait(self, given: Given) -> Line:
        return await self._one(given).wait_for(
            str(given.get("text", "")),
            timeout=float(given.get("timeout", 5.0)),
            after=int(given.get("after", 0)),
        )

    async def _fault(self, given: Given) -> None:
        self._messenger.faults.add(Fault(**{**given, "kind": FaultKind(given["kind"])}))

    async def _settings(self, given: Given) -> None:
        self._messenger.go_down() if given["down"] else self._messenger.come_up()

    async def _stats(self, _given: Given) -> Given:
        people = self._messenger.people.values()
        posts = sum(len(person.chat) for person in people)
        return {"pending": self._messenger.pending, "people": len(people), "posts": posts}

    async def _stream(self, request: web.BaseRequest, person: PlainPerson) -> web.StreamResponse:
        """Stream until the reader goes away or the emulator stops."""
        waiting: asyncio.Queue[bytes | None] = asyncio.Queue()

        def watch(line: Line) -> None:
            waiting.put_nowait(frame("message", line))

        response = web.StreamResponse(headers={"Cache-Control": "no-store"})
        response.content_type = "text/event-stream"
        person.watchers.append(watch)
        self._open.add(waiting)
        try:
            await response.prepare(request)
            await response.write(frame("chat", _snapshot(person)))
            while (found := await next_frame(waiting)) is not None:
                await response.write(found)
        except ConnectionError:
            pass
        finally:
            self._open.discard(waiting)
            person.watchers.remove(watch)
        return response


def _about(person: PlainPerson) -> Given:
    return {"id": person.id, "language": person.language}


def _snapshot(person: PlainPerson) -> Given:
    return {**_about(person), "messages": [asdict(line) for line in person.chat]}

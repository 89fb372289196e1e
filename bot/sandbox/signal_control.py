"""The Signal phones over HTTP and JSON, for the page and for tests in other processes.

``POST /_signal/<verb>`` with a JSON object; the names are those of ``SignalPerson`` and ``Network``. ``GET`` gives
``stream?id=`` (server-sent events of one chat: all of it, then each message that is new or changed) and ``file?id=``.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox import sample
from bot.sandbox.control import read_given
from bot.sandbox.refusal import SandboxError
from bot.sandbox.signal.daemon import Daemon
from bot.sandbox.signal.note import Note
from bot.sandbox.signal.person import SignalPerson
from bot.sandbox.signal.trouble import Trouble, TroubleKind
from bot.sandbox.stream import frame, next_frame

Given = dict[str, Any]
Verb = Callable[[Given], Awaitable[object]]

_SAMPLES = {"photo": (sample.PHOTO, "image/jpeg", "photo.jpg"), "voice": (sample.VOICE, "audio/ogg", None)}
_DOCUMENT = (b"document", "application/pdf", "file.pdf")
_PERSON_VERBS = frozenset(
    {
        "send",
        "react",
        "edit",
        "delete",
        "set_timer",
        "change_phone",
        "read",
        "type",
        "block",
        "unblock",
        "vote",
    }
)


class SignalControl:
    """Answers ``/_signal/<verb>``: 200 with ``{"result": …}``, 400 with ``{"error": …}``."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._network = daemon.network
        self._open: set[asyncio.Queue[bytes | None]] = set()
        self._verbs: dict[str, Verb] = {
            "person": self._person,
            "people": self._people,
            "attach": self._attach,
            "chat": self._chat,
            "wait": self._wait,
            "trouble": self._trouble,
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
            result = await self._act(verb, given)
        except (SandboxError, KeyError, TypeError, ValueError) as error:
            body = orjson.dumps({"error": f"{type(error).__name__}: {error}"})
            return web.Response(status=400, body=body, content_type="application/json")
        return web.Response(body=orjson.dumps({"result": result}), content_type="application/json")

    async def _given_out(self, request: web.BaseRequest, verb: str, given: Given) -> web.StreamResponse:
        """As with the other phones, a link can read and do nothing."""
        match verb:
            case "stream":
                return await self._stream(request, self._one(given))
            case "file":
                content = self._network.files[given["id"]]
                return web.Response(body=content, content_type=given.get("kind", "application/octet-stream"))
            case _:
                return web.Response(status=405)

    async def _act(self, verb: str, given: Given) -> object:
        if verb in _PERSON_VERBS:
            return await getattr(self._one(given), verb)(**given)
        return await self._verbs[verb](given)

    def _one(self, given: Given) -> SignalPerson:
        """The person of ``id``, made when new; takes the id out of ``given``."""
        return self._network.person(str(given.pop("id")))

    async def _person(self, given: Given) -> Given:
        """The person with this id, made when new; a name that is given holds from now on."""
        person = self._network.person(given.get("id"))
        person.rename(given.get("name"))
        return _about(person)

    async def _people(self, _given: Given) -> list[Given]:
        return [_about(person) for person in self._network.people.values()]

    async def _attach(self, given: Given) -> Note:
        """``{"id", "media"}``: a sample of this kind; or ``content`` in base64 with its ``kind`` and ``name``."""
        person = self._one(given)
        content, kind, name = _SAMPLES.get(str(given.get("media")), _DOCUMENT)
        if "content" in given:
            content, kind, name = base64.b64decode(given["content"]), given["kind"], given.get("name")
        return await person.attach(
            content, kind=kind, name=name, text=given.get("text", ""), quote=given.get("quote")
        )

    async def _chat(self, given: Given) -> Given:
        return _snapshot(self._one(given))

    async def _wait(self, given: Given) -> Note:
        return await self._one(given).wait_for(
            str(given.get("text", "")),
            timeout=float(given.get("timeout", 5.0)),
            after=int(given.get("after", 0)),
        )

    async def _trouble(self, given: Given) -> None:
        self._network.troubles.add(Trouble(**{**given, "kind": TroubleKind(given["kind"])}))

    async def _settings(self, given: Given) -> None:
        """``down`` the daemon, ``online`` its network, ``challenge`` the captcha that is wanted; each as given."""
        if "down" in given:
            await (self._daemon.go_down() if given["down"] else self._daemon.come_up())
        self._network.is_online = bool(given.get("online", self._network.is_online))
        self._network.challenge = given.get("challenge", self._network.challenge)

    async def _stats(self, _given: Given) -> Given:
        people = self._network.people.values()
        posts = sum(len(person.history) for person in people)
        return {"pending": self._network.pending, "people": len(people), "posts": posts}

    async def _stream(self, request: web.BaseRequest, person: SignalPerson) -> web.StreamResponse:
        """Stream until the reader goes away or the emulator stops."""
        waiting: asyncio.Queue[bytes | None] = asyncio.Queue()

        def watch(note: Note) -> None:
            waiting.put_nowait(frame("message", note))

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


def _about(person: SignalPerson) -> Given:
    return {"id": person.id, "name": person.name}


def _snapshot(person: SignalPerson) -> Given:
    standing = {"timer": person.timer, "blocked": person.is_blocking}
    return {**_about(person), **standing, "messages": [asdict(note) for note in person.history]}

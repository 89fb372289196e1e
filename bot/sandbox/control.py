"""The emulator over HTTP and JSON, for the page and for tests in other processes.

``POST /_sandbox/<verb>`` with a JSON object; the names are those of ``Person``, ``Emulator`` and ``Room``.
``GET`` gives ``stream?user_id=1,2`` (server-sent events), ``file?file_id=`` and ``transcript?user_id=``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import orjson
from aiohttp import web

from bot.sandbox.chat import Message, Wire
from bot.sandbox.diary import Diary
from bot.sandbox.emulator import Emulator
from bot.sandbox.fault import Fault, FaultKind
from bot.sandbox.person import Person
from bot.sandbox.refusal import SandboxError
from bot.sandbox.room import Room
from bot.sandbox.stream import Streams, chat_snapshot
from bot.sandbox.words import words

Given = dict[str, Any]
Verb = Callable[[Given], Awaitable[object]]

_ANY = "application/octet-stream"
_TYPES = {"photo": "image/jpeg", "voice": "audio/ogg"}
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost"})
_PERSON_VERBS = words(
    "send start press press_stale edit delete photo album voice document sticker contact location forward block "
    "unblock delete_account add_bot remove_bot"
)


class Control:
    """Answers ``/_sandbox/<verb>``: 200 with ``{"result": …}``, 400 with ``{"error": …}``."""

    def __init__(self, emulator: Emulator, room: Room | None = None) -> None:
        self._emulator = emulator
        self._diary = room.diary if room else Diary()
        self._streams = Streams(emulator, room)
        self._verbs: dict[str, Verb] = {
            "person": self._person,
            "people": self._people,
            "language": self._language,
            "chat": self._chat,
            "wait": self._wait,
            "inject": self._inject,
            "fault": self._fault,
            "faults": self._faults,
            "settings": self._settings,
            "stats": self._stats,
            "calls": self._calls,
            "violations": self._violations,
        }
        if room:
            self._verbs |= {
                "travel": room.travel,
                "order": room.order,
                "ready": room.ready,
                "second": room.second,
            }

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        self._streams.close()

    async def handle(self, request: web.BaseRequest, verb: str) -> web.StreamResponse:
        """Answer one control request."""
        try:
            given = await read_given(request)
            if request.method == "GET":
                return await self._given_out(request, verb, given)
            result = await self._act(verb, given)
        except (SandboxError, KeyError, TypeError, ValueError) as error:
            body = orjson.dumps({"error": f"{type(error).__name__}: {error}"})
            return web.Response(status=400, body=body, content_type="application/json")
        body = orjson.dumps({"result": result}, default=_plain)
        return web.Response(body=body, content_type="application/json")

    async def _given_out(self, request: web.BaseRequest, verb: str, given: Given) -> web.StreamResponse:
        """What a page or a link may read; nothing happens by reading, so no other site can make it happen."""
        match verb:
            case "stream":
                people = [self._emulator.person(int(one)) for one in given["user_id"].split(",")]
                return await self._streams.serve(request, people)
            case "file":
                stored = self._emulator.world.files[given["file_id"]]
                return _download(stored.content, stored.name, kind=_TYPES.get(stored.kind, _ANY))
            case "transcript":
                story = self._diary.transcript(int(given["user_id"]))
                return _download(story.encode(), "clicked.yaml")
            case _:
                return web.Response(status=405)

    async def _act(self, verb: str, given: Given) -> object:
        if verb in _PERSON_VERBS:
            person = self._one(given)
            result = await getattr(person, verb)(**given)
            self._diary.note(person.user_id, verb, given=given)
            return result
        return await self._verbs[verb](given)

    def _one(self, given: Given) -> Person:
        """The person of ``user_id``, made when new; takes the id out of ``given``."""
        return self._emulator.person(int(given.pop("user_id")))

    async def _person(self, given: Given) -> Given:
        """The person with this id, made when new; a name or language that is given holds from now on."""
        person = self._emulator.person(**given)
        person.introduce(first_name=given.get("first_name"), language_code=given.get("language_code"))
        return {"user_id": person.user_id, "user": person.user}

    async def _people(self, _given: Given) -> list[Wire]:
        return [person.user for person in self._emulator.people]

    async def _language(self, given: Given) -> None:
        self._one(given).introduce(language_code=str(given["language_code"]))

    async def _chat(self, given: Given) -> Given:
        return chat_snapshot(self._emulator, self._one(given))

    async def _wait(self, given: Given) -> Message:
        """``{"user_id": 1, "text": "part of it", "after": 0, "timeout": 5}``: the message."""
        return await self._one(given).wait_for(
            str(given.get("text", "")),
            timeout=float(given.get("timeout", 5.0)),
            after=int(given.get("after", 0)),
        )

    async def _inject(self, given: Given) -> int:
        return self._emulator.inject(given)

    async def _fault(self, given: Given) -> None:
        self._emulator.faults.add(Fault(**{**given, "kind": FaultKind(given["kind"])}))

    async def _faults(self, given: Given) -> list[Given]:
        """The rules in force; ``{"clear": true}`` forgets them all first."""
        if given.get("clear"):
            self._emulator.faults.clear()
        return [asdict(fault) for fault in self._emulator.faults.in_force()]

    async def _settings(self, given: Given) -> None:
        """Any of ``down``, ``latency_ms``, ``enforce_limits``, ``advance`` (seconds), ``open_doors``."""
        emulator = self._emulator
        if "down" in given:
            emulator.go_down() if given["down"] else emulator.come_up()
        emulator.faults.latency_ms = float(given.get("latency_ms", emulator.faults.latency_ms))
        emulator.enforce_limits(bool(given.get("enforce_limits", emulator.world.flood.enforced)))
        emulator.world.open_doors = bool(given.get("open_doors", emulator.world.open_doors))
        emulator.advance(float(given.get("advance", 0.0)))

    async def _stats(self, _given: Given) -> Given:
        emulator = self._emulator
        chats = emulator.world.chats.values()
        calls: dict[str, dict[str, int]] = {}
        for (method, outcome), count in emulator.journal.counts.items():
            calls.setdefault(method, {})[outcome] = count
        return {
            "total": emulator.journal.total,
            "calls": calls,
            "pending": emulator.pending,
            "expired": emulator.world.updates.expired,
            "people": len(emulator.world.users),
            "posts": sum(len(chat.posts) for chat in chats),
            "violations": len(emulator.violations),
        }

    async def _calls(self, given: Given) -> list[Given]:
        """The log: any of ``method``, ``chat_id``, ``after`` (a call's number)."""
        method, after = given.get("method"), int(given.get("after", 0))
        found = self._emulator.journal.of(method, chat_id=given.get("chat_id"), after=after)
        return [call._asdict() for call in found]

    async def _violations(self, _given: Given) -> list[Given]:
        return [asdict(violation) for violation in self._emulator.violations]


def is_local(request: web.BaseRequest) -> bool:
    """Whether a request comes from a page or program of this machine.

    Another site's page can have a browser ask, under our name or under one that it had rebound to loopback.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":  # an image or a link: those name no origin
        return False
    host = urlsplit(f"//{request.headers.get('Host', '')}").hostname
    origin = urlsplit(request.headers.get("Origin", "http://127.0.0.1")).hostname
    return host in _LOCAL_NAMES and origin in _LOCAL_NAMES


async def read_given(request: web.BaseRequest) -> Given:
    """What a request gives, in its query and its JSON object."""
    query = request.raw_path.partition("?")[2]
    given: Given = dict(parse_qsl(query))
    body = await request.read()
    found = orjson.loads(body) if body else {}
    if not isinstance(found, dict):
        raise TypeError("a JSON object is expected")
    return {**given, **found}


def _download(content: bytes, name: str, *, kind: str = _ANY) -> web.Response:
    """Something to keep, to see or to hear, whatever is in it: never shown as a page."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return web.Response(body=content, content_type=kind, headers=headers)


def _plain(value: object) -> str:
    return f"{len(value)} bytes" if isinstance(value, bytes) else str(value)

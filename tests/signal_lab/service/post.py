"""How an envelope gets from one account to another: its queue, and the websockets that are open to it."""

import asyncio
import base64
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from tests.signal_lab.service.account import Account, Register
from tests.signal_lab.service.call import Answer, Call, Route, route, said
from tests.signal_lab.service.protobuf import encoded

_REQUEST: Final = 1
_PING_PONG: Final = (
    0.7  # two signal-cli answer each other's profile keys for ever; losing one of a pair ends it
)


class Post:
    """Takes messages, keeps each until it is acknowledged."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._sockets: dict[str, set[web.WebSocketResponse]] = {}
        self._under_way: dict[tuple[web.WebSocketResponse, int], tuple[str, str]] = {}
        self._serial = 0
        self._quiet: dict[tuple[str, str], float] = {}
        self.taken: Counter[str] = Counter()

    def routes(self) -> list[Route]:
        """What it answers."""
        return [route("PUT", r"/v1/messages/([^/]+)", self._take, is_open=True)]

    def waiting(self, account: Account) -> int:
        """How many envelopes an account has not acknowledged."""
        return len(self._register.queues[account.aci])

    def connected(self, account: Account) -> int:
        """How many websockets are open to it."""
        return len(self._sockets.get(account.aci, ()))

    async def connect(self, socket: web.WebSocketResponse, account: Account) -> None:
        """Somebody listens: everything that waits, and a word that this was all."""
        self._sockets.setdefault(account.aci, set()).add(socket)
        for name, envelope in list(self._register.queues[account.aci].items()):
            await self._push(socket, (account.aci, name), envelope)
        self._serial += 1
        await socket.send_bytes(_request(self._serial, "/api/v1/queue/empty"))

    def disconnect(self, socket: web.WebSocketResponse) -> None:
        """Nobody listens there any more."""
        for sockets in self._sockets.values():
            sockets.discard(socket)
        for key in [key for key in self._under_way if key[0] is socket]:
            del self._under_way[key]

    def acknowledged(self, socket: web.WebSocketResponse, serial: int) -> None:
        """An envelope is with whom it is for, and is forgotten here."""
        if found := self._under_way.pop((socket, serial), None):
            aci, name = found
            self._register.queues[aci].pop(name, None)

    async def _take(self, call: Call) -> Answer:
        to = self._register.find(call.found[0])
        if not to:
            return said({}, status=404)
        sealed = any(name.lower() == "unidentified-access-key" for name in call.headers)
        if not call.caller and not sealed:
            return said({}, status=401)
        keys, mine = to.keys(call.found[0]), call.caller is not None and call.caller.aci == to.aci
        messages: list[dict[str, Any]] = call.said["messages"]
        stale = any(
            one.get("destinationRegistrationId", keys.registration) != keys.registration for one in messages
        )
        if stale and not mine:
            return said({"staleDevices": [1]}, status=410)
        if not mine and not self._is_ping_pong(call, to):
            for message in messages:
                await self._keep(call, to, message)
        return said({"needsSync": False})

    def _is_ping_pong(self, call: Call, to: Account) -> bool:
        if not call.caller or call.said.get("urgent", True) or call.said.get("online"):
            return False
        pair, now = (call.caller.aci, to.aci), time.monotonic()
        before = self._quiet.get(pair, -1.0)
        self._quiet[pair] = now
        return now - before < _PING_PONG

    async def _keep(self, call: Call, to: Account, message: Mapping[str, Any]) -> None:
        online = bool(call.said.get("online"))
        if message.get("destinationDeviceId", 1) != 1 or (online and not self._sockets.get(to.aci)):
            return
        name = str(uuid.uuid4())
        envelope = encoded(
            [
                (1, message["type"]),
                (11, call.caller.aci if call.caller else None),
                (7, 1 if call.caller else None),
                (13, call.found[0]),
                (5, call.said["timestamp"]),
                (8, base64.b64decode(message["content"])),
                (9, name),
                (10, int(time.time() * 1000)),
                (12, online or None),
                (14, bool(call.said.get("urgent", True))),
            ]
        )
        self._register.queues[to.aci][name] = envelope
        self.taken[to.aci] += 1
        for socket in list(self._sockets.get(to.aci, ())):
            await self._push(socket, (to.aci, name), envelope)

    async def _push(self, socket: web.WebSocketResponse, what: tuple[str, str], envelope: bytes) -> None:
        self._serial += 1
        self._under_way[socket, self._serial] = what
        try:
            async with asyncio.timeout(5):
                await socket.send_bytes(_request(self._serial, "/api/v1/message", envelope))
        except (ConnectionError, RuntimeError, TimeoutError):
            self.disconnect(socket)


def _request(serial: int, path: str, body: bytes | None = None) -> bytes:
    stamp = f"X-Signal-Timestamp: {int(time.time() * 1000)}"
    asked = encoded([(1, "PUT"), (2, path), (3, body), (4, serial), (5, "X-Signal-Key: false"), (5, stamp)])
    return encoded([(1, _REQUEST), (2, asked)])

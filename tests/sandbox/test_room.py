"""The machine room over HTTP, with a small script as the bot."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox import Diary, Emulator, Room, Server, Supervisor, serving
from bot.sandbox.room import Invite, Peer
from tests.sandbox.test_control import Remote

SCRIPT = """
import json, sys
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    answers = {"1": {"secret": "GEZDGNBVGY3TQOJQ"}, "2": {"secret": None}, "3": {"refused": True}}
    said = json.loads(line)
    print(json.dumps(said | answers.get(said.get("organizer"), {})), flush=True)
"""


class Memory:
    """Remembers in memory."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.invite: Invite | None = None
        self.peer: Peer | None = None

    def travelled(self, ahead: float) -> None:
        self.ahead = ahead

    def invited(self, invite: Invite) -> None:
        self.invite = invite

    def joined(self, peer: Peer) -> None:
        self.peer = peer


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    emulator = Emulator()
    room = Room(
        emulator=emulator,
        supervisor=Supervisor(lambda: (sys.executable, "-c", SCRIPT), dict),
        diary=Diary(),
        memory=Memory(),
    )
    async with serving(Server(emulator, page=True, room=room)):
        living = asyncio.get_running_loop().create_task(room.supervisor.run())
        yield room
        living.cancel()
        await asyncio.wait([living])


@pytest.fixture
async def remote(room: Room) -> AsyncIterator[Remote]:
    async with aiohttp.ClientSession() as session:
        yield Remote(session, room.emulator.url)


async def test_time_goes_forward_for_telegram_and_for_the_bot(room: Room, remote: Remote) -> None:
    """When the answer is there, both are that much later; backwards there is no way."""
    before = room.emulator.world.now()
    await remote.act("travel", seconds=3600)
    refused = [await remote.act("travel", seconds=seconds) for seconds in (-1, 0, 10**9)]

    assert isinstance(room.memory, Memory)
    assert room.memory.ahead == room.emulator.clock.offset == 3600
    assert 3600 <= room.emulator.world.now() - before < 3700
    assert all("time goes forward" in one["error"] for one in refused)


async def test_the_stream_tells_how_the_bot_is(room: Room, remote: Remote) -> None:
    """What waits is counted; what the diary has is offered."""
    events = remote.events("7,8")
    chats = [await anext(events) for _ in range(2)]
    await remote.act("start", user_id=7, payload="flyer7")
    await remote.act("order", order="stop")
    conditions, waiting = [], 0
    async with asyncio.timeout(10):
        async for name, body in events:
            if name == "machine":
                conditions.append(body["condition"])
                waiting = body["waiting"]
            if conditions[-1:] == ["stopped"] and waiting:
                break

    assert [body["user"]["id"] for _, body in chats] == [7, 8]
    assert waiting == 1
    assert "flyer7" in room.diary.transcript(7)


async def test_the_organizers_code_is_shown(room: Room) -> None:
    """With the payload of the link that goes with it, as soon as the bot tells of it; and it is remembered."""
    room.hear({"ready": True, "invite": {"payload": "join-abc", "secret": "GEZDGNBVGY3TQOJQ"}})

    assert room.look()["invite"] == "join-abc"
    assert len(room.look()["code"]) == 6
    assert isinstance(room.memory, Memory)
    assert room.memory.invite == room.invite


async def test_an_order_nobody_knows_is_refused(remote: Remote) -> None:
    """As any other mistake."""
    assert "error" in await remote.act("order", order="dance")


async def test_the_second_organizer_is_remembered_with_their_code(room: Room, remote: Remote) -> None:
    """Asked for again they are the same; the code is shown, and why there is none."""
    room.emulator.person(1, started=True)
    room.peer = Peer(user_id=1, secret="")
    first = await remote.act("second")
    seen = room.look()["peer_code"]
    room.peer = Peer(user_id=3, secret="")
    refused = await remote.act("second")
    await remote.act("order", order="stop")
    away = await remote.act("second")

    assert isinstance(room.memory, Memory)
    assert (first, room.memory.peer) == (1, Peer(user_id=1, secret="GEZDGNBVGY3TQOJQ"))
    assert len(seen) == 6
    assert "two organizers already" in refused["error"]
    assert "not there" in away["error"]

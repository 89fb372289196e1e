"""The Signal phones over HTTP: the page's verbs, the stream, files, and who is let in."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest

from bot.sandbox import Emulator
from bot.sandbox.sample import PHOTO
from tests.sandbox.signal.conftest import Client, connected

NOA = "8d740847-0152-4ca1-b030-8a38e7aacc85"


class Page:
    """The page's side."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session, self.url = session, url

    async def act(self, verb: str, **given: Any) -> Any:
        async with self.session.post(f"{self.url}/_signal/{verb}", json=given) as answer:
            body = await answer.json()
            return body["result"] if answer.status == 200 else body


@pytest.fixture
async def page(emulator: Emulator) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(session, emulator.url)


@pytest.fixture
async def client(emulator: Emulator) -> AsyncIterator[Client]:
    async with connected(emulator.signal) as client:
        yield client


async def test_a_conversation_over_http(page: Page, client: Client) -> None:
    """Somebody writes, the bot answers; they quote, react, edit, delete, attach, and set the timer."""
    person = await page.act("person", id=NOA, name="Amit")
    sent = await page.act("send", id=NOA, text="hi")
    about = (await client.call("send", recipient=NOA, message="1. Tea"))["timestamp"]
    seen = await page.act("wait", id=NOA, text="Tea", after=sent["timestamp"])
    await page.act("send", id=NOA, text="1", quote=about)
    await page.act("react", id=NOA, timestamp=about, emoji="👍")
    await page.act("edit", id=NOA, timestamp=sent["timestamp"], text="hello")
    given = base64.b64encode(b"hi").decode()
    own = await page.act("attach", id=NOA, content=given, kind="text/plain", name="a.txt", text="look")
    await page.act("delete", id=NOA, timestamp=own["timestamp"])
    await page.act("set_timer", id=NOA, seconds=60)
    chat = await page.act("chat", id=NOA)

    assert person == {"id": NOA, "name": "Amit"}
    assert (seen["text"], seen["mine"], seen["timestamp"]) == ("1. Tea", False, about)
    assert chat["timer"] == 60
    assert [(one["text"], one["edited"], one["deleted"], one["reaction"]) for one in chat["messages"]] == [
        ("hello", True, False, None),
        ("1. Tea", False, False, "👍"),
        ("1", False, False, None),
        ("", False, True, None),
        ("", False, False, None),
    ]
    assert chat["messages"][2]["quote"] == {"timestamp": about, "mine": False, "text": "1. Tea"}
    assert await page.act("people") == [person]
    assert await page.act("stats") == {"pending": 8, "people": 1, "posts": 5}


@pytest.mark.parametrize(
    ("media", "kind"), [("photo", "image/jpeg"), ("voice", "audio/ogg"), ("document", "application/pdf")]
)
async def test_samples_can_be_sent_and_fetched(page: Page, media: str, kind: str) -> None:
    """A picture, a voice message and a file."""
    (file,) = (await page.act("attach", id=NOA, media=media))["files"]

    assert file["kind"] == kind
    async with page.session.get(f"{page.url}/_signal/file?id={file['id']}&kind={kind}") as answer:
        assert answer.content_type == kind
        assert (await answer.read() == PHOTO) is (media == "photo")


async def test_the_stream_shows_the_chat_and_then_what_comes(page: Page, client: Client) -> None:
    """A snapshot first, then each message that is new or changed."""
    await page.act("send", id=NOA, text="hi")
    names = []
    async with asyncio.timeout(5), page.session.get(f"{page.url}/_signal/stream?id={NOA}") as answer:
        async for line in answer.content:
            field, _, value = line.decode().strip().partition(": ")
            if field == "event":
                names.append(value)
            elif field == "data" and names == ["chat"]:
                assert len(orjson.loads(value)["messages"]) == 1
                await client.call("send", recipient=NOA, message="hello")
            elif field == "data":
                assert orjson.loads(value)["text"] == "hello"
                break
    assert names == ["chat", "message"]


async def test_only_this_machine_may_act_and_a_link_only_reads(emulator: Emulator, page: Page) -> None:
    """A page of somebody else's is refused; following a link does nothing."""
    headers = {"Origin": "https://example.org"}
    async with page.session.post(f"{page.url}/_signal/people", json={}, headers=headers) as answer:
        assert answer.status == 403
    async with page.session.get(f"{page.url}/_signal/send?id={NOA}&text=hi") as answer:
        assert answer.status == 405
    assert "error" in await page.act("fly")
    assert emulator.signal.pending == 0


async def test_faults_from_the_page(emulator: Emulator, page: Page, client: Client) -> None:
    """Single calls, the network, a captcha, and the daemon itself, down and up at the same address."""
    await page.act("person", id=NOA)
    await page.act("trouble", kind="flood", method="send")
    assert (await client.error("send", recipient=NOA, message="hi"))["code"] == -5
    await page.act("settings", challenge="tok-1")
    assert (await client.error("send", recipient=NOA, message="hi"))["code"] == -5
    await page.act("settings", challenge=None, online=False)
    assert (await client.error("send", recipient=NOA, message="hi"))["code"] == -1
    await page.act("settings", online=True, down=True)
    assert await client.ended()
    await page.act("settings", down=False)
    async with connected(emulator.signal) as again:
        assert await again.call("send", recipient=NOA, message="hi")

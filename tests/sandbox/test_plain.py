"""The text-only phones: people in Python, the page's verbs, the stream, and what goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest

from bot.sandbox import Emulator, Fault, FaultKind, NotSeen


class Page:
    """The page's side."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self.url = session, url

    async def act(self, verb: str, **given: Any) -> Any:
        async with self._session.post(f"{self.url}/_plain/{verb}", json=given) as answer:
            body = await answer.json()
            return body["result"] if answer.status == 200 else body

    async def tell(self, to: str, text: str) -> int:
        async with self._session.post(f"{self.url}/plain/send", json={"to": to, "text": text}) as answer:
            return answer.status


@pytest.fixture
async def page(emulator: Emulator) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(session, emulator.url)


async def test_a_conversation_over_http(page: Page) -> None:
    """Somebody writes, the bot answers, the page sees both."""
    person = await page.act("person", language="en")
    sent = await page.act("send", id=person["id"], text="hi")
    assert await page.tell(person["id"], "1. Tea") == 200
    seen = await page.act("wait", id=person["id"], text="Tea", after=sent["number"])
    chat = await page.act("chat", id=person["id"])

    assert person == {"id": "plain-1", "language": "en"}
    assert [(one["mine"], one["text"]) for one in chat["messages"]] == [(True, "hi"), (False, "1. Tea")]
    assert seen == chat["messages"][1]
    assert await page.act("people") == [person]
    assert await page.act("stats") == {"pending": 1, "people": 1, "posts": 2}


async def test_the_stream_shows_the_chat_and_then_what_comes(emulator: Emulator, page: Page) -> None:
    """A snapshot first, then each message."""
    person = emulator.plain.person("plain-1")
    await person.send("hi")
    names = []
    async with (
        asyncio.timeout(5),
        aiohttp.ClientSession() as session,
        session.get(f"{page.url}/_plain/stream?id=plain-1") as answer,
    ):
        async for line in answer.content:
            field, _, value = line.decode().strip().partition(": ")
            if field == "event":
                names.append(value)
            elif field == "data" and names == ["chat"]:
                assert len(orjson.loads(value)["messages"]) == 1
                await page.tell("plain-1", "hello")
            elif field == "data":
                assert orjson.loads(value)["text"] == "hello"
                break
    assert names == ["chat", "message"]


async def test_only_this_machine_is_let_in(page: Page) -> None:
    """A page of somebody else's is refused."""
    headers = {"Origin": "https://example.org"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{page.url}/_plain/people", json={}) as answer,
    ):
        assert answer.status == 403


async def test_reading_is_all_that_a_link_can_do(emulator: Emulator, page: Page) -> None:
    """As with the other phones: a page elsewhere can make a browser follow a link."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{page.url}/_plain/send?id=plain-1&text=hi") as answer,
    ):
        assert answer.status == 405
    assert emulator.plain.pending == 0


async def test_a_verb_nobody_knows_is_an_error(page: Page) -> None:
    """It says so."""
    assert "error" in await page.act("fly")


async def test_a_message_that_does_not_come_is_an_error(emulator: Emulator) -> None:
    """It tells what is there instead."""
    with pytest.raises(NotSeen, match="not seen"):
        await emulator.plain.person().wait_for("hello", timeout=0.01)


async def test_the_first_answer_is_the_reply(emulator: Emulator, page: Page) -> None:
    """Counted from the person's own newest message."""
    person = emulator.plain.person()
    await person.send("hi")
    await page.tell(person.id, "one")
    await page.tell(person.id, "two")

    assert (await person.wait_reply()).text == "one"
    assert person.last.text == "two"


@pytest.mark.parametrize(("to", "text", "status"), [("nobody", "hi", 404), ("plain-1", "", 413)])
async def test_what_cannot_be_delivered(
    emulator: Emulator, page: Page, to: str, text: str, status: int
) -> None:
    """Nobody there, or nothing said."""
    emulator.plain.person("plain-1")

    assert await page.tell(to, text) == status


async def test_an_unknown_method_is_not_found(page: Page) -> None:
    """As on any server."""
    async with aiohttp.ClientSession() as session, session.get(f"{page.url}/plain/fly") as answer:
        assert answer.status == 404


async def test_faults_from_the_page(emulator: Emulator, page: Page) -> None:
    """A lost message is answered as sent, a late one comes late, and down is down until it is up."""
    person = emulator.plain.person("plain-1")
    await page.act("fault", kind="lose", method="send")
    assert await page.tell("plain-1", "lost") == 200
    emulator.plain.faults.add(Fault(kind=FaultKind.DELAY, method="send", seconds=0.01))
    assert await page.tell("plain-1", "late") == 200
    await page.act("settings", down=True)
    with pytest.raises(aiohttp.ClientError):
        await page.tell("plain-1", "down")
    await page.act("settings", down=False)

    assert await page.tell("plain-1", "up") == 200
    assert [line.text for line in person.replies] == ["late", "up"]

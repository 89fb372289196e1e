"""The same over HTTP, for other processes: everything a person does, faults, the log, the stream."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest
from telegram import Bot
from telegram.error import RetryAfter

from bot.sandbox import Emulator, NotSeen, Person, running
from tests.sandbox.test_sending import keyboard


class Remote:
    """Somebody in another process who acts through ``/_sandbox/``."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self.url = session, url

    async def act(self, verb: str, **given: Any) -> Any:
        async with self._session.post(f"{self.url}/_sandbox/{verb}", json=given) as answer:
            body = await answer.json()
            return body["result"] if answer.status == 200 else body

    async def events(self, user_id: int | str) -> AsyncIterator[tuple[str, Any]]:
        async with self._session.get(f"{self.url}/_sandbox/stream?user_id={user_id}") as answer:
            name = ""
            async for line in answer.content:
                field, _, value = line.decode().strip().partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    yield name, orjson.loads(value)


@pytest.fixture
async def remote(emulator: Emulator) -> AsyncIterator[Remote]:
    async with aiohttp.ClientSession() as session:
        yield Remote(session, emulator.url)


async def test_a_conversation_over_http(bot: Bot, remote: Remote) -> None:
    """Start, read, press and see the toast, all as JSON."""
    made = await remote.act("person", first_name="Noa", language_code="he")
    user_id = made["user_id"]
    await remote.act("start", user_id=user_id, payload="flyer-1")
    await bot.send_message(user_id, "שאלה", reply_markup=keyboard("כן", data="yes"))
    seen = await remote.act("wait", user_id=user_id, text="שאלה")
    await remote.act("press", user_id=user_id, button="כן", message_id=seen["message_id"])
    update = (await bot.get_updates())[-1]
    assert update.callback_query is not None
    await update.callback_query.answer("תודה")
    chat = await remote.act("chat", user_id=user_id)

    assert [message["text"] for message in chat["messages"]] == ["/start flyer-1", "שאלה"]
    assert chat["toasts"] == [{"text": "תודה", "alert": False}]


async def test_faults_and_settings_over_http(bot: Bot, remote: Remote, noa: Person) -> None:
    """A fault is armed, seen, hits, and can be cleared."""
    await remote.act("fault", kind="flood", method="sendMessage", retry_after=3)

    assert [fault["kind"] for fault in await remote.act("faults")] == ["flood"]
    with pytest.raises(RetryAfter):
        await bot.send_message(noa.user_id, "x")
    await remote.act("settings", latency_ms=1, advance=10, enforce_limits=True)
    assert await remote.act("faults", clear=True) == []


async def test_the_log_and_the_figures_over_http(bot: Bot, remote: Remote, noa: Person) -> None:
    """Calls come in order with their outcome; figures count them."""
    await bot.send_message(noa.user_id, "x")
    calls = await remote.act("calls", after=1)
    stats = await remote.act("stats")

    assert [(call["method"], call["chat_id"], call["outcome"]) for call in calls] == [
        ("sendMessage", 7, "ok")
    ]
    assert stats["calls"] == {"getMe": {"ok": 1}, "sendMessage": {"ok": 1}}
    assert await remote.act("violations") == []


async def test_mistakes_are_told_as_400(remote: Remote) -> None:
    """Unknown verbs, buttons and people's impossibilities answer with an error, not with a page of traces."""
    errors = [
        await remote.act("fly"),
        await remote.act("press", user_id=1, button="nothing"),
        await remote.act("send", user_id=1, text=" "),
        await remote.act("wait", user_id=1, text="never", timeout=0.01),
    ]

    assert [error["error"].partition(":")[0] for error in errors] == [
        *("KeyError", "NoSuchButton", "SandboxError", "NotSeen"),
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Host": "example.org"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize(
    "door",
    ["/_sandbox/people", "/_signal/people", "/bot{}/getMe", "/file/bot{}/x"],
)
async def test_other_sites_are_kept_out(emulator: Emulator, headers: dict[str, str], door: str) -> None:
    """A page of another origin, a name that was rebound to loopback, or an image in a page gets 403 everywhere."""
    async with aiohttp.ClientSession(headers=headers) as session:
        for ask in (session.get, session.post):
            async with ask(emulator.url + door.format(emulator.token)) as answer:
                assert answer.status == 403


async def test_a_link_from_another_site_opens_the_page() -> None:
    """It does nothing by itself."""
    async with (
        running(page=True) as emulator,
        aiohttp.ClientSession(headers={"Sec-Fetch-Site": "cross-site"}) as session,
        session.get(emulator.url) as answer,
    ):
        assert answer.status == 200


async def test_reading_is_all_that_a_link_can_do(emulator: Emulator, remote: Remote) -> None:
    """A page elsewhere can make a browser follow a link, but then nothing happens."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{emulator.url}/_sandbox/start?user_id=7") as answer,
    ):
        assert answer.status == 405
    assert emulator.people == []


async def test_what_was_clicked_is_given_out_as_a_file(emulator: Emulator, remote: Remote) -> None:
    """A golden chat, to be saved."""
    await remote.act("start", user_id=7, payload="flyer7")
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{emulator.url}/_sandbox/transcript?user_id=7") as answer,
    ):
        story = await answer.text()
        disposition = answer.headers["Content-Disposition"]

    assert story.splitlines()[-1] == '- start: "flyer7"'
    assert disposition.startswith("attachment")


async def test_a_file_of_the_bot_is_given_out_under_its_name(
    bot: Bot, emulator: Emulator, remote: Remote, noa: Person
) -> None:
    """With its bytes, never as a page, whatever is in it."""
    await bot.send_document(7, b"<script>", filename="המידע.json", caption="שלך")
    file = noa.last.file
    assert file is not None
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{emulator.url}/_sandbox/file?file_id={file.file_id}") as answer,
    ):
        content, headers = await answer.read(), answer.headers

    assert (file.name, file.size, noa.last.text) == ("המידע.json", 8, "שלך")
    assert content == b"<script>"
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "%D7%94" in headers["Content-Disposition"]


async def test_the_stream_tells_of_every_change(bot: Bot, remote: Remote, noa: Person) -> None:
    """First the chat, then new and edited messages, toasts and blocks as they happen."""
    events = remote.events(7)
    first = await anext(events)
    sent = await bot.send_message(7, "one", reply_markup=keyboard("a"))
    await bot.edit_message_text("two", 7, sent.message_id)
    await noa.block()
    later = [await anext(events) for _ in range(3)]

    assert first[0] == "chat"
    assert [name for name, _ in later] == ["message", "message", "standing"]
    assert later[1][1]["text"] == "two"


async def test_waiting_says_what_the_chat_shows(bot: Bot, noa: Person) -> None:
    """The error of a wait names what was there instead."""
    await bot.send_message(7, "something else")

    with pytest.raises(NotSeen, match="something else"):
        await noa.wait_for("never", timeout=0.01)
    assert (await noa.wait_for("else")).text == "something else"


async def test_a_reply_is_the_first_message_after_ones_own(bot: Bot, noa: Person) -> None:
    """wait_reply ignores what the bot wrote before."""
    await bot.send_message(7, "before")
    await noa.send("question")
    waiting = asyncio.get_running_loop().create_task(noa.wait_reply())
    await asyncio.sleep(0)
    await bot.send_message(7, "answer")

    assert (await waiting).text == "answer"


async def test_it_runs_as_a_process_of_its_own() -> None:
    """The first line of stdout is the address; SIGTERM ends it cleanly."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.sandbox.serve", "--token", "9:own", "--page"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session, session.get(f"{url}/bot9:own/getMe") as answer:
        me = await answer.json()
    process.send_signal(signal.SIGTERM)

    assert me["result"]["id"] == 9
    assert await asyncio.wait_for(process.wait(), 5) == 0

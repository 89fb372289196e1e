"""getUpdates and webhooks: nothing is forgotten before it is confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, Conflict, EndPointNotFound, Forbidden, InvalidToken

from bot.sandbox import Emulator, NoSuchButton, Person
from tests.sandbox.conftest import library_bot
from tests.sandbox.test_sending import keyboard, unknown_fields


async def test_every_kind_of_update_parses_strictly(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """Whatever a person does, the library knows every field of the update."""
    sent = await bot.send_message(7, "press", reply_markup=keyboard("a"))
    text = await noa.send("שלום /help https://example.org", reply_to=sent.message_id)
    await noa.edit(text, "שלום")
    await noa.press("a")
    for share in (noa.photo, noa.voice, noa.document, noa.sticker, noa.contact, noa.location):
        await share()
    await noa.forward("from elsewhere")
    await noa.block()
    await noa.start("flyer-1")
    await noa.add_bot(-100, "Circle")
    await noa.send("/start@sandbox_bot x", chat_id=-100)
    await noa.remove_bot(-100)
    updates = await bot.get_updates()

    assert [unknown_fields(update) for update in updates] == [[]] * 17
    assert emulator.violations == []


async def test_only_the_next_offset_forgets(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """Updates come again until a call asks for what follows them."""
    for text in ("a", "b", "c"):
        await noa.send(text)
    first = await bot.get_updates(limit=2)
    emulator.advance(1)
    again = await bot.get_updates(offset=0)
    rest = await bot.get_updates(offset=first[-1].update_id + 1)

    assert [update.message.text for update in again if update.message] == ["a", "b", "c"]
    assert [update.message.text for update in rest if update.message] == ["c"]


async def test_the_same_offset_at_once_gives_one_update(bot: Bot, noa: Person) -> None:
    """Within half a second of the last answer the limit becomes 1."""
    await noa.send("a")
    await noa.send("b")

    assert [len(await bot.get_updates(offset=0)) for _ in range(2)] == [2, 1]


async def test_the_same_offset_soon_waits_three_seconds(emulator: Emulator, bot: Bot, noa: Person) -> None:
    """A poll with timeout 0 becomes a long one, so a tight loop is slowed down."""
    await bot.get_updates(offset=0)
    polling = asyncio.get_running_loop().create_task(bot.get_updates(offset=0))
    await asyncio.sleep(0.1)
    await noa.send("now")

    assert len(await polling) == 1
    assert emulator.pending == 1


async def test_a_long_poll_ends_with_the_first_update(bot: Bot, noa: Person) -> None:
    """The waiting call gets what was sent while it waited."""
    polling = asyncio.get_running_loop().create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    await noa.send("here")

    assert [update.message.text for update in await polling if update.message] == ["here"]


async def test_a_negative_offset_forgets_all_but_the_last(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """Asking for -1 drops everything older than the newest."""
    for text in ("a", "b", "c"):
        await noa.send(text)

    assert len(await bot.get_updates(offset=-1)) == 1
    assert emulator.pending == 1


async def test_an_offset_far_ahead_confirms_nothing(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """More than ten past the end falls back to the oldest."""
    await noa.send("a")

    assert len(await bot.get_updates(offset=900_000_000)) == 1
    assert emulator.pending == 1


async def test_a_second_poller_ends_the_first(emulator: Emulator, bot: Bot) -> None:
    """The one that waited gets 409, the newcomer goes on."""
    async with library_bot(emulator) as other:
        first = asyncio.get_running_loop().create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.05)
        second = asyncio.get_running_loop().create_task(other.get_updates(timeout=5))

        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        await emulator.person(1, started=True).send("x")
        assert len(await second) == 1


async def test_allowed_updates_are_remembered(bot: Bot, noa: Person) -> None:
    """A list given once holds for later calls without one, and keeps other kinds out."""
    await bot.get_updates(allowed_updates=["callback_query"])
    await noa.send("unheard")

    info = await bot.get_webhook_info()
    assert info.allowed_updates == ("callback_query",)
    assert info.pending_update_count == 0


async def test_messages_live_a_day_and_presses_150_seconds(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """After an outage of three minutes the press is gone and the message is there."""
    await bot.send_message(7, "?", reply_markup=keyboard("a"))
    await noa.press("a")
    await noa.send("words")
    emulator.advance(151)
    later = await bot.get_updates()
    emulator.advance(86400)

    assert [update.message is not None for update in later] == [True]
    assert emulator.pending == 0


async def test_a_press_carries_the_message_and_is_answered_once(bot: Bot, noa: Person) -> None:
    """The answer becomes a toast; a second answer is too old."""
    sent = await bot.send_message(7, "?", reply_markup=keyboard("כן", data="yes"))
    query_id = await noa.press("כן")
    update = (await bot.get_updates())[0]

    query = update.callback_query
    assert query is not None
    assert query.message is not None
    assert (query.id, query.data, query.message.message_id) == (query_id, "yes", sent.message_id)
    await query.answer("תודה")
    assert [toast.text for toast in noa.toasts] == ["תודה"]
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer()


async def test_a_late_or_long_answer_is_refused(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """200 characters at most, and only while the query lives."""
    await bot.send_message(7, "?", reply_markup=keyboard("a"))
    query_id = await noa.press("a")
    assert query_id is not None

    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(query_id, "x" * 201)
    emulator.advance(151)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query_id)


async def test_only_buttons_that_are_there_can_be_pressed(bot: Bot, noa: Person) -> None:
    """A keyboard that was edited away or deleted has no buttons; a stale app can still send its press."""
    sent = await bot.send_message(7, "?", reply_markup=keyboard("a", data="old"))
    await bot.edit_message_reply_markup(7, sent.message_id)
    with pytest.raises(NoSuchButton):
        await noa.press("a")
    await noa.press_stale("old", sent.message_id)
    await bot.delete_message(7, sent.message_id)
    await noa.press_stale("old", sent.message_id)

    queries = [update.callback_query for update in await bot.get_updates()]
    shown = [query.message for query in queries if query]
    assert [message is not None and message.is_accessible for message in shown] == [True, False]


async def test_a_wrong_token_is_not_let_in(emulator: Emulator) -> None:
    """401 for any method."""
    other = library_bot(emulator, token="42:wrong")

    with pytest.raises(InvalidToken):
        await other.initialize()
    await other.shutdown()


async def test_unknown_methods_and_parameters_are_recorded(bot: Bot, emulator: Emulator) -> None:
    """404 and 400, and the test can see in ``violations`` that it happened."""
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendTelepathy")
    with pytest.raises(BadRequest, match="Sendmessage has no parameter colour"):
        await bot.do_api_request("sendmessage", api_kwargs={"chat_id": 7, "text": "x", "colour": "red"})
    with pytest.raises(BadRequest, match="Sendmessage needs the parameter text"):
        await bot.do_api_request("sendmessage", api_kwargs={"chat_id": 7})

    assert [violation.method for violation in emulator.violations] == [
        "sendTelepathy",
        "sendMessage",
        "sendMessage",
    ]


@asynccontextmanager
async def receiver(answer: Callable[[], int]) -> AsyncIterator[tuple[str, list[tuple[str, Any]]]]:
    """A webhook on loopback: its address, and what came with which secret."""
    heard: list[tuple[str, Any]] = []

    async def handle(request: web.BaseRequest) -> web.Response:
        heard.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], await request.json()))
        return web.Response(status=answer())

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", heard
    finally:
        await runner.cleanup()


async def test_a_webhook_gets_updates_in_order_with_the_secret(
    bot: Bot, emulator: Emulator, noa: Person
) -> None:
    """One at a time per chat, each with the secret header, and then forgotten."""
    async with receiver(lambda: 200) as (url, heard):
        await bot.set_webhook(url, secret_token="s3cret")
        for text in ("a", "b", "c"):
            await noa.send(text)
        await emulator.wait_until(lambda: emulator.pending == 0)

    assert [(secret, update["message"]["text"]) for secret, update in heard] == [
        ("s3cret", "a"),
        ("s3cret", "b"),
        ("s3cret", "c"),
    ]


async def test_a_webhook_that_fails_is_tried_again_in_order(
    bot: Bot, emulator: Emulator, noa: Person
) -> None:
    """A 500 keeps the update and what follows it in the chat; getWebhookInfo says so."""
    answers = iter([500, 500, 200, 200])
    async with receiver(lambda: next(answers)) as (url, heard):
        await bot.set_webhook(url, secret_token="s")
        await noa.send("a")
        await noa.send("b")
        await emulator.wait_until(lambda: emulator.pending == 0)

    info = await bot.get_webhook_info()
    assert [update["message"]["text"] for _, update in heard] == ["a", "a", "a", "b"]
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"


async def test_polling_and_a_webhook_exclude_each_other(bot: Bot) -> None:
    """409 until deleteWebhook; a waiting poll is ended when the webhook is set."""
    polling = asyncio.get_running_loop().create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    await bot.set_webhook("https://example.org/hook")

    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await polling
    with pytest.raises(Conflict):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


@pytest.mark.parametrize("url", ["http://example.org/hook", "https://example.org:8000/hook"])
async def test_a_public_webhook_needs_https_and_a_known_port(bot: Bot, url: str) -> None:
    """Anything goes on loopback only."""
    with pytest.raises(BadRequest, match=r"(?i)bad webhook"):
        await bot.set_webhook(url)


async def test_an_injected_update_arrives_as_it_is(bot: Bot, emulator: Emulator) -> None:
    """Raw updates of any kind pass, whatever was allowed."""
    await bot.get_updates(allowed_updates=["message"])
    emulator.inject({"mystery": {"depth": 3}})

    update = (await bot.get_updates(offset=1))[0]
    assert update.api_kwargs == {"mystery": {"depth": 3}}


async def test_groups_are_heard_as_privacy_mode_allows(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """Commands and mentions are heard, chatter is not; after leaving, sending is 403."""
    await noa.add_bot(-5, "Circle")
    await noa.send("chatter", chat_id=-5)
    await noa.send("/menu", chat_id=-5)
    await noa.send("hi @sandbox_bot", chat_id=-5)
    await bot.leave_chat(-5)

    updates = await bot.get_updates()
    texts = [update.message.text for update in updates if update.message and update.message.text]
    assert texts == ["/menu", "hi @sandbox_bot"]
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(-5, "x")

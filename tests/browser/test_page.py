"""The page in a real Chromium, on a screen that shows one phone; the test is the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, expect

from bot.sandbox import Emulator, Person
from bot.sandbox.sample import PHOTO, VOICE

QUESTION = "האם תרצו שמישהו יישאר איתכם בקשר?"
KEYBOARD = {
    "inline_keyboard": [
        [{"text": "כן, חברו אותי", "callback_data": "v1:n1:connect", "style": "success"}],
        [{"text": "לא עכשיו", "callback_data": "v1:n1:later"}],
    ]
}


class PlainBot:
    """The Bot API by hand."""

    def __init__(self, session: aiohttp.ClientSession, emulator: Emulator) -> None:
        self._session, self._emulator = session, emulator

    async def call(self, method: str, **params: Any) -> Any:
        url = f"{self._emulator.url}/bot{self._emulator.token}/{method}"
        async with self._session.post(url, json=params) as answer:
            body = await answer.json()
        assert body["ok"], body
        return body["result"]

    async def hear_press(self) -> Any:
        """The first callback query; everything before it is confirmed."""
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=5):
                if "callback_query" in update:
                    return update["callback_query"]
                offset = update["update_id"] + 1


@pytest.fixture
async def bot(emulator: Emulator) -> AsyncIterator[PlainBot]:
    async with aiohttp.ClientSession() as session:
        yield PlainBot(session, emulator)


@pytest.fixture
async def holder(page: Page, emulator: Emulator) -> Person:
    """Whoever holds the phone, after pressing Start."""
    await page.get_by_role("button", name="התחלה").click()
    holder = emulator.people[0]
    await emulator.wait_until(lambda: len(holder.chat) == 1)
    return holder


async def test_start_sends_start(page: Page, bot: PlainBot, holder: Person) -> None:
    """The big button becomes the /start update of a Hebrew-speaking person."""
    update = (await bot.call("getUpdates"))[0]

    assert update["message"]["text"] == "/start"
    assert update["message"]["from"]["language_code"] == "he"
    await expect(page.locator(".mine .words")).to_have_text("/start")


async def test_a_pressed_button_reaches_the_bot_and_its_answer_the_person(
    page: Page, bot: PlainBot, holder: Person
) -> None:
    """A click is a callback query; the answer is shown as a toast and the spinner stops."""
    await bot.call("sendMessage", chat_id=holder.user_id, text=QUESTION, reply_markup=KEYBOARD)
    await page.get_by_role("button", name="כן, חברו אותי").click()
    await expect(page.locator(".waiting-press")).to_have_count(1)
    query = await bot.hear_press()
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="רשמנו. תודה.")

    assert query["data"] == "v1:n1:connect"
    await expect(page.locator(".shown .toast")).to_have_text("רשמנו. תודה.")
    await expect(page.locator(".waiting-press")).to_have_count(0)


async def test_each_message_has_its_own_direction(page: Page, bot: PlainBot, holder: Person) -> None:
    """The first strong letter decides: Hebrew right to left, English left to right."""
    for text in (QUESTION, "1. Hello, שלום"):
        await bot.call("sendMessage", chat_id=holder.user_id, text=text)
    await expect(page.locator(".message:not(.mine)")).to_have_count(2)

    words = page.locator(".message:not(.mine) .words")
    directions = [await one.evaluate("node => getComputedStyle(node).direction") for one in await words.all()]
    assert directions == ["rtl", "ltr"]


async def test_entities_are_drawn_and_links_lead_nowhere(page: Page, bot: PlainBot, holder: Person) -> None:
    """Bold is bold, markup in a text stays text, and a link is no anchor."""
    text = "חשוב <b>x</b> https://example.org 🙂 code"
    entities = [{"type": "bold", "offset": 0, "length": 4}, {"type": "code", "offset": 37, "length": 4}]
    await bot.call("sendMessage", chat_id=holder.user_id, text=text, entities=entities)

    words = page.locator(".message:not(.mine) .words")
    await expect(words).to_have_text(text)
    await expect(words.locator("strong")).to_have_text("חשוב")
    await expect(words.locator(".code")).to_have_text("code")
    await expect(words.locator(".link")).to_have_text("https://example.org")
    await expect(page.locator(".messages a")).to_have_count(0)


async def test_edits_and_deletes_are_seen_at_once(page: Page, bot: PlainBot, holder: Person) -> None:
    """The keyboard that was edited away is gone, and so is a deleted message."""
    chat = holder.user_id
    sent = await bot.call("sendMessage", chat_id=chat, text=QUESTION, reply_markup=KEYBOARD)
    await expect(page.locator(".keyboard button")).to_have_count(2)
    await bot.call("editMessageText", chat_id=chat, message_id=sent["message_id"], text=f"{QUESTION}\n✓ כן")
    await expect(page.locator(".keyboard")).to_have_count(0)
    await expect(page.locator(".edited")).to_have_text("נערך")
    await bot.call("deleteMessage", chat_id=chat, message_id=sent["message_id"])

    await expect(page.locator(".message")).to_have_count(1)


async def test_typing_and_enter_send_a_text(page: Page, emulator: Emulator, holder: Person) -> None:
    """Enter sends, Shift+Enter makes a line, and the box is empty afterwards."""
    box = page.get_by_role("textbox")
    await box.fill("שורה ראשונה")
    await box.press("Shift+Enter")
    await box.press_sequentially("second")
    await box.press("Enter")
    await emulator.wait_until(lambda: len(holder.chat) == 2)

    assert holder.chat[-1].text == "שורה ראשונה\nsecond"
    await expect(box).to_have_value("")


async def test_a_quoted_message_is_answered(
    page: Page, bot: PlainBot, emulator: Emulator, holder: Person
) -> None:
    """The reply button makes the next text a reply."""
    sent = await bot.call("sendMessage", chat_id=holder.user_id, text=QUESTION)
    await page.get_by_role("button", name="תגובה").click()
    await page.get_by_role("textbox").fill("כן")
    await page.get_by_role("button", name="שליחה").click()
    await emulator.wait_until(lambda: len(holder.chat) == 3)

    assert holder.chat[-1].reply_to == sent["message_id"]
    await expect(page.locator(".mine .quoted")).to_have_text(QUESTION)


async def test_a_reload_shows_the_same_persons_chat(page: Page, bot: PlainBot, holder: Person) -> None:
    """Who holds the phone is remembered, and the chat is there again."""
    await bot.call("sendMessage", chat_id=holder.user_id, text=QUESTION)
    await page.reload()

    await expect(page.locator(".message .words")).to_have_text(["/start", QUESTION])


async def test_a_new_person_starts_with_an_empty_chat(page: Page, emulator: Emulator, holder: Person) -> None:
    """Another id, and the Start button again."""
    await page.locator(".shown").get_by_label("הגדרות הטלפון").click()
    await page.get_by_role("button", name="להתחיל כאדם אחר").click()

    await expect(page.locator(".message")).to_have_count(0)
    await expect(page.get_by_role("button", name="התחלה")).to_be_visible()
    assert len(emulator.people) == 4


async def test_the_language_of_the_app_can_be_changed(page: Page, emulator: Emulator, holder: Person) -> None:
    """The phone turns to English, left to right, and the next update says en."""
    await page.locator(".shown").get_by_label("הגדרות הטלפון").click()
    await page.locator(".shown").get_by_label("שפת האפליקציה").select_option("en")
    await emulator.wait_until(lambda: holder.user["language_code"] == "en")

    await expect(page.locator(".slot.shown")).to_have_attribute("dir", "ltr")
    await expect(page.get_by_placeholder("Message")).to_be_visible()


async def test_blocking_and_unblocking(page: Page, bot: PlainBot, holder: Person) -> None:
    """The bot hears of both, and the writing box comes back."""
    await page.locator(".shown").get_by_label("הגדרות הטלפון").click()
    await page.get_by_role("button", name="חסימת הבוט").click()
    await expect(page.locator(".shown .status")).to_have_text("הבוט חסום")
    await expect(page.get_by_role("textbox")).to_be_hidden()
    await page.locator(".shown .unblock").click()
    await expect(page.get_by_role("textbox")).to_be_visible()

    updates = await bot.call("getUpdates")
    changes = [one["my_chat_member"] for one in updates if "my_chat_member" in one]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]


async def test_the_bots_commands_and_description_are_offered(
    page: Page, bot: PlainBot, emulator: Emulator
) -> None:
    """The description stands there before Start, the commands after it, as the bot set them meanwhile."""
    await bot.call("setMyDescription", description="כאן אפשר לדבר עם אדם.")
    await expect(page.locator(".shown .description")).to_have_text("כאן אפשר לדבר עם אדם.")
    await page.get_by_role("button", name="התחלה").click()
    await bot.call("setMyCommands", commands=[{"command": "privacy", "description": "פרטיות"}])
    await page.get_by_role("button", name="/privacy").click()

    holder = emulator.people[0]
    await emulator.wait_until(lambda: [message.text for message in holder.chat] == ["/start", "/privacy"])


async def test_everything_can_be_reached_with_the_keyboard(page: Page, bot: PlainBot, holder: Person) -> None:
    """Tab reaches the buttons of a message, Enter presses, Escape closes the menu."""
    await bot.call("sendMessage", chat_id=holder.user_id, text=QUESTION, reply_markup=KEYBOARD)
    await expect(page.locator(".keyboard button")).to_have_count(2)
    await page.locator(".shown").get_by_label("הגדרות הטלפון").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".shown .bar .sheet")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(".shown .bar .sheet")).to_be_hidden()
    await page.locator(".shown .scroll").focus()
    for _ in range(3):  # edit, reply, the first button
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    query = await bot.hear_press()
    assert query["data"] == "v1:n1:connect"


async def test_a_file_of_the_bot_can_be_downloaded(
    page: Page, emulator: Emulator, holder: Person, tmp_path: Path
) -> None:
    """Its name, its caption, and its bytes as they were sent."""
    form = aiohttp.FormData({"chat_id": str(holder.user_id), "caption": "מה שנשמר עליך"})
    form.add_field("document", b'{"language": "he"}', filename="data.json")
    async with aiohttp.ClientSession() as session:
        await session.post(f"{emulator.url}/bot{emulator.token}/sendDocument", data=form)
    async with page.expect_download() as saving:
        await page.locator(".messages a").click()
    saved = await saving.value
    await saved.save_as(tmp_path / "saved")

    await expect(page.locator(".file-name")).to_have_text("data.json")
    await expect(page.locator(".message:not(.mine) .words")).to_have_text("מה שנשמר עליך")
    assert saved.suggested_filename == "data.json"
    assert (tmp_path / "saved").read_bytes() == b'{"language": "he"}'


@pytest.mark.parametrize(
    ("method", "content", "shown"),
    [
        ("sendPhoto", PHOTO, "node => node.complete && node.naturalWidth === 480"),
        ("sendVoice", VOICE, "node => Math.round(node.duration) === 2"),
    ],
)
async def test_a_photo_is_seen_and_a_voice_message_can_be_heard(
    page: Page, emulator: Emulator, holder: Person, method: str, content: bytes, shown: str
) -> None:
    """The bot's and one's own, which answers the message that it was to answer."""
    field = method.removeprefix("send").lower()
    form = aiohttp.FormData({"chat_id": str(holder.user_id)})
    form.add_field(field, content, filename="anything")
    async with aiohttp.ClientSession() as session:
        await session.post(f"{emulator.url}/bot{emulator.token}/{method}", data=form)
    await page.locator(".reply-here").click()
    await page.locator(".shown").get_by_label("צירוף").click()
    await page.locator(f".shown [data-media={field}]").click()
    await expect(page.locator(f".{field}")).to_have_count(2)

    for one in await page.locator(f".{field}").element_handles():
        await page.wait_for_function(shown, arg=one)
    assert (holder.chat[-1].kind, holder.chat[-1].reply_to) == (field, holder.last.message_id)


async def test_new_messages_are_announced(page: Page) -> None:
    """The list is a polite log for screen readers."""
    log = page.get_by_role("log")

    await expect(log).to_have_attribute("aria-live", "polite")


async def test_nothing_is_wider_than_a_phone(
    page: Page, bot: PlainBot, holder: Person, tmp_path: Path
) -> None:
    """Long words and keyboards wrap; the page never scrolls sideways."""
    wide = {"inline_keyboard": [[{"text": "א" * 40, "callback_data": str(n)} for n in range(3)]]}
    await bot.call("sendMessage", chat_id=holder.user_id, text="x" * 300, reply_markup=wide)
    await expect(page.locator(".keyboard button")).to_have_count(3)
    await page.screenshot(path=tmp_path / "phone.png")

    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    assert await page.evaluate("document.querySelector('.shown .scroll').scrollWidth <= 390")


async def test_an_emulator_that_was_restarted_gets_to_know_the_person_again(
    page: Page, emulator: Emulator, holder: Person
) -> None:
    """A forgotten person starts over with an empty chat, under the name they had."""
    name = holder.user["first_name"]
    emulator.world.users.clear()
    emulator.world.chats.clear()
    await page.reload()

    await expect(page.get_by_role("button", name="התחלה")).to_be_visible()
    await emulator.wait_until(lambda: holder.user["first_name"] == name)

"""The phone with Signal on the page, in a real Chromium: what is seen on it and what can be done."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, expect

from bot.sandbox import Emulator
from bot.sandbox.sample import PHOTO
from bot.sandbox.signal import SignalPerson
from tests.sandbox.signal.conftest import Client, connected


@pytest.fixture
async def client(emulator: Emulator) -> AsyncIterator[Client]:
    """The bot's side."""
    async with connected(emulator.signal) as client:
        yield client


@pytest.fixture
async def phone(page: Page) -> Locator:
    """The phone, added and started."""
    await page.get_by_role("tab").last.click()
    await page.locator(".add summary").click()
    await page.locator("[data-add=signal]").click()
    phone = page.locator(".slot.signal")
    await phone.locator(".start").click()
    await expect(phone.locator(".mine .words")).to_have_text("/start")
    return phone


def holder(emulator: Emulator) -> SignalPerson:
    (person,) = emulator.signal.people.values()
    return person


async def act(phone: Locator, message: Locator, name: str, *, nth: int = 0) -> None:
    await message.hover()
    await message.locator(f".{name}").nth(nth).click()


async def write(phone: Locator, text: str) -> None:
    await phone.locator(".text").fill(text)
    await phone.locator(".text").press("Enter")


async def test_what_the_bot_sends_is_seen(
    phone: Locator, page: Page, emulator: Emulator, client: Client
) -> None:
    """Styles, a number before each answer from the right, a file, a reaction, an edit, and what was deleted."""
    noa = holder(emulator)
    about = {"recipient": noa.id}
    menu = await client.call("send", **about, message="שלום\n\n1. כן\n2. לא", textStyle=["0:4:BOLD"])
    photo = f"data:image/jpeg;filename=a.jpg;base64,{base64.b64encode(PHOTO).decode()}"
    await client.call("send", **about, message="תמונה", attachment=photo)
    gone = await client.call("send", **about, message="זמני")
    await client.call("send", **about, message="שלום לך", editTimestamp=menu["timestamp"])
    await client.call("remoteDelete", **about, targetTimestamp=gone["timestamp"])
    mine = noa.history[0].timestamp
    await client.call("sendReaction", **about, emoji="👌", targetAuthor=noa.id, targetTimestamp=mine)

    told = phone.locator(".message:not(.mine)")
    await expect(told.first.locator(".words")).to_have_text("שלום לך")
    await expect(told.first.locator(".edited")).to_be_visible()
    await expect(told.nth(1).locator("img")).to_have_js_property("complete", True)
    await expect(told.nth(2)).to_have_text("ההודעה נמחקה")
    await expect(phone.locator(".mine .reaction")).to_be_visible()
    assert await told.first.locator(".words").evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_a_long_text_is_folded(phone: Locator, emulator: Emulator, client: Client) -> None:
    """As the apps do it; a tap shows all of it."""
    await client.call("send", recipient=holder(emulator).id, message="מילה " * 400)
    words = phone.locator(".message:not(.mine) .words")
    await expect(words).to_have_class("words folded")
    await phone.locator(".read-more").click()

    await expect(words).to_have_class("words")


async def test_a_message_can_be_quoted_and_given_a_thumb(
    phone: Locator, emulator: Emulator, client: Client
) -> None:
    """The quote stands in the answer; a second tap takes the thumb away."""
    noa = holder(emulator)
    sent = await client.call("send", recipient=noa.id, message="1. כן")
    told = phone.locator(".message:not(.mine)")
    await act(phone, told, "reply-here")
    await write(phone, "1")
    await expect(phone.locator(".mine .quoted")).to_have_text("1. כן")
    await act(phone, told, "thumb")
    await expect(told.locator(".reaction")).to_be_visible()
    assert noa.note(sent["timestamp"]).reaction == "👍"
    await act(phone, told, "thumb")
    await expect(told.locator(".reaction")).to_have_count(0)

    quote = noa.chat[-1].quote
    assert quote
    assert quote.timestamp == sent["timestamp"]


async def test_an_own_message_can_be_edited_and_deleted(phone: Locator, emulator: Emulator) -> None:
    """Only the newest one edited, as on the other phones; what was deleted leaves its place."""
    await write(phone, "טעות")
    mine = phone.locator(".mine")
    await act(phone, mine.last, "edit-here")
    await write(phone, "תיקון")
    await expect(mine.last.locator(".words")).to_have_text("תיקון")
    await expect(mine.last.locator(".edited")).to_be_visible()
    await act(phone, mine.last, "delete-here")

    await expect(mine.last).to_have_text("ההודעה נמחקה")
    assert holder(emulator).history[-1].deleted


async def test_the_menu_has_the_timer_a_new_phone_and_blocking(phone: Locator, emulator: Emulator) -> None:
    """Each is seen in the chat or under the name."""
    menu = phone.locator(".bar .menu summary")
    await menu.click()
    await phone.locator(".timer").select_option("86400")
    await expect(phone.locator(".status")).to_contain_text("יום")
    await expect(phone.locator(".remark").last).to_contain_text("הודעות נעלמות: יום")
    await phone.locator(".new-phone").click()
    await expect(phone.locator(".remark").last).to_contain_text("מספר ביטחון חדש")
    await menu.click()
    await phone.locator(".block").click()
    await expect(phone.locator(".unblock")).to_be_visible()
    noa = holder(emulator)
    assert (noa.timer, noa.phones, noa.is_trusted, noa.is_blocking) == (86400, 2, False, True)
    await phone.locator(".unblock").click()

    await expect(phone.locator(".composer")).to_be_visible()
    assert not noa.is_blocking


@pytest.mark.parametrize("media", ["photo", "voice", "document"])
async def test_files_can_be_sent(phone: Locator, emulator: Emulator, media: str) -> None:
    """A picture, a voice message, a file; nothing else is offered."""
    await phone.locator(".attach summary").click()
    await expect(phone.locator("[data-media]")).to_have_count(3)
    await phone.locator(f"[data-media={media}]").click()

    await expect(phone.locator(".mine .media")).to_be_visible()
    assert len(holder(emulator).chat[-1].files) == 1


async def test_the_same_person_after_a_reload(phone: Locator, page: Page, emulator: Emulator) -> None:
    """The chat is there again, in the language that was chosen."""
    await phone.locator(".bar .menu summary").click()
    await phone.locator(".language").select_option("en")
    await page.reload()
    await expect(page.locator(".slot.awake")).to_have_count(4)
    await page.get_by_role("tab").nth(3).click()

    await expect(phone.locator(".mine .words")).to_have_text("/start")
    await expect(phone.locator(".status")).to_have_text("Signal · sandbox")
    assert len(emulator.signal.people) == 1


async def test_an_option_of_a_poll_is_chosen_by_a_press(
    phone: Locator, emulator: Emulator, client: Client
) -> None:
    """And looks chosen; another one can be, later."""
    noa = holder(emulator)
    await client.call(
        "sendPollCreate", recipient=noa.id, question="מתי?", option=["היום", "מחר"], noMulti=True
    )
    for chosen in ("מחר", "היום"):
        await phone.locator(".option", has_text=chosen).click()
        await expect(phone.locator(".option.chosen")).to_have_text(chosen)

    assert noa.last.vote == 0

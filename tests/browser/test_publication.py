"""A letter on the phones of the page: somebody joins, two organizers publish, and the file for the keeper is there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import PHONE, opened
from tests.browser.phones import at_menu, becomes, choice, opens_the_desk, said, write
from tests.browser.test_handoff import turn_to
from tests.playing import Sandbox

SIGNS, FIRST = "#phone1", "#phone3"
HOUR = 3600.0


@pytest.fixture
async def page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """The page on a phone, with a bot that runs."""
    async with opened(browser, sandbox.url, viewport=PHONE) as page:
        await becomes(page, "running")
        yield page


async def chooses(page: Page, *names: str, slot: str) -> None:
    """One answer after another."""
    for name in names:
        await choice(page, name, slot=slot).click()


async def proves(page: Page, slot: str, *, whose: str) -> None:
    """The code that the machine room shows is written into the chat, once it is asked for."""
    await expect(said(page, slot).last).to_contain_text("אימות")
    code = await page.locator(f"{whose} .code").text_content()
    await write(page, (code or "").replace(" ", ""), slot=slot)


async def joins(page: Page, sandbox: Sandbox) -> None:
    """Two yeses, and the time between them."""
    await at_menu(page)
    await write(page, "המכתב")
    await chooses(page, "adult", "read", "about", "none", "counted", "go_on", "agree", slot=SIGNS)
    await expect(said(page).filter(has_text="שתיקה")).to_be_visible()
    await sandbox.act("travel", seconds=40 * HOUR)
    await write(page, "/letter")
    await chooses(page, "go_on", "sign", "no", slot=SIGNS)


async def joins_the_organizers(page: Page) -> None:
    """The third phone scans its link."""
    await turn_to(page, FIRST)
    await page.locator(f"{FIRST} .join-first").click()
    await expect(said(page, FIRST)).to_have_count(1)
    await proves(page, FIRST, whose=".ours")
    await expect(said(page, FIRST).filter(has_text="/desk")).to_be_visible()


async def a_second_organizer(page: Page) -> str:
    """A phone is added for them; where it is."""
    await page.locator('[aria-controls="room"]').click()
    await page.locator(".add summary").click()
    await page.locator("[data-add=peer]").click()
    await expect(page.locator(".peer-here:visible")).to_be_visible()
    return f"#{await page.locator('.slot.shown').get_attribute('id')}"


async def asks(page: Page, *names: str) -> None:
    """The first organizer asks for a second yes."""
    await turn_to(page, FIRST)
    await opens_the_desk(page, FIRST)
    await chooses(page, "two", "letter", *names, "propose", slot=FIRST)
    await proves(page, FIRST, whose=".ours")
    await expect(said(page, FIRST).filter(has_text="האחרים נשאלו").last).to_be_visible()


async def says_yes(page: Page, slot: str, *, heard: str = "ובוצע") -> None:
    """The second organizer says it, and hears what comes of it."""
    await turn_to(page, slot)
    await opens_the_desk(page, slot)
    await chooses(page, "two", "second", "approve", slot=slot)
    await proves(page, slot, whose=".peers")
    await expect(said(page, slot).filter(has_text=heard).last).to_be_visible()


@pytest.mark.timeout(240)
async def test_two_organizers_publish_what_somebody_joined_in_hebrew(page: Page, sandbox: Sandbox) -> None:
    """Everybody who signed is asked once more, and the file that comes of it is there to be downloaded."""
    await joins(page, sandbox)
    await joins_the_organizers(page)
    second = await a_second_organizer(page)
    await sandbox.act("travel", seconds=60)  # each code counts once
    await asks(page, "call", "three_days")
    await says_yes(page, second)
    await turn_to(page, SIGNS)
    await write(page, "/letter")
    await chooses(page, "read", "agree", slot=SIGNS)
    await expect(choice(page, "agree")).to_have_count(0)
    await sandbox.act("travel", seconds=150 * HOUR)
    await asks(page, "publish")
    await says_yes(page, second)
    await choice(page, "get", slot=second).click()

    await expect(page.locator(f"{second} .file-name")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

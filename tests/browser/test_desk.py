"""The organizers' desk in Hebrew on a phone: what needs somebody now, and each thing in two taps."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import PHONE, opened
from tests.browser.phones import becomes, choice, said, write
from tests.browser.test_handoff import asks_for_company, turn_to
from tests.playing import Sandbox

DESK = "#phone3"
pytestmark = pytest.mark.timeout(240)  # three phones, and a bot that starts


@pytest.fixture
async def page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """The page on a phone, with a bot that runs and somebody who is at its desk."""
    async with opened(browser, sandbox.url, viewport=PHONE) as page:
        await becomes(page, "running")
        await turn_to(page, DESK)
        await page.locator(f"{DESK} .join-first").click()
        await expect(said(page, DESK)).to_have_count(1)
        code = await page.locator(".code").first.text_content() or ""
        await write(page, code.replace(" ", ""), slot=DESK)
        await expect(said(page, DESK).filter(has_text="/desk")).to_be_visible()
        yield page


async def _at_the_desk(page: Page) -> None:
    await turn_to(page, DESK)
    await write(page, "/desk", slot=DESK)
    await expect(choice(page, "brakes", slot=DESK)).to_be_visible()


async def _fits(page: Page) -> bool:
    """Nothing is wider than the phone."""
    return bool(await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"])


async def test_a_quiet_day_is_said_in_one_line(page: Page) -> None:
    """And whoever is beside somebody needs nobody."""
    await _at_the_desk(page)
    await expect(said(page, DESK).last).to_contain_text("כרגע אין דבר שמצריך טיפול")
    await choice(page, "health", slot=DESK).click()
    await expect(said(page, DESK).last).to_contain_text("שלם, שום פעולה")
    await choice(page, "cards", slot=DESK).click()

    await expect(said(page, DESK).last).to_contain_text("זמנם עבר")
    assert await _fits(page)


async def test_who_waits_is_called_for_in_two_taps(page: Page) -> None:
    """The first screen says that somebody waits; one by one is one tap further, and calling one more."""
    await turn_to(page, "#phone1")
    await asks_for_company(page)
    await turn_to(page, "#phone2")
    await choice(page, "pass", slot="#phone2").click()
    await _at_the_desk(page)
    await expect(said(page, DESK).last).to_contain_text("עוד בלי אדם לצידם: \u20681\u2069")
    await choice(page, "waits", slot=DESK).click()
    await choice(page, "one", slot=DESK).click()
    await expect(said(page, DESK).last).to_contain_text("פנייה שמחכה")
    await choice(page, "on_call", slot=DESK).click()

    await expect(choice(page, "accept", slot=DESK)).to_be_visible()
    assert await _fits(page)


async def test_the_brakes_hold_and_let_go(page: Page) -> None:
    """Pausing is two taps; the first screen says so from then on, and the way back is under the same button."""
    await _at_the_desk(page)
    await choice(page, "brakes", slot=DESK).click()
    await choice(page, "pause", slot=DESK).click()
    await expect(said(page, DESK).last).to_contain_text("הבוט מושהה")
    await choice(page, "brakes", slot=DESK).click()

    await expect(choice(page, "resume", slot=DESK)).to_be_visible()

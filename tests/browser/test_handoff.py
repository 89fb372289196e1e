"""A human being beside somebody, on two phones of the page: asked for, announced, accepted, spoken with, closed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import PHONE, opened
from tests.browser.phones import at_menu, becomes, choice, said, write
from tests.playing import Sandbox

ASKS, HELPS = "#phone1", "#phone2"
HELLO = "קשה לי עם זה"
ANSWER = "אני כאן, אפשר לספר"


@pytest.fixture
async def page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """The page on a phone, with a bot that runs."""
    async with opened(browser, sandbox.url, viewport=PHONE) as page:
        await becomes(page, "running")
        yield page


async def turn_to(page: Page, slot: str) -> None:
    """On a narrow screen one phone at a time is in sight."""
    await page.locator(f'[aria-controls="{slot[1:]}"]').click()
    await expect(page.locator(slot)).to_be_visible()


async def asks_for_company(page: Page) -> None:
    """From the menu to being told that somebody is looked for."""
    await at_menu(page)
    await choice(page, "~human").click()
    await choice(page, "somebody").click()
    await choice(page, "buddy").click()
    await choice(page, "connect").click()


async def test_somebody_is_found_spoken_with_and_left_in_hebrew(page: Page) -> None:
    """The second phone has a volunteer ready with nothing to set up; each sees only what the other wrote."""
    await asks_for_company(page)
    await turn_to(page, HELPS)
    await choice(page, "accept", slot=HELPS).click()
    await expect(choice(page, "leave", slot=HELPS)).to_be_visible()
    await turn_to(page, ASKS)
    await expect(choice(page, "leave")).to_be_visible()
    await write(page, HELLO)
    await turn_to(page, HELPS)
    await expect(said(page, HELPS).last).to_have_text(HELLO)
    await write(page, ANSWER, slot=HELPS)
    await turn_to(page, ASKS)
    await expect(said(page).last).to_have_text(ANSWER)
    await expect(page.locator(f"{ASKS} .mine .reaction .mark")).to_be_visible()
    await write(page, "/line")
    await choice(page, "close").click()
    await expect(said(page).last).to_contain_text("לסגור את הקו")
    await choice(page, "close").click()
    await expect(choice(page, "some")).to_be_visible()
    await turn_to(page, HELPS)

    await expect(said(page, HELPS).last).to_contain_text("תודה על הליווי")
    assert HELLO not in await page.locator(f"{HELPS} .mine").all_inner_texts()
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


async def test_the_volunteers_phone_says_that_it_is_ready_until_it_is_needed(page: Page) -> None:
    """There is nothing to set up, and somebody who passes is not asked why."""
    await turn_to(page, HELPS)
    await expect(page.locator(f"{HELPS} .on-duty:not(.peer-here)")).to_be_visible()
    await turn_to(page, ASKS)
    await asks_for_company(page)
    await turn_to(page, HELPS)
    await choice(page, "pass", slot=HELPS).click()

    await expect(said(page, HELPS)).to_have_count(2)
    await expect(page.locator(f"{HELPS} .on-duty:not(.peer-here)")).to_be_hidden()

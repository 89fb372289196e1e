"""What somebody does with the phones of the page, and where they see what the bot said."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect


def choice(page: Page, name: str, *, slot: str = "#phone1") -> Locator:
    """The newest button of this choice, whatever it says."""
    return page.locator(f'{slot} .keyboard button[data-data$=":{name}"]').last


def said(page: Page, slot: str = "#phone1") -> Locator:
    """What the bot said."""
    return page.locator(f"{slot} .message:not(.mine) .words")


async def at_menu(page: Page) -> None:
    """From the first tap to the menu, in Hebrew."""
    await page.locator("#phone1 .start").click()
    await choice(page, "go_on").click()
    await choice(page, "none").click()
    await expect(choice(page, "think")).to_be_visible()


async def write(page: Page, text: str, *, slot: str = "#phone1") -> None:
    box = page.locator(f"{slot} .text")
    await box.fill(text)
    await box.press("Enter")


async def opens_the_desk(page: Page, slot: str) -> None:
    """The desk as it is now, below whatever of it is still on the screen."""
    mine = page.locator(f"{slot} .message.mine")
    before = await mine.count()
    await write(page, "/desk", slot=slot)
    await expect(mine).to_have_count(before + 1)
    below = mine.last.locator("xpath=following-sibling::*[contains(@class, 'message')]")
    await expect(below.first).to_be_visible()


async def becomes(page: Page, condition: str) -> None:
    await expect(page.locator("body")).to_have_attribute("data-condition", condition)

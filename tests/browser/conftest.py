"""A phone-size page of a real Chromium in front of an emulator, and the library as the bot behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from bot.sandbox import Emulator, running
from tests.lacking import lacking

CHROMIUM = Path("/usr/bin/chromium")
HAS_CHROMIUM = CHROMIUM.exists()
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with running(page=True) as emulator:
        yield emulator


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if not HAS_CHROMIUM:
        lacking(str(CHROMIUM))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser, emulator: Emulator) -> AsyncIterator[Page]:
    """The page on a phone, opened; a script error or a request to elsewhere fails the test."""
    phone = await browser.new_context(viewport={"width": 390, "height": 844}, locale="he-IL")
    page = await phone.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda one: None if one.url.startswith(emulator.url) else problems.append(one.url))
    await page.goto(emulator.url)
    yield page
    await phone.close()
    assert problems == []

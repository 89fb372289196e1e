"""A phone-size page of a real Chromium in front of an emulator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from bot.sandbox import Emulator, running
from tests.lacking import lacking
from tests.playing import SOON, Sandbox, playing

PHONE = ViewportSize(width=390, height=844)
WIDE = ViewportSize(width=1280, height=800)
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
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """`make sandbox`, in a process of its own."""
    async with playing(tmp_path / "box") as sandbox:
        yield sandbox


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
    async with opened(browser, emulator.url, viewport=PHONE) as page:
        yield page


@asynccontextmanager
async def opened(browser: Browser, url: str, *, viewport: ViewportSize) -> AsyncIterator[Page]:
    """The page in a window of this size, in a fresh browser profile, with everybody awake."""
    context = await browser.new_context(viewport=viewport, locale="he-IL", accept_downloads=True)
    page = await context.new_page()
    page.set_default_timeout(SOON * 1000)
    expect.set_options(timeout=SOON * 1000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Policy" in line.text else None)
    page.on("request", lambda one: None if one.url.startswith(url) else problems.append(one.url))
    await page.goto(url)
    await expect(page.locator(".slot.awake")).to_have_count(3)
    yield page
    await context.close()
    assert problems == []

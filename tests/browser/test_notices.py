"""A protest on the phones of the page: three people ask for such notices, two organizers send one and call it off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from bot.almanac import local, next_allowed
from tests.browser.conftest import PHONE, opened
from tests.browser.phones import becomes, choice, opens_the_desk, said, write
from tests.browser.test_handoff import turn_to
from tests.browser.test_publication import (
    FIRST,
    HOUR,
    a_second_organizer,
    chooses,
    joins_the_organizers,
    proves,
    says_yes,
)
from tests.playing import Sandbox

COMES, ISRAEL = "#phone1", "Asia/Jerusalem"
HEBREW, ENGLISH = "נפגשים מול בית המשפט, עם שלטים.", "We meet in front of the court, with signs."
CALLED_OFF, CALLED_OFF_HERE = "המפגש לא מתקיים.", "The meeting does not take place."
PLACE = "כיכר המאה, חיפה"


@pytest.fixture
async def page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """The page on a phone, with a bot that runs, at a noon at which notices leave."""
    now = datetime.now(UTC)
    noons = (local(now.date() + timedelta(days=day), time(12), zone=ISRAEL) for day in range(1, 15))
    noon = next(one for one in noons if next_allowed(one, zone=ISRAEL) == one)
    async with opened(browser, sandbox.url, viewport=PHONE) as page:
        await becomes(page, "running")
        await sandbox.act("travel", seconds=(noon - now).total_seconds())
        yield page


async def another_phone(page: Page, *, language: str = "he") -> str:
    """A phone is added for one more person; where it is."""
    before = await page.locator(".slot").count()
    await page.locator('[aria-controls="room"]').click()
    await page.locator(".add summary").click()
    await page.locator("[data-add=other]").click()
    await expect(page.locator(".slot.awake")).to_have_count(before + 1)
    slot = f"#{await page.locator('.slot.shown').get_attribute('id')}"
    await page.locator(f"{slot} .bar .menu summary").click()
    await page.locator(f"{slot} .bar .language").select_option(language)
    await page.locator(f"{slot} .bar .menu summary").click()
    return slot


async def asks_for_protests(page: Page, slot: str, *, area: str, form: str | None = "none") -> None:
    """From the first tap to a yes to the protests of an area."""
    await turn_to(page, slot)
    await page.locator(f"{slot} .start").click()
    await chooses(page, "go_on", *([form] if form else []), slot=slot)
    await expect(choice(page, "think", slot=slot)).to_be_visible()
    await write(page, "/notices", slot=slot)
    await chooses(page, "adult", "kinds", "no", "protest", area, "agree", "done", slot=slot)


async def writes_it(page: Page, hebrew: str, english: str) -> None:
    """Both texts of the draft that is on the screen."""
    for language, text in ("he", hebrew), ("en", english):
        await chooses(page, "text", language, slot=FIRST)
        await expect(choice(page, "none", slot=FIRST)).to_be_visible()
        await write(page, text, slot=FIRST)
        await expect(choice(page, "ask", slot=FIRST)).to_be_visible()


async def prepares(page: Page) -> None:
    """A protest of the north and the south, tomorrow evening, on a square."""
    await turn_to(page, FIRST)
    await opens_the_desk(page, FIRST)
    await chooses(page, "two", "notices", "begin", "protest", "north", slot=FIRST)
    await expect(said(page, FIRST).last).to_contain_text("חיפה והצפון")
    await chooses(page, "south", slot=FIRST)
    await expect(said(page, FIRST).last).to_contain_text("הדרום")
    await chooses(page, "done", slot=FIRST)
    await writes_it(page, HEBREW, ENGLISH)
    await chooses(page, "details", "times", "day", slot=FIRST)
    await expect(said(page, FIRST).last).to_contain_text("באיזה יום")
    await write(page, "מחר", slot=FIRST)
    await expect(choice(page, "zone", slot=FIRST)).to_be_visible()
    await write(page, "18:30", slot=FIRST)
    await chooses(page, "details", "place", slot=FIRST)
    await expect(said(page, FIRST).last).to_contain_text("איפה זה")
    await write(page, PLACE, slot=FIRST)


async def sends(page: Page, sandbox: Sandbox, second: str) -> None:
    """The first organizer asks, and the second one says yes; each code counts once."""
    await sandbox.act("travel", seconds=60)
    asked = await said(page, FIRST).filter(has_text="האחרים נשאלו").count()
    await chooses(page, "ask", "propose", slot=FIRST)
    await proves(page, FIRST, whose=".ours")
    await expect(said(page, FIRST).filter(has_text="האחרים נשאלו")).to_have_count(asked + 1)
    await says_yes(page, second, heard="יוצא לדרך")


async def gets(page: Page, slot: str, text: str) -> None:
    """The notice is on this phone, once."""
    await turn_to(page, slot)
    await expect(said(page, slot).filter(has_text=text)).to_have_count(1)


async def they_answer(page: Page, stops: str, asks: str) -> None:
    """One is coming, one stops and takes that back, one wants it in a calendar."""
    await gets(page, COMES, HEBREW)
    await choice(page, "coming").click()
    await expect(said(page).last).to_contain_text("נספר")
    await gets(page, stops, ENGLISH)
    await chooses(page, "stop", "undo", slot=stops)
    await expect(said(page, stops).filter(has_text="They come again")).to_have_count(1)
    await gets(page, asks, HEBREW)
    await choice(page, "calendar", slot=asks).click()
    await expect(page.locator(f"{asks} .file-name")).to_be_visible()


async def calls_it_off(page: Page, sandbox: Sandbox, second: str) -> None:
    """From the report to a correction that says so."""
    await turn_to(page, FIRST)
    await choice(page, "look", slot=FIRST).click()
    await expect(said(page, FIRST).last).to_contain_text("נשלח")
    await expect(said(page, FIRST).last).to_contain_text(HEBREW)
    await chooses(page, "correct", "begin", slot=FIRST)
    await writes_it(page, CALLED_OFF, CALLED_OFF_HERE)
    await chooses(page, "details", "times", "day", "none", slot=FIRST)
    await expect(choice(page, "ask", slot=FIRST)).to_be_visible()
    await sandbox.act("travel", seconds=HOUR)  # a code is asked for anew
    await sends(page, sandbox, second)


@pytest.mark.timeout(240)
async def test_a_protest_is_sent_answered_and_called_off_in_hebrew(page: Page, sandbox: Sandbox) -> None:
    """Whoever asked for it gets it in their own language, and hears that it does not take place."""
    stops = await another_phone(page, language="en")
    asks = await another_phone(page)
    await asks_for_protests(page, COMES, area="north")
    await asks_for_protests(page, stops, area="everywhere", form=None)
    await asks_for_protests(page, asks, area="south")
    await joins_the_organizers(page)
    second = await a_second_organizer(page)
    await prepares(page)
    await sends(page, sandbox, second)
    await they_answer(page, stops, asks)
    await calls_it_off(page, sandbox, second)

    await gets(page, COMES, CALLED_OFF)
    await expect(page.locator(f'{COMES} button[data-data$=":coming"]')).to_have_count(1)  # the first notice's
    await gets(page, stops, CALLED_OFF_HERE)
    await gets(page, asks, CALLED_OFF)
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

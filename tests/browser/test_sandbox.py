"""The page in a real Chromium, with the real bot behind it: what `make sandbox` gives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests import story
from tests.browser.conftest import PHONE, WIDE, opened
from tests.browser.phones import at_menu, becomes, choice, said, write
from tests.playing import Sandbox
from tests.stage import staged

PHONES = [f"#phone{n}" for n in (1, 2, 3)]
CRISIS = "אני רוצה למות"


@pytest.fixture
async def page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """The page on a phone, with a bot that runs."""
    async with opened(browser, sandbox.url, viewport=PHONE) as page:
        await becomes(page, "running")
        yield page


@pytest.fixture
async def wide(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """The page on a screen, with a bot that runs."""
    async with opened(browser, sandbox.url, viewport=WIDE) as page:
        await becomes(page, "running")
        yield page


async def room(page: Page) -> None:
    """On a phone, the machine room is a tab."""
    await page.get_by_role("tab").last.click()


async def order(page: Page, name: str) -> None:
    await page.locator(f"[data-order={name}]").click()


async def travel(page: Page, amount: str, *, unit: str) -> None:
    await page.locator(".time summary").click()
    await page.locator(".amount").fill(amount)
    await page.locator(".unit").select_option(unit)
    await page.locator(".jump button").click()


async def test_the_journey_in_hebrew(page: Page) -> None:
    """From the first tap over the menu and weighing it to an option; and words of distress are met at any moment."""
    await at_menu(page)
    await choice(page, "think").click()
    await choice(page, "facts").click()
    await choice(page, "serve").click()
    await expect(choice(page, "next")).to_be_visible()
    await expect(said(page).last).to_contain_text("ההחלטה")
    await write(page, CRISIS)
    await expect(said(page).filter(has_text="1201").last).to_be_visible()

    directions = await said(page).evaluate_all(
        "all => [...new Set(all.map(n => getComputedStyle(n).direction))]"
    )
    assert directions == ["rtl"]
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_a_second_tap_that_comes_too_late_is_explained(page: Page) -> None:
    """Two choices tapped while the bot was off: the first counts, the second gets the screen as it is now."""
    await at_menu(page)
    await room(page)
    await order(page, "stop")
    await becomes(page, "stopped")
    await page.get_by_role("tab").first.click()
    await choice(page, "think").click()
    await choice(page, "more").click()
    await room(page)
    await expect(page.locator(".count")).to_have_text("2")
    await order(page, "start")
    await expect(page.locator(".count")).to_have_text("0")
    await page.get_by_role("tab").first.click()

    await expect(choice(page, "talk")).to_be_visible()
    await expect(page.locator("#phone1 .keyboard button[data-data$=':more']")).to_have_count(0)


@pytest.mark.parametrize("way", ["restart", "kill"])
async def test_nothing_is_lost_when_the_bot_ends_in_mid_conversation(wide: Page, way: str) -> None:
    """What is written while it is away waits in sight, and is answered where the person was."""
    await at_menu(wide)
    await choice(wide, "think").click()
    await expect(choice(wide, "talk")).to_be_visible()
    await order(wide, way)
    await expect(wide.locator("body")).not_to_have_attribute("data-condition", "running")
    await write(wide, "3")
    await expect(wide.locator(".count")).to_have_text("1")
    await becomes(wide, "running")
    await expect(wide.locator(".count")).to_have_text("0")

    await expect(choice(wide, "rest")).to_be_visible()
    await expect(wide.locator("#phone1 .mine .words")).to_have_text(["/start", "3"])


async def test_after_eight_days_it_asks_whether_to_go_on(wide: Page) -> None:
    """Time travels for the bot and for Telegram; what the clock shows, the messages show."""
    await at_menu(wide)
    await choice(wide, "think").click()
    await expect(choice(wide, "talk")).to_be_visible()
    await travel(wide, "8", unit="86400")
    await expect(wide.locator(".ahead")).to_contain_text("8")
    await choice(wide, "talk").click()

    await expect(choice(wide, "go_on")).to_be_visible()
    assert "8" in await wide.locator(".ahead").inner_text()


async def test_a_page_whose_sandbox_ended_says_so(wide: Page, sandbox: Sandbox) -> None:
    """It does not go on showing a bot that runs."""
    sandbox.process.terminate()
    await becomes(wide, "lost")

    await expect(wide.locator("#phone1 .status")).to_have_text("מתחבר מחדש…")
    await expect(wide.locator(".condition-words")).to_have_text("מתחבר מחדש…")


async def test_three_phones_stand_side_by_side_or_behind_tabs(
    wide: Page, browser: Browser, sandbox: Sandbox
) -> None:
    """Each is somebody else's; a narrow screen shows one at a time."""
    people = await sandbox.act("people")
    async with opened(browser, sandbox.url, viewport=PHONE) as narrow:
        for slot in PHONES:
            await expect(wide.locator(slot)).to_be_visible()
        shown = []
        for tab in await narrow.get_by_role("tab").all():
            await tab.click()
            shown.append([slot for slot in [*PHONES, "#room"] if await narrow.locator(slot).is_visible()])
        width = await narrow.evaluate("document.documentElement.scrollWidth")

    assert len({person["id"] for person in people}) == 3
    assert shown == [["#phone1"], ["#phone2"], ["#phone3"], ["#room"]]
    assert width == PHONE["width"]


async def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it is there; on the way nothing may hold the focus."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError("Tab never comes there")


async def test_all_of_it_without_a_mouse(wide: Page) -> None:
    """Tab, Enter and Space start the bot, choose, write, scan a flyer and travel in time."""
    keys = wide.keyboard
    await tab_to(wide, wide.locator("#phone1 .start"))
    await keys.press("Enter")
    await expect(choice(wide, "go_on")).to_be_visible()
    await tab_to(wide, choice(wide, "go_on"))
    await keys.press("Enter")
    await expect(choice(wide, "none")).to_be_visible()
    await tab_to(wide, wide.locator("#phone1 .text"))
    await keys.type("1")
    await keys.press("Enter")
    await expect(choice(wide, "think")).to_be_visible()
    await tab_to(wide, wide.locator("#phone3 .bar summary"))
    await keys.press("Enter")
    await tab_to(wide, wide.locator("#phone3 .payload"))
    await keys.type("flyer7")
    await keys.press("Enter")
    await expect(choice(wide, "go_on", slot="#phone3")).to_be_visible()
    await tab_to(wide, wide.locator("[data-seconds='3600']"))
    await keys.press("Space")

    await expect(wide.locator("#phone3 .mine .words")).to_have_text("/start flyer7")
    await expect(wide.locator(".ahead")).not_to_be_empty()


async def test_tabs_are_walked_with_the_arrow_keys(page: Page) -> None:
    """In Hebrew the next one is to the left."""
    await page.get_by_role("tab").first.focus()
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator("#phone2")).to_be_visible()
    await page.keyboard.press("End")

    await expect(page.locator("#room")).to_be_visible()
    await expect(page.get_by_role("tab").last).to_be_focused()


async def test_the_third_phone_becomes_an_organizer(wide: Page) -> None:
    """It scans the link that was made for it, and writes the code that the machine room shows."""
    await wide.locator("#phone3 .join-first").click()
    await expect(said(wide, "#phone3")).to_have_count(1)
    await write(wide, (await wide.locator(".code").first.inner_text()).replace(" ", ""), slot="#phone3")

    await expect(said(wide, "#phone3").filter(has_text="/desk")).to_be_visible()


async def test_a_sealed_bot_stays_away(wide: Page) -> None:
    """What an organizer did on the third phone is seen in the machine room, and nothing starts it again."""
    await wide.locator("#phone3 .join-first").click()
    await expect(said(wide, "#phone3")).to_have_count(1)
    await write(wide, (await wide.locator(".code").first.inner_text()).replace(" ", ""), slot="#phone3")
    await expect(said(wide, "#phone3").filter(has_text="/desk")).to_be_visible()
    await write(wide, "/seal", slot="#phone3")
    await choice(wide, "seal", slot="#phone3").click()
    await becomes(wide, "sealed")
    await order(wide, "start")
    await becomes(wide, "starting")

    await becomes(wide, "sealed")


async def test_a_day_and_a_half_later_what_was_sensitive_is_gone_from_the_phone(wide: Page) -> None:
    """The file with a person's own data is there to be kept, and then it is deleted on both sides."""
    await wide.locator("#phone1 .start").click()
    await expect(choice(wide, "go_on")).to_be_visible()
    await write(wide, "/mydata")
    await expect(wide.locator("#phone1 .file-name")).to_be_visible()
    await travel(wide, "37", unit="3600")

    await expect(wide.locator("#phone1 .file-name")).to_have_count(0)


async def test_a_phone_without_buttons_gets_numbers(wide: Page) -> None:
    """It is added beside the others, and a number is as good as a button."""
    await wide.locator(".add summary").click()
    await wide.locator("[data-add=signal]").click()
    phone = wide.locator(".slot.signal")
    await phone.locator(".start").click()
    await expect(phone.locator(".message:not(.mine)").last).to_contain_text("1.")
    await expect(phone.locator(".keyboard")).to_have_count(0)
    for leads_to in ("להמשיך", "לשון נקבה"):
        await phone.locator(".text").fill("1")
        await phone.locator(".text").press("Enter")
        await expect(phone.locator(".message:not(.mine)").last).to_contain_text(f". {leads_to}")


async def test_what_was_just_sent_can_be_edited(wide: Page) -> None:
    """The pencil stands at the newest message of one's own only."""
    await wide.locator("#phone1 .start").click()
    await write(wide, "אחת")
    await write(wide, "שתיים")
    await expect(wide.locator("#phone1 .edit-here")).to_have_count(1)
    await wide.locator("#phone1 .mine").last.hover()
    await wide.locator("#phone1 .edit-here").click()
    await write(wide, "שלוש")

    await expect(wide.locator("#phone1 .mine .words").last).to_have_text("שלוש")
    await expect(wide.locator("#phone1 .mine .edited")).to_have_count(1)


async def test_somebody_can_take_another_phone(wide: Page) -> None:
    """Whoever held it before is still there, chat and all."""
    await wide.locator("#phone1 .start").click()
    await expect(choice(wide, "go_on")).to_be_visible()
    first = await wide.evaluate("localStorage.getItem('phone1.user')")
    await wide.locator("#phone2 .bar summary").click()
    await wide.locator("#phone2 .holder").select_option(str(first))

    await expect(choice(wide, "go_on", slot="#phone2")).to_be_visible()
    await expect(choice(wide, "go_on")).to_be_visible()


async def test_what_was_clicked_is_a_golden_chat(wide: Page, tmp_path: Path) -> None:
    """Saved from the phone's menu and played by the story player, the bot says what it said on the page."""
    await at_menu(wide)
    before = await said(wide).count()
    await write(wide, "מה?")
    await expect(said(wide)).to_have_count(before + 1)
    await wide.locator("[data-seconds='259200']").click()
    await expect(wide.locator(".ahead")).to_contain_text("3")
    await choice(wide, "think").click()
    await expect(choice(wide, "talk")).to_be_visible()
    await wide.locator("#phone1 .bar summary").click()
    async with wide.expect_download() as saving:
        await wide.locator("#phone1 .export").click()
    saved = tmp_path / "clicked.yaml"
    await (await saving.value).save_as(saved)
    on_the_page = await said(wide).all_inner_texts()

    told = story.read(saved)
    async with staged(tmp_path / "stage") as stage:
        person = stage.emulator.person(language_code="he")
        player = story.Player(stage, person, "he")
        seen = [await player.play(step) for step in told.steps]
        replayed = [message.text for message in person.replies]
    story.write(told, {"he": seen, "en": seen})
    steps = story.read(saved).steps

    assert [next(iter(step.items())) for step in steps] == [
        ("start", ""),
        ("press", "go_on"),
        ("press", "none"),
        ("say", "מה?"),
        ("wait", "3 days"),
        ("press", "think"),
    ]
    assert [step["he"] for step in steps] == seen
    assert replayed == on_the_page

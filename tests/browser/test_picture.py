"""The picture in the README: three phones in Hebrew. `--update` takes it anew."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import opened
from tests.browser.phones import at_menu, choice, said, write
from tests.playing import PROJECT, playing

PICTURE = PROJECT / "docs" / "sandbox.png"
SIZE = ViewportSize(width=1280, height=800)
BIGGEST = 200_000  # bytes


async def reservist(page: Page) -> None:
    await at_menu(page)
    for name in ("~human", "somebody", "buddy", "connect"):
        await choice(page, name).click()


async def volunteer(page: Page) -> None:
    await choice(page, "accept", slot="#phone2").click()
    await expect(choice(page, "leave", slot="#phone2")).to_be_visible()
    await expect(choice(page, "leave")).to_be_visible()
    await write(page, "קיבלתי צו, ולא ברור לי מה לעשות")
    await expect(said(page, "#phone2").last).to_contain_text("קיבלתי")
    await write(page, "אני כאן. מה הכי מטריד עכשיו?", slot="#phone2")
    await expect(said(page).last).to_contain_text("אני כאן")


async def organizer(page: Page) -> None:
    await page.locator("#phone3 .join-first").click()
    await expect(page.locator("#phone3 .message:not(.mine)")).to_have_count(1)
    await page.locator("#phone3 .text").fill(
        (await page.locator(".code").first.inner_text()).replace(" ", "")
    )
    await page.locator("#phone3 .send").click()
    await expect(page.locator("#phone3 .message:not(.mine)")).to_have_count(3)


async def test_the_picture_shows_three_phones(
    browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A reservist and a volunteer who talk, and an organizer who has just joined."""
    picture = PICTURE if request.config.getoption("--update") else tmp_path / "sandbox.png"
    async with playing(tmp_path / "box") as sandbox, opened(browser, sandbox.url, viewport=SIZE) as page:
        await expect(page.locator("body")).to_have_attribute("data-condition", "running")
        for act in (reservist, volunteer, organizer):
            await act(page)
        await expect(page.locator(".fresh")).not_to_have_count(0)
        await page.mouse.move(5, 795)
        await page.locator("h1").click()  # nothing keeps the focus
        await page.screenshot(path=picture, animations="disabled")

    content = picture.read_bytes()
    assert struct.unpack(">II", content[16:24]) == (SIZE["width"], SIZE["height"])
    assert len(content) < BIGGEST


def test_the_readme_shows_a_picture_of_this_page() -> None:
    """It is there, and of the size that the test takes."""
    assert struct.unpack(">II", PICTURE.read_bytes()[16:24]) == (SIZE["width"], SIZE["height"])
    assert 'src="docs/sandbox.png"' in (PROJECT / "README.md").read_text(encoding="utf-8")

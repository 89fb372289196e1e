"""The printed list in a real Chromium: read from the right where the language is, on A4, with nothing loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser

from bot.app.printed import files
from bot.model.person import Language
from bot.model.roll import roll
from tests.letters import LETTER, an_entry

PEOPLE = [
    an_entry(f"e{number}", f"{he} כהן", f"{en} Cohen")
    for number, (he, en) in enumerate(
        [
            ("תמר", "Zoe"),
            ("ג׳ורג׳", "George"),
            ("אבי", "Avi"),
            ("נועה", "Noa"),
            ("רות", "Ruth"),
            ("דנה", "Dana"),
        ]
    )
]
MIXED = an_entry("e9", "Ivan Petrov", "Ivan Petrov")
MOST_COLUMNS = 3
# All at one moment, with the letters in place: a scroll bar that comes between two looks moves every column.
NAMES = """async () => {
  await document.fonts.ready;
  const edge = box => getComputedStyle(document.documentElement).direction === "rtl" ? box.right : box.left;
  return [...document.querySelectorAll("li")].map(item => {
    const box = item.getBoundingClientRect();
    return {text: item.innerText, edge: Math.round(edge(box)), top: box.top};
  });
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name on the page: the side it is read from, and how far down."""

    text: str
    edge: int
    top: float


@pytest.mark.parametrize("language", Language)
async def test_a_list_reads_and_prints_as_its_language_does(
    browser: Browser, tmp_path: Path, language: Language
) -> None:
    """Columns go from the language's own side in alphabetical order, as the page is seen, one A4 sheet when printed."""
    listed = roll(LETTER, [*PEOPLE, MIXED], withdrawn=frozenset())
    for name, text in files(listed, lambda *_: ("Seven.",)).items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    page = await browser.new_page(viewport={"width": 900, "height": 1100})
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    await page.goto((tmp_path / f"reserves-1.{language}.html").as_uri())
    names = [Name(**name) for name in await page.evaluate(NAMES)]
    sheet = await page.pdf(prefer_css_page_size=True)
    await page.close()

    reading = 1 if language is Language.ENGLISH else -1
    columns = sorted({name.edge for name in names}, key=lambda edge: reading * edge)
    read = sorted(names, key=lambda name: (columns.index(name.edge), name.top))
    assert [name.text for name in read] == list(listed.lines[language])
    assert 1 < len(columns) <= MOST_COLUMNS, names
    assert len(asked) == 1
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45](?:\.\d+)? 84[12](?:\.\d+)?\s*\]", sheet)

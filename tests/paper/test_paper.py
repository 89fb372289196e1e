"""What is printed: codes that lead where they should, pages of the right size, and nothing else in the file."""

import io
import json
import re
import sys
from typing import Final

import pytest

from bot.paper import code, flyer
from bot.paper.__main__ import made, main
from bot.paper.page import Look, Pages, Place
from tests.paper.reader import in_picture, words_of

LINK: Final = "https://t.me/a_bot?start=f_k3f7x2ab"
LONGEST: Final = f"https://t.me/{'b' * 32}?start=f_k3f7x2ab"
HEBREW: Final = {
    "title": "שאלות?",
    "body": ["מילים, ועוד מילים. " * 9, "ועוד."],
    "scan": "סורקים:",
    "small": "Telegram רואה.",
    "rtl": True,
}
ENGLISH: Final = {"title": "Questions?", "body": ["Words."], "scan": "Scan:", "small": "Small.", "rtl": False}
POINTS: Final = 72 / 25.4


def wanted(*sides: object, link: str = LINK) -> dict[str, object]:
    """What the program is given."""
    return {"link": link, "typed": "t.me/a_bot", "sides": sides}


def boxes(pdf: bytes) -> list[tuple[int, int]]:
    """How wide and high each page is, in millimetres; where pages do not say, as the file does."""
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width) / POINTS), round(float(height) / POINTS)) for width, height in found]


@pytest.mark.parametrize("link", [LINK, LONGEST])
def test_the_code_says_the_link(link: str) -> None:
    """The picture is read pixel by pixel, by something that did not make it; there is white around it."""
    assert words_of(in_picture(code.png(link), pixels=code.PIXELS)) == link


def test_every_kind_of_code_has_the_same_squares() -> None:
    """In the picture, and on the page."""
    assert code.squares(LINK) == in_picture(code.png(LINK), pixels=code.PIXELS)


def test_the_drawing_is_of_lines_alone() -> None:
    """No script, no link, nothing from elsewhere."""
    drawing = code.svg(LINK).decode()

    assert drawing.startswith("<svg ")
    assert " viewBox=" in drawing
    assert set(re.findall(r"<(\w+)", drawing)) <= {"svg", "g", "path"}
    assert re.findall(r"https?://[^\"]+", drawing) == ["http://www.w3.org/2000/svg"]


def test_a_page_is_the_flyer_with_room_for_its_marks() -> None:
    """A6, and ten millimetres on each side; a page for each side."""
    pdf = made("a6", wanted(HEBREW, ENGLISH))

    assert set(boxes(pdf)) == {(125, 168)}
    assert pdf.count(b"/Type /Page\n") == 2


def test_four_fill_a_page_of_a4() -> None:
    """One language: one page."""
    pdf = made("a4", wanted(ENGLISH))

    assert set(boxes(pdf)) == {(210, 297)}
    assert pdf.count(b"/Type /Page\n") == 1


def test_the_file_tells_nothing_of_who_made_it() -> None:
    """No day, no name, no place, no program; two of the same are the same."""
    first, second = (made("a6", wanted(HEBREW)) for _ in range(2))

    assert first == second
    assert b"D:20000101000000" in first
    assert b"/Author" not in first
    assert b"fpdf" not in first.lower()


def test_the_longest_name_of_a_bot_stays_on_one_line() -> None:
    """Thirty-two letters, as Telegram allows."""
    pages, typed = Pages(100, 100), f"t.me/{'m' * 24}{'b' * 8}"
    pages.begin()
    look = pages.on_one_line(typed, 87, look=flyer.LINK, rtl=False)

    assert 5 < look.size < flyer.LINK.size
    assert pages.height(typed, 87, look=look, rtl=False) == pytest.approx(look.line)
    assert pages.done()


def test_words_take_the_lines_they_need() -> None:
    """What stands below begins after them."""
    pages, look = Pages(100, 100), Look(size=10)
    pages.begin()
    place = Place(x=10, y=10, width=30)

    assert pages.write("word", place, look=look, rtl=False) == pytest.approx(10 + look.line)
    assert pages.write("מילה " * 20, place, look=look, rtl=True) > 10 + 3 * look.line
    assert pages.done()


def test_squares_side_by_side_are_one_stroke() -> None:
    """No hair of white between them on paper."""
    assert flyer._runs([True, True, False, True, False, False, True]) == [(0, 2), (3, 4), (6, 7)]
    assert flyer._runs([False, False]) == []


def test_the_program_reads_what_is_wanted_and_writes_the_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON comes in, the file goes out."""

    class Pipe:
        def __init__(self, content: bytes) -> None:
            self.buffer = io.BytesIO(content)

    out = Pipe(b"")
    monkeypatch.setattr(sys, "stdin", Pipe(json.dumps(wanted()).encode()))
    monkeypatch.setattr(sys, "stdout", out)

    assert main("svg") == 0
    assert out.buffer.getvalue() == code.svg(LINK)

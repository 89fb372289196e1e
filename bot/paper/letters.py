"""Letters of support: each begins a page of A4 of its own, and goes on to another one where it has to."""

from dataclasses import dataclass
from typing import Final

from bot.paper.page import Look, Pages, Place

WIDTH: Final = 210.0
HEIGHT: Final = 297.0
EDGE: Final = 25.0
GAP: Final = 2.0  # between paragraphs
WORDS: Final = Look(size=13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Its words, and whether they are read from right to left."""

    words: str
    rtl: bool


def pages(letters: tuple[Letter, ...]) -> bytes:
    """All of them as one file."""
    paper, width = Pages(WIDTH, HEIGHT), WIDTH - 2 * EDGE
    for letter in letters:
        paper.begin()
        below = EDGE
        for words in letter.words.split("\n"):
            if not words.strip():
                below += WORDS.line / 2
                continue
            if below + paper.height(words, width, look=WORDS, rtl=letter.rtl) > HEIGHT - EDGE:
                paper.begin()
                below = EDGE
            below = paper.write(words, Place(x=EDGE, y=below, width=width), look=WORDS, rtl=letter.rtl) + GAP
    return paper.done()

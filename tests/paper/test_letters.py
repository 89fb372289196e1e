"""Letters of support on paper: each begins a page, none is cut off."""

import re
from typing import Final

from bot.paper.__main__ import made
from tests.paper.test_paper import boxes

A4: Final = (210, 297)


def _pages(*letters: dict[str, object]) -> int:
    """How many there are, all of A4."""
    file = made("letters", {"letters": letters})
    assert set(boxes(file)) == {A4}
    return len(re.findall(rb"/Type /Page\b", file))


def test_each_letter_begins_a_page() -> None:
    """In either direction; an empty line is a gap."""
    letters = [{"words": "Be well\n\nDan", "rtl": False}, {"words": "שלום", "rtl": True}]

    assert _pages(*letters) == 2


def test_a_long_letter_goes_on_to_another_page() -> None:
    """Whatever it has of lines."""
    letters = [{"words": "\n".join(["words"] * 60), "rtl": False}]

    assert _pages(*letters) == 2

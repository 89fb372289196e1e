"""What the font of printed letters has a letter for."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from bot.model.support import is_drawn

FONT = Path(__file__).parents[2] / "bot" / "fonts" / "Heebo-Regular.ttf"


@pytest.mark.parametrize(
    "text", ["Of you, \u201cShaked\u201d\n\u2026", "חושבים עליך", "¡Ánimo!", "Grüße, żółć"]
)
def test_hebrew_and_latin_letters_are_drawn(text: str) -> None:
    """With accents and line breaks."""
    assert is_drawn(text)


@pytest.mark.parametrize("text", ["Держись", "نفكر بك", "\u2764", "加油"])
def test_other_scripts_are_not(text: str) -> None:
    """They go out as plain text."""
    assert not is_drawn(text)


def test_whatever_counts_as_drawn_is_in_the_font() -> None:
    """No letter comes out as an empty square."""
    has = set(TTFont(FONT).getBestCmap())
    assert not [hex(one) for one in range(0x2FFFF) if is_drawn(chr(one)) and one != 0x0A and one not in has]

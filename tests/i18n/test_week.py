"""Hours of a week as people read them, and several words in a row."""

import pytest

from bot.engine.flow import Phrase
from bot.i18n.error import BadValue
from bot.i18n.render import Renderer
from bot.model.hours import ALWAYS, DAYS, NEVER, Quarter, slot, toggled
from bot.model.person import Voice
from tests.i18n.voices import ENGLISH, HEBREW, catalogs

NAMES = ("none", "always", "night", "morning", "afternoon", "evening")
PHRASES = {f"words.{name}": Phrase(context=f"words.{name}", text=name) for name in NAMES}
RENDERER = Renderer(catalogs(), phrases=PHRASES)
EVENINGS = sum(slot(day, Quarter.EVENING) for day in range(5))


def shown(template: str, value: str, voice: Voice = ENGLISH) -> str:
    """A text with one value, without direction marks."""
    phrase = Phrase(context="a.b", text=template)
    text = RENDERER.render(voice, phrase, {"it": value}).text
    return text.translate({0x2068: None, 0x2069: None, 0x200F: None})


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (NEVER, "none"),
        (ALWAYS, "always"),
        (EVENINGS, "Sunday\u2013Thursday: evening"),
        (slot(6, Quarter.NIGHT) | slot(6, Quarter.MORNING), "Saturday: night, morning"),
        (
            EVENINGS | toggled(NEVER, [5], quarter=Quarter.MORNING) | sum(slot(0, one) for one in Quarter),
            "Sunday: always; Monday\u2013Thursday: evening; Friday: morning",
        ),
    ],
)
def test_hours_are_told_day_by_day(hours: int, words: str) -> None:
    """Days that are alike stand together, empty ones are left out."""
    assert shown("{it:hours}", str(hours)) == words


def test_hours_are_told_in_hebrew_days() -> None:
    """By the names of the days there."""
    assert shown("{it:hours}", str(EVENINGS), HEBREW) == "יום ראשון\u2013יום חמישי: evening"


@pytest.mark.parametrize("value", ["-1", "many", str(1 << (4 * DAYS))])
def test_what_is_no_week_is_refused(value: str) -> None:
    """A mistake of ours, not shown to anybody."""
    with pytest.raises(BadValue):
        shown("{it:hours}", value)


def test_several_words_stand_in_a_row() -> None:
    """Each as the book has it; one that it has not is a mistake."""
    assert shown("{it:words}", "night evening") == "night, evening"
    assert shown("{it:word}", "night") == "night"
    for kind, value in (("words", "night noon"), ("words", ""), ("word", "noon")):
        with pytest.raises(BadValue):
            shown(f"{{it:{kind}}}", value)

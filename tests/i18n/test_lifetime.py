"""What is kept and for how long, as a person reads it: the words of the flows, the times of the table."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.flow import Phrase
from bot.engine.parse import read_book
from bot.i18n.catalog import Catalogs
from bot.i18n.lifetime import in_words, told
from bot.i18n.render import VOICES, Renderer
from bot.model.kept import Group
from bot.model.person import Language, Voice
from bot.model.retention import RETENTION

MARKS = re.compile("[\u2068\u2069\u200f]")
ROOT = Path(__file__).parents[2]
RENDERER = Renderer(Catalogs.load(ROOT / "locales"))
PHRASES = read_book(ROOT / "flows").phrases
HEBREW, ENGLISH = Voice(language=Language.HEBREW), Voice(language=Language.ENGLISH)


@pytest.mark.parametrize(
    ("span", "hebrew", "english"),
    [
        (timedelta(hours=24), "יום", "one day"),
        (timedelta(hours=48), "יומיים", "2 days"),
        (timedelta(days=14), "14 ימים", "14 days"),
        (timedelta(hours=1), "שעה", "one hour"),
        (timedelta(hours=2), "שעתיים", "2 hours"),
        (timedelta(hours=36), "36 שעות", "36 hours"),
    ],
)
def test_a_lifetime_is_said_in_its_largest_whole_unit(span: timedelta, hebrew: str, english: str) -> None:
    """With the plurals of each language: Hebrew has a dual."""
    said = [in_words(span, RENDERER, voice=voice, phrases=PHRASES) for voice in (HEBREW, ENGLISH)]

    assert [MARKS.sub("", words) for words in said] == [hebrew, english]


@pytest.mark.parametrize("voice", VOICES, ids=str)
def test_every_class_of_data_is_told_once_with_its_lifetime(voice: Voice) -> None:
    """Nothing is kept that the privacy text does not name, and it says how long."""
    texts = [words.text for words in told(RENDERER, voice, phrases=PHRASES)]
    lines = [line for text in texts for line in text.splitlines()[1:]]

    assert len(texts) == len(Group)
    assert len(lines) == len(set(lines)) == len(RETENTION)
    for kept in RETENTION:
        if kept.ttl:
            time = in_words(kept.ttl, RENDERER, voice=voice, phrases=PHRASES)
            line = RENDERER.label(voice, PHRASES[kept.words], {"time": time})
            assert MARKS.sub("", time) in MARKS.sub("", line)
            assert f"• {line}" in lines


def test_a_class_without_words_cannot_be_told() -> None:
    """It would be kept in silence."""
    less = {name: phrase for name, phrase in PHRASES.items() if name != "retention.session"}

    with pytest.raises(KeyError):
        list(told(RENDERER, ENGLISH, phrases=less))


def test_every_text_of_the_table_is_short_enough_for_a_phone() -> None:
    """No line is longer than two hundred characters in any voice."""
    phrases: list[Phrase] = [PHRASES[kept.words] for kept in RETENTION]

    assert [
        one.context for one in phrases for words in RENDERER.labels(one, {"time": "90"}) if len(words) > 200
    ] == []

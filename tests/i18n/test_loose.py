"""What tired fingers meant: numbers in words, courtesy, another keyboard, another language."""

import pytest

from bot.i18n.loose import readings, relaid


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("akuo", "שלום"),
        ("AKUO!", "שלום!"),
        ("צקמו", "menu"),
        ("ן 'שמא אם גןק", "i want to die"),
        ("hh", ""),
        ("menu תפריט", ""),
        ("123", ""),
        ("привет", ""),
    ],
)
def test_the_same_keys_write_the_other_language(text: str, meant: str) -> None:
    """Only words of one of the two languages, and no short ones."""
    assert relaid(text) == meant


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("1 בבקשה", "1"),
        ("אני רוצה את 2", "2"),
        ("option two please", "2"),
        ("אחת", "1"),
        ("האופציה הראשונה", "1"),
        ("שלוש, תודה", "3"),
        ("לא תודה", "לא"),
        ("באנגלית בבקשה", "language"),
        ('היי, אפשר עו"ד?', "עוד"),
        ("I need a lawyer", "lawyer"),
        ("English please", "language"),
        ("akuo", "שלומ"),
    ],
)
def test_words_around_an_answer_are_left_out(text: str, first: str) -> None:
    """What stands in the middle stays; a number in words is a number."""
    assert readings(text)[0] == first


@pytest.mark.parametrize("text", ["", "1", "לא", "אני לא רוצה את 2, אבל"])
def test_what_says_nothing_else_has_no_other_reading(text: str) -> None:
    """Its own words are looked at before; a "not" is never left out."""
    assert "2" not in readings(text)
    assert text not in readings(text)

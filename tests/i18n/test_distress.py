import pytest

from bot.i18n.distress import CrisisWords

WORDS = CrisisWords(
    [
        "להתאבד*",
        "רוצה למות",
        "מת",
        "can't go on",
        "kill* myself",
        "don't want to * live",
        "die",
        "die now",
        "diet of death",
        "?!",
    ],
    ["אני מת על", "מת מצחוק", "die hard", "dying to"],
)


@pytest.mark.parametrize(
    "text",
    [
        "אני רוצה למות",
        "שרוצה למות",
        "להתאבדות",
        "חושב ולהתאבד היום",
        "אני מת",
        "ומת",
        "אני רוצה למוווות",
        "I cant go on",
        "I can\u2019t  go on.",
        "CAN'T GO ON",
        "killing myself",
        "I don't want to even live",
        "dont want to live",
        "let me diiiiie",
        "die hard, and die",
        "die now",
        "a diet of death",
        "אני מת על זה ואני רוצה למות",
    ],
)
def test_a_crisis_phrase_is_found(text: str) -> None:
    """In any spelling, with prefixes, endings and a few words between, also beside an exception."""
    assert WORDS.found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "שלום",
        "אני מת על זה",
        "die hard",
        "מתי זה",
        "מתנה",
        "killing time",
        "skill myself",
        "diet",
        "I can go on",
        "don't want to do all of that and live",
        "?!",
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    """Nothing fires inside of another word, across too many words, or in an exception."""
    assert not WORDS.found_in(text)


def test_without_phrases_nothing_is_found() -> None:
    """An empty list is no crisis."""
    assert not CrisisWords([]).found_in("die")

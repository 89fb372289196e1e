"""What people write when it can't wait, held against the project's own list; and what they write every day."""

from pathlib import Path
from typing import Final

import pytest

from bot.engine.parse import URGENT_WORDS, read_words
from bot.i18n.distress import CrisisWords

FLOWS: Final = Path(__file__).parents[2] / "flows"
WORDS = CrisisWords([word for words in read_words(FLOWS / URGENT_WORDS).values() for word in words])


@pytest.mark.parametrize(
    "text",
    [
        "עצרו אותי",
        "עצרו אותי הבוקר ואני לא יודע מה לעשות",
        "אני עצורה בבסיס",
        "קיבלתי זימון ממצ״ח",
        'זומנתי למצ"ח מחר',
        "יש פה משטרה צבאית",
        "המשטרה הצבאית דופקת לי בדלת",
        "שוטרים צבאיים ליד הבית",
        "התקשרו אליי מהמשטרה",
        "שפטו אותי אתמול",
        "לוקחים אותי עכשיו לכלא",
        "הבן שלי נעצר",
        "מאיימים עליי ברשת",
        "פרסמו את הכתובת שלי",
        "צריך להתייצב מחר",
        "באו אלי הביתה מהיחידה",
        "They arrested me",
        "I've been arrested",
        "military police at the door",
        "I got a summons from the police",
        "my hearing is tomorrow",
        "someone posted my address online",
        "they are threatening me",
        "I have to report tomorrow",
        "my son was arrested",
        "a child in danger",
    ],
)
def test_what_cannot_wait_is_found(text: str) -> None:
    """In both languages, in the middle of a sentence, with its prefixes and marks."""
    assert WORDS.found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "שלום",
        "מה האפשרויות שלי",
        "קיבלתי צו",
        "אני לא רוצה ללכת למילואים",
        "כואב לי הראש",
        "לא עצרתי לחשוב",
        "אני בבית",
        "יש לי שאלה על קנס",
        "hello",
        "what are my options",
        "I got an order",
        "I do not want to serve",
        "tell me about fines",
        "I stopped to think",
        "can I talk to a lawyer",
    ],
)
def test_what_people_write_every_day_is_not(text: str) -> None:
    """So that the lane stays something that is looked at."""
    assert not WORDS.found_in(text)

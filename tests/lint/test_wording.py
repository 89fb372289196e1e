"""The bot's own list of wording that it never uses: what it finds, and what it leaves to be said."""

from pathlib import Path
from typing import Final

import pytest

from bot.engine.parse import read_words
from bot.i18n.blocked import blocked_in
from bot.model.person import Language

LISTS: Final = read_words(Path(__file__).parents[2] / "flows" / "wording.yaml")

BAD_HEBREW: Final = """
סרבו. סרבי עכשיו. סרב לפקודה. תסרבו. אז תסרבי. ותסרב. תסרבנה. בואו נסרב. לסרב עכשיו. לסרב לפקודה. נא
לסרב. הגיע הזמן לסרב. כדאי לסרב. כדאי לך לסרב. עדיף פשוט לסרב. רצוי לסרב. ראוי לסרב. מומלץ מאוד
לסרב. צריך לסרב. צריכות לסרב. חייבת לסרב. חייבים לסרב. חובה לסרב. חובתך המוסרית לסרב. יש לסרב. עליך
לסרב. עלייך לסרב. עליכן לסרב. אנחנו קוראים לך לסרב. ממליצות לסרב. מעודדים אנשים לסרב. כדאי להשתמט.
מוטב לערוק. עדיף להסתתר. חייבים לברוח. עליכם להתחמק. השתמטו. תתחמקי. תערקו. ערקי. ברחו. תברחנה. אל
תתייצבו. אל תתייצבי. אל תתייצב. אל תתייצבנה. אל תלכו. אל תלכי לבסיס. אל תגיעו. אל תבואי. אל תשרת. אל
תתגייסו. אל תקיימו את הפקודה. כדאי לא להתייצב. עדיף לך לא ללכת. מומלץ לא לענות. חובה לא להתייצב.
עליך לא לשרת. אסור לך להתייצב. לא מתייצבים. די לציית. תעמידו פנים. להעמיד פנים. העמידי פנים. העמד
פנים. תתחזי. התחזו לחולים. אפשר להתחזות. תזייפו מסמך. תשקרי לרופא. כדאי לשקר. ניתן להמציא. תסתתרו.
הסתתרי. הסתתר. התעלמו מהצו. תתעלמי פשוט מהפקודה. כדאי להתעלם מהצו. אפשר להתעלם מהזימון. תפרו פקודה.
תקרעו את הצו. זרקו את הצו. לא יכלאו אותך. לא תיכנסי לכלא. אף אחד לא יעניש. לא יקרה לך כלום. אין ממה
לחשוש. אנחנו מבטיחים. אני מבטיח. מובטח לך. נשלם את הקנס. מכסים קנסות. נפצה. תמורת הסירוב. מענק
לסרבנים. פרס לסירוב. סרבנים מקבלים כסף. מלגות למסרבים. עשית את הדבר הנכון. בגידה. פחדניות. גיבורות.
משתמטים. אין לך ברירה.
"""
GOOD_HEBREW: Final = """
לסירוב יש כמה צורות. מי שמסרב נשפט בדין משמעתי. סרבני מצפון. הוועדה דוחה בקשות. אי־התייצבות היא
עבירה. צו מילואים מחייב התייצבות. אפשר לסרב לענות עד שיחה עם עו״ד. כדאי לדבר עם עו״ד. חובה להתייצב.
מומלץ לברר עם עו״ד. צריך אישור. אין חובה לחתום. יש לדווח. התחזות למחלה היא עבירה צבאית. הקנס יכול
להגיע לסכום גבוה. אפשר לדבר עם אדם מהצוות על קנס. כל אחד מחליט. לא נדרש שם. לא ייכנס לתוקף. הבריחה
מהמחשבות. הסתרת ההודעות. אפשר להסתיר את השיחה. לא נבטיח דבר. השירות הוא אחת האפשרויות.
"""
BAD_ENGLISH: Final = """
Refuse! Please refuse. Now refuse. Let's refuse. You should refuse. You must all refuse. You have to
refuse. It is right to refuse. It is time to refuse. A duty to disobey. Your moral duty is to
refuse. We call on you to refuse. Join the refusers. Refuse today. We recommend refusing. We urge
soldiers to refuse. We advise you not to report. Don't report. Never serve. Do not enlist. Not
report. You should not report. You mustn't serve. You don't have to report. Ignore the order. Just
ignore this summons. Disobey. Resist. Defy them. Burn your order. Desert. Flee. Run away. You must
hide. Hide from them. Pretend. Fake it. Feign. Lie. You could pretend. You may exaggerate. Tell them
you are sick. Call in sick. They won't jail you. Nobody will arrest you. You will not be jailed. You
won't go to prison. You will be safe from prison. Nothing will happen to you. Nothing to fear. We
promise. You are guaranteed. I guarantee it. We will pay your fine. We cover fines. Your fine is
covered. Paid to refuse. A grant for refusers. Refusers get money. Compensation for refusal. You did
the right thing. Traitor. Treason. Cowards. Heroes. You have no choice.
"""
GOOD_ENGLISH: Final = """
Refusal has several forms. Some refuse, some serve. A lawful reserve order makes reporting a duty.
You may refuse to answer before a lawyer comes. Feigning an illness is an offence. Before you act,
speak with a lawyer. The decision is yours. You do not have to answer now. Not reporting is absence.
Nobody can promise anyone an outcome. A fine can be high. A person on the team can talk with you
about it. You can hide this chat. The army's doctors decide. It is good to keep the date in view.
You should speak with a lawyer. Reporting, and saying so. Run by volunteers.
"""


def sentences(text: str) -> list[str]:
    """Each sentence of a block, without the mark at its end."""
    parts = " ".join(text.split()).replace("!", ".").split(".")
    return [part.strip() for part in parts if part.strip()]


def found_in(sentence: str, language: Language) -> list[str]:
    return list(blocked_in(sentence, LISTS[language], language=language))


@pytest.mark.parametrize("sentence", sentences(BAD_HEBREW))
def test_what_urges_promises_pays_or_judges_is_found_in_hebrew(sentence: str) -> None:
    """In every gender and number."""
    assert found_in(sentence, Language.HEBREW)


@pytest.mark.parametrize("sentence", sentences(BAD_ENGLISH))
def test_what_urges_promises_pays_or_judges_is_found_in_english(sentence: str) -> None:
    """In the ways people say it."""
    assert found_in(sentence, Language.ENGLISH)


@pytest.mark.parametrize("sentence", sentences(GOOD_HEBREW))
def test_what_informs_is_left_in_hebrew(sentence: str) -> None:
    """Refusal can be spoken of, and lawyers can say what may be refused."""
    assert found_in(sentence, Language.HEBREW) == []


@pytest.mark.parametrize("sentence", sentences(GOOD_ENGLISH))
def test_what_informs_is_left_in_english(sentence: str) -> None:
    """The same."""
    assert found_in(sentence, Language.ENGLISH) == []

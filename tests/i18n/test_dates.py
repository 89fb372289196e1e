from datetime import date

import pytest

from bot.i18n.dates import parse_date

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("23.11", "2026-11-23"),
        ("ב-1.12", "2026-12-01"),
        ("ב25.11.", "2026-11-25"),
        ("23/11/2026", "2026-11-23"),
        ("1.12.26", "2026-12-01"),
        ("1-12-2026", "2026-12-01"),
        ("2026-12-01", "2026-12-01"),
        ("٢٥.١١", "2026-11-25"),
        ("1.1", "2027-01-01"),
        ("today", "2026-11-23"),
        ("היום", "2026-11-23"),
        ("Tomorrow!", "2026-11-24"),
        ("למחר", "2026-11-24"),
        ("מחרתיים", "2026-11-25"),
        ("the day after tomorrow", "2026-11-25"),
        ("אתמול", "2026-11-22"),
        ("on Sunday", "2026-11-29"),
        ("שבת", "2026-11-28"),
        ("ביום ראשון", "2026-11-29"),
        ("יום א׳", "2026-11-29"),
        ("ביום ד' הקרוב", "2026-11-25"),
        ("עד יום חמישי", "2026-11-26"),
        ("in 3 days", "2026-11-26"),
        ("3 days", "2026-11-26"),
        ("in a week", "2026-11-30"),
        ("two weeks from now", "2026-12-07"),
        ("בעוד 3 ימים", "2026-11-26"),
        ("בעוד שלושה ימים", "2026-11-26"),
        ("בעוד יום", "2026-11-24"),
        ("עוד שבוע", "2026-11-30"),
        ("שבוע מהיום", "2026-11-30"),
        ("יומיים", "2026-11-25"),
        ("שני ימים", "2026-11-25"),
        ("בעוד שבועיים", "2026-12-07"),
        ("3 days ago", "2026-11-20"),
        ("לפני יומיים", "2026-11-21"),
        ("23 בנובמבר", "2026-11-23"),
        ("ב-23 בנובמבר 2027", "2027-11-23"),
        ("ב23 בדצמבר", "2026-12-23"),
        ("November 25th", "2026-11-25"),
        ("May 1, 2027", "2027-05-01"),
        ("25th of November, 26", "2026-11-25"),
        ("Monday, 23 November 2026", "2026-11-23"),
        ("יום שלישי, 24.11", "2026-11-24"),
        ("by 5 december", "2026-12-05"),
    ],
)
def test_a_day_is_read(text: str, day: str) -> None:
    """Digits, names, weekdays and distances, in both languages."""
    assert parse_date(text, MONDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "later",
        "23",
        "Monday",
        "next Monday",
        "next week",
        "this week",
        "שבוע",
        "Tuesday, 23 November 2026",
        "יום שני, 24.11",
        "Monday 29 February",
        "20.11",
        "29.2",
        "31.4",
        "11/23",
        "0.1",
        "8:30",
        "8.10:30",
        "3-5",
        "1-12-26.11",
        "1.2-2026",
        "in 1.5 weeks",
        "I report on 23.12",
        "23.12 or 24.12",
        "in 99999 days",
        "1.1.1900",
        "1.1.2200",
        "23 nov nov",
    ],
)
def test_what_is_not_surely_a_day_is_none(text: str) -> None:
    """Two readings, a day the calendar lacks, a wrong weekday, a sentence: ask again."""
    assert parse_date(text, MONDAY) is None


def test_the_end_of_the_calendar_is_none() -> None:
    """A distance past the last day is no day."""
    assert parse_date("in 3 days", date(9999, 12, 31)) is None


def test_a_day_that_has_just_passed_is_none() -> None:
    """It may be meant, or the one in a year; an older one is the one to come."""
    assert (parse_date("24.8", date(2026, 11, 22)), parse_date("23.8", date(2026, 11, 22))) == (
        None,
        date(2027, 8, 23),
    )

"""A typed time of day is read where it is surely one, and asked for again where it is not."""

from datetime import time

import pytest

from bot.i18n.clock import parse_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18:30", time(18, 30)),
        ("at 18.30", time(18, 30)),
        ("08:05", time(8, 5)),
        ("19", time(19)),
        ("7 pm", time(19)),
        ("7:15 P.M.", time(19, 15)),
        ("12 pm", time(12)),
        ("12 am", time(0)),
        ("9 in the morning", time(9)),
        ("9 at night", time(21)),
        ("בשעה 18:30", time(18, 30)),
        ("ב-18:30", time(18, 30)),
        ("7 בערב", time(19)),
        ('5 אחה"צ', time(17)),
        ("12 בצהריים", time(12)),
        ("1 בצהריים", time(13)),
        ("10 בלילה", time(22)),
        ("בשמונה בערב", time(20)),
        ("8 בערב", time(20)),
        ("20:00", time(20)),
        ("20.00", time(20)),
        ("ב-20", time(20)),
        ("ב־20:00", time(20)),
        ("שמונה וחצי בערב", time(20, 30)),
        ("8 וחצי בערב", time(20, 30)),
        ("שבע ורבע בבוקר", time(7, 15)),
        ("בשתים־עשרה בצהריים", time(12)),
        ("אחת־עשרה ועשרים בלילה", time(23, 20)),
        ("19 וחצי", time(19, 30)),
        ("at eight in the evening", time(20)),
        ("half past eight in the evening", time(20, 30)),
        ("a quarter past 7 pm", time(19, 15)),
        ("eight thirty pm", time(20, 30)),
        ("12:30 am", time(0, 30)),
        ("3 in the afternoon", time(15)),
    ],
)
def test_a_time_is_read(text: str, expected: time) -> None:
    """What people write for a time of day is that time."""
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "7",
            "12",
            "25:00",
            "18:61",
            "13 pm",
            "0 am",
            "2 at night",
            "7 o'clock",
            "18:30 or later",
            "soon",
        ),
        *("eight", "half past eight", "שמונה", "שמונה וחצי", "8 וחצי", "half eight in the evening"),
        *(
            "רבע לשמונה בערב",
            "a quarter to eight in the evening",
            "8:30 וחצי בערב",
            "half past eight thirty pm",
        ),
        *("18-20", "18/11", "18 30", "18:30-20:00", "8-9 בערב", "בין 8 ל-9"),
        *("12 בערב", "12 in the morning", "12 בלילה", "6 בצהריים", "11 in the afternoon", "1 בערב"),
        *("tomorrow at eight", "מחר בשמונה", "מחר ב-20:00", "20:00 tomorrow"),
    ],
)
def test_what_is_not_surely_a_time_is_none(text: str) -> None:
    """What names no time, or could be two, is asked for again."""
    assert parse_time(text) is None

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
    ],
)
def test_a_time_is_read(text: str, expected: time) -> None:
    """What people write for a time of day is that time."""
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "7", "12", "25:00", "18:61", "13 pm", "0 am", "2 at night", "7 o'clock", "18:30 or later", "soon"],
)
def test_what_is_not_surely_a_time_is_none(text: str) -> None:
    """What names no time, or could be two, is asked for again."""
    assert parse_time(text) is None

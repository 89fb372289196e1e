"""Letters nobody sees."""

import pytest

from bot.i18n.hidden import hidden_in, unhidden


@pytest.mark.parametrize(
    ("text", "shown", "found"),
    [
        ("ער״ן: 1201\nבכל שעה.", "ער״ן: 1201\nבכל שעה.", []),
        ("3\u202e days\u200b", "3<U+202E> days<U+200B>", ["U+202E", "U+200B"]),
        ("\x1b[8mnot\r", "<U+001B>[8mnot<U+000D>", ["U+001B", "U+000D"]),
        ("a\u2028b\U000e0041", "a<U+2028>b<U+E0041>", ["U+2028", "U+E0041"]),
    ],
)
def test_what_is_hidden_is_written_out(text: str, shown: str, found: list[str]) -> None:
    """Overrides, joiners, terminal codes and tags; words and line breaks stay as they are."""
    assert unhidden(text) == shown
    assert hidden_in(text) == found

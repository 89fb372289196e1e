import pytest

from bot.i18n.error import BadValue
from bot.i18n.moment import shown
from bot.i18n.template import Format
from bot.model.person import Language, Voice

HEBREW = Voice(language=Language.HEBREW)
ENGLISH = Voice(language=Language.ENGLISH, zone="America/New_York")
MOMENT = "2026-11-23T23:30:00+00:00"


@pytest.mark.parametrize(
    ("kind", "value", "hebrew", "english"),
    [
        (Format.PLAIN, "a", "a", "a"),
        (Format.NUMBER, "12345", "12,345", "12,345"),
        (Format.DATE, "2026-11-23", "יום שני, 23 בנובמבר 2026", "Monday, 23 November 2026"),
        (Format.DATE, MOMENT, "יום שלישי, 24 בנובמבר 2026", "Monday, 23 November 2026"),
        (Format.TIME, MOMENT, "01:30", "18:30"),
        (Format.MOMENT, MOMENT, "יום שלישי, 24 בנובמבר 2026, 01:30", "Monday, 23 November 2026, 18:30"),
    ],
)
def test_a_value_is_shown_in_the_voice(kind: Format, value: str, hebrew: str, english: str) -> None:
    """Weekday, long date and 24-hour time, in the person's language and zone."""
    assert shown(value, kind, voice=HEBREW) == hebrew
    assert shown(value, kind, voice=ENGLISH) == english


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Format.DATE, "tomorrow"),
        (Format.TIME, "2026-11-23T10:00:00"),
        (Format.NUMBER, "many"),
        (Format.WORD, "buddy"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: Format, value: str) -> None:
    """A day that is no day and a time without its zone are mistakes of the code."""
    with pytest.raises(BadValue):
        shown(value, kind, voice=HEBREW)


def test_an_unknown_zone_is_refused() -> None:
    """A zone has to be one of the IANA database."""
    with pytest.raises(BadValue):
        shown(MOMENT, Format.TIME, voice=Voice(language=Language.HEBREW, zone="Mars/Base"))

"""The calendar file says when and where, reads back as it was written, and tells nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar

from bot.i18n.calendar import Entry, calendar_file

AT = datetime(2026, 11, 28, 17, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def _event(entry: Entry) -> Any:
    (event,) = Calendar.from_ical(calendar_file(entry)).walk("VEVENT")
    return event


def test_the_file_reads_back() -> None:
    """A calendar that opens the file finds the moment in UTC, the place with its commas, and one reminder."""
    event = _event(Entry(title="מפגש", at=AT, now=NOW, uid="u1", place="כיכר הבימה, תל אביב; צפון"))
    assert event.decoded("dtstart") == AT
    assert event.decoded("dtend") == AT + timedelta(hours=2)
    assert event.decoded("dtstamp") == NOW
    assert (str(event["summary"]), str(event["location"])) == ("מפגש", "כיכר הבימה, תל אביב; צפון")
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == -timedelta(hours=1)


def test_the_file_is_as_calendars_want_it() -> None:
    """Lines end in CR LF and are folded at seventy-five bytes, and what is required is there once."""
    file = calendar_file(Entry(title="A date", at=AT, now=NOW, uid="u1", place="כיכר " * 40))
    lines = file.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    for needed in (
        b"BEGIN:VCALENDAR",
        b"VERSION:2.0",
        b"PRODID:-//calendar//EN",
        b"METHOD:PUBLISH",
        b"UID:u1",
    ):
        assert lines.count(needed) == 1
    assert b"DTSTART:20261128T173000Z" in lines


def test_the_file_says_nothing_else() -> None:
    """Nothing of the bot, of its topic or of an organizer stands in the file, and no place where none is known."""
    event = _event(Entry(title="A date", at=AT, now=NOW, uid="u1"))
    assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"}

"""A date as a file that calendars open: when, where, and a title. The only home of `icalendar`.

Nothing in it says what it is about or whose it is: calendars are synchronised with companies, and shown on locked
screens. Each file has a name of its own, so that nobody can tell by it who was told of the same thing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event

LASTS: Final = timedelta(hours=2)  # nobody says when it ends
BEFORE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is written into a calendar. `at` and `now` are aware; `uid` is a random name of this one file."""

    title: str
    at: datetime
    now: datetime
    uid: str
    place: str | None = None


def calendar_file(entry: Entry) -> bytes:
    """The entry as iCalendar (RFC 5545): moments in UTC, which every calendar shows by its own clocks; a reminder."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.now)
    event.add("dtstart", entry.at)
    event.add("dtend", entry.at + LASTS)
    event.add("summary", entry.title)
    if entry.place:
        event.add("location", entry.place)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", -BEFORE)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())

"""The week after numbers were shown in a hard moment: what begins it, what does not, and all that is kept of it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest

from bot.engine.event import Asked, Distress, Event, Led, PromptPressed, Raised, Spoken
from bot.engine.flow import Tone
from bot.engine.graph import goal, routes
from bot.engine.session import Frame, Session
from bot.model.gentle import NEVER
from bot.store.codec import session_from_bytes, session_to_bytes
from tests.engine.real import real_book
from tests.engine.talk import NOON, Talk, shown

LAST: Final = date(2026, 12, 1)
DAY: Final = timedelta(days=1)


def on_the_line() -> Talk:
    """Somebody who writes on a line."""
    frame = Frame(flow="line", step="open", answers={"case": "7", "who": "kalanit"})
    screen = shown(real_book(), "line", "open")
    return Talk(Session(frames=(frame,), screen=screen, expires_at=NOON + 30 * DAY), book=real_book())


def after_a_crisis() -> Talk:
    """Somebody at rest, in that week."""
    return Talk(Session(gentle_until=LAST), book=real_book())


def gentle_note() -> Talk:
    """They opened a note."""
    talk = after_a_crisis().hears(Raised(flow="note", subject="checkin:1", values={"greeting": "greet_note"}))
    (prompt,) = talk.session.prompts
    return talk.hears(PromptPressed(id=prompt.id, choice="open")).answers("gentle")


@pytest.mark.parametrize("event", [Distress(), Asked(command="crisis"), Asked(command="urgent")])
def test_numbers_in_a_hard_moment_begin_a_week(event: Event) -> None:
    """A phrase, a button under every screen, and what can't wait."""
    assert Talk(book=real_book()).hears(event).session.gentle_until == LAST


@pytest.mark.parametrize("words", [Spoken(crisis=True), Spoken(urgent=True)])
def test_they_begin_it_on_a_line_as_well(words: Spoken) -> None:
    """There the numbers come beside the line."""
    assert on_the_line().hears(words).session.gentle_until == LAST


def test_a_note_that_is_answered_with_a_hard_day_begins_it() -> None:
    """The lines come with that answer."""
    talk = Talk(book=real_book()).hears(Led(flow="how", step="ask")).presses("hard")

    assert "[crisis_lines]" in talk.said
    assert talk.session.gentle_until == LAST


@pytest.mark.parametrize(
    "event", [Asked(command="human"), Asked(command="help"), Led(flow="how", step="ask")]
)
def test_looking_for_numbers_or_for_help_does_not(event: Event) -> None:
    """Whoever looks for somebody to talk to tells nothing by it; nor does a line without such words."""
    assert Talk(book=real_book()).hears(event).session.gentle_until == NEVER
    assert on_the_line().hears(Spoken()).session.gentle_until == NEVER


@pytest.mark.parametrize(("days", "expected"), [(1, LAST), (7, LAST), (8, NEVER), (300, NEVER)])
def test_only_the_last_day_of_the_week_is_kept_and_not_beyond_it(days: int, expected: date) -> None:
    """The first turn after it forgets it; nothing else of the session says what happened."""
    talk = after_a_crisis().waits(days * DAY).hears(Asked(command="menu"))

    assert talk.session.gentle_until == expected
    assert (
        replace(talk.session, gentle_until=NEVER)
        == Talk(book=real_book()).waits(days * DAY).hears(Asked(command="menu")).session
    )


def test_another_hard_moment_begins_the_week_anew() -> None:
    """Seven days from then."""
    assert after_a_crisis().waits(3 * DAY).hears(Distress()).session.gentle_until == LAST + 3 * DAY


def test_a_gentle_note_makes_the_week_no_longer_unless_the_numbers_are_wanted() -> None:
    """Otherwise a note a week would never end it."""
    talk = gentle_note()
    talk.waits(2 * DAY)
    opened = talk.presses("fine").session.gentle_until
    wanted = gentle_note().waits(2 * DAY).presses("lines").session.gentle_until

    assert (opened, wanted) == (LAST, LAST + 2 * DAY)


def test_a_gentle_note_offers_a_person_numbers_and_quiet_and_nothing_else() -> None:
    """No option, no letter, no notice, from any of its steps."""
    book = real_book()
    steps = book.flows["gentle"].steps
    led = {goal(book, route) for step in steps.values() for _, route in routes(step)}

    assert gentle_note().offered == ["someone", "lines", "fine", "stop"]
    assert {found for found in led if found and found[0] != "gentle"} == {
        ("case", "ask_buddy"),
        ("how", "stop"),
    }
    assert book.flows["gentle"].tone is Tone.CRISIS


def test_a_session_of_before_is_read_without_such_a_day() -> None:
    """What is on disk when this program starts the first time has no word of it."""
    kept = json.loads(session_to_bytes(after_a_crisis().session))
    assert kept.pop("gentle_until") == "2026-12-01"

    assert session_from_bytes(json.dumps(kept).encode()) == Session()


def test_a_session_is_as_long_with_such_a_day_as_without() -> None:
    """Whoever holds a disk without its keys sees the length of what is sealed."""
    assert len(session_to_bytes(Session(gentle_until=LAST))) == len(session_to_bytes(Session()))

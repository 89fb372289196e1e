"""`docs/desk.md` is true: its paths lead where they say, its commands are there, and what takes two is asked of two."""

import re
from pathlib import Path
from typing import Final

import pytest

from bot.engine.flow import Audience, Choice, Step
from bot.engine.parse import read_book
from bot.model.person import Role

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs" / "desk.md").read_text(encoding="utf-8")
BOOK: Final = read_book(ROOT / "flows")
ROW: Final = re.compile(r"^\|[^|]+\| ([^|]+) \|[^|]*\| (one|two) \|$", re.MULTILINE)
ROWS: Final = [(path.split(" > "), takes) for path, takes in ROW.findall(PAGE)]
PATHS: Final = [path for path, _ in ROWS]


def _questions(flow: str, step: str) -> list[Step]:
    """The questions that a step leads to by itself, whatever comes of its action."""
    seen, todo, found = set[tuple[str, str]](), [(flow, step)], list[Step]()
    while todo:
        place = todo.pop()
        one = BOOK.step(*place)
        if one is None or place in seen:
            continue
        seen.add(place)
        if one.waits:
            found.append(one)
            continue
        routes = [*(one.do.outcomes.values() if one.do else ()), *([one.route] if one.route else ())]
        todo += [(route.flow, route.step) for route in routes]
    return found


def _pressed(steps: list[Step], label: str) -> list[Choice]:
    return [choice for step in steps for choice in step.choices if choice.label.text == label]


def test_there_are_paths() -> None:
    """The table is read."""
    assert len(PATHS) > 12


@pytest.mark.parametrize("path", PATHS, ids=" > ".join)
def test_a_path_can_be_pressed_from_the_first_screen(path: list[str]) -> None:
    """Label by label."""
    there = _questions("desk", BOOK.flows["desk"].start)
    for label in path:
        found = _pressed(there, label)
        assert found, label
        there = [one for choice in found for one in _questions(choice.route.flow, choice.route.step)]


def test_nothing_is_further_than_three_taps() -> None:
    """A section, a thing in it, and one that has to be looked at first."""
    assert [path for path in PATHS if len(path) > 3] == []


def test_every_command_of_organizers_is_named() -> None:
    """And no other but the one that volunteers have."""
    everybody = BOOK.seen_by(frozenset()).commands.keys()
    theirs = BOOK.seen_by(frozenset({Role.ORGANIZER})).commands.keys() - everybody
    named = set(re.findall(r"`/(\w+)`", PAGE))

    assert theirs <= named
    assert named - theirs == {"profile"}


def test_what_takes_two_is_asked_of_two() -> None:
    """Every step that asks for a second yes is behind a path of which the page says so."""
    asking = {
        (flow.name, step.id)
        for flow in BOOK.flows.values()
        if flow.audience is Audience.ORGANIZER
        for step in flow.steps.values()
        for choice in step.choices
        if "propose" in (*choice.keep.values(), *choice.route.hands.values())
    }
    two = {path[-1] for path, takes in ROWS if takes == "two"}

    assert {flow for flow, _ in asking} <= {"proposal", "publication", "announce", "addressees", "phones"}
    assert two == {
        "Invite an organizer",
        "Waiting for a second yes",
        "The letter",
        "Notices",
        "Letters to prison",
    }

"""What people did, as the steps of a golden chat."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.sandbox.diary import Diary, spelled


def steps(diary: Diary, user_id: int = 7) -> list[dict[str, object]]:
    read = YAML(typ="safe").load(diary.transcript(user_id))
    assert read["story"]
    return list(read["steps"])


def test_everything_a_person_does_is_a_step() -> None:
    """In the order it was done; what a golden chat does not know is left out."""
    diary = Diary()
    diary.note(7, "start", given={"payload": "flyer7"})
    diary.note(7, "press", given={"button": "v1:abcd1234:think", "message_id": 3})
    diary.note(7, "send", given={"text": 'שלום: "כן"\n# no'})
    diary.note(7, "edit", given={"message_id": 4, "text": "no"})
    diary.note(7, "photo", given={})
    diary.note(7, "delete", given={"message_id": 4})
    diary.note(7, "block", given={})
    diary.note(7, "unblock", given={})

    assert steps(diary) == [
        {"start": "flyer7"},
        {"press": "think"},
        {"say": 'שלום: "כן"\n# no'},
        {"edit": "no"},
        {"send": "photo"},
        {"block": True},
        {"unblock": True},
    ]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_back(text: str) -> None:
    """Quotes, marks of direction, line ends of every kind."""
    diary = Diary()
    diary.note(7, "send", given={"text": text})

    assert steps(diary) == [{"say": text}]


def test_time_and_restarts_are_in_everybodys_story_that_has_begun() -> None:
    """Nobody's story begins with waiting."""
    diary = Diary()
    diary.restarted()
    diary.note(7, "start", given={})
    diary.passed(3 * 86400)
    diary.restarted()
    diary.passed(1)

    assert steps(diary) == [{"start": ""}, {"wait": "3 days"}, {"restart": True}]
    assert steps(diary, 8) == []


@pytest.mark.parametrize(
    ("seconds", "span"),
    [
        (3600, "1 hour"),
        (86400, "1 day"),
        (1209600, "2 weeks"),
        (5400, "90 minutes"),
        (20, None),
        (61, "1 minute"),
    ],
)
def test_a_length_of_time_is_told_in_its_largest_unit(seconds: float, span: str | None) -> None:
    """As a golden chat reads it; less than a minute is nothing."""
    assert spelled(seconds) == span

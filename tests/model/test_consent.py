"""What a consent is about, and how its words are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.consent import Purpose, is_begun_by_the_bot, is_purpose, text_hash, version_of

PARTS = st.lists(st.lists(st.text(max_size=4), max_size=4), max_size=4)


@pytest.mark.parametrize(
    ("name", "answer"),
    [("buddy", True), ("notice:protest", True), ("notice:", False), ("notice", False), ("everything", False)],
)
def test_a_purpose_is_of_the_list_or_a_topic_of_notices(name: str, answer: bool) -> None:
    """Nobody can agree to everything at once."""
    assert is_purpose(name) is answer


def test_stop_ends_what_the_bot_begins() -> None:
    """Check-ins and notices, and nothing that somebody relies on."""
    ended = [one for one in (*Purpose, "notice:protest") if is_begun_by_the_bot(one)]

    assert ended == ["checkin", "notice:protest"]


@given(PARTS, PARTS)
def test_two_texts_have_one_hash_only_if_they_are_one(one: list[list[str]], other: list[list[str]]) -> None:
    """However their parts are cut."""
    assert (text_hash(one) == text_hash(other)) is (one == other)


def test_a_version_is_the_beginning_of_the_hash() -> None:
    """Short enough to be read out."""
    assert version_of("3f9a02c1aaaa") == "3f9a02c1"

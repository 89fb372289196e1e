"""What a notice is before any database sees it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.incoming import FileRef
from bot.model.notice import (
    FOLLOWS,
    RUNNING,
    Answer,
    Audience,
    Fate,
    Notice,
    NoticeContent,
    Picture,
    Report,
    Stage,
    button_data,
    content_hash,
    pressed,
)
from bot.model.person import Language, Platform

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NOTICE = Notice(id=7, author="a", topic="protest", purposes=frozenset({"notice:a", "notice:b"}))
CONTENT = NoticeContent(texts={Language.HEBREW: "שלום", Language.ENGLISH: "Hello"}, place="Here")


@pytest.mark.parametrize(
    "change",
    [
        {"topic": "other"},
        {"purposes": frozenset({"notice:a"})},
        {"is_emergency": True},
        {"corrects": 3},
        {"send_at": NOW},
        {"useless_after": NOW},
    ],
)
def test_another_audience_or_another_time_is_another_content(change: dict[str, Any]) -> None:
    """So that what was approved for some can't be sent to others, or later."""
    assert content_hash(replace(NOTICE, **change), CONTENT) != content_hash(NOTICE, CONTENT)


@pytest.mark.parametrize(
    "change",
    [
        {"texts": {Language.HEBREW: "שלום"}},
        {"texts": {Language.HEBREW: "Hello", Language.ENGLISH: "שלום"}},
        {"place": "There"},
        {"called_off": True},
        {"starts_at": NOW},
        {"zone": "Asia/Tokyo"},
        {"link": "https://example.org"},
        {"picture": Picture(platform=Platform.TELEGRAM, file=FileRef(file_id="f"))},
        {"answers": frozenset({Answer.COMING})},
    ],
)
def test_other_words_are_another_content(change: dict[str, Any]) -> None:
    """Whatever of it is changed."""
    assert content_hash(NOTICE, replace(CONTENT, **change)) != content_hash(NOTICE, CONTENT)


def test_the_order_of_languages_and_purposes_is_no_content() -> None:
    """Who wrote what first does not matter, nor which row it is."""
    turned = replace(CONTENT, texts=dict(reversed(list(CONTENT.texts.items()))))
    same = replace(NOTICE, id=8, author="b", stage=Stage.PAUSED, purposes=frozenset({"notice:b", "notice:a"}))

    assert content_hash(same, turned) == content_hash(NOTICE, CONTENT)


def test_whose_language_is_missing_reads_the_other_one() -> None:
    """And nobody reads nothing where there are words at all."""
    hebrew = NoticeContent(texts={Language.ENGLISH: "", Language.HEBREW: "שלום"})

    assert (hebrew.text_in(Language.ENGLISH), CONTENT.text_in(Language.ENGLISH)) == ("שלום", "Hello")
    assert NoticeContent().text_in(Language.HEBREW) == ""


@given(st.integers(0, 2**63 - 1), st.sampled_from(Answer))
def test_a_button_of_a_notice_says_which_and_what(number: int, answer: Answer) -> None:
    """Within what a platform takes."""
    data = button_data(number, answer.value)

    assert pressed(data) == (number, answer.value)
    assert len(data.encode()) <= 64


@pytest.mark.parametrize(
    "data",
    [
        *("", "n1", "n1:", "n1:7", "n1:7:", "n1::coming", "n1:x:coming", "v1:7:coming", "n1:²:coming"),
        *(f"n1:{2**63}:coming", f"n1:{'9' * 5000}:coming"),
    ],
    ids=lambda data: data[:20],
)
def test_other_buttons_are_no_notices(data: str) -> None:
    """Whatever is sent instead."""
    assert pressed(data) is None


def test_a_notice_is_sent_only_after_it_was_approved_and_its_end_is_an_end() -> None:
    """A draft can't go out by itself; nothing follows what is over."""
    assert Stage.SENDING not in FOLLOWS[Stage.DRAFT]
    assert (FOLLOWS[Stage.DONE], FOLLOWS[Stage.CANCELLED]) == (frozenset(), frozenset())
    assert all(Stage.CANCELLED in FOLLOWS[stage] for stage in RUNNING)


def test_a_report_and_an_audience_add_up() -> None:
    """Everybody once, pending or not."""
    report = Report(fates={Fate.PENDING: 2, Fate.DELIVERED: 3, Fate.BLOCKED: 1})
    audience = Audience(languages={Language.HEBREW: 4, Language.ENGLISH: 1}, purposes={"a": 5, "b": 3})

    assert (report.total, report.settled, audience.total) == (6, 4, 5)

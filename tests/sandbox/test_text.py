"""Cleaning, limits and entities of text, as Telegram's own code does them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.refusal import Refusal
from bot.sandbox.text import TEXT_LIMIT, clean, fix_text, found_entities, utf16_length


def bold(offset: int, length: int) -> dict[str, Any]:
    return {"type": "bold", "offset": offset, "length": length}


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\u202bb\u202ec\u2028d\u2029e", "abcde"),
        ("a\tb\x00c\x1fd", "a b c d"),
        ("a\r\nb", "a\nb"),
        ("\u2068name\u2069", "\u2068name\u2069"),
        ("\u200fשלום\u200e", "\u200fשלום\u200e"),
        ("a\u200e\u200f\u200fb", "a\u200c\u200c\u200fb"),
        ("a\u200f\u202b\u200eb", "a\u200c\u200eb"),
        ("e\u0333\u033f\u030a", "e"),
    ],
    ids=[
        "embeddings",
        "controls",
        "carriage return",
        "isolates",
        "single marks",
        "mark run",
        "joined run",
        "lines",
    ],
)
def test_cleaning_keeps_what_telegram_keeps(raw: str, kept: str) -> None:
    """Embeddings go, controls become spaces, runs of direction marks fold, isolates stay."""
    assert clean(raw) == kept


def test_the_ends_are_trimmed_and_entities_follow() -> None:
    """Leading space moves an entity back; one that reaches into trailing space is cut."""
    text, entities = fix_text("  ab cd  ", [bold(2, 2), bold(5, 4)], limit=TEXT_LIMIT)

    assert text == "ab cd"
    assert entities == [bold(0, 2), bold(3, 2)]


def test_deleted_characters_move_entities() -> None:
    """An entity after a deleted character keeps standing on the same word."""
    text, entities = fix_text("\u202bשלום\u202c לך", [bold(7, 2)], limit=TEXT_LIMIT)

    assert text == "שלום לך"
    assert entities == [bold(5, 2)]


def test_entities_count_utf16_units() -> None:
    """An emoji outside the basic plane counts two."""
    text, entities = fix_text("🙂 שלום", [bold(3, 4)], limit=TEXT_LIMIT)

    assert utf16_length(text) == 7
    assert entities == [bold(3, 4)]


@pytest.mark.parametrize("entity", [bold(0, 6), bold(5, 1), bold(-1, 2)])
def test_an_entity_past_the_end_refuses_the_whole_message(entity: dict[str, Any]) -> None:
    """Telegram answers 400 and sends nothing."""
    with pytest.raises(Refusal, match="entity beginning at UTF-16 offset"):
        fix_text("abcde", [entity], limit=TEXT_LIMIT)


def test_an_unknown_entity_type_is_refused() -> None:
    """The type must be one of the Bot API's."""
    with pytest.raises(Refusal, match="unsupported type"):
        fix_text("abc", [{"type": "loud", "offset": 0, "length": 1}], limit=TEXT_LIMIT)


def test_only_a_hundred_entities_are_kept() -> None:
    """The rest is ignored, not refused."""
    _, entities = fix_text("a" * 200, [bold(at, 1) for at in range(150)], limit=TEXT_LIMIT)

    assert len(entities) == 100


def test_length_counts_code_points_after_cleaning() -> None:
    """4096 emoji pass though they are 8192 UTF-16 units; one letter more does not."""
    fix_text("🙂" * 4096, [], limit=TEXT_LIMIT)
    fix_text("a" * 4096 + "\u202b" * 50, [], limit=TEXT_LIMIT)

    with pytest.raises(Refusal, match="message is too long"):
        fix_text("a" * 4097, [], limit=TEXT_LIMIT)


def test_raw_bytes_are_limited_before_anything_else() -> None:
    """More than 32768 bytes are refused whatever cleaning would leave."""
    with pytest.raises(Refusal, match="text is too long"):
        fix_text("\u202b" * 11000, [], limit=TEXT_LIMIT)


def test_links_and_commands_are_found() -> None:
    """Telegram marks them by itself, and a path in a link is no command."""
    found = found_entities("🙂 /start or https://example.org/start.")

    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found] == [
        ("bot_command", 3, 6),
        ("url", 13, 25),
    ]


@given(st.text(alphabet="ab \n\tא🙂\u202b\u200e\u200f\r", max_size=40), st.data())
def test_any_entity_within_the_text_ends_within_the_result(raw: str, data: st.DataObject) -> None:
    """Whatever is deleted or trimmed, entities never point past the final text."""
    end = utf16_length(raw)
    first = data.draw(st.integers(0, end))
    last = data.draw(st.integers(first, end))

    text, entities = fix_text(raw, [bold(first, last - first)], limit=TEXT_LIMIT)

    assert all(e["offset"] >= 0 and e["offset"] + e["length"] <= utf16_length(text) for e in entities)
    assert clean(text) == text

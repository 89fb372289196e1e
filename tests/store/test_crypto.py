"""Sealing and blind indexes."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.crypto import Key, place_of, tag
from bot.store.errors import Unopenable

KEY = Key(bytes(32))
HERE = place_of("inbox.body", row=1, owner="day/2026-11-24")


@given(st.binary(max_size=5000))
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    """Any bytes round-trip, and do not show in what is stored."""
    sealed = KEY.seal(plain, place=HERE, entropy=os.urandom)

    assert KEY.opened(sealed, place=HERE) == plain
    assert len(plain) < 8 or plain not in sealed


@pytest.mark.parametrize(
    "place",
    [
        place_of("inbox.body", row=2, owner="day/2026-11-24"),
        place_of("outbox.body", row=1, owner="day/2026-11-24"),
        place_of("inbox.body", row=1, owner="day/2026-11-25"),
        b"",
    ],
)
def test_a_sealed_value_opens_nowhere_else(place: bytes) -> None:
    """Moved to another row, column or owner, it is refused."""
    sealed = KEY.seal(b"words", place=HERE, entropy=os.urandom)

    with pytest.raises(Unopenable):
        KEY.opened(sealed, place=place)


def test_another_key_opens_nothing() -> None:
    """Only the key it was sealed with opens a value."""
    sealed = KEY.seal(b"words", place=HERE, entropy=os.urandom)

    with pytest.raises(Unopenable):
        Key(b"\x01" * 32).opened(sealed, place=HERE)


@given(st.data())
def test_a_changed_byte_is_refused(data: st.DataObject) -> None:
    """Version, nonce, ciphertext and tag are all under guard."""
    sealed = bytearray(KEY.seal(b"words", place=HERE, entropy=os.urandom))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))

    with pytest.raises(Unopenable):
        KEY.opened(bytes(sealed), place=HERE)


@given(st.binary(max_size=40))
def test_noise_is_refused(noise: bytes) -> None:
    """Whatever stands in the column, opening it fails in the one known way."""
    with pytest.raises(Unopenable):
        KEY.opened(noise, place=HERE)


def test_the_same_words_look_different_each_time() -> None:
    """A fresh nonce per value: equal words can't be seen to be equal."""
    assert KEY.seal(b"a", place=HERE, entropy=os.urandom) != KEY.seal(b"a", place=HERE, entropy=os.urandom)


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_tags_tell_parts_apart(one: list[bytes], other: list[bytes]) -> None:
    """("ab", "c") and ("a", "bc") have different tags; equal parts have equal ones."""
    assert (tag(b"key", *one) == tag(b"key", *other)) == (one == other)


def test_a_tag_depends_on_its_key() -> None:
    """Two index keys make two unrelated indexes."""
    assert tag(b"one", b"4711") != tag(b"two", b"4711")


def test_a_key_does_not_print_itself() -> None:
    """A key in a log line is three stars."""
    assert repr(KEY) == "***"


def test_a_key_has_32_bytes() -> None:
    """A shorter key is a mistake, not a weaker cipher."""
    with pytest.raises(ValueError, match="32 bytes"):
        Key(b"short")

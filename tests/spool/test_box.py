"""A line of the spool: sealed for one reader."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.spool.box import PADDED, PrivateHalf, Seal, Unreadable

RAW = os.urandom(32)


@given(st.binary())
def test_what_was_sealed_opens_again(plain: bytes) -> None:
    """Any line comes back as it was, without the spaces around it; sealed it is one line of ASCII."""
    half = PrivateHalf(RAW)

    line = Seal(half.public).sealed(plain)

    assert half.opened(line) == plain.strip()
    assert line.isascii()
    assert b"\n" not in line


def test_the_length_tells_little() -> None:
    """A short message and a longer one are sealed to the same length."""
    seal = Seal(PrivateHalf(RAW).public)

    assert len(seal.sealed(b"{}")) == len(seal.sealed(b"x" * PADDED))


def test_the_same_twice_is_not_the_same() -> None:
    """Each line has a key of its own."""
    seal = Seal(PrivateHalf(RAW).public)

    assert seal.sealed(b"{}") != seal.sealed(b"{}")


@pytest.mark.parametrize("spoil", [lambda line: line[:-4], lambda line: b"AA" + line[2:], lambda line: b"!"])
def test_a_changed_line_does_not_open(spoil: object) -> None:
    """Cut short, of another version, or no base64 at all."""
    half = PrivateHalf(RAW)
    assert callable(spoil)

    with pytest.raises(Unreadable):
        half.opened(spoil(Seal(half.public).sealed(b"{}")))


def test_another_key_does_not_open_it() -> None:
    """Not even one of the same bot."""
    with pytest.raises(Unreadable):
        PrivateHalf(os.urandom(32)).opened(Seal(PrivateHalf(RAW).public).sealed(b"{}"))


def test_a_key_has_32_bytes() -> None:
    """On both sides."""
    for make in (Seal, PrivateHalf):
        with pytest.raises(ValueError, match="32"):
            make(b"short")


def test_the_private_half_shows_nothing() -> None:
    """Not in a traceback, not in a log."""
    assert repr(PrivateHalf(RAW)) == "***"

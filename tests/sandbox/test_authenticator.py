"""The authenticator against the examples of RFC 6238, appendix B (the last six of eight digits)."""

from __future__ import annotations

import base64

import pytest

from bot.sandbox.authenticator import code

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("now", "digits"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(now: int, digits: str) -> None:
    """SHA-1, half a minute, six digits."""
    assert code(SECRET, now) == digits


def test_a_secret_is_read_as_people_copy_it() -> None:
    """Small letters, and no padding."""
    secret = base64.b32encode(b"0123456789").decode()

    assert code(secret.rstrip("=").lower(), 59) == code(secret, 59)

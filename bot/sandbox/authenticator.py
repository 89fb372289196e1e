"""The authenticator app on a simulated organizer's phone: six digits that change every half minute (RFC 6238)."""

from __future__ import annotations

import base64
import hmac

PERIOD = 30
DIGITS = 6


def code(secret: str, now: float) -> str:
    """The code of this moment (Unix seconds) for a secret in base32."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    step = int(now // PERIOD).to_bytes(8, "big")
    digest = hmac.digest(key, step, "sha1")
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"

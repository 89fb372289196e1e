"""Sealing and blind indexes; beside `store.signing` the only module that touches `cryptography`.

Threat: a seized or copied database, without the master key. Format: version byte 1, 96-bit random nonce,
AES-256-GCM ciphertext and tag; the associated data is the place (table, column, row, owner of the key), so a
sealed value opens only where it was put. Who may decrypt: this process while it holds the master key, nobody with
the files alone. Lookups use `tag`, HMAC-SHA-256 under a key of its own per platform and purpose.
"""

import hmac
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from typing_extensions import override

from bot.store.errors import Unopenable

Entropy = Callable[[int], bytes]
"""So many random bytes; `app` passes `secrets.token_bytes`."""

KEY_BYTES: Final = 32
TOTP_BYTES: Final = 20
TOTP_PERIOD: Final = 30
_TOTP_DIGITS: Final = 6
_NONCE_BYTES: Final = 12
_VERSION: Final = b"\x01"


class Key:
    """A symmetric key ready for use; it never shows its bytes."""

    __slots__ = ("_cipher",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        self._cipher = AESGCM(raw)

    @override
    def __repr__(self) -> str:
        return "***"

    def seal(self, plain: bytes, *, place: bytes, entropy: Entropy) -> bytes:
        """`plain`, readable only with this key and at this place."""
        nonce = entropy(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, plain, place)

    def opened(self, sealed: bytes, *, place: bytes) -> bytes:
        """What was sealed at `place`. Raises Unopenable for another key, place, format or a changed byte."""
        if sealed[:1] != _VERSION or len(sealed) <= _NONCE_BYTES:
            raise Unopenable
        try:
            return self._cipher.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], place)
        except InvalidTag as error:
            raise Unopenable from error


def place_of(column: str, *, row: int | str, owner: str) -> bytes:
    """The associated data of one cell: its column ("inbox.body"), its row, and whose key it is under."""
    return _framed((column.encode(), str(row).encode(), owner.encode()))


def tag(index_key: bytes, *parts: bytes) -> bytes:
    """The blind index of `parts`: 32 bytes that tell nothing without the index key."""
    return hmac.digest(index_key, _framed(parts), "sha256")


def _framed(parts: tuple[bytes, ...]) -> bytes:
    """The parts behind their lengths, so that ("ab", "c") and ("a", "bc") differ."""
    return b"".join([len(part).to_bytes(4, "big") + part for part in parts])


def totp_step(secret: bytes, code: str, *, seconds: int) -> int | None:
    """Which step of 30 seconds this is the code of: the present one (`seconds` since 1970) or a neighbour; else None.

    RFC 6238 as authenticator apps do it: SHA-1, six digits.
    """
    made, present = _totp(secret), seconds // TOTP_PERIOD
    steps = (step for step in (present, present - 1, present + 1) if step >= 0)
    given = code.encode()
    return next(
        (step for step in steps if hmac.compare_digest(made.generate(step * TOTP_PERIOD), given)), None
    )


def totp_code(secret: bytes, *, seconds: int) -> str:
    """The code an authenticator app shows at that time."""
    return _totp(secret).generate(seconds).decode()


def totp_uri(secret: bytes, *, name: str) -> str:
    """What an authenticator app is enrolled with; `name` is what it shows beside the code."""
    return _totp(secret).get_provisioning_uri(name, None)


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, _TOTP_DIGITS, SHA1(), TOTP_PERIOD)  # noqa: S303 - the only hash every authenticator app knows

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
from typing_extensions import override

from bot.store.errors import Unopenable

Entropy = Callable[[int], bytes]
"""So many random bytes; `app` passes `secrets.token_bytes`."""

KEY_BYTES: Final = 32
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

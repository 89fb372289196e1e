"""Entries sealed to the letter keeper's offline key: the home of `nacl`, beside `store.crypto` for everything else.

Threat: the whole server in other hands, its database, key file, settings and master key. Format: version byte 1, then
a libsodium sealed box (X25519, XSalsa20-Poly1305, a fresh key pair for each) over JSON padded to one length, so that
what is sealed tells neither a long name from a short one nor a name from none. Who may open: the keeper alone.
"""

import json
from dataclasses import asdict
from typing import Final

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from typing_extensions import override

from bot.model.letter import Entry, PublicForm
from bot.store.errors import Unopenable

PADDED: Final = 1024
SEALED: Final = 1 + 48 + PADDED  # bytes of every sealed entry
_VERSION: Final = b"\x01"


class KeeperKey:
    """The private half; it never shows its bytes unless asked to by name."""

    __slots__ = ("_key",)

    def __init__(self, raw: bytes) -> None:
        """From its 32 bytes. Raises ValueError for any other length."""
        if len(raw) != PrivateKey.SIZE:
            raise ValueError("a key has 32 bytes")
        self._key = PrivateKey(raw)

    @classmethod
    def fresh(cls) -> "KeeperKey":
        """A new key, from libsodium's own randomness."""
        return cls(bytes(PrivateKey.generate()))

    @property
    def public(self) -> bytes:
        """The public half: 32 bytes."""
        return bytes(self._key.public_key)

    @property
    def secret(self) -> bytes:
        """The private half, for the keeper's own file."""
        return bytes(self._key)

    def opened(self, sealed: bytes) -> Entry:
        """What was sealed to this key. Raises Unopenable for another key, format or a changed byte."""
        if sealed[:1] != _VERSION:
            raise Unopenable
        try:
            fields = json.loads(SealedBox(self._key).decrypt(sealed[1:]))
            return Entry(**{**fields, "form": PublicForm(fields["form"])})
        except (CryptoError, ValueError, TypeError, KeyError):
            raise Unopenable from None

    @override
    def __repr__(self) -> str:
        return "***"


def seal(public_key: bytes, entry: Entry) -> bytes:
    """`entry`, readable with the private half of `public_key` alone; always `SEALED` bytes long.

    Raises ValueError if the entry is too long to be padded, or `public_key` has not 32 bytes.
    """
    plain = json.dumps(asdict(entry), ensure_ascii=False, separators=(",", ":")).encode()
    if len(plain) > PADDED:
        raise ValueError("an entry takes 1024 bytes at most")
    if len(public_key) != PublicKey.SIZE:
        raise ValueError("a key has 32 bytes")
    return _VERSION + SealedBox(PublicKey(public_key)).encrypt(plain.ljust(PADDED))

"""One line of the spool, sealed: beside `store.sealing` the only module that touches `nacl`.

Threat: the spool's folder in other hands. Format: base64 of version byte 1 and a libsodium sealed box (X25519,
XSalsa20-Poly1305, a fresh key pair for each) over the line, padded with spaces so that its length tells little. Who may
open: the bot alone, whose private half lies in the key file; the process that seals cannot read what it sealed before.
"""

import base64
import binascii
from typing import Final

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from typing_extensions import override

PADDED: Final = 256
_VERSION: Final = b"\x01"


class Unreadable(Exception):
    """A line that this key does not open, or that was changed."""


class Seal:
    """The public half: seals."""

    __slots__ = ("_box",)

    def __init__(self, public: bytes) -> None:
        """From its 32 bytes. Raises ValueError for any other length."""
        if len(public) != PublicKey.SIZE:
            raise ValueError("a key has 32 bytes")
        self._box = SealedBox(PublicKey(public))

    def sealed(self, raw: bytes) -> bytes:
        """`raw` as one line of ASCII, without its end."""
        padded = raw + b" " * (-len(raw) % PADDED)
        return base64.b64encode(_VERSION + self._box.encrypt(padded))


class PrivateHalf:
    """The private half: opens. It never shows its bytes."""

    __slots__ = ("_box", "public")

    def __init__(self, raw: bytes) -> None:
        """From its 32 bytes. Raises ValueError for any other length."""
        if len(raw) != PrivateKey.SIZE:
            raise ValueError("a key has 32 bytes")
        key = PrivateKey(raw)
        self._box = SealedBox(key)
        self.public = bytes(key.public_key)

    @override
    def __repr__(self) -> str:
        return "***"

    def opened(self, line: bytes) -> bytes:
        """What was sealed, without the spaces around it. Raises Unreadable."""
        try:
            sealed = base64.b64decode(line, validate=True)
            if sealed[:1] != _VERSION:
                raise Unreadable
            return self._box.decrypt(sealed[1:]).strip()
        except (CryptoError, binascii.Error, ValueError):
            raise Unreadable from None

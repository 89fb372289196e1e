"""Entries sealed to the letter keeper's offline key: the home of `nacl`, beside `store.crypto` for everything else.

Threat: the whole server in other hands, its database, key file, settings and master key. Format: version byte 1, then
a libsodium sealed box (X25519, XSalsa20-Poly1305, a fresh key pair for each) over JSON padded to one length, so that
what is sealed tells neither a long name from a short one nor a name from none. Who may open: the keeper alone, whose
file is locked with a passphrase if they want that (Argon2id, then XSalsa20-Poly1305 over the 32 bytes).
"""

import base64
import json
from dataclasses import asdict
from typing import Final

from nacl.exceptions import CryptoError
from nacl.public import Box, PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random
from typing_extensions import override

from bot.model.letter import Entry, PublicForm

PADDED: Final = 1024
SEALED: Final = 1 + 48 + PADDED  # bytes of every sealed entry
OPEN: Final = "letter-secret-1:"
LOCKED: Final = "letter-locked-1:"
_VERSION: Final = b"\x01"


class NotForThisKey(Exception):  # no StoreError: settings load this, and no database with it
    """This was sealed to another key, or changed since."""


class KeeperKey:
    """The keeper's private half; it shows itself as `text()` only, for the keeper's own file."""

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

    def text(self, passphrase: str = "") -> str:
        """The private half as the keeper's file holds it: marked, so that nobody takes it for the public one."""
        if not passphrase:
            return OPEN + base64.b64encode(bytes(self._key)).decode()
        salt = random(argon2id.SALTBYTES)
        locked = SecretBox(_stretched(passphrase, salt)).encrypt(bytes(self._key))
        return LOCKED + base64.b64encode(salt + locked).decode()

    @classmethod
    def of(cls, text: str, passphrase: str = "") -> "KeeperKey":
        """The key in a keeper's file. Raises ValueError for anything else, and for another passphrase."""
        if text.startswith(OPEN):
            return cls(base64.b64decode(text.removeprefix(OPEN), validate=True))
        if not text.startswith(LOCKED):
            raise ValueError("this is not a letter keeper's key")
        raw = base64.b64decode(text.removeprefix(LOCKED), validate=True)
        salt, locked = raw[: argon2id.SALTBYTES], raw[argon2id.SALTBYTES :]
        try:
            return cls(SecretBox(_stretched(passphrase, salt)).decrypt(locked))
        except CryptoError:
            raise ValueError("this passphrase does not open the key") from None

    def opened(self, sealed: bytes) -> Entry:
        """What was sealed to this key. Raises NotForThisKey for another key, format or a changed byte."""
        if sealed[:1] != _VERSION:
            raise NotForThisKey
        try:
            fields = json.loads(SealedBox(self._key).decrypt(sealed[1:]))
            return Entry(**{**fields, "form": PublicForm(fields["form"])})
        except (CryptoError, ValueError, TypeError, KeyError):
            raise NotForThisKey from None

    @override
    def __repr__(self) -> str:
        return "***"


def seal(public_key: bytes, entry: Entry) -> bytes:
    """`entry`, readable with the private half of `public_key` alone; always `SEALED` bytes long.

    Raises ValueError if the entry is too long to be padded, or `public_key` is none.
    """
    if not is_public(public_key):
        raise ValueError("this is no public key")
    plain = json.dumps(asdict(entry), ensure_ascii=False, separators=(",", ":")).encode()
    if len(plain) > PADDED:
        raise ValueError("an entry takes 1024 bytes at most")
    return _VERSION + SealedBox(PublicKey(public_key)).encrypt(plain.ljust(PADDED))


def is_public(raw: bytes) -> bool:
    """Whether something can be sealed to these bytes: 32 of them, and none of the few points that keep no secret."""
    try:
        Box(PrivateKey.generate(), PublicKey(raw))
    except (CryptoError, ValueError):
        return False
    return True


def _stretched(passphrase: str, salt: bytes) -> bytes:
    """A key that costs a quarter of a gigabyte and most of a second for every passphrase that is tried."""
    return argon2id.kdf(
        SecretBox.KEY_SIZE,
        passphrase.encode(),
        salt,
        opslimit=argon2id.OPSLIMIT_MODERATE,
        memlimit=argon2id.MEMLIMIT_MODERATE,
    )

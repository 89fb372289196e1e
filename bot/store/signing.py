"""Signing and checking approvals of cards: Ed25519. Home of `cryptography` beside `store.crypto`.

Threat: somebody who can change a file of cards, but has no reviewer's key. Format: a public key is its 32 raw bytes,
a private one PKCS8 PEM under a passphrase; what is signed is `Approval.message()`. Reviewers keep their keys on
their own machines: a server needs no private key.
"""

import os
from dataclasses import replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from bot.model.exit import ExpectedError
from bot.model.review import Approval, Reviewer


class SigningKeyExists(ExpectedError):
    """There is a file with that name already, and a key must never be overwritten."""

    advice = "Choose another name, or move the old file away yourself."


class NoPlaceForKey(ExpectedError):
    """The key can't be written there."""

    advice = "See that the folder is there, and that it is yours to write in."


class NoSigningKey(ExpectedError):
    """This file does not open as a reviewer's key."""

    advice = "See that it is the file `bot cards reviewer new` wrote, and that the passphrase is right."


class SigningKey:
    """A reviewer's private key; it never shows its bytes."""

    __slots__ = ("_key",)

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> bytes:
        """The public half: 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def signed(self, approval: Approval) -> Approval:
        """The approval with the signature that only this key can make for it."""
        return replace(approval, signature=self._key.sign(approval.message()))


def is_genuine(reviewer: Reviewer, approval: Approval) -> bool:
    """Whether the reviewer's key signed just this approval; False for anything malformed."""
    try:
        key = Ed25519PublicKey.from_public_bytes(reviewer.public_key)
        key.verify(approval.signature, approval.message())
    except (InvalidSignature, ValueError):
        return False
    return True


def make_key(path: Path, *, passphrase: str) -> SigningKey:
    """A fresh key, kept in a new file with mode 0600. Raises SigningKeyExists, NoPlaceForKey."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SigningKeyExists from None
    except OSError:
        raise NoPlaceForKey from None
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    return SigningKey(key)


def read_key(path: Path, *, passphrase: str) -> SigningKey:
    """The key in a file. Raises NoSigningKey for another kind of file, a wrong passphrase, or none at all on it."""
    try:
        key = load_pem_private_key(path.read_bytes(), passphrase.encode())
    except (OSError, ValueError, TypeError):
        raise NoSigningKey from None
    if not isinstance(key, Ed25519PrivateKey):
        raise NoSigningKey
    return SigningKey(key)

"""Reviewers' keys and signatures, with real ones."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from bot.model.review import Approval, Reviewer, ReviewRole
from bot.store.signing import NoSigningKey, SigningKeyExists, is_genuine, make_key, read_key
from tests.cards import a_card, approval

SIGNED_ON = date(2026, 11, 24)
PASSPHRASE = "correct horse"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reviewer, Approval]:
    """A reviewer, and an approval they signed."""
    key = make_key(tmp_path_factory.mktemp("keys") / "noa.pem", passphrase=PASSPHRASE)
    reviewer = Reviewer(id="lawyer", role=ReviewRole.LAWYER, public_key=key.public)
    return reviewer, key.signed(approval(a_card(), "lawyer", on=SIGNED_ON))


def test_a_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    """Mode 0600, under a passphrase, readable again, never overwritten."""
    path = tmp_path / "noa.pem"
    made = make_key(path, passphrase=PASSPHRASE)

    assert path.stat().st_mode & 0o777 == 0o600
    assert "ENCRYPTED PRIVATE KEY" in path.read_text()
    assert read_key(path, passphrase=PASSPHRASE).public == made.public
    with pytest.raises(SigningKeyExists):
        make_key(path, passphrase=PASSPHRASE)


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    """A wrong passphrase, another file, another kind of key, no file."""
    make_key(tmp_path / "noa.pem", passphrase=PASSPHRASE)
    (tmp_path / "text.pem").write_text("hello")
    (tmp_path / "other.pem").write_bytes(
        X25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode())
        )
    )

    for name, passphrase in [
        ("noa.pem", "wrong"),
        ("text.pem", PASSPHRASE),
        ("other.pem", PASSPHRASE),
        ("gone.pem", PASSPHRASE),
    ]:
        with pytest.raises(NoSigningKey):
            read_key(tmp_path / name, passphrase=passphrase)


def test_a_signature_is_genuine_for_just_what_was_signed(signed: tuple[Reviewer, Approval]) -> None:
    """Another card, content, name, role or day is another message."""
    reviewer, given_ = signed
    changes: list[dict[str, object]] = [
        {"card": "a2"},
        {"content": "0" * 64},
        {"reviewer": "editor"},
        {"role": ReviewRole.EDITOR},
        {"signed_on": SIGNED_ON + timedelta(days=1)},
        {"signature": b""},
        {"signature": given_.signature[:-1]},
    ]

    assert is_genuine(reviewer, given_)
    assert not is_genuine(replace(reviewer, public_key=b"k"), given_)
    for change in changes:
        assert not is_genuine(reviewer, replace(given_, **change))  # type: ignore[arg-type]


@given(position=st.integers(min_value=0, max_value=63), bit=st.integers(min_value=0, max_value=7))
def test_a_signature_with_any_bit_changed_is_none(
    signed: tuple[Reviewer, Approval], position: int, bit: int
) -> None:
    """Wherever it is."""
    reviewer, given_ = signed
    octets = bytearray(given_.signature)
    octets[position] ^= 1 << bit

    assert not is_genuine(reviewer, replace(given_, signature=bytes(octets)))

"""The bundle: what goes in comes out, in an order that tells nothing, and a changed file is refused."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.bundle import FORMAT, MAGIC, BundleDamaged, BundleUnknown, bundle_hash, pack, unpack
from bot.model.letter import LetterStatus
from bot.model.person import Language
from tests.letters import LETTER, a_letter

SEALED = st.lists(st.binary(min_size=1, max_size=8), unique=True, max_size=6)
IDS = st.lists(st.text("0123456789abcdef", min_size=4, max_size=4), max_size=6)
FILE = pack(LETTER, sealed=[b"one", b"two"], withdrawn=["e7"])


def headed(body: bytes) -> bytes:
    """Any body under a first line that fits it."""
    return b" ".join((MAGIC, FORMAT, bundle_hash(b"\n" + body).encode())) + b"\n" + body


def with_content(key: str, value: object) -> bytes:
    """The file with one thing in it replaced, and the hash made anew."""
    content = json.loads(FILE.partition(b"\n")[2])
    return headed(json.dumps({**content, key: value}).encode())


@given(SEALED, IDS)
def test_what_is_packed_comes_out(sealed: list[bytes], withdrawn: list[str]) -> None:
    """The letter word by word, every entry once, every withdrawal."""
    bundle = unpack(pack(LETTER, sealed=sealed, withdrawn=withdrawn))

    assert bundle.letter == LETTER
    assert bundle.letter.fingerprint == LETTER.fingerprint
    assert sorted(bundle.sealed) == sorted(sealed)
    assert bundle.withdrawn == frozenset(withdrawn)


@given(SEALED, IDS)
def test_the_order_of_signing_leaves_no_trace(sealed: list[bytes], withdrawn: list[str]) -> None:
    """The same contents are the same file, whoever came first: one hash is approved."""
    there = pack(LETTER, sealed=sealed, withdrawn=withdrawn)

    assert pack(LETTER, sealed=sealed[::-1], withdrawn=withdrawn[::-1]) == there


@pytest.mark.parametrize(
    "other",
    [
        pack(a_letter(version=2), sealed=[b"one", b"two"], withdrawn=["e7"]),
        pack(a_letter(status=LetterStatus.CLOSED), sealed=[b"one", b"two"], withdrawn=["e7"]),
        pack(
            a_letter(titles={**LETTER.titles, Language.ENGLISH: "x"}),
            sealed=[b"one", b"two"],
            withdrawn=["e7"],
        ),
        pack(LETTER, sealed=[b"one"], withdrawn=["e7"]),
        pack(LETTER, sealed=[b"one", b"two"]),
    ],
)
def test_the_hash_covers_everything(other: bytes) -> None:
    """Text, entries and withdrawals: what was approved is what is opened."""
    assert bundle_hash(other) != bundle_hash(FILE)


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_a_changed_byte_is_noticed(at: int, by: int) -> None:
    """Wherever it is."""
    changed = FILE[:at] + bytes([FILE[at] ^ by]) + FILE[at + 1 :]

    with pytest.raises((BundleDamaged, BundleUnknown)):
        unpack(changed)


@pytest.mark.parametrize("data", [b"", b"hello", FILE[:-10], FILE + b" ", b"\n" + FILE, FILE[14:]])
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    """Another file, half of one, one with something added."""
    with pytest.raises(BundleDamaged):
        unpack(data)


def test_a_bundle_of_a_later_format_says_so() -> None:
    """Its keeper needs the version that made it, not a new copy."""
    with pytest.raises(BundleUnknown):
        unpack(FILE.replace(b"letter-bundle 1 ", b"letter-bundle 2 "))


@pytest.mark.parametrize(
    "data",
    [
        headed(b"no json"),
        headed(b"[]"),
        headed(b'"text"'),
        headed(b"\xff"),
        with_content("letter", {"id": "reserves"}),
        with_content("letter", None),
        with_content("sealed", ["not base64!"]),
        with_content("sealed", [1]),
        with_content("withdrawn", 7),
    ],
)
def test_a_hash_that_fits_makes_no_bundle(data: bytes) -> None:
    """Whoever makes a file can make its hash; the shape has to be right as well."""
    with pytest.raises(BundleDamaged):
        unpack(data)


def test_the_hash_is_the_same_tomorrow() -> None:
    """Two machines have to agree on it."""
    assert bundle_hash(FILE) == "566b78ace81ce288af7b7ae161ff20d23d0d2dd201311597b55d36bc7c95eba3"
    assert base64.b64encode(b"one") in FILE

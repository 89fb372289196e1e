"""Sealed entries: what comes back to the keeper, and what nobody else can tell."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.letter import Entry, PublicForm
from bot.model.signed_name import LONGEST
from bot.store.sealing import LOCKED, OPEN, SEALED, KeeperKey, NotForThisKey, is_public, seal
from tests.letters import an_entry, counted

KEY = KeeperKey.fresh()
LINES = st.text(st.characters(codec="utf-8"), max_size=LONGEST)
ENTRIES = st.builds(
    Entry,
    id=st.text("0123456789abcdef", min_size=32, max_size=32),
    letter=st.just("reserves"),
    fingerprint=st.just("c" * 64),
    form=st.sampled_from(PublicForm),
    he=LINES,
    en=LINES,
)


@given(ENTRIES)
def test_the_keeper_reads_what_was_sealed(entry: Entry) -> None:
    """And whatever the name, its sealed form has one length."""
    sealed = seal(KEY.public, entry)

    assert KEY.opened(sealed) == entry
    assert len(sealed) == SEALED


def test_a_number_without_a_name_looks_like_a_name() -> None:
    """Who only counts is told from who stands by name by nobody but the keeper."""
    assert len(seal(KEY.public, counted("e1"))) == len(seal(KEY.public, an_entry()))


def test_the_same_name_is_sealed_differently_each_time() -> None:
    """So nobody finds out by trying who signed, not even with a list of names."""
    assert seal(KEY.public, an_entry()) != seal(KEY.public, an_entry())


def test_a_sealed_name_is_not_in_clear() -> None:
    """Neither its words nor its form."""
    sealed = seal(KEY.public, an_entry(he="נועה כהן", en="Noa Cohen"))

    assert "נועה".encode() not in sealed
    assert b"Noa" not in sealed
    assert b"full" not in sealed


def broken(sealed: bytes) -> list[bytes]:
    """The sealed entry in other shapes: none, cut, changed, of another version."""
    changed = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in (0, 1, 60, len(sealed) - 1)]
    return [b"", sealed[:-1], sealed[:20], sealed + b"\0", *changed]


def test_what_was_changed_does_not_open() -> None:
    """Not by a bit, and not with another key."""
    sealed = seal(KEY.public, an_entry())

    for other in broken(sealed):
        with pytest.raises(NotForThisKey):
            KEY.opened(other)
    with pytest.raises(NotForThisKey):
        KeeperKey.fresh().opened(sealed)


def test_what_is_no_key_or_no_entry_is_refused() -> None:
    """A key of another length, a point that keeps no secret, a name no form would have taken."""
    for wrong in (b"", KEY.public[:-1], KEY.public + b"\0", bytes(32), bytes([1]) + bytes(31)):
        assert not is_public(wrong)
        with pytest.raises(ValueError, match="no public key"):
            seal(wrong, an_entry())
    with pytest.raises(ValueError, match="1024 bytes"):
        seal(KEY.public, an_entry(he="א" * 600))


def test_the_keepers_key_is_kept_as_marked_text() -> None:
    """It comes back from its file; the public half, another key or half a key do not pass for it."""
    text = KEY.text()

    assert KeeperKey.of(text).public == KEY.public
    for wrong in ("", base64.b64encode(KEY.public).decode(), text[:-4], text + "AAAA", f"{OPEN}*", LOCKED):
        with pytest.raises(ValueError, match=r"key|base64|padding|salt"):
            KeeperKey.of(wrong)


def test_a_locked_key_opens_with_its_passphrase_alone() -> None:
    """And locks differently each time, so that two files of one key don't tell that they are."""
    locked = KEY.text("four small words")

    assert KeeperKey.of(locked, "four small words").public == KEY.public
    assert locked != KEY.text("four small words")
    assert KEY.text().removeprefix(OPEN) not in locked
    for wrong in ("", "four small worlds"):
        with pytest.raises(ValueError, match="passphrase"):
            KeeperKey.of(locked, wrong)


def test_the_private_half_does_not_show_itself() -> None:
    """Not in a message, not in a traceback that prints it."""
    assert repr(KEY) == "***"

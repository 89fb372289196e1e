"""The key file: its one table, the master keys that wrap what is in it, and its questions.

Every key is random and lies here wrapped (AES-256-GCM under a master key, its owner as associated data). The
master keys come from outside and are never stored; `fingerprint` says which of them a row is wrapped with.
Called by `keyring`, which holds what is unwrapped.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Self

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from typing_extensions import override

from bot.store.crypto import KEY_BYTES, Entropy, Key, place_of
from bot.store.errors import BadMasterKey
from bot.store.link import Channel, PerDialect

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)

wrapped_key = Table(
    "wrapped_key",
    metadata,
    Column("owner", Text(), primary_key=True),
    Column("wrapped", LargeBinary(), nullable=False),
    Column("fingerprint", LargeBinary(), nullable=False, index=True),
    Column("created_on", Integer, nullable=False),
    sqlite_strict=True,
)

_ROW: Final = select(
    wrapped_key.c.owner, wrapped_key.c.wrapped, wrapped_key.c.fingerprint, wrapped_key.c.created_on
)
_SOME: Final = _ROW.where(wrapped_key.c.owner.in_(bindparam("owners", expanding=True)))
_NEXT_FINGERPRINT: Final = (
    select(wrapped_key.c.fingerprint)
    .where(wrapped_key.c.fingerprint > bindparam("after"))
    .order_by(wrapped_key.c.fingerprint)
    .limit(1)
)
_OLD: Final = (
    _ROW.where(wrapped_key.c.fingerprint != bindparam("primary"))
    .order_by(wrapped_key.c.owner)
    .limit(bindparam("page"))
)
_ADD: Final = PerDialect(
    sqlite=sqlite.insert(wrapped_key).on_conflict_do_nothing().returning(wrapped_key.c.owner),
    postgresql=postgresql.insert(wrapped_key).on_conflict_do_nothing().returning(wrapped_key.c.owner),
)
_REWRAP: Final = (
    update(wrapped_key)
    .where(wrapped_key.c.owner == bindparam("whose"), wrapped_key.c.fingerprint == bindparam("old"))
    .values(wrapped=bindparam("again"), fingerprint=bindparam("primary"))
)
_DELETE: Final = delete(wrapped_key).where(wrapped_key.c.owner.in_(bindparam("owners", expanding=True)))
_REMOVE_BEFORE: Final = delete(wrapped_key).where(
    wrapped_key.c.owner >= bindparam("first"),
    wrapped_key.c.owner < bindparam("end"),
)
_PAGE: Final = (
    select(wrapped_key.c.owner)
    .where(
        wrapped_key.c.owner > bindparam("after"),
        wrapped_key.c.owner < bindparam("end"),
        wrapped_key.c.created_on < bindparam("day"),
    )
    .order_by(wrapped_key.c.owner)
    .limit(bindparam("page"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """One row of the key file."""

    owner: str
    wrapped: bytes
    fingerprint: bytes
    created_on: int


@dataclass(frozen=True, slots=True)
class MasterKey:
    """One master key; it shows neither its bytes nor its fingerprint."""

    raw: bytes = field(repr=False)

    @property
    def fingerprint(self) -> bytes:
        """Which master key this is, without saying anything about it: it is 256 random bits."""
        return hmac.digest(self.raw, b"bot: master key fingerprint", "sha256")[:8]

    def wrap(self, raw: bytes, owner: str, *, entropy: Entropy) -> bytes:
        """A key that only this master key opens, and only as `owner`'s."""
        return Key(self.raw).seal(raw, place=_place(owner), entropy=entropy)

    def unwrap(self, wrapped: bytes, owner: str) -> bytes:
        """The key again. Raises Unopenable."""
        return Key(self.raw).opened(wrapped, place=_place(owner))


class MasterKeys:
    """The master key, and while rotating the ones before it."""

    __slots__ = ("_by_fingerprint", "primary")

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys) or len(set(keys)) != len(keys):
            raise BadMasterKey
        self.primary = MasterKey(keys[0])
        self._by_fingerprint = {key.fingerprint: key for key in map(MasterKey, keys)}

    @override
    def __repr__(self) -> str:
        return "***"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The keys of a BOT_MASTER_KEY: base64 of 32 bytes, while rotating `new,old`. Raises BadMasterKey."""
        try:
            return cls([base64.b64decode(part.strip(), validate=True) for part in text.strip().split(",")])
        except binascii.Error:
            raise BadMasterKey from None

    def of(self, fingerprint: bytes) -> MasterKey | None:
        """The one with this fingerprint, if we have it."""
        return self._by_fingerprint.get(fingerprint)

    def holds(self, raw: bytes) -> bool:
        """Whether `raw` is one of the master keys."""
        return any(hmac.compare_digest(raw, key.raw) for key in self._by_fingerprint.values())


def new_master_key(entropy: Entropy) -> str:
    """A fresh master key as BOT_MASTER_KEY wants it; for `bot keys new`."""
    return base64.b64encode(entropy(KEY_BYTES)).decode()


async def some(channel: Channel, owners: Sequence[str]) -> list[Wrapped]:
    """The rows there are of `owners`."""
    return [_wrapped(row) for row in await channel.fetch(_SOME, {"owners": owners})]


async def fingerprints(channel: Channel) -> frozenset[bytes]:
    """Which master keys the file is wrapped with; more than one while a rotation is under way."""
    found = [b""]  # from one to the next is a look into the index; all at once would read every row
    while rows := await channel.fetch(_NEXT_FINGERPRINT, {"after": found[-1]}):
        found.append(rows[0].fingerprint)
    return frozenset(found[1:])


async def older_than(channel: Channel, primary: bytes, *, limit: int) -> list[Wrapped]:
    """Rows that another master key than `primary` wraps."""
    return [_wrapped(row) for row in await channel.fetch(_OLD, {"primary": primary, "page": limit})]


async def add(channel: Channel, rows: Sequence[Wrapped]) -> frozenset[str]:
    """Insert the rows whose owner has none yet; whose they were."""
    values = [
        {
            "owner": row.owner,
            "wrapped": row.wrapped,
            "fingerprint": row.fingerprint,
            "created_on": row.created_on,
        }
        for row in rows
    ]
    return frozenset(row.owner for row in await channel.fetch(_ADD, values)) if values else frozenset()


async def rewrap(channel: Channel, pairs: Sequence[tuple[Wrapped, Wrapped]]) -> None:
    """Replace rows by what wraps the same key anew; one that went meanwhile stays gone."""
    await channel.change(
        _REWRAP,
        [
            {"whose": old.owner, "old": old.fingerprint, "again": new.wrapped, "primary": new.fingerprint}
            for old, new in pairs
        ],
    )


async def remove(channel: Channel, owners: Sequence[str]) -> int:
    """Delete the rows of `owners`; how many there were."""
    return await channel.change(_DELETE, {"owners": owners})


async def remove_before(channel: Channel, first: str, *, end: str) -> int:
    """Delete the rows from owner `first` up to, but without, `end`; how many there were."""
    return await channel.change(_REMOVE_BEFORE, {"first": first, "end": end})


async def page(channel: Channel, prefix: str, *, after: str, before: date, limit: int) -> list[str]:
    """Owners that begin with `prefix`, made before a day, in order, the ones behind `after`."""
    values = {
        "after": max(after, prefix),
        "end": prefix[:-1] + chr(ord(prefix[-1]) + 1),
        "day": before.toordinal(),
        "page": limit,
    }
    return [row.owner for row in await channel.fetch(_PAGE, values)]


def _wrapped(row: Any) -> Wrapped:
    return Wrapped(
        owner=row.owner, wrapped=row.wrapped, fingerprint=row.fingerprint, created_on=row.created_on
    )


def _place(owner: str) -> bytes:
    return place_of("wrapped_key.wrapped", row=owner, owner="master")

"""The audit of privileged acts: a chain of rows, each bound to the one before it, written with the act itself.

The hash is an HMAC under a key of its own from the key file, so a chain can't be made up with the database alone. The
last row's number and hash stand in the memo too, to notice a cut at the end. What this can't notice: rows cut off at
the end by somebody who also puts back the memo as it stood at that time, as restoring an old backup does.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, insert, select

from bot.model.audit import Act, Breach, Entry, Thing
from bot.model.person import Role
from bot.store import memo, owner
from bot.store.tables import audit as audit_table
from bot.store.tables import memo as memo_table
from bot.store.tables import role as role_table
from bot.store.unit import Unit
from bot.store.upsert import for_both

HEAD: Final = "audit_head"
_START: Final = "0:"
_WRITE = insert(audit_table)
_ALL = select(audit_table).order_by(audit_table.c.seq)
# Rows and head in one statement: between two, on PostgreSQL, another act may be written.
_NOTED = select(memo_table.c.value).where(memo_table.c.name == HEAD).scalar_subquery()
_ALL_AS_NOTED = _ALL.add_columns(_NOTED.label("head"))
_ALIAS = select(role_table.c.alias).where(
    role_table.c.person_id == bindparam("who"), role_table.c.role == Role.ORGANIZER.value
)
# Takes the head's row, which on PostgreSQL also keeps other writers waiting until this one is committed.
_TAKE_HEAD = for_both(
    memo_table,
    lambda insert: (
        insert.values(name=HEAD, value=_START)
        .on_conflict_do_update(index_elements=[memo_table.c.name], set_={"value": memo_table.c.value})
        .returning(memo_table.c.value)
    ),
)


async def write(unit: Unit, *, actor: str, act: Act, thing: Thing, today: date) -> None:
    """Note an act, in the transaction that does it."""
    (head,) = await unit.fetch(_TAKE_HEAD)
    number, _, prev = str(head.value).partition(":")
    entry = Entry(seq=int(number) + 1, day=today, actor=actor, act=act, thing=thing)
    made = _hash(unit, entry, bytes.fromhex(prev))
    row = {
        "seq": entry.seq,
        "day": entry.day.toordinal(),
        "actor": entry.actor,
        "act": entry.act,
        "thing": entry.thing,
        "prev": bytes.fromhex(prev),
        "hash": made,
    }
    await unit.change(_WRITE, row)
    await memo.put(unit, HEAD, f"{entry.seq}:{made.hex()}")


async def alias_of(unit: Unit, person_id: int) -> str:
    """What the audit calls an organizer. Raises LookupError for who is none."""
    rows = await unit.fetch(_ALIAS, {"who": person_id})
    if not rows:
        raise LookupError("not an organizer")
    return str(rows[0].alias)


async def entries(unit: Unit) -> list[Entry]:
    """Every act, the first one first."""
    return [_entry(row) for row in await unit.fetch(_ALL)]


async def breach(unit: Unit) -> Breach | None:
    """The first place where the chain does not hold; none if it does."""
    prev, expected, rows = b"", 1, await unit.fetch(_ALL_AS_NOTED)
    for row in rows:
        if row.seq != expected:
            return Breach(seq=expected, how="missing")
        if row.prev != prev or row.hash != _hash(unit, _entry(row), row.prev):
            return Breach(seq=expected, how="changed")
        prev, expected = row.hash, expected + 1
    head = (rows[0].head if rows else await memo.get(unit, HEAD)) or _START
    if head != f"{expected - 1}:{prev.hex()}":
        return Breach(seq=expected, how="missing at the end, or the note of the last row was changed")
    return None


def _entry(row: Any) -> Entry:
    return Entry(seq=row.seq, day=date.fromordinal(row.day), actor=row.actor, act=row.act, thing=row.thing)


def _hash(unit: Unit, entry: Entry, prev: bytes) -> bytes:
    parts = (str(entry.seq), entry.day.isoformat(), entry.actor, entry.act, entry.thing, prev.hex())
    return unit.tag(owner.AUDIT, *parts)

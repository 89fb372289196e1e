"""Which message in one chat is which in the other: for replies, edits and the mark that something arrived.

A message of a line has a row for each side's copy of it, under the name they share; what the platform calls it there
is sealed under that side's key, and found by a blind tag. After 48 hours nobody can tell any more.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.model.person import Address
from bot.store import owner
from bot.store.crypto import place_of
from bot.store.errors import Unopenable
from bot.store.moment import to_ms
from bot.store.tables import line_message
from bot.store.unit import Unit
from bot.store.upsert import for_both

_ADD = for_both(line_message, lambda insert: insert.on_conflict_do_nothing())
_FIND = select(line_message.c.id, line_message.c.line, line_message.c.case_id).where(
    line_message.c.tag == bindparam("tagged")
)
_RENAME = (
    update(line_message)
    .where(line_message.c.id == bindparam("which"))
    .values(tag=bindparam("new_tag"), message_sealed=bindparam("sealed"))
)
_COPY = select(line_message).where(
    line_message.c.line == bindparam("which"), line_message.c.person_id == bindparam("who")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A message of a line as it stands in one chat. `line` names it on both sides."""

    line: int
    case_id: int
    address_id: int
    person_id: int
    message_id: str


def new_line(unit: Unit, *, now: datetime) -> int:
    """A name for a message."""
    return unit.ids.ordered(now)


async def remember(unit: Unit, copy: Copy, *, now: datetime) -> bool:
    """Keep what a message is called in a chat; nothing of whoever is forgotten or has no key. Whether it is new."""
    name = owner.of_person(copy.person_id)
    key = (await unit.keyring.keys_for([name])).get(name)
    if key is None or copy.person_id in unit.forgotten:
        return False
    id_ = unit.ids.ordered(now)
    row = {
        "id": id_,
        "line": copy.line,
        "case_id": copy.case_id,
        "person_id": copy.person_id,
        "address_id": copy.address_id,
        "tag": _tag(unit, copy.address_id, copy.message_id),
        "message_sealed": unit.seal(copy.message_id.encode(), key, place=_place(id_, copy.person_id)),
        "sent_at": to_ms(now),
    }
    return await unit.change(_ADD, row) == 1


async def rename(unit: Unit, address: Address, message_id: str, *, to: str) -> None:
    """A message of a line is called otherwise in somebody's chat from now on; nothing where nobody can read it."""
    rows = await unit.fetch(_FIND, {"tagged": _tag(unit, address.id, message_id)})
    name = owner.of_person(address.person_id)
    key = (await unit.keyring.keys_for([name])).get(name)
    if not rows or key is None:
        return
    id_ = rows[0].id
    sealed = unit.seal(to.encode(), key, place=_place(id_, address.person_id))
    await unit.change(_RENAME, {"which": id_, "new_tag": _tag(unit, address.id, to), "sealed": sealed})


async def find(unit: Unit, address: Address, message_id: str) -> tuple[int, int] | None:
    """The line that a message in somebody's chat is, and its case; None if it is of no line."""
    rows = await unit.fetch(_FIND, {"tagged": _tag(unit, address.id, message_id)})
    return (rows[0].line, rows[0].case_id) if rows else None


async def copy_of(unit: Unit, line: int, person_id: int) -> Copy | None:
    """The same message in that person's chat; None if it is not there (yet)."""
    rows = await unit.fetch(_COPY, {"which": line, "who": person_id})
    name = owner.of_person(person_id)
    key = (await unit.keyring.keys_for([name])).get(name)
    if not rows or key is None:
        return None
    row: Any = rows[0]
    try:
        message_id = key.opened(row.message_sealed, place=_place(row.id, person_id)).decode()
    except Unopenable:
        return None
    return Copy(
        line=row.line,
        case_id=row.case_id,
        address_id=row.address_id,
        person_id=person_id,
        message_id=message_id,
    )


def _tag(unit: Unit, address_id: int, message_id: str) -> bytes:
    return unit.tag(owner.LINE, str(address_id), message_id)


def _place(row_id: int, person_id: int) -> bytes:
    return place_of("line_message.message_sealed", row=row_id, owner=owner.of_person(person_id))

"""Which message in one chat is which in the other: for replies, edits and the mark that something arrived.

A message of a line has a row for each side's copy of it, under the name they share; what the platform calls it there
is sealed under that side's key, and found by a blind tag. Behind it stand the names it had before it was edited, or
those of the parts it was too long without; of what its writer deleted there is none. After 48 hours nobody can tell
any more.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

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
_FIND = select(line_message).where(line_message.c.tag == bindparam("tagged"))
_OF_PERSON = (
    select(line_message).where(line_message.c.person_id == bindparam("who")).order_by(line_message.c.id)
)
_ELSEWHERE = select(line_message).where(
    line_message.c.line == bindparam("which"), line_message.c.person_id != bindparam("who")
)
_NAME = (
    update(line_message)
    .where(line_message.c.id == bindparam("which"))
    .values(message_sealed=bindparam("sealed"))
)
_TAG = update(line_message).where(line_message.c.id == bindparam("which")).values(tag=bindparam("new_tag"))
_COPY = select(line_message).where(
    line_message.c.line == bindparam("which"), line_message.c.person_id == bindparam("who")
)
_COPY_ALONE = _COPY.with_for_update()

FILE: Final = ":"  # between the name of a message and the number of its file, from the second on


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A message of a line as it stands in one chat. `line` names it on both sides.

    `others` are further names it goes by there: of its later parts, or from before it was edited.
    """

    line: int
    case_id: int
    address_id: int
    person_id: int
    message_id: str
    others: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called there."""
        return (self.message_id, *self.others)


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


async def add_part(unit: Unit, copy: Copy) -> None:
    """What a message is called as well, where it stands in a chat as several."""
    there = await copy_of(unit, copy.line, copy.person_id)
    if there and there.address_id == copy.address_id and copy.message_id not in there.names:
        await _rename(unit, there, (*there.names, copy.message_id))


async def rename(unit: Unit, address: Address, message_id: str, *, to: str) -> None:
    """A message of a line is called otherwise in somebody's chat from now on; nothing where nobody can read it."""
    rows = await unit.fetch(_FIND, {"tagged": _tag(unit, address.id, message_id)})
    for copy in (await _opened(unit, rows)).values():
        await _rename(unit, copy, (to, *copy.names))
        await unit.change(_TAG, {"which": rows[0].id, "new_tag": _tag(unit, address.id, to)})


async def written(unit: Unit, address: Address, message_id: str) -> list[Copy]:
    """What somebody sent under a name, which may be any it ever had: several where each file of it is a message."""
    rows = [
        row
        for row in await unit.fetch(_OF_PERSON, {"who": address.person_id})
        if row.address_id == address.id
    ]
    return [
        copy
        for copy in (await _opened(unit, rows)).values()
        if any(name == message_id or name.startswith(f"{message_id}{FILE}") for name in copy.names)
    ]


async def elsewhere(unit: Unit, own: Copy) -> list[Copy]:
    """The same message in the chats of others."""
    rows = await unit.fetch(_ELSEWHERE, {"which": own.line, "who": own.person_id})
    return list((await _opened(unit, rows)).values())


async def take_back(unit: Unit, own: Copy) -> None:
    """Its writer deleted it: it has no name in their chat any more."""
    await _rename(unit, own, ())


async def is_gone(unit: Unit, line: int, writer: int) -> bool:
    """Whether its writer deleted it. What is done with it in this unit is known to whoever deletes it meanwhile."""
    rows = await unit.fetch(_COPY_ALONE, {"which": line, "who": writer})
    return any(names == () for names in (await _names(unit, rows)).values())


async def find(unit: Unit, address: Address, message_id: str) -> tuple[int, int] | None:
    """The line that a message in somebody's chat is, and its case; None if it is of no line."""
    rows = await unit.fetch(_FIND, {"tagged": _tag(unit, address.id, message_id)})
    return (rows[0].line, rows[0].case_id) if rows else None


async def copy_of(unit: Unit, line: int, person_id: int) -> Copy | None:
    """The same message in that person's chat; None if it is not there (yet), or its writer deleted it."""
    rows = await unit.fetch(_COPY, {"which": line, "who": person_id})
    return next(iter((await _opened(unit, rows)).values()), None)


async def _rename(unit: Unit, copy: Copy, names: Sequence[str]) -> None:
    (row,) = await unit.fetch(_COPY, {"which": copy.line, "who": copy.person_id})
    name = owner.of_person(copy.person_id)
    key = (await unit.keyring.keys_for([name]))[name]
    sealed = unit.seal(" ".join(names).encode(), key, place=_place(row.id, copy.person_id))
    await unit.change(_NAME, {"which": row.id, "sealed": sealed})


async def _opened(unit: Unit, rows: Sequence[Any]) -> dict[int, Copy]:
    """What can be read and is not deleted, by its own id."""
    named = await _names(unit, rows)
    return {row.id: _copy(row, names) for row in rows if (names := named.get(row.id))}


async def _names(unit: Unit, rows: Sequence[Any]) -> dict[int, tuple[str, ...]]:
    keys = await unit.keyring.keys_for({owner.of_person(row.person_id) for row in rows}) if rows else {}
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        if key := keys.get(owner.of_person(row.person_id)):
            with suppress(Unopenable):
                sealed = key.opened(row.message_sealed, place=_place(row.id, row.person_id))
                found[row.id] = tuple(sealed.decode().split())
    return found


def _copy(row: Any, names: tuple[str, ...]) -> Copy:
    return Copy(
        line=row.line,
        case_id=row.case_id,
        address_id=row.address_id,
        person_id=row.person_id,
        message_id=names[0],
        others=names[1:],
    )


def _tag(unit: Unit, address_id: int, message_id: str) -> bytes:
    return unit.tag(owner.LINE, str(address_id), message_id)


def _place(row_id: int, person_id: int) -> bytes:
    return place_of("line_message.message_sealed", row=row_id, owner=owner.of_person(person_id))

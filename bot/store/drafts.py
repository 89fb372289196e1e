"""A name that is being typed, under a key that lives for less than an hour and is destroyed with it.

Everything that shows the name meanwhile is under this key: the updates it comes in, the lines as they were read, the
messages that show them. So once it is confirmed or given up, no copy of any file opens it again, whoever has the rest.
"""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from bot.model.signature import Signature
from bot.store import codec, inbox, owner
from bot.store.crypto import place_of
from bot.store.moment import day_of, to_ms
from bot.store.tables import inbox as inbox_table
from bot.store.tables import signature
from bot.store.unit import Unit

_SET: Final = (
    update(signature)
    .where(signature.c.id == bindparam("which"))
    .values(draft=bindparam("new"), draft_at=bindparam("at"), draft_sealed=bindparam("lines"))
)
_LINES: Final = select(signature.c.draft_sealed).where(signature.c.id == bindparam("which"))
_OLD: Final = select(signature.c.draft).where(signature.c.draft_at < bindparam("before"))
_WIPE: Final = (
    update(signature)
    .where(signature.c.draft_at < bindparam("before"))
    .values(draft=None, draft_at=None, draft_sealed=None)
)
_LATER: Final = select(inbox_table.c.id, inbox_table.c.day, inbox_table.c.draft, inbox_table.c.body).where(
    inbox_table.c.draft == bindparam("of"),
    inbox_table.c.handled_at.is_(None),
    inbox_table.c.body.is_not(None),
)
_MOVE: Final = (
    update(inbox_table)
    .where(inbox_table.c.id == bindparam("which"))
    .values(draft=None, body=bindparam("sealed"))
)


async def begin(unit: Unit, one: Signature, *, now: datetime) -> int:
    """From now on what this person writes is under a key of its own, whose number it is."""
    draft = unit.ids.random()
    await unit.keyring.keys_for([owner.of_draft(draft)], create_on=day_of(now))
    await unit.change(_SET, {"which": one.id, "new": draft, "at": to_ms(now), "lines": None})
    return draft


async def write(unit: Unit, one: Signature, lines: tuple[str, str], *, now: datetime) -> bool:
    """Keep the lines as they were read, Hebrew and English, for as long as the draft lives; whether it still does."""
    key = (await unit.keyring.keys_for([_name(one)])).get(_name(one))
    if key is None or one.draft is None:
        return False
    sealed = unit.seal(
        codec.values_to_bytes(dict(zip(("he", "en"), lines, strict=True))), key, place=_place(one)
    )
    await unit.change(_SET, {"which": one.id, "new": one.draft, "at": to_ms(now), "lines": sealed})
    return True


async def read(unit: Unit, one: Signature) -> tuple[str, str]:
    """The lines that are kept, Hebrew and English; empty where there is none."""
    key = (await unit.keyring.keys_for([_name(one)])).get(_name(one))
    (row,) = await unit.fetch(_LINES, {"which": one.id})
    if key is None or row.draft_sealed is None:
        return "", ""
    found = codec.values_from_bytes(key.opened(row.draft_sealed, place=_place(one)))
    return found["he"], found["en"]


async def end(unit: Unit, one: Signature) -> None:
    """The draft is over: with the commit its key is destroyed. What was written after it is words like any other."""
    if one.draft is None:
        return
    await _move_over(unit, one.draft)
    await unit.change(_SET, {"which": one.id, "new": None, "at": None, "lines": None})
    unit.doom(_name(one))


async def wipe(unit: Unit, *, before: datetime) -> int:
    """End every draft that was touched last before a moment, with all that waits under its key; how many."""
    values = {"before": to_ms(before)}
    old = [row.draft for row in await unit.fetch(_OLD, values)]
    if old:
        await unit.change(_WIPE, values)
        unit.doom(*map(owner.of_draft, old))
    return len(old)


async def _move_over(unit: Unit, draft: int) -> None:
    """Put what still waits to be handled under the key of its day: a second tap must not count as lost."""
    rows = await unit.fetch(_LATER, {"of": draft})
    days = {owner.of_day(date.fromordinal(row.day)) for row in rows}
    keys = await unit.keyring.keys_for({owner.of_draft(draft), *days}) if rows else {}
    for row in rows:
        body = keys[owner.of_draft(draft)].opened(row.body, place=inbox.place(row.id, inbox.owner_of(row)))
        await unit.change(_MOVE, {"which": row.id, "sealed": _resealed(unit, row, body, keys)})


def _resealed(unit: Unit, row: Any, body: bytes, keys: Any) -> bytes:
    name = owner.of_day(date.fromordinal(row.day))
    return unit.seal(body, keys[name], place=inbox.place(row.id, name))


def _name(one: Signature) -> str:
    return owner.of_draft(one.draft or 0)


def _place(one: Signature) -> bytes:
    return place_of("signature.draft_sealed", row=one.id, owner=_name(one))

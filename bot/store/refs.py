"""Message references: the platform's ids of messages that may still be edited or deleted, sealed.

An address has at most one open screen; a newer one takes its place. They go after 48 hours, when the platforms no
longer delete for everybody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from bot.model.queue import Keep, MessageRef
from bot.store import owner
from bot.store.crypto import Key, place_of
from bot.store.errors import Unopenable
from bot.store.moment import from_ms, to_ms
from bot.store.padded import padded
from bot.store.tables import SCREEN_ONLY, message_ref
from bot.store.unit import Unit
from bot.store.upsert import for_both

_REMEMBER = for_both(
    message_ref,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[message_ref.c.address_id],
        index_where=SCREEN_ONLY,
        set_={
            "id": insert.excluded.id,
            "message_sealed": insert.excluded.message_sealed,
            "sent_at": insert.excluded.sent_at,
        },
    ),
)
_OF_PEOPLE = (
    select(message_ref)
    .where(message_ref.c.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(message_ref.c.id)
)
_BEFORE = (
    select(message_ref)
    .where(message_ref.c.keep == Keep.SENSITIVE.value, message_ref.c.sent_at < bindparam("before"))
    .order_by(message_ref.c.id)
    .limit(bindparam("page"))
)
_FORGET = delete(message_ref).where(message_ref.c.id.in_(bindparam("ids", expanding=True)))


async def remember(unit: Unit, refs: Sequence[MessageRef]) -> None:
    """Keep these references; of a person whose key is gone, nothing is kept."""
    keys = await unit.keyring.keys_for({owner.of_person(ref.person_id) for ref in refs})
    rows = [
        _new(unit, ref, keys[owner.of_person(ref.person_id)])
        for ref in _newest(refs)
        if owner.of_person(ref.person_id) in keys
    ]
    if rows:
        await unit.change(_REMEMBER, rows)


async def of_people(unit: Unit, person_ids: Sequence[int]) -> dict[int, MessageRef]:
    """Every reference of these people, by its own id, the oldest first."""
    return await _opened(unit, await unit.fetch(_OF_PEOPLE, {"ids": padded(person_ids)}))


async def sensitive_before(unit: Unit, *, before: datetime, limit: int) -> dict[int, MessageRef]:
    """Sensitive messages sent before a moment, by their own id, the oldest first: time to delete them."""
    return await _opened(unit, await unit.fetch(_BEFORE, {"before": to_ms(before), "page": limit}))


async def forget(unit: Unit, ids: Sequence[int]) -> None:
    """Drop references by their own ids."""
    if ids:
        await unit.change(_FORGET, {"ids": padded(ids)})


def _newest(refs: Sequence[MessageRef]) -> list[MessageRef]:
    """The references without the screens that a later one of the same address replaces."""
    screens = {ref.address_id: ref for ref in refs if ref.keep is Keep.SCREEN}
    return [ref for ref in refs if ref.keep is not Keep.SCREEN or screens[ref.address_id] is ref]


def _new(unit: Unit, ref: MessageRef, key: Key) -> dict[str, object]:
    id_ = unit.ids.ordered(ref.sent_at)
    return {
        "id": id_,
        "address_id": ref.address_id,
        "person_id": ref.person_id,
        "message_sealed": unit.seal(ref.message_id.encode(), key, place=_place(id_, ref.person_id)),
        "keep": ref.keep.value,
        "sent_at": to_ms(ref.sent_at),
    }


async def _opened(unit: Unit, rows: Sequence[Any]) -> dict[int, MessageRef]:
    keys = await unit.keyring.keys_for({owner.of_person(row.person_id) for row in rows})
    return {row.id: found for row in rows if (found := _ref(row, keys))}


def _ref(row: Any, keys: Mapping[str, Key]) -> MessageRef | None:
    key = keys.get(owner.of_person(row.person_id))
    if key is None:
        return None
    try:
        message_id = key.opened(row.message_sealed, place=_place(row.id, row.person_id)).decode()
    except Unopenable:
        return None
    return MessageRef(
        address_id=row.address_id,
        person_id=row.person_id,
        message_id=message_id,
        keep=Keep(row.keep),
        sent_at=from_ms(row.sent_at),
    )


def _place(row_id: int, person_id: int) -> bytes:
    return place_of("message_ref.message_sealed", row=row_id, owner=owner.of_person(person_id))

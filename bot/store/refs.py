"""Message references: the platform's ids of messages that may still be edited or deleted, sealed.

An address has at most one open screen; a newer one takes its place. Beside that, every message of the last 48 hours
is known, the bot's and the person's, so that a chat can be cleared and what is sensitive goes in time: each platform
deletes for everybody for so long only (`Limits.deletable`). Then the references go too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from bot.model.limit import DELETABLE
from bot.model.person import Platform
from bot.model.queue import Keep, MessageRef
from bot.store import owner
from bot.store.crypto import Key, place_of
from bot.store.deletable import AGED, CAN_GO, aged, delete_at, since
from bot.store.errors import Unopenable
from bot.store.moment import from_ms, maybe_ms, to_ms
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
_SCREENS = (
    select(message_ref)
    .where(
        message_ref.c.person_id.in_(bindparam("ids", expanding=True)), message_ref.c.keep == Keep.SCREEN.value
    )
    .order_by(message_ref.c.id)
)
_OF_ADDRESS = (
    select(message_ref).where(message_ref.c.address_id == bindparam("which")).order_by(message_ref.c.id)
)
_DUE_CHATS = (
    select(message_ref.c.address_id)
    .where(message_ref.c.delete_at <= bindparam("now"), CAN_GO)
    .distinct()
    .limit(bindparam("page"))
)
_DUE = (
    select(message_ref)
    .where(
        message_ref.c.address_id.in_(bindparam("ids", expanding=True)),
        CAN_GO,
        or_(
            message_ref.c.delete_at <= bindparam("now"),
            and_(message_ref.c.delete_at.is_not(None), AGED),
        ),
    )
    .order_by(message_ref.c.id)
)
_PUT_OFF = (
    update(message_ref)
    .where(message_ref.c.id.in_(bindparam("ids", expanding=True)))
    .values(delete_at=bindparam("until"))
)
_HIDE = (
    update(message_ref)
    .where(
        message_ref.c.address_id.in_(bindparam("ids", expanding=True)),
        message_ref.c.keep != Keep.SCREEN.value,
    )
    .values(keep=Keep.SENSITIVE.value, delete_at=bindparam("now"))
)
_HASTEN = (
    update(message_ref)
    .where(
        message_ref.c.person_id == bindparam("who"),
        message_ref.c.keep == Keep.SENSITIVE.value,
        message_ref.c.sent_at > bindparam("since"),
    )
    .values(delete_at=bindparam("now"))
)
_NEXT_DUE = select(func.min(message_ref.c.delete_at)).where(message_ref.c.delete_at.is_not(None), CAN_GO)
_OLDEST_TO_DELETE = select(func.min(message_ref.c.sent_at)).where(message_ref.c.delete_at.is_not(None))
_LAPSED = (
    delete(message_ref)
    .where(message_ref.c.delete_at.is_not(None), ~CAN_GO)
    .returning(message_ref.c.id, message_ref.c.person_id)
)
_FORGET = delete(message_ref).where(message_ref.c.id.in_(bindparam("ids", expanding=True)))


async def remember(unit: Unit, refs: Sequence[MessageRef]) -> None:
    """Keep these references; of a person who is forgotten, a chat that is left, or without a key, nothing is kept."""
    gone, left = unit.forgotten, unit.left
    lasting = [ref for ref in _newest(refs) if ref.person_id not in gone and ref.address_id not in left]
    if not lasting:
        return
    keys = await unit.keyring.keys_for({owner.of_person(ref.person_id) for ref in lasting})
    rows = [
        _new(unit, ref, keys[owner.of_person(ref.person_id)])
        for ref in lasting
        if owner.of_person(ref.person_id) in keys
    ]
    if rows:
        await unit.change(_REMEMBER, rows)


async def of_people(unit: Unit, person_ids: Sequence[int]) -> dict[int, MessageRef]:
    """Every reference of these people, by its own id, the oldest first."""
    return await _opened(unit, await unit.fetch(_OF_PEOPLE, {"ids": padded(person_ids)}))


async def screens(unit: Unit, person_ids: Sequence[int]) -> dict[int, str]:
    """The message id of the last screen of these people, per address id."""
    rows = await unit.fetch(_SCREENS, {"ids": padded(person_ids)}) if person_ids else ()
    return {ref.address_id: ref.message_id for ref in (await _opened(unit, rows)).values()}


async def due(unit: Unit, *, now: datetime, chats: int) -> dict[int, MessageRef]:
    """Messages to delete now, by their references' ids, of at most so many chats.

    With the first that is due go all of its chat that are as old, so that a chat is not nibbled at. What can't be
    opened is put off for good: it must not stand before the others at every look.
    """
    values = {"now": to_ms(now), **since(now)}
    found = await unit.fetch(_DUE_CHATS, {**values, "page": chats})
    if not found:
        return {}
    ids = padded([row.address_id for row in found])
    rows = await unit.fetch(_DUE, {**values, "ids": ids, **aged(now)})
    opened = await _opened(unit, rows)
    await put_off(unit, [row.id for row in rows if row.id not in opened], until=now + DELETABLE)
    return opened


async def next_due(unit: Unit, *, now: datetime) -> datetime | None:
    """When the next message that can still be deleted is to be."""
    value = (await unit.fetch(_NEXT_DUE, since(now)))[0][0]
    return None if value is None else from_ms(value)


async def oldest_to_delete(unit: Unit) -> datetime | None:
    """When the oldest message was sent that is to be deleted and of which nobody has confirmed that it is gone."""
    value = (await unit.fetch(_OLDEST_TO_DELETE))[0][0]
    return None if value is None else from_ms(value)


async def put_off(unit: Unit, ids: Sequence[int], *, until: datetime) -> None:
    """Their deletion is under way; if they are still known by `until`, it is tried again."""
    if ids:
        await unit.change(_PUT_OFF, {"ids": padded(ids), "until": to_ms(until)})


async def hide(unit: Unit, address_ids: Sequence[int], *, now: datetime) -> None:
    """Everything known of these chats is to be deleted now."""
    if address_ids:
        await unit.change(_HIDE, {"ids": padded(address_ids), "now": to_ms(now)})


async def hasten(unit: Unit, person_id: int, *, since: datetime, now: datetime) -> None:
    """What is sensitive and was said since a moment is to be deleted now."""
    await unit.change(_HASTEN, {"who": person_id, "since": to_ms(since), "now": to_ms(now)})


async def bring_on(unit: Unit, address_id: int, message_ids: Sequence[str], *, now: datetime) -> None:
    """These messages are to be deleted now, as far as they are known."""
    there = await _opened(unit, await unit.fetch(_OF_ADDRESS, {"which": address_id}))
    meant = [id_ for id_, ref in there.items() if ref.message_id in message_ids]
    await put_off(unit, meant, until=now)


async def deleted(unit: Unit, address_id: int, message_ids: Sequence[str]) -> None:
    """These messages are gone on the platform: nothing of them is kept."""
    there = await _opened(unit, await unit.fetch(_OF_ADDRESS, {"which": address_id}))
    await forget(unit, [id_ for id_, ref in there.items() if ref.message_id in set(message_ids)])


async def lapsed(unit: Unit, *, now: datetime) -> dict[int, int]:
    """Drop the references to messages that should have been deleted and cannot be any more; one of each person's."""
    rows = await unit.fetch(_LAPSED, since(now))
    return {row.person_id: row.id for row in rows}


async def forget(unit: Unit, ids: Sequence[int]) -> None:
    """Drop references by their own ids."""
    if ids:
        await unit.change(_FORGET, {"ids": padded(ids)})


def _newest(refs: Sequence[MessageRef]) -> list[MessageRef]:
    """The references without the screens that a later one of the same address replaces."""
    last = {ref.address_id: ref for ref in refs if ref.keep is Keep.SCREEN}
    return [ref for ref in refs if ref.keep is not Keep.SCREEN or last[ref.address_id] is ref]


def _new(unit: Unit, ref: MessageRef, key: Key) -> dict[str, object]:
    id_ = unit.ids.ordered(ref.sent_at)
    keep = Keep.SENSITIVE if ref.keep is Keep.HIDDEN else ref.keep
    return {
        "id": id_,
        "address_id": ref.address_id,
        "person_id": ref.person_id,
        "message_sealed": unit.seal(ref.message_id.encode(), key, place=_place(id_, ref.person_id)),
        "keep": keep.value,
        "sent_at": to_ms(ref.sent_at),
        "delete_at": maybe_ms(delete_at(unit, ref)),
        "platform": ref.platform.value,
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
        platform=Platform(row.platform),
        message_id=message_id,
        keep=Keep(row.keep),
        sent_at=from_ms(row.sent_at),
    )


def _place(row_id: int, person_id: int) -> bytes:
    return place_of("message_ref.message_sealed", row=row_id, owner=owner.of_person(person_id))

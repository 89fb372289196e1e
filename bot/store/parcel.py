"""What an outbox row holds and how it is sealed: under the person's key, or, once the person is gone, its own.

A row that shows a name which is being typed is under the key of that one, and unreadable once that is over.

A row owed to somebody who was forgotten, or to a chat that was left, carries its address with it, under a key that
dies with the row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.model.notice import NoticeCopy
from bot.model.outgoing import NOTHING, Payload, Priority, SendMessage
from bot.model.person import Form, Language, Platform
from bot.model.queue import Delivery, Keep, NewOutbox
from bot.store import addresses, codec, owner
from bot.store.crypto import Key, place_of
from bot.store.errors import Unopenable
from bot.store.moment import day_of, from_ms, maybe_ms, to_ms
from bot.store.unit import Unit

WORDLESS: Final = SendMessage(text=NOTHING)  # until deliver puts the words of its notice in
_NO_ROUTE: Final = {"platform": None, "routing_sealed": None}


async def packed(unit: Unit, rows: Sequence[NewOutbox], *, now: datetime) -> list[dict[str, Any]]:
    """The rows of the table for `rows`. Raises KeyError for a person who does not exist."""
    ids = [unit.ids.ordered(now) for _ in rows]
    pairs = list(zip(ids, rows, strict=True))
    lasting = {owner.of_person(row.person_id) for row in rows if not _is_owed(unit, row)}
    owed = {owner.of_message(id_) for id_, row in pairs if _is_owed(unit, row)}
    drafts = {owner.of_draft(row.draft) for row in rows if row.draft is not None}
    keys = {**await unit.keyring.keys_for(lasting | drafts)}
    if owed:
        keys |= await unit.keyring.keys_for(owed, create_on=day_of(now))
    return [_packed(unit, row, id_=id_, keys=keys, now=now) for id_, row in pairs]


def unpacked(row: Any, keys: Mapping[str, Key]) -> Delivery | None:
    """The delivery in a claimed row; None if its key or its address is gone."""
    found = [keys.get(name) for name in owners_of(row)]
    key, of_route = found[0], found[-1]
    copy = copy_in(row)
    if key is None or of_route is None or (row.body is None and not copy) or row.routing_sealed is None:
        return None
    try:
        payload = WORDLESS if copy else opened(row, key)
        routing_id = of_route.opened(row.routing_sealed, place=_routing(row)).decode()
    except Unopenable:
        return None
    return Delivery(
        id=row.id,
        address_id=row.address_id,
        person_id=row.person_id,
        platform=Platform(row.platform),
        routing_id=routing_id,
        payload=payload,
        priority=Priority(row.priority),
        attempts=row.attempts,
        resent=bool(row.resent or row.sending),
        keep=Keep(row.keep) if row.keep else None,
        written_at=from_ms(row.created_at),
        owed=bool(row.owed),
        asks=bool(row.asks),
        case_id=row.case_id,
        sender_id=row.sender_id,
        line_id=row.line_id,
        copy=copy,
    )


def copy_in(row: Any) -> NoticeCopy | None:
    """Which notice a row stands for, if it has no words of its own, and how its person is spoken to."""
    if row.notice_id is None:
        return None
    return NoticeCopy(
        notice_id=row.notice_id,
        language=Language(row.language or Language.HEBREW),
        form=Form(row.form or Form.NEUTRAL),
        zone=row.zone,
    )


def owner_of(row: Any) -> str:
    """Whose key an outbox row with its address is under."""
    return owner.of_message(row.id) if row.owed else owner.of_person(row.person_id)


def owners_of(row: Any) -> tuple[str, ...]:
    """Whose keys a row needs: the one of what it says first, the one of its address last."""
    if row.owed or row.draft is None:
        return (owner_of(row),)
    return owner.of_draft(row.draft), owner_of(row)


def _packed(
    unit: Unit, row: NewOutbox, *, id_: int, keys: Mapping[str, Key], now: datetime
) -> dict[str, Any]:
    owed = _is_owed(unit, row)
    name = _name(row, id_=id_, owed=owed)
    body = unit.seal(codec.payload_to_bytes(row.payload), keys[name], place=_body(id_, name))
    route = _carried(unit, row, id_=id_, key=keys[name]) if owed else _NO_ROUTE
    return route | {
        "id": id_,
        "address_id": row.address_id,
        "person_id": row.person_id,
        "owed": owed,
        "body": body,
        "priority": int(row.priority),
        "sending": False,
        "attempts": 0,
        "due_at": to_ms(row.due_at or now),
        "resent": False,
        "keep": row.keep.value if row.keep else None,
        "useless_after": maybe_ms(row.guard.useless_after),
        "case_id": row.guard.case_id,
        "epoch": row.guard.epoch,
        "purpose": row.guard.purpose,
        "sender_id": row.sender_id,
        "line_id": row.line_id,
        "draft": None if owed else row.draft,
        "asks": row.asks or None,
        "created_at": to_ms(now),
    }


def opened(row: Any, key: Key) -> Payload:
    """What a row says. Raises Unopenable."""
    return codec.payload_from_bytes(key.opened(row.body, place=_body(row.id, owners_of(row)[0])))


def _is_owed(unit: Unit, row: NewOutbox) -> bool:
    return row.person_id in unit.forgotten or row.address_id in unit.left


def _name(row: NewOutbox, *, id_: int, owed: bool) -> str:
    if owed:
        return owner.of_message(id_)
    return owner.of_person(row.person_id) if row.draft is None else owner.of_draft(row.draft)


def _carried(unit: Unit, row: NewOutbox, *, id_: int, key: Key) -> dict[str, Any]:
    """The address an owed row brings along."""
    gone = (*unit.forgotten.get(row.person_id, ()), *unit.left.values())
    (address,) = [one for one in gone if one.id == row.address_id]
    sealed = unit.seal(address.routing_id.encode(), key, place=_own_routing(id_))
    return {"platform": address.platform.value, "routing_sealed": sealed}


def _routing(row: Any) -> bytes:
    return _own_routing(row.id) if row.owed else addresses.place(row.address_id, row.person_id)


def _own_routing(row_id: int) -> bytes:
    return place_of("outbox.routing_sealed", row=row_id, owner=owner.of_message(row_id))


def _body(row_id: int, name: str) -> bytes:
    return place_of("outbox.body", row=row_id, owner=name)

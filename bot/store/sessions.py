"""Sessions on disk: one row per person, sealed under their key. They are loaded together with the person."""

import logging
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from bot.engine.session import Session
from bot.store import codec, owner
from bot.store.crypto import Key, place_of
from bot.store.errors import Unopenable
from bot.store.tables import session as session_table
from bot.store.unit import Unit
from bot.store.upsert import for_both

log = logging.getLogger(__name__)

_SAVE = for_both(
    session_table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[session_table.c.person_id],
        set_={"body": insert.excluded.body, "updated_on": insert.excluded.updated_on},
    ),
)

_ALL = select(session_table.c.person_id, session_table.c.body).order_by(session_table.c.person_id)


async def save(unit: Unit, sessions: Mapping[int, Session], *, today: date) -> None:
    """Write the sessions of these people; whoever was forgotten in this unit stays forgotten."""
    ids = sorted(sessions.keys() - unit.forgotten.keys())
    keys = await unit.keyring.keys_for(map(owner.of_person, ids))
    rows = [
        {
            "person_id": id_,
            "body": unit.seal(
                codec.session_to_bytes(sessions[id_]), keys[owner.of_person(id_)], place=_place(id_)
            ),
            "updated_on": today.toordinal(),
        }
        for id_ in ids
    ]
    if rows:
        await unit.change(_SAVE, rows)


async def everyone(unit: Unit) -> list[Session]:
    """Every session there is, opened, for nobody in particular: what `bot check --live` looks through."""
    rows = await unit.fetch(_ALL)
    keys = await unit.keyring.keys_for(owner.of_person(row.person_id) for row in rows)
    found = (opened(row.person_id, row.body, key=keys.get(owner.of_person(row.person_id))) for row in rows)
    return [session for session in found if session]


def opened(person_id: int, body: bytes | None, *, key: Key | None) -> Session | None:
    """The session a row holds; none if there is none or it can't be read, which the person meets as a new start."""
    if body is None or key is None:
        return None
    try:
        return codec.session_from_bytes(key.opened(body, place=_place(person_id)))
    except Unopenable:
        log.warning("a session can't be read", extra={"action": "session.unreadable"})
        return None


def _place(person_id: int) -> bytes:
    return place_of("session.body", row=person_id, owner=owner.of_person(person_id))

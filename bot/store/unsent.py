"""Words of a line that have not left yet: in the other side's lane, and in the outbox. Called by erasing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from bot.engine.event import Carried
from bot.model.incoming import MediaRef
from bot.model.outgoing import SendMedia
from bot.model.queue import LaneKind, Origin
from bot.store import codec, inbox, outbox, parcel
from bot.store.crypto import Key
from bot.store.errors import Unopenable
from bot.store.padded import padded
from bot.store.tables import inbox as inbox_table
from bot.store.tables import outbox as outbox_table
from bot.store.unit import Unit

# What another worker has in hand waits to hear whether it is gone: nobody waits for that here.
_IN = (
    select(inbox_table)
    .where(
        inbox_table.c.handled_at.is_(None),
        inbox_table.c.lane_kind == LaneKind.PERSON.value,
        inbox_table.c.lane_id.in_(bindparam("ids", expanding=True)),
        inbox_table.c.origin == Origin.TURN.value,
    )
    .with_for_update(skip_locked=True)
)
_OUT = (
    select(outbox_table)
    .where(
        outbox_table.c.person_id.in_(bindparam("ids", expanding=True)),
        outbox_table.c.line_id == bindparam("line"),
        ~outbox_table.c.sending,
    )
    .with_for_update(skip_locked=True)
)


async def take_out(unit: Unit, line: int, person_ids: Sequence[int], *, now: datetime) -> list[MediaRef]:
    """Delete what of a message is still on its way to these people and not under way; the files it would have shown."""
    if not person_ids:
        return []
    return [
        *await _from_lanes(unit, line, person_ids, now=now),
        *await _from_outbox(unit, line, person_ids),
    ]


async def _from_lanes(unit: Unit, line: int, person_ids: Sequence[int], *, now: datetime) -> list[MediaRef]:
    rows = await unit.fetch(_IN, {"ids": padded(person_ids)})
    keys = await unit.keyring.keys_for({inbox.owner_of(row) for row in rows})
    found = {row.id: event for row in rows if (event := _carried(row, keys)) and event.line == str(line)}
    await inbox.finish(unit, list(found), now=now)
    return [event.media for event in found.values() if event.media]


async def _from_outbox(unit: Unit, line: int, person_ids: Sequence[int]) -> list[MediaRef]:
    rows = await unit.fetch(_OUT, {"ids": padded(person_ids), "line": line})
    keys = await unit.keyring.keys_for({parcel.owner_of(row) for row in rows})
    files = [file for row in rows if (file := _file(row, keys))]
    await outbox.remove(unit, [row.id for row in rows])
    return files


def _carried(row: Any, keys: Mapping[str, Key]) -> Carried | None:
    body = inbox.opened(row, keys.get(inbox.owner_of(row)))
    event = codec.event_from_bytes(body) if body else None
    return event if isinstance(event, Carried) else None


def _file(row: Any, keys: Mapping[str, Key]) -> MediaRef | None:
    key = keys.get(parcel.owner_of(row))
    try:
        said = parcel.opened(row, key) if key and row.body else None
    except Unopenable:
        return None
    return (
        MediaRef(media=said.media, source=said.source, file=said.file)
        if isinstance(said, SendMedia)
        else None
    )

"""Timers: moments something is due, one per lane and kind. When due, a timer becomes an inbox row and is gone.

Its values are sealed under the person's key, or under the service key where the lane is nobody's. Called by the
pipeline (what a turn sets and cancels) and by tick.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, or_, select

from bot.model.queue import Lane, LaneKind, NewInbox, Origin, Timer
from bot.store import codec, consents, inbox, owner
from bot.store.crypto import Key, place_of
from bot.store.errors import Unopenable
from bot.store.moment import from_ms, to_ms
from bot.store.padded import padded
from bot.store.tables import timer as timer_table
from bot.store.unit import Unit
from bot.store.upsert import for_both

log = logging.getLogger(__name__)

_PUT = for_both(
    timer_table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[timer_table.c.lane_kind, timer_table.c.lane_id, timer_table.c.kind],
        set_={
            name: insert.excluded[name] for name in ("id", "due_at", "version", "values_sealed", "purpose")
        },
    ),
)
_CANCEL = delete(timer_table).where(
    timer_table.c.lane_kind == bindparam("of_kind"),
    timer_table.c.lane_id == bindparam("of_id"),
    timer_table.c.kind.in_(bindparam("kinds", expanding=True)),
)
_OF_LANE = select(timer_table.c.kind, timer_table.c.due_at).where(
    timer_table.c.lane_kind == bindparam("of_kind"), timer_table.c.lane_id == bindparam("of_id")
)
_ALL_OF_LANE = (
    select(timer_table)
    .where(timer_table.c.lane_kind == bindparam("of_kind"), timer_table.c.lane_id == bindparam("of_id"))
    .order_by(timer_table.c.due_at, timer_table.c.id)
)


def _due(whose: ColumnElement[bool]) -> Select[Any]:
    holds = or_(timer_table.c.purpose.is_(None), consents.given(timer_table.c.lane_id, timer_table.c.purpose))
    return (
        select(timer_table, holds.label("holds"))
        .where(timer_table.c.due_at <= bindparam("now"), whose)
        .order_by(timer_table.c.due_at, timer_table.c.id)
        .limit(bindparam("page"))
        .with_for_update(skip_locked=True, of=timer_table)
    )


_DUE_OF_CASES = _due(timer_table.c.lane_kind == LaneKind.CASE.value)
_DUE_OF_OTHERS = _due(timer_table.c.lane_kind != LaneKind.CASE.value)
_DELETE = delete(timer_table).where(timer_table.c.id.in_(bindparam("ids", expanding=True)))
_NEXT = select(func.min(timer_table.c.due_at))


async def put(unit: Unit, timers: Sequence[Timer], *, now: datetime) -> None:
    """Set timers; one of the same lane and kind is replaced. People forgotten in this unit get none."""
    wanted = {(one.lane, one.kind): one for one in timers if not _is_forgotten(unit, one.lane)}
    keys = await unit.keyring.keys_for({owner.of_lane(one.lane) for one in wanted.values()})
    if wanted:
        await unit.change(_PUT, [_new(unit, one, keys, now) for one in wanted.values()])


async def cancel(unit: Unit, lane: Lane, kinds: Collection[str]) -> None:
    """Drop the timers of these kinds in a lane."""
    if kinds:
        values = {"of_kind": lane.kind.value, "of_id": lane.id, "kinds": padded(sorted(kinds))}
        await unit.change(_CANCEL, values)


async def of_lane(unit: Unit, lane: Lane) -> Mapping[str, datetime]:
    """When each timer of a lane is due, by its kind."""
    rows = await unit.fetch(_OF_LANE, {"of_kind": lane.kind.value, "of_id": lane.id})
    return {row.kind: from_ms(row.due_at) for row in rows}


async def all_of_lane(unit: Unit, lane: Lane) -> list[Timer]:
    """The timers of a lane with their values opened, the next one first."""
    rows = await unit.fetch(_ALL_OF_LANE, {"of_kind": lane.kind.value, "of_id": lane.id})
    name = owner.of_lane(lane)
    keys = await unit.keyring.keys_for([name]) if rows else {}
    return [_timer(row, keys) for row in rows]


async def move_due(unit: Unit, *, now: datetime, limit: int, of_cases: int) -> int:
    """Turn due timers into inbox rows, the longest overdue first; how many were due. Their bodies: `read`.

    First up to `of_cases` of those that somebody's request for help hangs on, then up to `limit` of all others. One
    whose consent was taken back meanwhile only goes.
    """
    rows = [
        row
        for statement, page in ((_DUE_OF_CASES, of_cases), (_DUE_OF_OTHERS, limit))
        if page > 0
        for row in await unit.fetch(statement, {"now": to_ms(now), "page": page})
    ]
    if not rows:
        return 0
    keys = await unit.keyring.keys_for({owner.of_lane(_lane(row)) for row in rows})
    await inbox.add(unit, [_event(row, keys) for row in rows if row.holds], now=now)
    await unit.change(_DELETE, {"ids": padded([row.id for row in rows])})
    return len(rows)


async def next_due(unit: Unit) -> datetime | None:
    """When the next timer is due."""
    value = (await unit.fetch(_NEXT))[0][0]
    return None if value is None else from_ms(value)


def read(body: bytes) -> Timer:
    """The timer in the body of an inbox row of origin TIMER. Raises Unopenable."""
    return codec.timer_from_bytes(body)


def _is_forgotten(unit: Unit, lane: Lane) -> bool:
    return lane.kind is LaneKind.PERSON and lane.id in unit.forgotten


def _new(unit: Unit, one: Timer, keys: Mapping[str, Key], now: datetime) -> dict[str, Any]:
    id_, name = unit.ids.ordered(now), owner.of_lane(one.lane)
    values = codec.values_to_bytes(one.values) if one.values else None
    sealed = None if values is None else unit.seal(values, keys[name], place=_place(id_, name))
    return {
        "id": id_,
        "lane_kind": one.lane.kind.value,
        "lane_id": one.lane.id,
        "kind": one.kind,
        "due_at": to_ms(one.due_at),
        "version": one.version,
        "values_sealed": sealed,
        "purpose": one.purpose,
    }


def _event(row: Any, keys: Mapping[str, Key]) -> NewInbox:
    """The inbox row of a due timer."""
    timer = _timer(row, keys)
    return NewInbox(
        lane=timer.lane,
        origin=Origin.TIMER,
        external_id=f"{row.id}:{row.version}",
        body=codec.timer_to_bytes(timer),
    )


def _timer(row: Any, keys: Mapping[str, Key]) -> Timer:
    lane = _lane(row)
    return Timer(
        lane=lane,
        kind=row.kind,
        due_at=from_ms(row.due_at),
        version=row.version,
        values=values_of(row, keys.get(owner.of_lane(lane))),
        purpose=row.purpose,
    )


def values_of(row: Any, key: Key | None) -> Mapping[str, str]:
    """What a row holds sealed; nothing where it can't be opened."""
    if row.values_sealed is None or key is None:
        return {}
    try:
        return codec.values_from_bytes(
            key.opened(row.values_sealed, place=_place(row.id, owner.of_lane(_lane(row))))
        )
    except Unopenable:
        log.warning("a timer's values can't be read", extra={"action": "timer.unreadable", "row": row.id})
        return {}


def _lane(row: Any) -> Lane:
    return Lane(kind=LaneKind(row.lane_kind), id=row.lane_id)


def _place(row_id: int, name: str) -> bytes:
    return place_of("timer.values_sealed", row=row_id, owner=name)

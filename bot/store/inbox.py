"""The inbox: what happened and waits to be handled, each event once, each lane in order.

A body is sealed under the key of the day it came, or of the name that its person types just then. A redelivery is known
by its tag, which outlives the body by the retention of tags. Called by receive, process, tick and whoever reaches
another lane.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Select, bindparam, exists, func, select, update

from bot.model.queue import DeadLetter, InboxRow, Lane, LaneKind, NewInbox, Origin
from bot.store import dead, owner
from bot.store.crypto import Key, place_of
from bot.store.errors import Unopenable
from bot.store.link import PerDialect
from bot.store.moment import day_of, from_ms, to_ms
from bot.store.padded import padded
from bot.store.tables import inbox
from bot.store.unit import Unit
from bot.store.upsert import for_both

_ADD = for_both(
    inbox, lambda insert: insert.on_conflict_do_nothing(index_elements=[inbox.c.tag]).returning(inbox.c.id)
)


def _ready() -> Select[Any]:
    """Open rows that are due and are the first open row of their lane: who waits longest first."""
    earlier = inbox.alias("earlier")
    waits = exists().where(
        earlier.c.handled_at.is_(None),
        earlier.c.lane_kind == inbox.c.lane_kind,
        earlier.c.lane_id == inbox.c.lane_id,
        earlier.c.id < inbox.c.id,
    )
    return (
        select(
            inbox.c.id,
            inbox.c.lane_kind,
            inbox.c.lane_id,
            inbox.c.origin,
            inbox.c.day,
            inbox.c.body,
            inbox.c.attempts,
            inbox.c.received_at,
            inbox.c.due_at,
            inbox.c.draft,
        )
        .where(inbox.c.handled_at.is_(None), inbox.c.due_at <= bindparam("now"), ~waits)
        .order_by(inbox.c.due_at, inbox.c.id)
        .limit(bindparam("page"))
    )


def _ready_and_ours() -> Select[Any]:
    """The same among several workers: rows and lanes that somebody works on are passed over.

    The lane is locked too: a row of it may appear below one that another worker has already taken.
    """
    ready = _ready().with_for_update(skip_locked=True).cte("ready")
    lane = func.hashtext(ready.c.lane_kind), func.hashint8(ready.c.lane_id)
    ours = func.pg_try_advisory_xact_lock(*lane, type_=Boolean)
    return select(ready).where(ours).order_by(ready.c.due_at, ready.c.id)


_CLAIM = PerDialect(sqlite=_ready(), postgresql=_ready_and_ours())
_FINISH = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(handled_at=bindparam("now"), body=None, draft=None)
)
_POSTPONE = (
    update(inbox)
    .where(inbox.c.id == bindparam("which"), inbox.c.handled_at.is_(None))
    .values(attempts=bindparam("tried"), due_at=bindparam("until"))
)
_EXPIRED = (
    select(inbox)
    .where(inbox.c.handled_at.is_(None), inbox.c.received_at < bindparam("before"))
    .order_by(inbox.c.id)
    .with_for_update(skip_locked=True)
)
_WAITING = (
    select(inbox.c.lane_id)
    .where(
        inbox.c.handled_at.is_(None),
        inbox.c.lane_kind == LaneKind.PERSON.value,
        inbox.c.lane_id.in_(bindparam("ids", expanding=True)),
    )
    .distinct()
)
_HURRY = (
    update(inbox)
    .where(
        inbox.c.handled_at.is_(None),
        inbox.c.lane_kind == LaneKind.PERSON.value,
        inbox.c.lane_id.in_(bindparam("ids", expanding=True)),
        inbox.c.due_at > bindparam("now"),
        inbox.c.attempts == 0,
    )
    .values(due_at=bindparam("now"))
)
_FIRED = select(func.count()).select_from(
    select(inbox.c.id)
    .where(
        inbox.c.handled_at.is_(None),
        inbox.c.due_at <= bindparam("now"),
        inbox.c.origin == Origin.TIMER.value,
    )
    .limit(bindparam("page"))
    .subquery()
)
_DEPTH = select(func.count()).where(inbox.c.handled_at.is_(None))
_NEXT_DUE = select(func.min(inbox.c.due_at)).where(inbox.c.handled_at.is_(None))


async def add(unit: Unit, rows: Sequence[NewInbox], *, now: datetime) -> frozenset[int]:
    """Store events; the positions of those that were new. What is known by its tag is left as it is."""
    if not rows:
        return frozenset()
    day = day_of(now)
    drafts = {owner.of_draft(row.draft) for row in rows if row.draft is not None}
    keys = await unit.keyring.keys_for([owner.of_day(day)], create_on=day)
    keys = {**keys, **(await unit.keyring.keys_for(drafts) if drafts else {})}
    ids = [unit.ids.ordered(now) for _ in rows]
    values = [_new(unit, row, id_=id_, keys=keys, now=now) for id_, row in zip(ids, rows, strict=True)]
    added = {row.id for row in await unit.fetch(_ADD, values)}
    return frozenset(position for position, id_ in enumerate(ids) if id_ in added)


async def claim(unit: Unit, *, now: datetime, limit: int) -> list[InboxRow]:
    """Up to `limit` due rows, the first open one of each lane; ours until the unit ends."""
    return await _with_bodies(unit, await unit.fetch(_CLAIM, {"now": to_ms(now), "page": limit}))


async def finish(unit: Unit, ids: Sequence[int], *, now: datetime) -> None:
    """These rows are handled: their bodies go, their tags stay."""
    if ids:
        await unit.change(_FINISH, {"ids": padded(ids), "now": to_ms(now)})


async def postpone(unit: Unit, row_id: int, *, attempts: int, until: datetime) -> None:
    """Try this row again later; its lane waits for it."""
    await unit.change(_POSTPONE, {"which": row_id, "tried": attempts, "until": to_ms(until)})


async def hurry(unit: Unit, person_ids: Sequence[int], *, now: datetime) -> None:
    """What was put off of these people is due now, so that nothing urgent waits behind it."""
    if person_ids:
        await unit.change(_HURRY, {"ids": padded(person_ids), "now": to_ms(now)})


async def bury(unit: Unit, letters: Sequence[DeadLetter]) -> None:
    """Give rows up: each becomes a dead letter, and its lane goes on."""
    if letters:
        await dead.write(unit, letters)
        await finish(unit, [letter.row_id for letter in letters], now=max(one.died_at for one in letters))


async def expired(unit: Unit, *, before: datetime) -> list[InboxRow]:
    """Open rows that came before a moment: for burying, and to tell whoever wrote them."""
    return await _with_bodies(unit, await unit.fetch(_EXPIRED, {"before": to_ms(before)}))


async def waiting(unit: Unit, person_ids: Sequence[int]) -> frozenset[int]:
    """Which of these people have an open row."""
    rows = await unit.fetch(_WAITING, {"ids": padded(person_ids)}) if person_ids else ()
    return frozenset(row.lane_id for row in rows)


async def fired(unit: Unit, *, now: datetime, limit: int) -> int:
    """How many timers wait to be handled now; beyond `limit` nobody counts."""
    return int((await unit.fetch(_FIRED, {"now": to_ms(now), "page": limit}))[0][0])


async def depth(unit: Unit) -> int:
    """How many rows are open."""
    return int((await unit.fetch(_DEPTH))[0][0])


async def next_due(unit: Unit) -> datetime | None:
    """When the open row that waits longest became, or becomes, due; none if nothing is open."""
    value = (await unit.fetch(_NEXT_DUE))[0][0]
    return None if value is None else from_ms(value)


def place(row_id: int, name: str) -> bytes:
    """Where the body of an event stands sealed, under the key of that name; a dead letter keeps it as it was."""
    return place_of("inbox.body", row=row_id, owner=name)


def owner_of(row: Any) -> str:
    """Whose key the body of a row is under."""
    return _owner(row.draft, date.fromordinal(row.day))


def _owner(draft: int | None, day: date) -> str:
    return owner.of_day(day) if draft is None else owner.of_draft(draft)


def _new(unit: Unit, row: NewInbox, *, id_: int, keys: Mapping[str, Key], now: datetime) -> dict[str, Any]:
    """A row that belongs to nobody is a lane of its own; one whose draft is over is words like any other."""
    day, ms = day_of(now), to_ms(now)
    draft = row.draft if row.draft is not None and owner.of_draft(row.draft) in keys else None
    name = _owner(draft, day)
    return {
        "id": id_,
        "lane_kind": row.lane.kind.value,
        "lane_id": id_ if row.lane.kind is LaneKind.NOBODY else row.lane.id,
        "origin": row.origin.value,
        "tag": unit.tag(owner.of_events(row.origin), unit.bot, row.external_id),
        "day": day.toordinal(),
        "draft": draft,
        "body": unit.seal(row.body, keys[name], place=place(id_, name)),
        "attempts": 0,
        "due_at": to_ms(row.due_at) if row.due_at else ms,
        "received_at": ms,
    }


async def _with_bodies(unit: Unit, found: Sequence[Any]) -> list[InboxRow]:
    keys = await unit.keyring.keys_for({owner_of(row) for row in found})
    return [_row(row, opened(row, keys.get(owner_of(row)))) for row in found]


def _row(row: Any, body: bytes | None) -> InboxRow:
    """What is held of a person's is theirs where it is given up: it is claimed only once it is held no more."""
    kind = LaneKind(row.lane_kind)
    return InboxRow(
        id=row.id,
        lane=Lane(kind=LaneKind.PERSON if kind is LaneKind.HELD else kind, id=row.lane_id),
        origin=Origin(row.origin),
        body=body,
        attempts=row.attempts,
        received_at=from_ms(row.received_at),
    )


def opened(row: Any, key: Key | None) -> bytes | None:
    """The body of a row; None if nobody can open it any more."""
    if key is None or row.body is None:
        return None
    try:
        return key.opened(row.body, place=place(row.id, owner_of(row)))
    except Unopenable:
        return None

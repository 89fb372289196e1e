"""Notices on their way: paused, resumed and cancelled by any organizer. Each move is one conditional UPDATE.

The words are sealed under the service key, for nobody is meant by them. How a notice comes to be is in `notice_drafts`,
everybody's copy in `copies`. It is looked at again when `look_at` says so: whoever takes it in hand puts that off
first, so that a crash costs a minute.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, func, select, update

from bot.model.notice import FOLLOWS, Notice, NoticeContent, Stage
from bot.store import codec, owner
from bot.store.crypto import place_of
from bot.store.moment import from_ms, maybe_ms, to_ms
from bot.store.tables import notice as notice_table
from bot.store.tables import notice_purpose
from bot.store.unit import Unit

LEASE: Final = timedelta(minutes=1)  # after which a look that came to nothing is taken again

_WHICH: Final = notice_table.c.id == bindparam("which")
_IS_DRAFT: Final = notice_table.c.stage == Stage.DRAFT.value
_ONE: Final = select(notice_table).where(_WHICH)
_RUNNING: Final = (
    select(notice_table).where(~_IS_DRAFT, notice_table.c.ended_at.is_(None)).order_by(notice_table.c.id)
)
_LATEST: Final = (
    select(notice_table)
    .where(~_IS_DRAFT, notice_table.c.content_sealed.is_not(None))
    .order_by(notice_table.c.id.desc())
    .limit(bindparam("page"))
)
_PURPOSES: Final = select(notice_purpose).where(
    notice_purpose.c.notice_id.in_(bindparam("ids", expanding=True))
)
_MOVE: Final = (
    update(notice_table)
    .where(_WHICH, notice_table.c.stage == bindparam("before"))
    .values(stage=bindparam("after"), look_at=bindparam("next_look"), changed_at=bindparam("now"))
)
_LOOK: Final = update(notice_table).where(_WHICH).values(look_at=bindparam("next_look"))
_DUE: Final = (
    select(notice_table.c.id, notice_table.c.look_at)
    .where(notice_table.c.look_at <= bindparam("now"))
    .with_for_update(skip_locked=True)
)
_NEXT: Final = select(func.min(notice_table.c.look_at))
_END: Final = (
    update(notice_table)
    .where(_WHICH, notice_table.c.stage == bindparam("before"), notice_table.c.ended_at.is_(None))
    .values(stage=bindparam("after"), ended_at=bindparam("now"), over_at=bindparam("over"), look_at=None)
)
_WIPE: Final = (
    update(notice_table)
    .where(
        notice_table.c.content_sealed.is_not(None),
        notice_table.c.over_at < bindparam("before"),
    )
    .values(content_sealed=None)
)


async def load(unit: Unit, notice_id: int) -> Notice | None:
    """One notice, wherever it is."""
    found = await read(unit, await unit.fetch(_ONE, {"which": notice_id}))
    return found[0] if found else None


async def running(unit: Unit) -> list[Notice]:
    """Those that are approved and whose copies have not all their fate, the oldest first."""
    return await read(unit, await unit.fetch(_RUNNING))


async def latest(unit: Unit, *, limit: int) -> list[Notice]:
    """Those whose words are still kept, the newest first; without drafts."""
    return await read(unit, await unit.fetch(_LATEST, {"page": limit}))


async def content_of(unit: Unit, notice_id: int) -> NoticeContent | None:
    """What it says; None if that was never written, or is wiped."""
    rows = await unit.fetch(_ONE, {"which": notice_id})
    if not rows or rows[0].content_sealed is None:
        return None
    key = (await unit.keyring.keys_for([owner.SERVICE]))[owner.SERVICE]
    return codec.notice_from_bytes(key.opened(rows[0].content_sealed, place=place(notice_id)))


async def move(unit: Unit, one: Notice, stage: Stage, *, now: datetime) -> Notice | None:
    """Take it to the next stage, and have it looked at. None where that does not follow, or it is elsewhere by now."""
    if stage not in FOLLOWS[one.stage]:
        return None
    values = {"which": one.id, "before": one.stage.value, "after": stage.value, "now": to_ms(now)}
    values["next_look"] = to_ms(now)
    return replace(one, stage=stage) if await unit.change(_MOVE, values) else None


async def end(unit: Unit, one: Notice, *, over_at: datetime, now: datetime) -> bool:
    """Every copy has its fate. `over_at`: when what it is about is past. False where that was noted already."""
    stage = Stage.CANCELLED if one.stage is Stage.CANCELLED else Stage.DONE
    values = {"which": one.id, "before": one.stage.value, "after": stage.value}
    values |= {"now": to_ms(now), "over": to_ms(over_at)}
    return bool(await unit.change(_END, values))


async def due(unit: Unit, *, now: datetime) -> list[int]:
    """The notices to be looked at now. They are due again after `LEASE`, if nobody says otherwise meanwhile."""
    ids = [row.id for row in await unit.fetch(_DUE, {"now": to_ms(now)})]
    if ids:
        await unit.change(_LOOK, [{"which": id_, "next_look": to_ms(now + LEASE)} for id_ in ids])
    return ids


async def look_again(unit: Unit, notice_id: int, *, at: datetime | None) -> None:
    """When it is to be looked at next; None: only if somebody moves it."""
    await unit.change(_LOOK, {"which": notice_id, "next_look": maybe_ms(at)})


async def next_look(unit: Unit) -> datetime | None:
    """When the next notice is to be looked at."""
    value = (await unit.fetch(_NEXT))[0][0]
    return None if value is None else from_ms(value)


async def wipe(unit: Unit, *, before: datetime) -> int:
    """Wipe the words of notices that were past by then; how many."""
    return await unit.change(_WIPE, {"before": to_ms(before)})


async def read(unit: Unit, rows: Sequence[Any]) -> list[Notice]:
    """The notices in rows of their table."""
    ids = [row.id for row in rows]
    aimed = await unit.fetch(_PURPOSES, {"ids": ids}) if ids else ()
    return [
        Notice(
            id=row.id,
            author=row.author,
            stage=Stage(row.stage),
            topic=row.topic,
            purposes=frozenset(one.purpose for one in aimed if one.notice_id == row.id),
            is_emergency=bool(row.is_emergency),
            corrects=row.corrects,
            send_at=_moment(row.send_at),
            useless_after=_moment(row.useless_after),
            ended_at=_moment(row.ended_at),
            serial=row.serial or 0,
        )
        for row in rows
    ]


def _moment(value: int | None) -> datetime | None:
    return None if value is None else from_ms(value)


def place(notice_id: int) -> bytes:
    """Where the words of a notice stand sealed."""
    return place_of("notice.content_sealed", row=notice_id, owner=owner.SERVICE)

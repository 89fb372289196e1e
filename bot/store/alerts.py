"""When each kind of alert was raised last: at most once in its time, whichever worker notices."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, select

from bot.model.person import Platform
from bot.store.moment import to_ms
from bot.store.tables import alert as alert_table
from bot.store.unit import Unit
from bot.store.upsert import for_both

EVERY: Final = timedelta(hours=1)

_RAISE = for_both(
    alert_table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[alert_table.c.kind],
        set_={"raised_at": insert.excluded.raised_at},
        where=alert_table.c.raised_at <= bindparam("before"),
    ).returning(alert_table.c.kind),
)
_PUT_RIGHT = delete(alert_table).where(alert_table.c.kind == bindparam("which"))
_SINCE = (
    select(alert_table.c.kind)
    .where(alert_table.c.raised_at > bindparam("since"))
    .order_by(alert_table.c.raised_at.desc(), alert_table.c.kind)
)


def name_of(kind: str, about: Platform | None = None) -> str:
    """What a kind of alert is remembered as; one about a platform comes for each of them."""
    return f"{kind}/{about.value}" if about else kind


async def raise_one(unit: Unit, kind: str, *, now: datetime, every: timedelta = EVERY) -> bool:
    """Whether this kind of alert is due; it is raised then, and not again before that time is over."""
    values = {"kind": kind, "raised_at": to_ms(now), "before": to_ms(now - every)}
    return bool(await unit.fetch(_RAISE, values))


async def kinds_since(unit: Unit, moment: datetime) -> list[str]:
    """Which kinds of alert were raised since then, the newest first; one about two platforms is one."""
    names = [row.kind for row in await unit.fetch(_SINCE, {"since": to_ms(moment)})]
    return list(dict.fromkeys(name.partition("/")[0] for name in names))


async def put_right(unit: Unit, name: str) -> bool:
    """What was told of is over: should it come again, it is told at once. Whether it was told of."""
    return await unit.change(_PUT_RIGHT, {"which": name}) > 0

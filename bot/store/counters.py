"""Counts per day, of events and never of people. Added in the transaction that made them true."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import bindparam, func, select

from bot.store.tables import counter
from bot.store.unit import Unit
from bot.store.upsert import for_both

_ADD = for_both(
    counter,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[counter.c.name, counter.c.day],
        set_={"value": counter.c.value + insert.excluded.value},
    ),
)
_OF_DAY = select(counter.c.name, counter.c.value).where(counter.c.day == bindparam("which"))

_FROM = select(counter).where(counter.c.day >= bindparam("which"))
_SINCE = (
    select(counter.c.name, func.sum(counter.c.value).label("value"))
    .where(counter.c.day >= bindparam("which"))
    .group_by(counter.c.name)
)


async def count(unit: Unit, deltas: Mapping[str, int], *, today: date) -> None:
    """Add to today's counters; ask for it last, on PostgreSQL their rows stay locked until the commit."""
    day = today.toordinal()
    rows = [{"name": name, "day": day, "value": deltas[name]} for name in sorted(deltas)]
    if rows:
        await unit.change(_ADD, rows)


async def of_day(unit: Unit, day: date) -> dict[str, int]:
    """The counters of one day."""
    return {row.name: row.value for row in await unit.fetch(_OF_DAY, {"which": day.toordinal()})}


async def by_day(unit: Unit, day: date) -> list[tuple[date, str, int]]:
    """The counters of that day and of all days after it, each with its day."""
    rows = await unit.fetch(_FROM, {"which": day.toordinal()})
    return [(date.fromordinal(row.day), row.name, row.value) for row in rows]


async def since(unit: Unit, day: date) -> dict[str, int]:
    """The counters of that day and of all days after it, added up."""
    return {row.name: int(row.value) for row in await unit.fetch(_SINCE, {"which": day.toordinal()})}

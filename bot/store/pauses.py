"""What is paused, until when: a platform that is down or that told us to wait. Read by the outbox's claim."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from bot.store.moment import from_ms, to_ms
from bot.store.tables import pause as pause_table
from bot.store.unit import Unit
from bot.store.upsert import for_both

_PUT = for_both(
    pause_table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[pause_table.c.scope],
        set_={"until": insert.excluded.until, "reason": insert.excluded.reason},
    ),
)
_DELETE = delete(pause_table).where(pause_table.c.scope == bindparam("which"))
_ACTIVE = select(pause_table).where(pause_table.c.until > bindparam("now"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """One pause: `scope` is a platform's name, `reason` a short fixed word."""

    scope: str
    until: datetime
    reason: str


async def pause(unit: Unit, scope: str, *, until: datetime, reason: str) -> None:
    """Hold `scope` back until then; a pause of the same scope is replaced."""
    await unit.change(_PUT, {"scope": scope, "until": to_ms(until), "reason": reason})


async def resume(unit: Unit, scope: str) -> None:
    """End a pause before its time."""
    await unit.change(_DELETE, {"which": scope})


async def active(unit: Unit, *, now: datetime) -> dict[str, Pause]:
    """The pauses that hold now, by their scope."""
    return {
        row.scope: Pause(scope=row.scope, until=from_ms(row.until), reason=row.reason)
        for row in await unit.fetch(_ACTIVE, {"now": to_ms(now)})
    }

"""What is held back, until when: a platform that is down or told us to wait, or the whole bot by its organizers.

Read by the outbox's claim; `EVERYTHING` by every batch of turns, `SEALED` at start and by the ticker. These two hold
until somebody ends them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import bindparam, delete, select

from bot.store.link import Channel
from bot.store.moment import from_ms, to_ms
from bot.store.tables import pause as pause_table
from bot.store.upsert import for_both

EVERYTHING: Final = "everything"
SEALED: Final = "sealed"
FLOOD: Final = "flood"  # why a platform is held: too much at once; over by itself, mostly at once
CHALLENGED: Final = "challenged"  # it wants a riddle solved, which ends it
FOREVER: Final = datetime(9999, 1, 1, tzinfo=UTC)

_PUT = for_both(
    pause_table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[pause_table.c.scope],
        set_={"until": insert.excluded.until, "reason": insert.excluded.reason},
        where=pause_table.c.until <= insert.excluded.until,
    ),
)
_DELETE = delete(pause_table).where(pause_table.c.scope == bindparam("which"))
_HOLDS = select(pause_table.c.reason).where(pause_table.c.scope == bindparam("which"))
_ACTIVE = select(pause_table).where(pause_table.c.until > bindparam("now"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """One pause: `scope` is a platform's name, `reason` a short fixed word."""

    scope: str
    until: datetime
    reason: str


async def pause(unit: Channel, scope: str, *, until: datetime, reason: str) -> None:
    """Hold `scope` back until then; a pause of the same scope that lasts longer stays as it is."""
    await unit.change(_PUT, {"scope": scope, "until": to_ms(until), "reason": reason})


async def hold(unit: Channel, scope: str, *, reason: str) -> None:
    """Hold `EVERYTHING`, or have the bot be `SEALED`, until somebody ends it."""
    await pause(unit, scope, until=FOREVER, reason=reason)


async def held(unit: Channel, scope: str) -> str | None:
    """Why a scope that has no time of its own is held; None if it is not."""
    rows = await unit.fetch(_HOLDS, {"which": scope})
    return str(rows[0].reason) if rows else None


async def resume(unit: Channel, scope: str) -> None:
    """End a pause before its time."""
    await unit.change(_DELETE, {"which": scope})


async def active(unit: Channel, *, now: datetime) -> dict[str, Pause]:
    """The pauses that hold now, by their scope."""
    return {
        row.scope: Pause(scope=row.scope, until=from_ms(row.until), reason=row.reason)
        for row in await unit.fetch(_ACTIVE, {"now": to_ms(now)})
    }

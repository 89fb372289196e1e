"""How the bot does, from what its tables know: figures for organizers. Nothing here is about anybody.

Every worker sees the same, because nothing of it is asked of one process. Called by the desk.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, exists, func, select

from bot.model.person import Platform
from bot.model.queue import Cause
from bot.store.departure import held
from bot.store.moment import from_ms, to_ms
from bot.store.tables import address, dead_letter, inbox, outbox, pause, timer
from bot.store.unit import Unit

SWEPT: Final = "swept_at"  # the memo of the last sweep, by whichever worker

_HEARD = (
    select(inbox.c.origin, func.max(inbox.c.received_at).label("at"))
    .where(inbox.c.origin.in_([platform.value for platform in Platform]))
    .group_by(inbox.c.origin)
)
_LATE = select(func.count()).where(timer.c.due_at <= bindparam("before"))
_CAUSES = select(dead_letter.c.cause, func.count().label("letters")).group_by(dead_letter.c.cause)

_PLATFORM = func.coalesce(address.c.platform, outbox.c.platform)
_WAITING = (
    select(func.count())
    .select_from(outbox)
    .outerjoin(address, address.c.id == outbox.c.address_id)
    .where(bindparam("on") == _PLATFORM, outbox.c.notice_id.is_(None))
)
_OVERDUE = (
    select(func.min(outbox.c.due_at))
    .select_from(outbox)
    .outerjoin(address, address.c.id == outbox.c.address_id)
    .where(
        ~outbox.c.sending,
        outbox.c.notice_id.is_(None),
        ~held(),
        ~exists().where(pause.c.scope == _PLATFORM, pause.c.until > bindparam("now")),
    )
)


async def last_heard(unit: Unit) -> Mapping[Platform, datetime]:
    """When something last came from each platform, as far back as events are remembered."""
    return {Platform(row.origin): from_ms(row.at) for row in await unit.fetch(_HEARD)}


async def late_timers(unit: Unit, *, before: datetime) -> int:
    """How many moments were due before this one and have not been seen to."""
    return int((await unit.fetch(_LATE, {"before": to_ms(before)}))[0][0])


async def given_up(unit: Unit) -> Mapping[Cause, int]:
    """How many dead letters there are of each cause."""
    found = {row.cause: int(row.letters) for row in await unit.fetch(_CAUSES)}
    return {cause: found.get(cause, 0) for cause in Cause}


async def waiting(unit: Unit, platform: Platform) -> int:
    """How many calls to a platform wait or are on their way, without copies of notices."""
    return int((await unit.fetch(_WAITING, {"on": platform.value}))[0][0])


async def oldest_held_up(unit: Unit, *, now: datetime) -> datetime | None:
    """When the call that waits longest became, or becomes, due; what a paused platform would not take is not late."""
    value = (await unit.fetch(_OVERDUE, {"now": to_ms(now)}))[0][0]
    return None if value is None else from_ms(value)

"""All open cases at once: who has how many, which still wait for somebody, and which nothing would ever wake again.

Asked by matching, by whoever comes on duty, by the watch and for the gauges. Nothing here says who is behind a case.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, exists, func, or_, select, union_all

from bot.model.case import HELD, Case, CaseState, OfferState
from bot.model.queue import LaneKind
from bot.store.cases import read
from bot.store.moment import to_ms
from bot.store.padded import padded
from bot.store.tables import address, inbox, offer, role, timer
from bot.store.tables import case as case_table
from bot.store.unit import Unit

_LANE: Final = LaneKind.CASE.value
_IS_OPEN = case_table.c.closed_on.is_(None)
_BUSY = (
    select(case_table.c.volunteer_id, func.count().label("cases"))
    .where(_IS_OPEN, case_table.c.volunteer_id.is_not(None))
    .group_by(case_table.c.volunteer_id)
)
_CLAIMED_SINCE = union_all(
    select(case_table.c.volunteer_id).where(
        case_table.c.volunteer_id.is_not(None), case_table.c.claimed_at > bindparam("since")
    ),
    select(offer.c.volunteer_id).where(
        offer.c.state == OfferState.GIVEN_BACK.value, offer.c.offered_at > bindparam("since")
    ),
).subquery()
_TAKEN = (
    select(_CLAIMED_SINCE.c.volunteer_id)
    .group_by(_CLAIMED_SINCE.c.volunteer_id)
    .having(func.count() >= bindparam("limit"))
)
_HELPED = select(case_table.c.person_id).where(_IS_OPEN, case_table.c.volunteer_id == bindparam("who"))
_ON_A_LINE = select(case_table.c.person_id, case_table.c.volunteer_id).where(
    case_table.c.state.in_(sorted(HELD)),
    or_(
        case_table.c.person_id.in_(bindparam("ids", expanding=True)),
        case_table.c.volunteer_id.in_(bindparam("ids", expanding=True)),
    ),
)
_WAITING = (
    select(case_table)
    .where(_IS_OPEN, case_table.c.state.not_in(sorted(HELD)))
    .order_by(case_table.c.opened_at, case_table.c.id)
)
_HELD = (
    select(case_table)
    .where(_IS_OPEN, case_table.c.state.in_(sorted(HELD)))
    .order_by(case_table.c.claimed_at, case_table.c.id)
)
_ADRIFT = (
    select(case_table)
    .where(
        _IS_OPEN,
        ~exists().where(timer.c.lane_kind == _LANE, timer.c.lane_id == case_table.c.id),
        ~exists().where(
            inbox.c.handled_at.is_(None), inbox.c.lane_kind == _LANE, inbox.c.lane_id == case_table.c.id
        ),
    )
    .order_by(case_table.c.opened_at, case_table.c.id)
)
_IS_THERE = (
    exists()
    .where(
        address.c.person_id == case_table.c.volunteer_id,
        address.c.reachable,
        role.c.person_id == address.c.person_id,
    )
    .correlate(case_table)
)
_DESERTED = (
    select(case_table)
    .where(_IS_OPEN, case_table.c.state.in_(sorted(HELD)), ~_IS_THERE)
    .order_by(case_table.c.opened_at, case_table.c.id)
)
_STANDING = (
    select(case_table.c.state, func.count().label("cases")).where(_IS_OPEN).group_by(case_table.c.state)
)


async def busy(unit: Unit) -> Mapping[int, int]:
    """How many open cases each volunteer has; who has none is missing."""
    return {row.volunteer_id: row.cases for row in await unit.fetch(_BUSY)}


async def apart(unit: Unit, person_id: int) -> frozenset[int]:
    """Who can't be beside this person: they themselves, and whoever they are beside, who would know them again."""
    return frozenset({person_id} | {row.person_id for row in await unit.fetch(_HELPED, {"who": person_id})})


async def spent(unit: Unit, *, since: datetime, limit: int) -> frozenset[int]:
    """Who has taken `limit` cases or more since then, be they over by now or given back; of those, while they go on."""
    rows = await unit.fetch(_TAKEN, {"since": to_ms(since), "limit": limit})
    return frozenset(row.volunteer_id for row in rows)


async def waiting(unit: Unit) -> Sequence[Case]:
    """The open cases that nobody has, the one that waits longest first."""
    return [read(row) for row in await unit.fetch(_WAITING)]


async def held(unit: Unit) -> Sequence[Case]:
    """The open cases that somebody has, the one that was claimed first before the others."""
    return [read(row) for row in await unit.fetch(_HELD)]


async def adrift(unit: Unit) -> Sequence[Case]:
    """Open cases without a timer and without an event to come: what should have woken them was lost."""
    return [read(row) for row in await unit.fetch(_ADRIFT)]


async def deserted(unit: Unit) -> Sequence[Case]:
    """Cases whose volunteer is gone without a word: they blocked the bot, or have no role any more."""
    return [read(row) for row in await unit.fetch(_DESERTED)]


async def standing(unit: Unit) -> Mapping[CaseState, int]:
    """How many open cases there are in each state."""
    return {CaseState(row.state): row.cases for row in await unit.fetch(_STANDING)}


async def on_a_line(unit: Unit, person_ids: Sequence[int]) -> frozenset[int]:
    """Of these people, who is at either end of a case that somebody has; no statement where none are given."""
    if not person_ids:
        return frozenset()
    rows = await unit.fetch(_ON_A_LINE, {"ids": padded(person_ids)})
    return frozenset(one for row in rows for one in (row.person_id, row.volunteer_id)) & frozenset(person_ids)

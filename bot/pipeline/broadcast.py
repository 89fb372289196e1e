"""The lane of a notice: its copies are made, put into the outbox a few at a time, and in the end it is over.

Called by process for each row of such a lane; every look does a page and says when the next one is due. The outbox
holds no more of a notice than leaves in a moment, so that neither memory nor replies notice how many it is for. What
would come at night or on a day of rest waits for its end, copy by copy, unless it is an emergency.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.almanac import next_allowed
from bot.engine.event import Raised
from bot.model.notice import End, Fate, Notice, Stage
from bot.model.person import Platform, Role
from bot.store import copies, lanes, notices, roles
from bot.store.unit import Unit

DONE: Final = "notice_done"  # the prompt
PAGE: Final = 500  # copies a look
WINDOW: Final = 2_000  # copies of a notice in the outbox for one platform, what a second can take at best
ASIDE: Final = timedelta(seconds=30)
PACE: Final = timedelta(seconds=1)  # between two looks while some leave


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which platforms are served, and the zone (IANA) of whoever never said where they live."""

    platforms: Collection[Platform]
    zone: str


async def look(unit: Unit, notice_id: int, *, now: datetime, reach: Reach) -> None:
    """Do the next page, and say when to look again."""
    one = await notices.load(unit, notice_id)
    if one is None or one.stage is Stage.DRAFT or one.ended_at or one.useless_after is None:
        await notices.look_again(unit, notice_id, at=None)
        return
    if one.stage is Stage.APPROVED and one.send_at and one.send_at > now:
        await notices.look_again(unit, one.id, at=one.send_at)
        return
    is_late = one.useless_after <= now
    if one.stage is Stage.APPROVED:
        one = await notices.move(unit, one, Stage.SENDING, now=now) or one
    if one.stage is Stage.PAUSED and not is_late:
        await notices.look_again(unit, one.id, at=one.useless_after)
    elif one.corrects and not is_late and not await _is_over(unit, one.corrects, now=now):
        await notices.look_again(unit, one.id, at=now + PACE)
    elif await _go_on(unit, one, now=now, reach=reach, is_late=is_late):
        await notices.look_again(unit, one.id, at=now + notices.LEASE)
        await lanes.to_notice(unit, one.id, now=now)
    elif await copies.any_pending(unit, one.id):
        await notices.look_again(unit, one.id, at=await _next(unit, one, now=now))
    else:
        await _end(unit, one, now=now)


async def _go_on(unit: Unit, one: Notice, *, now: datetime, reach: Reach, is_late: bool) -> bool:
    """One page; whether there is another one at once. Who would have got what is late is counted too."""
    if one.stage is Stage.CANCELLED:
        return await copies.drop(unit, one.id, Fate.CANCELLED, limit=PAGE)
    more = await copies.spread(unit, one, limit=PAGE, now=now)
    if is_late:
        return await copies.drop(unit, one.id, Fate.LATE, limit=PAGE) or more
    return await _feed(unit, one, now=now, reach=reach) or more


async def _feed(unit: Unit, one: Notice, *, now: datetime, reach: Reach) -> bool:
    """Put some copies into the outbox, as there is room on their platform; whether there is room for more of them.

    One whose platform is full steps aside for a while, so that no platform waits for another.
    """
    there = await copies.in_outbox(unit, one.id, now=now)
    room = {platform: max(0, WINDOW - there.get(platform, 0)) for platform in reach.platforms}
    total = sum(room.values())
    limit = min(PAGE, total)
    if not limit:
        return False
    found = await copies.waiting(unit, one.id, limit=limit, now=now)
    addresses: dict[int, int] = {}
    later: defaultdict[datetime, list[int]] = defaultdict(list)
    unreachable = []
    for each in found:
        allowed = now if one.is_emergency else next_allowed(now, zone=each.zone or reach.zone)
        if each.address_id is None or each.platform is None:
            unreachable.append(End(notice_id=one.id, person_id=each.person_id, fate=Fate.BLOCKED))
        elif allowed > now:
            later[allowed].append(each.person_id)
        elif room.get(each.platform, 0) <= 0:
            later[now + ASIDE].append(each.person_id)
        else:
            room[each.platform] -= 1
            addresses[each.person_id] = each.address_id
    await copies.settle(unit, unreachable)
    await copies.enqueue(unit, one, addresses, now=now)
    for until, people in later.items():
        await copies.put_off(unit, one.id, people, until=until)
    return len(found) == limit < total and now + ASIDE not in later


async def _is_over(unit: Unit, first_id: int, *, now: datetime) -> bool:
    """Whether the notice that is corrected has reached all it will; what is left of it is not sent any more."""
    first = await notices.load(unit, first_id)
    if first is None or first.ended_at:
        return True
    await notices.move(unit, first, Stage.CANCELLED, now=now)
    return False


async def _next(unit: Unit, one: Notice, *, now: datetime) -> datetime:
    """When to look again: soon while some leave, else when the next may, which can be a whole night later."""
    if await copies.in_outbox(unit, one.id, now=now):
        return now + PACE
    moments = [one.useless_after, await copies.next_due(unit, one.id)]
    return min(
        [moment for moment in moments if moment is not None and moment > now], default=now + notices.LEASE
    )


async def _end(unit: Unit, one: Notice, *, now: datetime) -> None:
    """Every copy has its fate, and organizers hear of the report. What it is about may be still to come."""
    content = await notices.content_of(unit, one.id)
    starts_at = content.starts_at if content else None
    is_over = await notices.end(unit, one, over_at=max(now, starts_at or now), now=now)
    team = await roles.holders(unit, Role.ORGANIZER) if is_over else []
    told = Raised(flow=DONE, subject=str(one.id))
    await lanes.to_people(unit, [(person_id, told) for person_id in team], now=now)

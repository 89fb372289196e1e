"""A platform that nothing goes out on: how it is written down, and how one that wanted a riddle solved is let go on.

What stands in the table holds for every worker, and across a restart. Rows that were refused are due at once: it is
the pause that keeps them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.engine.alert import Alert, Alerted
from bot.model.person import Platform
from bot.pipeline import alerting
from bot.store import alerts, memo, pauses, vitals
from bot.store.unit import Unit

TRIED: Final = timedelta(
    minutes=5
)  # after a pause has ended by itself: a platform that wants more has said so


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A platform that nothing goes out on for a while; `riddle` as in a failure."""

    until: datetime
    reason: str
    riddle: str | None = None


def longest(before: Held | None, held: Held) -> Held:
    """Of two reasons to wait, the one that lasts."""
    return before if before and before.until > held.until else held


async def write(unit: Unit, held: Mapping[Platform, Held]) -> None:
    """Hold these platforms from the commit on; one that is held for longer stays so."""
    for platform, pause in held.items():
        await pauses.pause(unit, platform.value, until=pause.until, reason=pause.reason)
        if pause.riddle:
            await memo.put(unit, memo.riddle(platform), pause.riddle)


async def is_over(unit: Unit, platform: Platform, *, now: datetime) -> bool:
    """Whether a platform that wanted a riddle solved was tried again since, and took it."""
    if await memo.get(unit, memo.riddle(platform)) is None:
        return False
    return platform.value not in await pauses.active(unit, now=now - TRIED)


async def lift(unit: Unit, platform: Platform, *, now: datetime) -> int:
    """It takes messages again: what waited goes out, and organizers are told how much; how many calls that is."""
    if await pauses.held(unit, platform.value) == pauses.CHALLENGED:
        await pauses.resume(unit, platform.value)
    await memo.forget(unit, memo.riddle(platform))
    await alerts.put_right(unit, alerts.name_of(Alert.CHALLENGED, platform))
    count = await vitals.waiting(unit, platform)
    await alerts.raise_one(unit, alerts.name_of(Alert.SOLVED, platform), now=now, every=timedelta())
    await alerting.tell(unit, Alerted(alert=Alert.SOLVED, about=platform, count=count), now=now)
    return count

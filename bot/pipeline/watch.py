"""Watch: looks now and then whether something needs an organizer, and tells each of them by a turn of their own.

What is said has no variable in it and could stand on anybody's screen; at most one alert of a kind an hour, whichever
worker notices; what takes days to mend is said once a day, so that nobody mutes the rest. Run by the ticker.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.actions.doubt import doubted
from bot.engine.event import Alert, Alerted
from bot.model.case import HELD, Case, CaseEvent, Due, Freed, Opened, Why
from bot.model.person import Platform, Role
from bot.model.review import Review, expired
from bot.model.search import CLAIM
from bot.pipeline.ground import Ground
from bot.pipeline.retention import Retention
from bot.store import alerts, cards, caseload, dead, invites, lanes, pauses, roles
from bot.store.unit import Unit

FLOOD: Final = "flood"  # a pause for so short that it ends by itself
SWEEP_LATE: Final = timedelta(minutes=20)  # four sweeps that did not come
EVERY: Final[Mapping[Alert, timedelta]] = {
    Alert.CARDS: timedelta(days=1),
    Alert.INVITE: timedelta(days=1),
    Alert.DEAF: timedelta(days=1),
}  # where it is not an hour


class Watch:
    """Looks and tells. `is_deaf`: nobody has listened to a platform for a day."""

    def __init__(
        self,
        ground: Ground,
        retention: Retention,
        *,
        cards: Mapping[str, Review],
        is_deaf: Callable[[], bool] = lambda: False,
    ) -> None:
        self._on = ground
        self._is_deaf = is_deaf
        self._retention = retention
        self._cards = cards
        self._unreadable = 0

    async def look(self) -> None:
        """Raise the alerts that are due."""
        now = self._on.clock.now()
        async with self._on.db.reading() as reading:
            found = [alert async for alert in self._found(reading, now)]
            lost = [(case, _waking(case)) for case in await caseload.adrift(reading)]
            lost += [(case, _leaving(case)) for case in await caseload.deserted(reading)]
        if not found and not lost:
            return
        async with self._on.db.unit() as unit:
            for alert in found:
                every = EVERY.get(alert, alerts.EVERY)
                if await alerts.raise_one(unit, alert, now=now, every=every):
                    await _tell(unit, alert, now=now)
            for case, event in lost:
                await lanes.to_case(unit, case.id, event, now=now)
            await unit.commit()
        self._on.process.set()

    async def _found(self, reading: Unit, now: datetime) -> AsyncIterator[Alert]:
        newest = await dead.newest(reading, limit=1)
        if newest and newest[0].died_at > now - alerts.EVERY:
            yield Alert.GIVEN_UP
        standing = await pauses.active(reading, now=now)
        if any(one.scope in set(Platform) and one.reason != FLOOD for one in standing.values()):
            yield Alert.PLATFORM
        pulled = await cards.pulled(reading)
        if expired(self._cards, today=now.date(), pulled=pulled) or await doubted(reading, self._cards):
            yield Alert.CARDS
        if await invites.are_stale(reading, now=now):
            yield Alert.INVITE
        swept = self._retention.last_swept
        if swept and swept < now - SWEEP_LATE:
            yield Alert.SWEEP
        if self._is_deaf():
            yield Alert.DEAF
        unreadable, self._unreadable = self._unreadable, self._on.db.keyring.unreadable
        if self._unreadable > unreadable:
            yield Alert.KEYS


def _waking(case: Case) -> CaseEvent:
    """No case is left in limbo: what should have woken this one was lost, so it is looked at now."""
    return Due(timer=CLAIM, version=str(case.epoch)) if case.state in HELD else Opened()


def _leaving(case: Case) -> CaseEvent:
    """Its volunteer is gone without a word."""
    return Freed(epoch=case.epoch, why=Why.UNREACHABLE)


async def _tell(unit: Unit, alert: Alert, *, now: datetime) -> None:
    """Let the alert happen to each organizer."""
    holders = await roles.holders(unit, Role.ORGANIZER)
    await lanes.to_people(unit, [(person_id, Alerted(alert=alert)) for person_id in holders], now=now)

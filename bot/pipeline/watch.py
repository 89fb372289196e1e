"""Watch: looks now and then whether something needs an organizer, and tells each of them by a turn of their own.

What is said has no variable in it and could stand on anybody's screen; at most one alert of a kind an hour, whichever
worker notices; what takes days to mend is said once a day, so that nobody mutes the rest. Run by the ticker.
What is wrong with a platform is told on another one (`alerting`).
"""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.actions.doubt import doubted
from bot.engine.alert import Alert, Alerted
from bot.model.case import HELD, Case, CaseEvent, Due, Freed, Opened, Why
from bot.model.person import Platform
from bot.model.review import Review, expired
from bot.model.search import CLAIM
from bot.pipeline import alerting, holding, intake
from bot.pipeline.ground import Ground
from bot.pipeline.retention import Retention
from bot.store import alerts, cards, caseload, dead, invites, lanes, pauses
from bot.store.unit import Unit

LONG: Final = timedelta(minutes=10)  # a flood that is not over before anybody looks
SWEEP_LATE: Final = timedelta(minutes=20)  # four sweeps that did not come
HEARING: Final = timedelta(hours=6)
EVERY: Final[Mapping[Alert, timedelta]] = {
    Alert.CARDS: timedelta(days=1),
    Alert.INVITE: timedelta(days=1),
    Alert.CHALLENGED: timedelta(days=1),  # a new one is told at once: the one before was put right
    Alert.DEAF: HEARING,
    Alert.AWAY: HEARING,
    Alert.SPOOLER: HEARING,
    Alert.FULL: HEARING,
}  # where it is not an hour


class Watch:
    """Looks and tells. `intake`: what keeps Signal's messages from coming in, or `HEARD`; None if nobody here knows."""

    def __init__(
        self,
        ground: Ground,
        retention: Retention,
        *,
        cards: Mapping[str, Review],
        intake: Callable[[], Alert | None] = lambda: None,
    ) -> None:
        self._on = ground
        self._intake = intake
        self._retention = retention
        self._cards = cards
        self._unreadable = 0

    async def look(self) -> None:
        """Raise the alerts that are due."""
        now, comes_in = self._on.clock.now(), self._intake()
        async with self._on.db.reading() as reading:
            found = [alert async for alert in self._found(reading, now)]
            is_heard = await intake.is_over(reading, comes_in, now=now)
            over = [one for one in self._on.transports if await holding.is_over(reading, one, now=now)]
            lost = [(case, _waking(case)) for case in await caseload.adrift(reading)]
            lost += [(case, _leaving(case)) for case in await caseload.deserted(reading)]
        if comes_in in intake.TROUBLES:
            found.append(Alerted(alert=comes_in, about=Platform.SIGNAL))
        if not (found or lost or over or is_heard):
            return
        async with self._on.db.unit() as unit:
            for told in found:
                every, name = EVERY.get(told.alert, alerts.EVERY), alerts.name_of(told.alert, told.about)
                if await alerts.raise_one(unit, name, now=now, every=every):
                    await alerting.tell(unit, told, now=now)
            for platform in over:
                await holding.lift(unit, platform, now=now)
            if is_heard:
                await intake.put_right(unit, now=now)
            for case, event in lost:
                await lanes.to_case(unit, case.id, event, now=now)
            await unit.commit()
        self._on.process.set()

    async def _found(self, reading: Unit, now: datetime) -> AsyncIterator[Alerted]:
        for told in await _paused(reading, now):
            yield told
        async for alert in self._within(reading, now):
            yield Alerted(alert=alert)

    async def _within(self, reading: Unit, now: datetime) -> AsyncIterator[Alert]:
        """What has nothing to do with a platform."""
        newest = await dead.newest(reading, limit=1)
        if newest and newest[0].died_at > now - alerts.EVERY:
            yield Alert.GIVEN_UP
        pulled = await cards.pulled(reading)
        if expired(self._cards, today=now.date(), pulled=pulled) or await doubted(reading, self._cards):
            yield Alert.CARDS
        if await invites.are_stale(reading, now=now):
            yield Alert.INVITE
        swept = self._retention.last_swept
        if swept and swept < now - SWEEP_LATE:
            yield Alert.SWEEP
        unreadable, self._unreadable = self._unreadable, self._on.db.keyring.unreadable
        if self._unreadable > unreadable:
            yield Alert.KEYS


async def _paused(reading: Unit, now: datetime) -> list[Alerted]:
    """The platforms that nothing goes out on."""
    return [
        Alerted(
            alert=Alert.CHALLENGED if one.reason == pauses.CHALLENGED else Alert.PLATFORM,
            about=Platform(scope),
        )
        for scope, one in sorted((await pauses.active(reading, now=now)).items())
        if scope in set(Platform) and (one.reason != pauses.FLOOD or one.until > now + LONG)
    ]


def _waking(case: Case) -> CaseEvent:
    """No case is left in limbo: what should have woken this one was lost, so it is looked at now."""
    return Due(timer=CLAIM, version=str(case.epoch)) if case.state in HELD else Opened()


def _leaving(case: Case) -> CaseEvent:
    """Its volunteer is gone without a word."""
    return Freed(epoch=case.epoch, why=Why.UNREACHABLE)

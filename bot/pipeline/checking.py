"""What the timer of a check-in comes to, before the engine hears of it: a note, a note with an apology, or nothing.

Nothing comes without consent, at quiet times, while somebody is on the line, twice at once, or after two that nobody
answered: then whoever accompanies the person is asked once to look, and it stays silent. Called by `turn`.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeGuard

from bot.almanac import next_allowed
from bot.engine.event import Fired, Raised
from bot.model.case import HELD, CaseState
from bot.model.checkin import (
    ANSWER,
    FLOWS,
    LOOK,
    PAUSE,
    UNANSWERED,
    Late,
    Manner,
    kind_of,
    lateness,
    planned_for,
)
from bot.model.consent import Purpose
from bot.model.queue import Lane, LaneKind, Timer
from bot.store import cases, consents, lanes, timers
from bot.store.people import Known
from bot.store.unit import Unit

SUSPENDED: Final = frozenset({CaseState.CLAIMED, CaseState.CONNECTED})
_DAY: Final = timedelta(days=1)


def is_checkin(event: object) -> TypeGuard[Fired]:
    """Whether a timer of check-ins is due."""
    return isinstance(event, Fired) and (event.timer == LOOK or planned_for(event.timer) is not None)


@dataclass(slots=True, kw_only=True)
class Checking:
    """One due timer of a person, in the unit of their turn. `counts` is what to count."""

    unit: Unit
    known: Known
    now: datetime
    zone: str
    counts: Counter[str] = field(default_factory=Counter)

    async def due(self, event: Fired) -> Raised | None:
        """The note that comes now, if one does."""
        planned = planned_for(event.timer)
        if not await consents.may(self.unit, self.known.person.id, Purpose.CHECKIN):
            self.counts["checkin.withheld"] += 1
        elif planned is None:
            if await self._next_look() is None:  # else it was that of a note before the last
                await self._look()
        elif await self._may_come(planned, Manner.of(event.values)):
            return await self._raise(planned, Manner.of(event.values))
        return None

    async def _may_come(self, planned: datetime, manner: Manner) -> bool:
        """Whether nothing stands against it; if something does only for now, it is put off."""
        last = await self._next_look()
        allowed = self._allowed(self.now, manner)
        if self._unanswered >= UNANSWERED:
            await self._look()
        elif last and last - self.now > ANSWER - PAUSE:
            self.counts["checkin.joined"] += 1
        elif lateness(planned, self.now) is Late.SKIP:
            self.counts["checkin.skipped"] += 1
        elif await self._is_suspended():
            tomorrow = self._allowed(planned + _DAY, manner)
            await self._put(kind_of(tomorrow), tomorrow, manner)
        elif allowed > self.now:
            await self._put(kind_of(planned), allowed, manner)
        else:
            return True
        return False

    async def _raise(self, planned: datetime, manner: Manner) -> Raised:
        is_late = lateness(planned, self.now) is Late.SORRY
        self.counts["checkin.late" if is_late else "checkin.sent"] += 1
        await self._put(LOOK, self.now + ANSWER, manner)
        flow = "note_late" if is_late else "note"
        return Raised(flow=flow, subject=kind_of(planned), values=manner.values)

    async def _next_look(self) -> datetime | None:
        """When it is looked whether the last note was answered, if it still is."""
        return (await timers.of_lane(self.unit, self._lane)).get(LOOK)

    async def _look(self) -> None:
        """A day after a note: if two are unanswered, one gentle human look, then silence."""
        if self._unanswered < UNANSWERED:
            return
        set_ = await timers.of_lane(self.unit, self._lane)
        await timers.cancel(
            self.unit, self._lane, [kind for kind in set_ if planned_for(kind) or kind == LOOK]
        )
        self.counts["checkin.silent"] += 1
        for case in await cases.of_person(self.unit, self.known.person.id):
            if case.state in HELD and case.volunteer_id is not None:
                event = Raised(flow="look_in", subject=str(case.id), values={"who": case.person_name})
                await lanes.to_person(self.unit, case.volunteer_id, event, now=self.now)

    async def _is_suspended(self) -> bool:
        open_ = await cases.of_person(self.unit, self.known.person.id)
        return any(case.state in SUSPENDED for case in open_)

    async def _put(self, kind: str, at: datetime, manner: Manner) -> None:
        timer = Timer(
            lane=self._lane,
            kind=kind,
            due_at=at,
            version=kind,
            values=manner.values,
            purpose=Purpose.CHECKIN,
        )
        await timers.put(self.unit, [timer], now=self.now)

    def _allowed(self, moment: datetime, manner: Manner) -> datetime:
        return next_allowed(moment, zone=self._zone, allows_rest_days=manner.allows_rest_days)

    @property
    def _unanswered(self) -> int:
        prompts = self.known.session.prompts if self.known.session else ()
        return sum(prompt.flow in FLOWS for prompt in prompts)

    @property
    def _lane(self) -> Lane:
        return Lane(kind=LaneKind.PERSON, id=self.known.person.id)

    @property
    def _zone(self) -> str:
        return self.known.person.zone or self.zone

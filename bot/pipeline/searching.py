"""The search for somebody who takes a case: its rounds carried out, and the timer that wakes it again.

Whom to ask and when is decided in `model.search`. Volunteers and the person hear of it by prompts in their own lanes;
a case that nobody has always has a timer afterwards. Called by `casework`, in the turn of the case's own lane.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.almanac import next_allowed
from bot.engine.event import Raised
from bot.model.case import Case, CaseState, Need, Offer, OfferState
from bot.model.person import Role
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.search import (
    A_DAY,
    CLAIMS_A_DAY,
    FEW,
    SEARCH,
    Patience,
    Round,
    Times,
    Word,
    after,
    first_round,
    fitting,
    in_order,
    is_overlooked,
    next_try,
    pause_after,
    to_ask,
    without_refused,
    word_due,
)
from bot.model.volunteer import next_present
from bot.store import caseload, cases, lanes, offers, roles, timers, volunteers
from bot.store.people import Known
from bot.store.unit import Unit

_JITTER: Final = 6  # seconds at most, so that the time of an alert says little about what raised it
_GONE: Final = timedelta(days=7)  # who blocked the bot for so long after asking is not looked for any more
_NOBODY: Final = dict.fromkeys((Need.LEGAL, Need.FINE, Need.URGENT), "nobody_legal") | {
    Need.VERIFY: "nobody_letter"
}  # how a person hears that nobody is free


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """How long a search waits, where whoever has chosen no zone is, and how many cases a day one volunteer can take."""

    patience: Patience = field(default_factory=Patience)
    zone: str = "Asia/Jerusalem"
    claims_a_day: int = CLAIMS_A_DAY


@dataclass(slots=True, kw_only=True)
class Search:
    """One look at one case. `case` is as this look leaves it; `counts` what to count."""

    unit: Unit
    case: Case
    person: Known
    now: datetime
    on: Searching
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def times(self) -> Times:
        """After which times a round ends."""
        return self.on.patience.of(self.case.need)

    @property
    def round(self) -> Round:
        """How far the search went."""
        return Round(self.case.round)

    @property
    def lane(self) -> Lane:
        """The case's own lane."""
        return Lane(kind=LaneKind.CASE, id=self.case.id)

    async def go_on(self, *, since: datetime | None = None) -> None:
        """The next round; in an urgent case no round that reaches nobody is waited for."""
        if all(address.id in self.person.unreachable for address in self.person.addresses):
            await self._wait_for_the_person()
            return
        self.case = replace(self.case, round=after(self.round, first=self._first, need=self.case.need))
        is_asked = await (self._page if self.round is Round.ORGANIZERS else self._offer)(since=since)
        if not is_asked and self.case.need is Need.URGENT and self.round < Round.ORGANIZERS:
            await self.go_on(since=since)
            return
        if is_told := self.round is Round.TOLD:
            is_asked = await self._page_again() or is_asked
        at = await self._tell() if is_told else self.now + pause_after(self.round, self.times)
        await self._rest(is_asked=is_asked, at=at)

    async def fill(self) -> bool:
        """Ask whoever can be asked by now and was not; whether an answer of anybody is awaited."""
        is_asked = await self._offer()
        await self._stay(is_asked=is_asked)
        return is_asked

    async def again(self) -> None:
        """Ask everybody once more. Who was promised word by a time hears it then, so no round begins anew before."""
        if self.round is Round.TOLD:
            await self.go_on(since=self.now)
            return
        ask = self._page if self._first is Round.ORGANIZERS else self._offer
        await self._stay(is_asked=await ask(since=self.now))

    async def call(self) -> None:
        """Ask the organizers on call now, beside whoever is asked already. From then on the case stays with them."""
        self.case = replace(self.case, state=CaseState.ESCALATED)
        await self._stay(is_asked=await self._page(since=self.now))

    async def _stay(self, *, is_asked: bool) -> None:
        """The round goes on as long as it would have."""
        is_set = SEARCH in await timers.of_lane(self.unit, self.lane)
        at = None if is_set else self.now + pause_after(self.round, self.times)
        await self._rest(is_asked=is_asked, at=at)

    async def _offer(self, *, since: datetime | None = None) -> bool:
        """Offer the case to volunteers, in the first round to a few of them."""
        standing = await offers.of_case(self.unit, self.case.id)
        who: list[int] = []
        if self._first is Round.FEW:
            everyone, busy = await volunteers.everyone(self.unit), await caseload.busy(self.unit)
            apart = await self._apart()
            spent = await caseload.spent(self.unit, since=self.now - A_DAY, limit=self.on.claims_a_day)
            could = [one for one in everyone if one.id not in apart | spent]
            found = fitting(self.case, could, busy=busy, now=self.now, zone=self.on.zone)
            left = without_refused(self.case, found, offers=standing)
            who = in_order(left, busy=busy, entropy=self.unit.keyring.entropy)
        return await self._ask("offer", who, standing, since=since)

    async def _page_again(self) -> bool:
        """Organizers who had everybody asked once more are asked now, when nobody has come."""
        standing = await offers.of_case(self.unit, self.case.id)
        later = {one.volunteer_id for one in standing if one.state is OfferState.LATER}
        called = [one for one in await roles.holders(self.unit, Role.ORGANIZER) if one in later]
        return bool(called) and await self._ask("page", called, standing, since=None)

    async def _page(self, *, since: datetime | None = None) -> bool:
        """Offer the case to the organizers on call; a talk about a letter to the letter team, whose alone it is."""
        if self.case.need is Need.VERIFY:
            return await self._offer(since=since)
        standing = await offers.of_case(self.unit, self.case.id)
        apart, everyone = await self._apart(), await roles.holders(self.unit, Role.ORGANIZER)
        on_call = await volunteers.on_call(self.unit, now=self.now, zone=self.on.zone)
        called = [one for one in on_call if one not in apart] or [one for one in everyone if one not in apart]
        self.counts["case.escalated"] += 1
        return await self._ask(
            "page", without_refused(self.case, called, offers=standing), standing, since=since
        )

    async def _apart(self) -> frozenset[int]:
        """Who is not asked: whom the person is beside, and of a problem not whoever it may be about."""
        apart = await caseload.apart(self.unit, self.case.person_id)
        if self.case.need is not Need.ORGANIZE:
            return apart
        open_ = await cases.of_person(self.unit, self.case.person_id)
        return apart | {one.volunteer_id for one in open_ if one.volunteer_id is not None}

    async def _ask(self, flow: str, who: list[int], standing: list[Offer], *, since: datetime | None) -> bool:
        """Ask these, if they were not yet; whether an answer of anybody is awaited.

        An offer of before `since`, else one that stayed unanswered for long, counts as one that nobody saw.
        """
        at_most = FEW if self.round is Round.FEW and flow == "offer" else None
        asked = to_ask(
            who,
            offers=standing,
            at_most=at_most,
            overlooked=lambda one: (
                one.offered_at <= since
                if since
                else is_overlooked(one, self.case, now=self.now, times=self.times)
            ),
        )
        await offers.make(self.unit, self.case.id, asked, epoch=self.case.epoch, now=self.now)
        await self.tell(
            flow, asked, values={"need": self.case.need.value, "language": self.case.language.value}
        )
        self.counts["case.offered"] += len(asked)
        return bool(asked) or any(one.state is OfferState.OPEN for one in standing)

    async def _tell(self) -> datetime:
        """The person hears honestly that nobody is free; when it is tried again."""
        apart = await self._apart()
        everyone = [one for one in await volunteers.everyone(self.unit) if one.id not in apart]
        shift = next_present(
            everyone, self.now, need=self.case.need, language=self.case.language, zone=self.on.zone
        )
        waited = self.now - self.case.opened_at
        at = next_try(self.now, self.times, next_shift=shift, waited=waited)
        zone = self.person.person.zone or self.on.zone
        word = word_due(self.case, self.now, zone=zone)
        was_promised = self.case.told_on is None
        if word and (was_promised or next_allowed(self.now, zone=zone) == self.now):
            flow = "nobody_still" if word is Word.STILL else _NOBODY.get(self.case.need, "nobody")
            await self.tell(flow, [self.case.person_id], values={"next": at.isoformat()})
            self.case = replace(self.case, told_on=self.now.astimezone(ZoneInfo(zone)).date())
            self.counts["case.nobody"] += 1
        return at

    async def _rest(self, *, is_asked: bool, at: datetime | None) -> None:
        """Write where the search stands, and set the timer that wakes it again, unless it is set already.

        If somebody has the case by now, nothing is written.
        """
        self.case = replace(self.case, state=self._resting(is_asked=is_asked))
        if await cases.search(self.unit, self.case, now=self.now) and at:
            jitter = timedelta(seconds=self.unit.keyring.entropy(1)[0] % _JITTER)
            timer = Timer(lane=self.lane, kind=SEARCH, due_at=at + jitter, version=self.version)
            await timers.put(self.unit, [timer], now=self.now)

    def _resting(self, *, is_asked: bool) -> CaseState:
        """Once organizers were asked the case stays with them, for as long as anybody is asked."""
        if not is_asked:
            return CaseState.WAITING
        escalated = self.round is Round.ORGANIZERS or self.case.state is CaseState.ESCALATED
        return CaseState.ESCALATED if escalated else CaseState.OFFERED

    async def _wait_for_the_person(self) -> None:
        """They blocked the bot: nobody is called in vain, and after a week the case ends."""
        if self.now - self.case.opened_at > _GONE:
            await cases.close(self.unit, self.case, now=self.now)
            await offers.forget(self.unit, self.case.id)
        else:
            standing = await offers.of_case(self.unit, self.case.id)
            is_asked = any(one.state is OfferState.OPEN for one in standing)
            await self._rest(is_asked=is_asked, at=self.now + self.times.told)

    async def tell(self, flow: str, who: Sequence[int], *, values: Mapping[str, str]) -> None:
        """Raise a prompt about the case with these people."""
        event = Raised(flow=flow, subject=str(self.case.id), values=values)
        await lanes.to_people(self.unit, [(one, event) for one in who], now=self.now)

    @property
    def _first(self) -> Round:
        return first_round(self.case, is_minor=self.person.person.adult is False)

    @property
    def version(self) -> str:
        """What the timer of this round is called; an older one means nothing."""
        return f"{self.case.epoch}.{self.case.round}"

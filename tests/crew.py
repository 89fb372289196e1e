"""People of tests about cases: somebody who asks, volunteers who are there or not, organizers, and what they do.

Everything happens by events in the lanes of the real pipeline; what is looked at is the database.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.engine.event import Event, Led, Pressed, PromptPressed
from bot.engine.session import Prompt, Session
from bot.model.case import Case, Need
from bot.model.hours import ALWAYS
from bot.model.outgoing import SendMessage
from bot.model.person import Language, Role
from bot.model.queue import Lane, LaneKind
from bot.model.volunteer import Standing, Volunteer
from bot.store import cases, lanes, people, roles, timers, volunteers
from tests.pipeline.works import Works

SOON: Final = timedelta(seconds=10)
MINUTE: Final = timedelta(minutes=1)
EVERYTHING: Final = frozenset(Need)
BOTH: Final = frozenset(Language)


@dataclass(slots=True)
class Crew:
    """Who is there, by the number they write from."""

    works: Works

    async def person(
        self, number: int, *, language: Language = Language.ENGLISH, adult: bool | None = True
    ) -> int:
        """Somebody who may ask for help; their id."""
        known = await self.works.meet(number)
        async with self.works.db.unit() as unit:
            await people.save(unit, [replace(known.person, language=language, onboarded=True, adult=adult)])
            await unit.commit()
        return known.person.id

    async def volunteer(
        self,
        number: int,
        *,
        needs: Collection[Need] = EVERYTHING,
        languages: Collection[Language] = BOTH,
        capacity: int = 2,
        hours: int = ALWAYS,
    ) -> int:
        """A volunteer, on duty if not said otherwise; their id."""
        id_ = await self.person(number)
        one = Volunteer(
            id=id_,
            standing=Standing.FULL,
            languages=frozenset(languages),
            needs=frozenset(needs),
            capacity=capacity,
            hours=hours,
        )
        today = self.works.clock.now().date()
        async with self.works.db.unit() as unit:
            await volunteers.add(unit, one, today=today)
            await roles.grant(unit, id_, Role.VOLUNTEER, today=today)
            await unit.commit()
        return id_

    async def organizer(self, number: int) -> int:
        """An organizer; their id."""
        id_ = await self.person(number)
        async with self.works.db.unit() as unit:
            await roles.grant(unit, id_, Role.ORGANIZER, today=self.works.clock.now().date())
            await unit.commit()
        return id_

    async def asks(self, who: int, need: Need = Need.BUDDY) -> Case:
        """They say yes to looking for somebody, whatever they were asked before; the case as it is then."""
        if need is Need.URGENT:
            await self.happens(who, Led(flow="case", step="ask_urgent"))
        else:
            await self.happens(who, Led(flow="case", step=f"ask_{need}"))
            await self.chooses(who, "connect")
        return next(one for one in await self.cases_of(who) if one.need is need)

    async def happens(self, who: int, event: Event) -> None:
        """An event in somebody's lane, and all that comes of it."""
        async with self.works.db.unit() as unit:
            await lanes.to_person(unit, who, event, now=self.works.clock.now())
            await unit.commit()
        await self.settle()

    async def chooses(self, who: int, choice: str) -> None:
        """They press a button of their open question."""
        screen = (await self.session(who)).screen
        assert screen is not None
        await self.happens(who, Pressed(nonce=screen.nonce, choice=choice))

    async def answers(self, who: int, choice: str, *, flow: str = "offer") -> None:
        """They press a button of the newest prompt of that flow."""
        prompt = (await self.prompts(who, flow))[-1]
        await self.happens(who, PromptPressed(id=prompt.id, choice=choice))

    async def settle(self) -> None:
        """Everything that is due within some seconds happens."""
        await self.works.settle()
        self.works.clock.pass_time(SOON)
        await self.works.settle()

    async def after(self, span: timedelta) -> None:
        """Time goes by, a timer at a time."""
        clock, until = self.works.clock, self.works.clock.now() + span
        while (due := await self._next_timer()) and due <= until:
            clock.pass_time(max(due - clock.now(), timedelta()))
            await self.works.ticker.fire()
            await self.works.settle()
        clock.pass_time(max(until - clock.now(), timedelta()))
        await self.works.settle()

    # What there is to see

    async def session(self, who: int) -> Session:
        """Where somebody's conversation stands."""
        async with self.works.db.reading() as reading:
            return (await people.load(reading, [who]))[who].session or Session()

    async def prompts(self, who: int, flow: str = "offer") -> list[Prompt]:
        """The prompts of a flow that wait for their answer."""
        return [prompt for prompt in (await self.session(who)).prompts if prompt.flow == flow]

    async def case(self, case_id: int) -> Case:
        """A case as it is now."""
        async with self.works.db.reading() as reading:
            found = await cases.load(reading, case_id)
        assert found is not None
        return found

    async def cases_of(self, who: int) -> list[Case]:
        """The open cases of somebody who asked."""
        async with self.works.db.reading() as reading:
            return await cases.of_person(reading, who)

    async def timers_of(self, case_id: int) -> Mapping[str, datetime]:
        """What wakes a case, and when."""
        async with self.works.db.reading() as reading:
            return await timers.of_lane(reading, Lane(kind=LaneKind.CASE, id=case_id))

    async def asked(self, *who: int, flow: str = "offer") -> list[int]:
        """Which of these have an open prompt of that flow."""
        return [one for one in who if await self.prompts(one, flow)]

    def heard(self, number: int) -> list[str]:
        """What was said to somebody, by the number they write from."""
        return [
            payload.text.text
            for routing_id, payload in self.works.transport.sent
            if routing_id == str(number) and isinstance(payload, SendMessage)
        ]

    async def _next_timer(self) -> datetime | None:
        async with self.works.db.reading() as reading:
            return await timers.next_due(reading)

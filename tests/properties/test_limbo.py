"""Nobody is ever left in limbo: whatever volunteers and people do, every open case is woken again, and is told in time.

The real pipeline on SQLite; only the line is played: whoever is on it sets its timer of silence.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
)
from typing_extensions import override

from bot.engine.event import PromptPressed
from bot.model.case import HELD, Case, CaseState, Freed, Need, Opened, Why
from bot.model.hours import ALWAYS, NEVER
from bot.model.person import Role
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.search import Patience
from bot.pipeline.process import Processor
from bot.store import cases, lanes, offers, people, roles, timers, volunteers
from bot.store.unit import Unit
from tests.crew import Crew
from tests.pipeline.conftest import words as words
from tests.pipeline.works import Words, working
from tests.properties.living import Living, lived
from tests.store.shelf import Shelf
from tests.store.shelf import sqlite_template as sqlite_template

PEOPLE: Final = (1001, 1002)
HELPERS: Final = (2001, 2002, 2003, 2004)
BOSS: Final = 3001
NEEDS: Final = (Need.BUDDY, Need.URGENT, Need.LEGAL)
SLACK: Final = timedelta(minutes=2)  # of the jitters of three rounds
WAITS: Final = tuple(timedelta(minutes=one) for one in (1, 6, 20, 70, 200, 800))

person = st.integers(0, len(PEOPLE) - 1)
helper = st.integers(0, len(HELPERS) - 1)


class Limbo(Living):
    """A small movement on a bad day."""

    words: Words

    @override
    async def begin(self, shelf: Shelf) -> None:
        """Nobody has asked yet."""
        self.waiting_since: dict[int, datetime] = {}
        self.works = await self.stack.enter_async_context(working(shelf, self.words))
        self.crew = Crew(self.works)
        self.people = [await self.crew.person(number) for number in PEOPLE]
        self.helpers = [await self.crew.volunteer(number) for number in HELPERS]
        self.boss = await self.crew.organizer(BOSS)

    # What people do

    @rule(who=person, need=st.sampled_from(NEEDS))
    def asks(self, who: int, need: Need) -> None:
        """Somebody asks, for the first time or again."""
        self.run(self.crew.asks(self.people[who], need))

    @rule(who=person)
    def stops(self, who: int) -> None:
        """Somebody has what was looked for for them, and stops the first search."""
        found = self.run(self.crew.cases_of(self.people[who]))
        self.run(self._stop(found[0])) if found else None

    async def _stop(self, case: Case) -> None:
        async with self.works.db.unit() as unit:
            if case.state not in HELD:
                await cases.close(unit, case, now=self.works.clock.now())
                await offers.forget(unit, case.id)
            await unit.commit()

    # What volunteers do

    @rule(who=helper, choice=st.sampled_from(["accept", "accept", "pass"]))
    def answers(self, who: int, choice: str) -> None:
        """A volunteer answers an alert, new or old."""
        self.run(self._answer(self.helpers[who], "offer", choice))

    @rule(choice=st.sampled_from(["accept", "pass", "again"]))
    def the_organizer_answers(self, choice: str) -> None:
        """The organizer takes it, or does not, or has everybody asked again."""
        self.run(self._answer(self.boss, "page", choice))

    async def _answer(self, who: int, flow: str, choice: str) -> None:
        for prompt in await self.crew.prompts(who, flow):
            await self.crew.happens(who, PromptPressed(id=prompt.id, choice=choice))

    @rule(who=helper, hours=st.sampled_from([ALWAYS, NEVER]))
    def comes_or_goes(self, who: int, hours: int) -> None:
        """A volunteer comes on duty, or goes off it."""
        self.run(self._be_there(self.helpers[who], hours))

    async def _be_there(self, who: int, hours: int) -> None:
        async with self.works.db.unit() as unit:
            if found := await volunteers.load(unit, who):
                await volunteers.save(unit, replace(found, hours=hours))
                for case_id in self.waiting_since if hours else ():
                    await lanes.to_case(unit, case_id, Opened(), now=self.works.clock.now())
            await unit.commit()
        await self.crew.settle()

    @rule(who=helper)
    def leaves(self, who: int) -> None:
        """A volunteer leaves for good, or is revoked."""
        self.run(self._leave(self.helpers[who]))

    async def _leave(self, who: int) -> None:
        async with self.works.db.unit() as unit:
            await cases.free_all(unit, who, why=Why.REVOKED, now=self.works.clock.now())
            await roles.revoke(unit, who, Role.VOLUNTEER)
            await volunteers.remove(unit, who)
            await unit.commit()
        await self.crew.settle()

    @rule(who=helper, reachable=st.booleans())
    def blocks(self, who: int, reachable: bool) -> None:
        """A volunteer blocks the bot, or takes the block back."""
        self.run(self._block(self.helpers[who], reachable))

    async def _block(self, who: int, reachable: bool) -> None:
        async with self.works.db.unit() as unit:
            (address,) = (await people.load(unit, [who]))[who].addresses
            await people.set_reachable(unit, address.id, reachable=reachable)
            if not reachable:
                await cases.free_all(unit, who, why=Why.UNREACHABLE, now=self.works.clock.now())
            await unit.commit()
        await self.crew.settle()

    @rule(who=helper)
    def comes_to_the_line(self, who: int) -> None:
        """Both are on the line, which has its own timer from now on."""
        self.run(self._each_held(self.helpers[who], self._connect))

    @rule(who=helper)
    def hands_back(self, who: int) -> None:
        """A volunteer can not go on."""
        self.run(self._each_held(self.helpers[who], self._hand_back))

    async def _each_held(self, who: int, act: Any) -> None:
        async with self.works.db.unit() as unit:
            for case in await cases.of_volunteer(unit, who):
                await act(unit, case)
            await unit.commit()
        await self.crew.settle()

    async def _connect(self, unit: Unit, case: Case) -> None:
        if await cases.change(unit, case, CaseState.CONNECTED, now=self.works.clock.now()):
            due_at = self.works.clock.now() + timedelta(days=400)
            lane = Lane(kind=LaneKind.CASE, id=case.id)
            timer = Timer(lane=lane, kind="silence", due_at=due_at, version=str(case.epoch))
            await timers.put(unit, [timer], now=self.works.clock.now())

    async def _hand_back(self, unit: Unit, case: Case) -> None:
        event = Freed(epoch=case.epoch, why=Why.HANDED_BACK)
        await lanes.to_case(unit, case.id, event, now=self.works.clock.now())

    # What happens anyway

    @rule(span=st.sampled_from(WAITS))
    def time_goes_by(self, span: timedelta) -> None:
        """Nobody does anything."""
        self.run(self.crew.after(span))

    @rule()
    def restarts(self) -> None:
        """Another process goes on."""
        self.works.processor = Processor(self.works.ground, self.works.turns)

    @precondition(lambda self: self.waiting_since)
    @rule()
    def a_timer_is_lost(self) -> None:
        """Something fails for good; the watch looks a minute later."""
        self.run(self._lose(min(self.waiting_since)))

    async def _lose(self, case_id: int) -> None:
        async with self.works.db.unit() as unit:
            await timers.cancel(unit, Lane(kind=LaneKind.CASE, id=case_id), ["search"])
            await unit.commit()
        await self.works.watch.look()
        await self.crew.settle()

    # What always holds

    @invariant()
    def every_case_is_woken_again_and_everybody_hears_in_time(self) -> None:
        """A timer for each open case; and who waits for longer than the third time has been told."""
        self.run(self._look())

    async def _look(self) -> None:
        now, open_now = self.works.clock.now(), {}
        for who in self.people:
            for case in await self.crew.cases_of(who):
                assert await self.crew.timers_of(case.id), f"nothing wakes a case that is {case.state}"
                assert (case.volunteer_id is not None) == (case.state in HELD)
                if case.state not in HELD:
                    since = self.waiting_since.get(case.id, now)
                    open_now[case.id] = since
                    told = Patience().of(case.need).told
                    assert case.told_on or now - since <= told + SLACK, f"{case.need} waits and was not told"
        self.waiting_since = open_now


@pytest.mark.timeout(300)
def test_no_case_is_ever_left_in_limbo(words: Words, sqlite_template: Path, tmp_path: Path) -> None:
    """Whoever accepts, passes, ignores, goes off duty, leaves, blocks or hands back, in whatever order."""
    Limbo.words = words
    lived(Limbo, sqlite_template, at=tmp_path, examples=12, steps=25)

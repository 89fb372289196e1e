"""Whatever the platform, people, organizers and the process do: every copy of a notice ends in exactly one fate.

The real stages on a real SQLite file. Whoever opted out before a claim gets nothing.
"""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from typing_extensions import override

from bot.model.notice import Fate, Notice, Stage
from bot.model.outgoing import FailureKind
from bot.model.person import Platform
from bot.pipeline import broadcast
from bot.store import copy_counts, notices, outbox, people
from tests.notices import HOURS, approved, drafted, opt_out, want
from tests.pipeline.conftest import words as words
from tests.pipeline.works import NOA, End, Words, failure, working
from tests.properties.living import Living, lived
from tests.store.shelf import Shelf
from tests.store.shelf import sqlite_template as sqlite_template

PEOPLE: Final = 5
ENDS: Final[tuple[End, ...]] = (
    None,
    failure(FailureKind.UNREACHABLE, "blocked"),
    failure(FailureKind.REJECTED, "rejected"),
    failure(FailureKind.NOT_SENT),
    failure(FailureKind.RATE_LIMITED, retry_after=2),
    failure(FailureKind.PLATFORM_DOWN, "bad_token"),
)
who = st.integers(0, PEOPLE - 1)


REACH: Final = broadcast.Reach(platforms={Platform.TELEGRAM}, zone="Asia/Jerusalem")


class Broadcasting(Living):
    """A notice to five people, in any weather."""

    words: Words

    @override
    async def begin(self, shelf: Shelf) -> None:
        """It is approved, and nothing of it has left."""
        self.works = await self.stack.enter_async_context(working(shelf, self.words))
        self.known = [await self.works.meet(NOA + number) for number in range(PEOPLE)]
        for one in self.known:
            await want(self.works.db, one.person.id)
        self.notice: Notice = await approved(self.works.db, await drafted(self.works.db))
        self.out: dict[int, int] = {}  # who opted out, and how often they had been called by then

    def _called(self, number: int) -> int:
        return sum(routing_id == str(NOA + number) for routing_id, _ in self.works.transport.sent)

    @rule()
    def is_looked_at(self) -> None:
        """The clock finds it, and its lane does a page."""
        self.run(self.works.ticker.fire())
        self.run(self.works.handle())

    @rule(ends=st.lists(st.sampled_from(ENDS), max_size=3))
    def leaves(self, ends: list[End]) -> None:
        """A second passes, calls are made, and end as the platform likes."""
        self.works.clock.pass_time(timedelta(seconds=1))
        self.works.transport.ends = list(ends)
        self.run(self.works.deliver())
        self.works.transport.ends = []

    @rule()
    def dies_in_a_call(self) -> None:
        """Whoever is being called may have got it; the next process takes it up again."""
        self.run(self._die())

    async def _die(self) -> None:
        self.works.transport.ends = [asyncio.Event() for _ in range(PEOPLE)]
        await self.works.deliverer.round()
        for _ in range(3):
            await asyncio.sleep(0)
        self.works.transport.ends = []
        self.works.deliverer = self.works.another_deliverer(self.works.limiter)
        async with self.works.db.unit() as unit:
            await outbox.release(unit, now=self.works.clock.now())
            await unit.commit()

    @rule(number=who)
    def opts_out(self, number: int) -> None:
        """They do not want such notices any more."""
        self.run(opt_out(self.works.db, self.known[number].person.id))
        self.out.setdefault(number, self._called(number))

    @rule(number=who)
    def is_forgotten(self, number: int) -> None:
        """They delete everything."""
        self.run(self._forget(self.known[number].person.id))
        self.out.setdefault(number, self._called(number))

    async def _forget(self, person_id: int) -> None:
        async with self.works.db.unit() as unit:
            await people.forget(unit, person_id)
            await unit.commit()

    @rule(stage=st.sampled_from([Stage.PAUSED, Stage.APPROVED]))
    def is_paused_or_resumed(self, stage: Stage) -> None:
        """By any organizer."""
        self.run(self._move(stage))

    @rule(chance=st.integers(0, 4))
    def is_cancelled(self, chance: int) -> None:
        """For good, and so not too often."""
        if chance == 0:
            self.run(self._move(Stage.CANCELLED))

    async def _move(self, stage: Stage) -> None:
        async with self.works.db.unit() as unit:
            found = await notices.load(unit, self.notice.id)
            assert found
            await notices.move(unit, found, stage, now=self.works.clock.now())
            await unit.commit()

    @rule(seconds=st.sampled_from([1, 3, 70]))
    def time_passes(self, seconds: int) -> None:
        """Tokens come, leases end."""
        self.works.clock.pass_time(timedelta(seconds=seconds))

    @invariant()
    def nobody_gets_what_they_opted_out_of(self) -> None:
        """From the moment that is written, no call begins."""
        assert {number: self._called(number) for number in self.out} == self.out

    @override
    def teardown(self) -> None:
        """Whatever happened: in the end everybody who had a copy is in one fate, and nobody had two."""
        try:
            self.run(self._ends())
        finally:
            super().teardown()

    async def _ends(self) -> None:
        async with self.works.db.unit() as unit:
            await broadcast.look(unit, self.notice.id, now=self.works.clock.now(), reach=REACH)
            before = (await copy_counts.report(unit, self.notice.id)).total
            await unit.commit()
        await self._move(Stage.APPROVED)
        for _ in range(12):
            await self.works.ticker.fire()
            await self.works.settle()
            self.works.clock.pass_time(timedelta(minutes=2))
        self.works.clock.pass_time(HOURS)
        for _ in range(3):
            await self.works.ticker.fire()
            await self.works.settle()
            self.works.clock.pass_time(timedelta(minutes=2))
        async with self.works.db.reading() as reading:
            report = await copy_counts.report(reading, self.notice.id)
            one = await notices.load(reading, self.notice.id)
        assert one
        assert one.ended_at
        assert one.stage in {Stage.DONE, Stage.CANCELLED}
        assert report.fates[Fate.PENDING] == 0
        assert before <= report.total <= PEOPLE
        assert self.works.rows("outbox") == 0


@pytest.mark.timeout(120)
def test_every_copy_ends_in_exactly_one_fate(sqlite_template: Path, tmp_path: Path, words: Words) -> None:
    """In any order of what can happen to it."""
    Broadcasting.words = words
    lived(Broadcasting, sqlite_template, at=tmp_path, examples=25, steps=12)

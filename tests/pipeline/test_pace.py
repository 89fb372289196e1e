"""One notice for readers on two platforms: each gets it at the pace of its own, and it is one notice all the same."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import pytest

from bot.model.notice import Fate, Notice, Stage
from bot.model.outgoing import FailureKind
from bot.model.person import Platform
from bot.pipeline import broadcast
from bot.pipeline.limiter import BulkLimiter
from bot.pipeline.process import Processor
from bot.store import pauses
from tests.notices import want
from tests.pipeline.test_broadcast import fates, goes_on, moved, sent, stage_of
from tests.pipeline.works import NOA, ScriptedTransport, Works, failure

HERE, THERE = 12, 6  # how many read on Telegram, and on Signal
# What Signal takes at once, and then the seconds for each: more than any order needs here.
BURST, A_COPY = 2, 4
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Two:
    """Both platforms, with readers on each of them: Signal takes one in four seconds, Telegram all at once."""

    works: Works
    signal: ScriptedTransport

    @property
    def arrived(self) -> tuple[int, int]:
        """How many it has reached on Telegram and on Signal."""
        return len(self.works.transport.texts), len(self.signal.texts)

    @property
    def is_nobodys_second(self) -> bool:
        """Whether nobody got it twice."""
        who = Counter(name for one in (self.works.transport, self.signal) for name, _ in one.sent)
        return set(who.values()) == {1}


@pytest.fixture
async def two(works: Works, monkeypatch: pytest.MonkeyPatch) -> Two:
    """In pages so small that several are needed, and with less room in the outbox than Signal would need."""
    monkeypatch.setattr(broadcast, "PAGE", 5)
    monkeypatch.setattr(broadcast, "WINDOW", 3)
    monkeypatch.setattr(broadcast, "ASIDE", timedelta(seconds=1))
    signal = ScriptedTransport()
    transports = {Platform.SIGNAL: signal, Platform.TELEGRAM: works.transport}
    works.ground = replace(works.ground, transports=transports)
    works.processor = Processor(works.ground, works.turns)
    slow = BulkLimiter(rate=1 / A_COPY, burst=BURST)
    works.deliverer = works.another_deliverer(BulkLimiter(rate=100.0, burst=100), signal=slow)
    for platform, count in ((Platform.TELEGRAM, HERE), (Platform.SIGNAL, THERE)):
        for number in range(count):
            known = await works.meet(NOA + 100 * list(Platform).index(platform) + number, on=platform)
            await want(works.db, known.person.id)
    return Two(works=works, signal=signal)


async def _on_its_way(two: Two) -> Notice:
    """Everybody on Telegram has it, and some on Signal."""
    one = await sent(two.works)
    while two.arrived[0] < HERE:
        await goes_on(two.works, 1)
    return one


async def test_each_platform_gets_it_at_its_own_pace(two: Two) -> None:
    """The slower one holds nobody back; nobody is passed over for it, and the report counts both."""
    one = await _on_its_way(two)
    here, there = two.arrived
    halfway = await fates(two.works, one)
    await goes_on(two.works, THERE * A_COPY)

    assert here == HERE
    assert BURST <= there < THERE
    assert halfway == {Fate.DELIVERED: HERE + there, Fate.PENDING: THERE - there}
    assert (two.arrived, two.is_nobodys_second) == ((HERE, THERE), True)
    assert await fates(two.works, one) == {Fate.DELIVERED: HERE + THERE}
    assert await stage_of(two.works, one) == (Stage.DONE, True)


async def test_a_platform_that_takes_nothing_is_waited_for_and_holds_nobody_back(two: Two) -> None:
    """Signal wants a captcha before the first copy: on Telegram everybody gets theirs; on Signal once it is solved."""
    until = two.works.clock.now() + HOUR
    async with two.works.db.unit() as unit:
        await pauses.pause(unit, Platform.SIGNAL, until=until, reason="challenge")
        await unit.commit()
    one = await _on_its_way(two)
    await goes_on(two.works, THERE)
    meanwhile, stage = two.arrived, await stage_of(two.works, one)
    two.works.clock.pass_time(HOUR)
    await goes_on(two.works, THERE * A_COPY)

    assert (meanwhile, stage) == ((HERE, 0), (Stage.SENDING, False))
    assert (two.arrived, two.is_nobodys_second) == ((HERE, THERE), True)
    assert await fates(two.works, one) == {Fate.DELIVERED: HERE + THERE}


async def test_one_that_is_paused_stops_on_both_and_goes_on_where_it_stopped(two: Two) -> None:
    """Also for those whose copies were in the outbox already."""
    one = await sent(two.works)
    await goes_on(two.works, 1)
    before = two.arrived
    await moved(two.works, one, Stage.PAUSED)
    await goes_on(two.works, 5)
    held = two.arrived
    await moved(two.works, one, Stage.APPROVED)
    await goes_on(two.works, THERE * A_COPY)

    assert 0 < before[0] < HERE
    assert 0 < before[1] < THERE
    assert held == before
    assert (two.arrived, two.is_nobodys_second) == ((HERE, THERE), True)
    assert await stage_of(two.works, one) == (Stage.DONE, True)


async def test_one_that_is_cancelled_reaches_nobody_more_on_either(two: Two) -> None:
    """And the report adds up: who has it on each platform, and everybody else."""
    one = await sent(two.works)
    await goes_on(two.works, 1)
    here, there = two.arrived
    await moved(two.works, one, Stage.CANCELLED)
    await goes_on(two.works, 5)

    assert 0 < here < HERE
    assert 0 < there < THERE
    assert two.arrived == (here, there)
    left = HERE + THERE - here - there
    assert await fates(two.works, one) == {Fate.DELIVERED: here + there, Fate.CANCELLED: left}
    assert await stage_of(two.works, one) == (Stage.CANCELLED, True)


async def test_who_is_gone_on_one_platform_is_counted_as_that(two: Two) -> None:
    """Somebody has no Signal any more; for the others there nothing changes."""
    two.signal.ends = [None, failure(FailureKind.UNREACHABLE, "unregistered")]
    one = await _on_its_way(two)
    await goes_on(two.works, THERE * A_COPY)

    assert await fates(two.works, one) == {Fate.DELIVERED: HERE + THERE - 1, Fate.BLOCKED: 1}

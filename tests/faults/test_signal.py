"""kill -9 at every stage while people write on Signal: the spooler reads on, and every message is answered."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import pytest

from bot.sandbox.signal import Network
from tests.faults import signal as people
from tests.faults.crowd import Verdict
from tests.faults.place import VICTIM, Place
from tests.faults.test_kill import LEASE, Death, chosen, hold, killed_once, missed

PEOPLE: Final = 15


@pytest.fixture
async def network(place: Place) -> AsyncIterator[Network]:
    """Signal beside Telegram: the place's bots are told where it is."""
    async with people.beside(place) as daemon:
        yield daemon.network


@pytest.fixture
async def other_network(postgres_place: Place) -> AsyncIterator[Network]:
    """The same for PostgreSQL."""
    async with people.beside(postgres_place) as daemon:
        yield daemon.network


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """What came of some kills."""

    deaths: list[Death]
    verdict: Verdict


async def trials(place: Place, network: Network, kills: int, *, seed: int) -> Trials:
    """Kill the bot as often, let the last one live, and judge everybody's chat; the spooler reads on all along."""
    dice = random.Random(seed)
    bot = await place.start()
    spooler = await people.spooling(place, network)
    replies = await people.learned(network)
    bot.terminate()
    await bot.ended()
    before = await place.number("SELECT count(*) FROM inbox")
    writers = people.crowd(network, PEOPLE, replies, seed=seed)
    async with people.writing(writers):
        deaths: list[Death] = [await killed_once(place, kill, dice) for kill in chosen(dice, kills)]
        last = await place.start([*VICTIM, "--lease", LEASE])
    await people.until_quiet(place, network)
    verdict = people.judged(writers)

    assert spooler.is_alive
    assert last.is_alive
    assert await place.number("SELECT count(*) FROM inbox WHERE origin = 'signal'") == before + verdict.inputs
    return Trials(deaths=deaths, verdict=verdict)


@pytest.mark.timeout(400)
async def test_ten_kills_of_the_bot_lose_nothing(
    place: Place, network: Network, capsys: pytest.CaptureFixture[str]
) -> None:
    """At each stage and at random instants; one row for each message, and doubled at most what was in flight."""
    done = await trials(place, network, 10, seed=11)

    with capsys.disabled():
        await hold(place, done.deaths, done.verdict)
    assert missed(done.deaths) == set()


@pytest.mark.timeout(240)
async def test_kills_on_postgresql_lose_nothing(
    postgres_place: Place, other_network: Network, capsys: pytest.CaptureFixture[str]
) -> None:
    """There neither; what was being sent waits for the end of its lease."""
    done = await trials(postgres_place, other_network, 3, seed=13)

    with capsys.disabled():
        await hold(postgres_place, done.deaths, done.verdict)


@pytest.mark.timeout(240)
async def test_a_bot_that_was_away_for_long_answers_everybody(place: Place, network: Network) -> None:
    """Nobody reads the spool; the spooler is stopped and started in between; then the bot is back."""
    bot = await place.start()
    spooler = await people.spooling(place, network)
    replies = await people.learned(network)
    bot.kill()
    await bot.ended()
    writers = people.crowd(network, PEOPLE, replies, seed=12)
    async with people.writing(writers):
        await asyncio.sleep(0.5)
        spooler.process.send_signal(signal.SIGTERM)
        assert await spooler.ended() == 0
        await people.spooling(place, network)
        await place.start()
        await place.until(lambda: all(len(one.done) > 2 for one in writers))
    await people.until_quiet(place, network)

    people.judged(writers).check(in_flight=0)

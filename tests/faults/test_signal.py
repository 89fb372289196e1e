"""kill -9 at every stage while people write on Signal: the spooler reads on, and every message is answered."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from bot.sandbox.signal import Network, signal_running
from bot.spool.folder import Folder
from tests.faults import signal as people
from tests.faults.place import VICTIM, Bot, Place
from tests.faults.test_kill import LEASE, Death, chosen, hold, killed_once

SPOOLER: Final = ("-m", "bot", "signal", "spool")
PEOPLE: Final = 15


@pytest.fixture
async def network(place: Place, tmp_path: Path) -> AsyncIterator[Network]:
    """Signal beside Telegram: the place's bots are told where it is."""
    now = iter(range(1_795_411_041, 1_900_000_000))
    async with signal_running(Network(lambda: next(now))) as daemon:
        place.urls = {
            **place.urls,
            "BOT_SIGNAL_RPC": daemon.network.rpc,
            "BOT_SIGNAL_ACCOUNT": daemon.network.account.number,
            "BOT_SIGNAL_SPOOL": str(tmp_path / "spool"),
        }
        yield daemon.network
        await place.stop_all()


async def spooling(place: Place, network: Network) -> Bot:
    """A spooler that listens."""
    spooler = await place.start(SPOOLER, ready=False)
    await place.until(lambda: network._listeners or not spooler.is_alive)
    return spooler


async def until_quiet(place: Place, network: Network) -> None:
    """Nothing waits any more: at Signal, in the spool, in the inbox, in the outbox."""
    folder = Folder(Path(place.urls["BOT_SIGNAL_SPOOL"]))
    await place.until(lambda: network.pending == 0 and folder.segments() == [])
    await place.until_quiet()


@pytest.mark.timeout(240)
async def test_kills_of_the_bot_lose_nothing(
    place: Place, network: Network, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once at each stage; one row for each message, and doubled at most what was in flight."""
    dice = random.Random(11)
    bot = await place.start()
    spooler = await spooling(place, network)
    replies = await people.learned(network)
    bot.terminate()
    await bot.ended()
    before = await place.number("SELECT count(*) FROM inbox")
    writers = people.crowd(network, PEOPLE, replies, seed=11)
    async with people.writing(writers):
        deaths: list[Death] = [await killed_once(place, kill, dice) for kill in chosen(dice, 10)[::2]]
        last = await place.start([*VICTIM, "--lease", LEASE])
    await until_quiet(place, network)
    verdict = people.judged(writers)

    assert spooler.is_alive
    assert last.is_alive
    assert await place.number("SELECT count(*) FROM inbox WHERE origin = 'signal'") == before + verdict.inputs
    with capsys.disabled():
        await hold(place, deaths, verdict)


@pytest.mark.timeout(240)
async def test_a_bot_that_was_away_for_long_answers_everybody(place: Place, network: Network) -> None:
    """Nobody reads the spool; the spooler is stopped and started in between; then the bot is back."""
    bot = await place.start()
    spooler = await spooling(place, network)
    replies = await people.learned(network)
    bot.kill()
    await bot.ended()
    writers = people.crowd(network, PEOPLE, replies, seed=12)
    async with people.writing(writers):
        await asyncio.sleep(0.5)
        spooler.process.send_signal(signal.SIGTERM)
        assert await spooler.ended() == 0
        await spooling(place, network)
        await place.start()
        await place.until(lambda: all(len(one.done) > 2 for one in writers))
    await until_quiet(place, network)

    people.judged(writers).check(in_flight=0)

"""signal-cli and what stands behind it in trouble while people write: the bot is another process, and loses nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import pytest

from bot.sandbox.signal import Daemon
from bot.sandbox.signal.trouble import Trouble, TroubleKind
from tests.faults import signal as people
from tests.faults.place import Place

PEOPLE: Final = 6
LASTS: Final = 3.0  # seconds
CHALLENGE: Final = ("-m", "bot", "signal", "challenge", "signalcaptcha://solved")
CAPTCHA: Final = "SELECT count(*) FROM pause WHERE scope = 'signal' AND reason = 'challenged'"
GONE: Final = "SELECT count(*) FROM address WHERE NOT reachable"


@pytest.fixture
async def daemon(place: Place) -> AsyncIterator[Daemon]:
    """A scripted signal-cli beside the place."""
    async with people.beside(place) as found:
        yield found


async def daemon_down(daemon: Daemon) -> None:
    await daemon.go_down()
    await asyncio.sleep(LASTS)
    await daemon.come_up()


async def network_down(daemon: Daemon) -> None:
    daemon.network.is_online = False
    await asyncio.sleep(LASTS)
    daemon.network.is_online = True


async def limited(daemon: Daemon) -> None:
    flood = Trouble(kind=TroubleKind.FLOOD, method="send", times=2 * PEOPLE, retry_after=1)
    daemon.network.troubles.add(flood)
    await asyncio.sleep(LASTS)


async def unanswered(daemon: Daemon) -> None:
    daemon.network.troubles.add(Trouble(kind=TroubleKind.HANG_UP, method="send", times=3))
    await asyncio.sleep(LASTS)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("trouble", "doubles"), [(daemon_down, PEOPLE), (network_down, 0), (limited, 0), (unanswered, PEOPLE)]
)
async def test_nothing_is_lost_in_trouble(
    place: Place, daemon: Daemon, trouble: Callable[[Daemon], Awaitable[None]], doubles: int
) -> None:
    """Everybody is answered once it is over; doubled at most what was on its way to a daemon that went."""
    await place.start()
    await people.spooling(place, daemon.network)
    replies = await people.learned(daemon.network)
    writers = people.crowd(daemon.network, PEOPLE, replies, seed=21)
    async with people.writing(writers):
        await asyncio.sleep(0.5)
        await trouble(daemon)
        done = [len(one.done) for one in writers]
        await place.until(
            lambda: all(len(one.done) > before + 1 for one, before in zip(writers, done, strict=True))
        )
    await people.until_quiet(place, daemon.network)

    people.judged(writers).check(in_flight=doubles)


@pytest.mark.timeout(180)
async def test_a_captcha_holds_everything_until_somebody_solves_it(place: Place, daemon: Daemon) -> None:
    """Across a restart, without another try; the bot notices within seconds that it was solved in another process."""
    bot = await place.start()
    await people.spooling(place, daemon.network)
    replies = await people.learned(daemon.network)
    writers = people.crowd(daemon.network, PEOPLE, replies, seed=22)
    async with people.writing(writers):
        await asyncio.sleep(0.5)
        daemon.network.challenge = "token-1"
        await place.until_number(CAPTCHA, 1)
        bot.terminate()
        await bot.ended()
        before = [len(one.person.replies) for one in writers]
        await place.start()
        await asyncio.sleep(LASTS)
        held = [len(one.person.replies) for one in writers]
        solver = await place.start(CHALLENGE, ready=False)
        assert await solver.ended() == 0, solver.log
        await place.until(lambda: sum(len(one.person.replies) for one in writers) > sum(held), within=10.0)
    await people.until_quiet(place, daemon.network)

    assert held == before
    assert await place.number(CAPTCHA) == 0
    people.judged(writers).check(in_flight=0)


@pytest.mark.timeout(120)
async def test_who_is_on_signal_no_more_is_left_alone_until_they_are(place: Place, daemon: Daemon) -> None:
    """What was for them is given up and nothing else is tried; who comes back and writes is answered."""
    await place.start()
    await people.spooling(place, daemon.network)
    person = daemon.network.person()
    await person.send("/start")
    await place.until(lambda: person.replies)
    person.has_left = True
    await person.send("menu")
    await place.until_number(GONE, 1)
    before = len(person.replies)
    person.has_left = False
    await person.send("menu")
    await place.until(lambda: len(person.replies) > before)

    assert await place.number(GONE) == 0

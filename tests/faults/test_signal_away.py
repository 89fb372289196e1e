"""Signal is away for minutes, by its network or its daemon: nothing is given up, and all is said soon after."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final

import pytest

from bot.sandbox.signal import Daemon, SignalPerson
from bot.sandbox.signal.trouble import Trouble, TroubleKind
from tests.faults import signal as people
from tests.faults.place import PATIENCE, Place

PEOPLE: Final = 6
MINUTES: Final = 150.0  # seconds: what waits has been tried half a dozen times, and less and less often
DOWN: Final = 75.0  # seconds: whoever looks for the daemon does so as seldom as it ever does
SOON: Final = 75.0  # seconds, from its return: a look for it, a try of each row, and a busy machine
WAITING: Final = "SELECT count(*) >= 3 FROM outbox WHERE attempts > 0"
TRIED: Final = "SELECT coalesce(max(attempts), 0) FROM outbox"
DEAD: Final = "SELECT count(*) FROM dead_letter"
WRITTEN: Final = (("home", "1"), ("first", "menu"))  # one after the other, without an answer


@pytest.fixture
async def daemon(place: Place) -> AsyncIterator[Daemon]:
    """A scripted signal-cli beside the place."""
    async with people.beside(place) as found:
        yield found


async def network_away(daemon: Daemon, place: Place) -> Callable[[], Awaitable[None]]:
    """With answers on their way, which are tried again and again."""
    daemon.network.troubles.add(Trouble(kind=TroubleKind.NETWORK, method="send", times=2 * PEOPLE))
    await place.until_number(WAITING, 1)
    daemon.network.is_online = False

    async def back() -> None:
        assert await place.number(TRIED) > 5
        daemon.network.is_online = True

    return back


async def daemon_away(daemon: Daemon, _: Place) -> Callable[[], Awaitable[None]]:
    """Dead, and started again at the same address."""
    await daemon.go_down()
    return daemon.come_up


async def arrived(person: SignalPerson, replies: people.Replies) -> None:
    """Somebody who has got to the menu."""
    for edge in (("door", "/start"), ("hello", "1"), ("form", "menu")):
        before = len(person.replies)
        await person.send(edge[1])
        async with asyncio.timeout(PATIENCE):
            while len(person.replies) < before + len(replies[edge]):  # noqa: ASYNC110 - a plain list
                await asyncio.sleep(0.01)


def told(person: SignalPerson, after: int) -> Sequence[str]:
    """What was said to somebody since then, in its order."""
    return [note.text for note in person.replies[after:]]


@pytest.mark.timeout(500)
@pytest.mark.parametrize(
    ("away", "seconds", "doubles"), [(network_away, MINUTES, 0), (daemon_away, DOWN, PEOPLE)]
)
async def test_after_minutes_everybody_is_answered_soon(
    place: Place,
    daemon: Daemon,
    away: Callable[[Daemon, Place], Awaitable[Callable[[], Awaitable[None]]]],
    seconds: float,
    doubles: int,
) -> None:
    """In their order and once, but for what was on its way; no row is dead, however often it was tried."""
    bot = await place.start()
    spooler = await people.spooling(place, daemon.network)
    replies = await people.learned(daemon.network)
    dana = daemon.network.person(name="Dana")
    await arrived(dana, replies)
    writers = people.crowd(daemon.network, PEOPLE, replies, seed=24, patience=seconds + SOON)
    async with people.writing(writers):
        await asyncio.sleep(0.5)
        back = await away(daemon, place)
        before, done = len(dana.replies), [len(one.done) for one in writers]
        for _, words in WRITTEN:
            await dana.send(words)
        await asyncio.sleep(seconds)
        dead = await place.number(DEAD)
        await back()
        wanted = [text for edge in WRITTEN for text in replies[edge]]
        await place.until(
            lambda: (
                len(dana.replies) >= before + len(wanted)
                and all(len(one.done) > was + 1 for one, was in zip(writers, done, strict=True))
            ),
            within=SOON,
        )
    await people.until_quiet(place, daemon.network)

    assert (dead, bot.is_alive, spooler.is_alive) == (0, True, True)
    assert told(dana, before) == wanted
    people.judged(writers).check(in_flight=doubles)

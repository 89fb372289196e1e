"""People on Signal who write all the time, and what of their conversations must be found in the end.

There are no buttons to tell questions apart, so every chat is held against how often each answer has to stand there.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Final

from bot.sandbox.signal import Daemon, Network, SignalPerson, signal_running
from bot.spool.folder import Folder
from tests.faults.crowd import Verdict
from tests.faults.place import PATIENCE, Bot, Place

# Where people stand, what they can write there, and where that leads; the names of places are ours.
WALK: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "door": (("/start", "hello"),),
    "hello": (("1", "form"),),
    "form": (("menu", "home"),),
    "home": (("menu", "home"), ("what about the weather", "home"), ("1", "first"), ("2", "second")),
    "first": (("menu", "home"),),
    "second": (("/menu", "home"), ("what about the weather", "second")),
}
SPOOLER: Final = ("-m", "bot", "signal", "spool")
QUIET: Final = 1.0  # seconds after which a guide believes that an answer was all

Edge = tuple[str, str]
Replies = dict[Edge, tuple[str, ...]]


@asynccontextmanager
async def beside(place: Place) -> AsyncIterator[Daemon]:
    """A scripted signal-cli while the block lasts: the place's bots are told where it is."""
    async with signal_running(Network(time)) as daemon:
        place.urls = {
            **place.urls,
            "BOT_SIGNAL_RPC": daemon.network.rpc,
            "BOT_SIGNAL_ACCOUNT": daemon.network.account.number,
            "BOT_SIGNAL_SPOOL": str(place.directory / "spool"),
        }
        yield daemon
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


@dataclass(slots=True)
class Writer:
    """One person, where they stand and what they did."""

    person: SignalPerson
    dice: random.Random
    replies: Replies
    patience: float
    stands: str = "door"
    done: list[Edge] = field(default_factory=list)
    is_stuck: bool = False

    async def live(self, until: asyncio.Event) -> None:
        """Write and wait for the answer, again and again, until told to stop or no answer comes."""
        while not until.is_set() and not self.is_stuck:
            await self.step(*self.dice.choice(WALK[self.stands]))
            await asyncio.sleep(0.1 * self.dice.random())

    async def step(self, words: str, leads_to: str) -> None:
        """One message, and all that answers it."""
        edge, before = (self.stands, words), len(self.person.replies)
        self.done.append(edge)
        await self.person.send(words)
        self.stands = leads_to
        try:
            async with asyncio.timeout(self.patience):
                while not self._answered(edge, before):  # noqa: ASYNC110 - a plain list
                    await asyncio.sleep(0.01)
        except TimeoutError:
            self.is_stuck = True

    def _answered(self, edge: Edge, before: int) -> bool:
        """Whether all that answers it has come since: what comes a second time is no answer to what came later."""
        came = Counter(note.text for note in self.person.replies[before:])
        return not Counter(self.replies[edge]) - came


async def learned(network: Network) -> Replies:
    """What each message is answered with: a guide goes every way once while nothing is wrong."""
    guide, replies, stands = network.person(name="Guide"), Replies(), "door"
    for words in (
        "/start",
        "1",
        "menu",
        "menu",
        "what about the weather",
        "1",
        "menu",
        "2",
        "what about the weather",
        "/menu",
    ):
        before = len(guide.replies)
        await guide.send(words)
        await _answered(guide, before)
        replies[stands, words] = tuple(note.text for note in guide.replies[before:])
        stands = dict(WALK[stands])[words]
    return replies


async def _answered(person: SignalPerson, before: int) -> None:
    """Until there is an answer, and then nothing more for a while."""
    count = before
    async with asyncio.timeout(PATIENCE):
        while len(person.replies) > count or count == before:
            count = len(person.replies)
            await asyncio.sleep(QUIET)


@asynccontextmanager
async def writing(writers: Sequence[Writer]) -> AsyncIterator[None]:
    """People live while the block lasts; then each finishes what they began."""
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for writer in writers:
            tasks.create_task(writer.live(enough))
        try:
            yield
        finally:
            enough.set()


def crowd(
    network: Network, size: int, replies: Replies, *, seed: int, patience: float = PATIENCE
) -> list[Writer]:
    """`size` people who have never been here, and wait so many seconds for an answer."""
    return [
        Writer(network.person(name=f"P{number}"), random.Random(f"{seed}/{number}"), replies, patience)
        for number in range(size)
    ]


def judged(writers: Sequence[Writer]) -> Verdict:
    """Every chat held against what it should hold."""
    lost: list[str] = []
    doubles = 0
    for number, writer in enumerate(writers):
        wanted = Counter(text for edge in writer.done for text in writer.replies[edge])
        found = Counter(note.text for note in writer.person.replies)
        lost += [f"person {number}: {text[:40]!r}" for text in (wanted - found).elements()]
        doubles += (found - wanted).total()
    return Verdict(inputs=sum(len(writer.done) for writer in writers), lost=tuple(lost), doubles=doubles)

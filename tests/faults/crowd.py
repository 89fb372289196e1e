"""People who press and write all the time, and what of their conversations must be found in the end.

Everybody walks the same small map of the real flows by chance of their own. A guide walks all of it once in calm, so
what each input is answered with is learned from the bot itself. Afterwards every chat is held against that: what is
missing was lost, what stands there twice was doubled.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from bot.sandbox import Emulator, Message, Person
from bot.sandbox.chat import Change, Post


@dataclass(frozen=True, slots=True)
class Press:
    """The button with this choice under the open question."""

    choice: str


@dataclass(frozen=True, slots=True)
class Write:
    """These words."""

    words: str


Input = Press | Write
Edge = tuple[str, Input]

# Where people stand, what they can do there, and where that leads; the names of places are ours.
WALK: Final[dict[str, tuple[tuple[Input, str], ...]]] = {
    "door": ((Write("/start"), "hello"),),
    "hello": ((Press("go_on"), "home"),),
    "home": (
        (Press("order"), "closest"),
        (Press("think"), "help"),
        (Write("menu"), "home"),
        (Write("what about the weather"), "home"),
    ),
    "closest": ((Press("back"), "home"), (Write("4"), "home")),
    "help": ((Press("facts"), "options"), (Press("time"), "time"), (Write("/menu"), "home")),
    "options": ((Press("serve"), "decision"), (Press("requests"), "requests")),
    "requests": ((Press("back"), "options"), (Write("5"), "options")),
    "decision": ((Press("all"), "options"), (Press("menu"), "home")),
    "time": ((Press("menu"), "home"), (Write("Main menu"), "home")),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as it was when it appeared; a question has the nonce of its buttons."""

    text: str
    nonce: str
    message_id: int


Replies = dict[Edge, tuple[str, ...]]
QUESTION: Final = "?\x00"  # in `Replies`, before the text of a message that has buttons


@dataclass(slots=True)
class Visitor:
    """One person, what they did and what they saw."""

    person: Person
    dice: random.Random
    stands: str = "door"
    patience: float = 60.0  # seconds
    pause: float = 0.0
    done: list[Edge] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    pressed: list[int] = field(default_factory=list)
    _known: set[int] = field(default_factory=set)
    _answered: set[str] = field(default_factory=set)
    is_stuck: bool = False

    def __post_init__(self) -> None:
        self.person.private.watchers.append(self._look)

    def _look(self, change: Change) -> None:
        if isinstance(change, Post) and not change.mine and change.message_id not in self._known:
            self._known.add(change.message_id)
            message = change.view()
            self.seen.append(Seen(message.text, nonce_of(message), message.message_id))

    async def live(self, until: asyncio.Event) -> None:
        """Go about until told to stop, or until no answer comes."""
        while not until.is_set() and not self.is_stuck:
            await self.step(self.dice.choice(WALK[self.stands]))
            await asyncio.sleep(self.pause * self.dice.random())

    async def step(self, step: tuple[Input, str]) -> None:
        """Do one thing and wait for what it is answered with."""
        given, leads_to = step
        self.done.append((self.stands, given))
        match given:
            case Press():
                message = self._question()
                self.pressed.append(message.message_id)
                await self.person.press_stale(data_of(message, given.choice), message.message_id)
            case Write():
                await self.person.send(given.words)
        self.stands = leads_to
        await self._wait()

    def _question(self) -> Message:
        newest = next(one for one in reversed(self.seen) if one.nonce)
        return self.person.private.posts[newest.message_id].view()

    async def _wait(self) -> None:
        """Until a question that was never seen before."""
        try:
            async with asyncio.timeout(self.patience):
                while self.seen[-1:] == [] or self._is_old():
                    await self.person.private.next_change()
        except TimeoutError:
            self.is_stuck = True
        self._answered.update(one.nonce for one in self.seen[-9:])

    def _is_old(self) -> bool:
        return all(not one.nonce or one.nonce in self._answered for one in self.seen[-9:])


def nonce_of(message: Message) -> str:
    """The nonce of a question; nothing for a message without buttons."""
    return next((button.data.split(":")[1] for button in message.buttons if button.data), "")


def data_of(message: Message, choice: str) -> str:
    """What the button with this choice sends."""
    return next(
        button.data for button in message.buttons if button.data and button.data.endswith(f":{choice}")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of everybody's conversations."""

    inputs: int
    lost: tuple[str, ...]
    doubles: int

    def check(self, *, in_flight: int) -> None:
        """The promise: nothing lost, doubled at most what was in flight. Raises AssertionError."""
        assert self.lost == (), f"{len(self.lost)} lost of {self.inputs} inputs"
        assert self.doubles <= in_flight, f"{self.doubles} doubles, {in_flight} in flight"


def judged(visitors: Iterable[Visitor], replies: Replies) -> Verdict:
    """Every chat held against what it should hold."""
    visitors = tuple(visitors)
    findings = [_compared(visitor, replies) for visitor in visitors]
    unedited = [
        f"{one.person.user_id}: an answered question kept its buttons" for one in visitors if _is_open(one)
    ]
    return Verdict(
        inputs=sum(len(visitor.done) for visitor in visitors),
        lost=(*unedited, *(words for lost, _ in findings for words in lost)),
        doubles=sum(doubles for _, doubles in findings),
    )


def _compared(visitor: Visitor, replies: Replies) -> tuple[list[str], int]:
    """What the chat lacks, in words, and how much it has too much; both in order."""
    wanted = list(_numbered(text for edge in visitor.done for text in replies[edge]))
    found = list(_told_apart(visitor.seen))
    place, lost = 0, []
    for number, token in enumerate(wanted):
        try:
            place = found.index(token, place) + 1
        except ValueError:
            lost.append(f"{visitor.person.user_id}: message {number} of {len(wanted)}, {token[0][:40]!r}")
    return lost, len(found) - (len(wanted) - len(lost))


def _numbered(texts: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Questions by their number, other messages as they are; a question's text is marked by `learned`."""
    number = 0
    for text in texts:
        number += text.startswith(QUESTION)
        yield text.removeprefix(QUESTION), number if text.startswith(QUESTION) else 0


def _told_apart(seen: Sequence[Seen]) -> Iterator[tuple[str, int]]:
    """The same of what was seen: the first question is 1, and one that stands there twice has one number."""
    numbers: dict[str, int] = {"": 0}
    for one in seen:
        yield one.text, numbers.setdefault(one.nonce, len(numbers))


def _is_open(visitor: Visitor) -> bool:
    posts = visitor.person.private.posts
    return any(posts[message_id].view().buttons for message_id in visitor.pressed)


async def learned(emulator: Emulator) -> Replies:
    """What each input is answered with: a guide walks every way once while nothing is wrong."""
    guide = Visitor(emulator.person(language_code="en"), random.Random(0))
    replies: Replies = {}
    while missing := _way_to_new(guide.stands, replies):
        before = len(guide.seen)
        edge = (guide.stands, missing[0])
        await guide.step(missing)
        if guide.is_stuck:
            raise AssertionError(f"nothing answers {edge}")
        replies[edge] = tuple(QUESTION * bool(one.nonce) + one.text for one in guide.seen[before:])
    return replies


def _way_to_new(stands: str, replies: Replies) -> tuple[Input, str] | None:
    """The first step of the shortest way to an edge that was never taken."""
    ways: list[tuple[str, tuple[Input, str] | None]] = [(stands, None)]
    been = {stands}
    for place, first in ways:
        for step in WALK[place]:
            if (place, step[0]) not in replies:
                return first or step
            if step[1] not in been:
                been.add(step[1])
                ways.append((step[1], first or step))
    return None


async def visitor_at_home(emulator: Emulator) -> Visitor:
    """Somebody who has come in and stands before the menu."""
    visitor = Visitor(emulator.person(language_code="en"), random.Random(0))
    while visitor.stands != "home":
        await visitor.step(WALK[visitor.stands][0])
    return visitor


@asynccontextmanager
async def going_about(visitors: Sequence[Visitor]) -> AsyncIterator[None]:
    """Let people live while the block lasts; then each finishes what they began."""
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for visitor in visitors:
            tasks.create_task(visitor.live(enough))
        try:
            yield
        finally:
            enough.set()


def crowd(emulator: Emulator, size: int, *, seed: int, pause: float = 0.0) -> list[Visitor]:
    """`size` people who have never been here."""
    return [
        Visitor(emulator.person(language_code="en"), random.Random(f"{seed}/{number}"), pause=pause)
        for number in range(size)
    ]

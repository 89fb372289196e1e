"""A messenger that carries words and nothing else: no buttons, edits, deletions, receipts or spinners.

It keeps the transport port honest, and shows what people see on such a phone. Here are its people and what waits
for the bot; ``plain_api`` is the bot's side over HTTP, ``plain_control`` the page's.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.fault import Faults
from bot.sandbox.refusal import NotSeen

FIRST_NUMBER = 1
LONGEST_TEXT = 2000  # UTF-16 units
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message as it stands in a chat for good; ``mine`` means that a person wrote it."""

    number: int
    mine: bool
    date: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One message the bot has not confirmed yet; numbers grow over all people."""

    number: int
    sender: str
    text: str
    language: str


Wanted = str | Callable[[Line], bool]
Watcher = Callable[[Line], None]


@dataclass(slots=True)
class PlainPerson:
    """Somebody with a text-only phone, and the chat with the bot on it."""

    messenger: Messenger
    id: str
    language: str
    chat: list[Line] = field(default_factory=list)
    watchers: list[Watcher] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def replies(self) -> list[Line]:
        """What the bot wrote, oldest first."""
        return [line for line in self.chat if not line.mine]

    @property
    def last(self) -> Line:
        """The newest message of the bot."""
        return self.replies[-1]

    async def send(self, text: str) -> Line:
        """Write to the bot."""
        line = self.put(text, mine=True)
        self.messenger.post(self, text)
        return line

    def put(self, text: str, *, mine: bool) -> Line:
        """Add a message to the chat and tell who looks at it."""
        line = Line(number=len(self.chat) + 1, mine=mine, date=int(self.messenger.now()), text=text)
        self.chat.append(line)
        for watcher in self.watchers:
            watcher(line)
        self._changed.set()
        return line

    async def wait_for(self, wanted: Wanted, *, timeout: float = 5.0, after: int = 0) -> Line:
        """The newest message of the bot above number ``after`` that has this text in it, or fits.

        Waits up to ``timeout`` seconds of real time, then raises NotSeen with what the chat shows.
        """
        fits = (lambda line: wanted in line.text) if isinstance(wanted, str) else wanted
        try:
            async with asyncio.timeout(timeout):
                while not (found := [one for one in self.replies if one.number > after and fits(one)]):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            shown = [line.text for line in self.chat if line.number > after]
            raise NotSeen(f"not seen after {timeout} s: {wanted!r}; the chat shows {shown}") from None
        return found[-1]

    async def wait_reply(self, *, timeout: float = 5.0) -> Line:
        """The first message of the bot after the person's own newest."""
        after = max((line.number for line in self.chat if line.mine), default=0)
        await self.wait_for("", timeout=timeout, after=after)
        return next(line for line in self.replies if line.number > after)


class Messenger:
    """Everybody with such a phone, and the messages the bot has not confirmed."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.faults = Faults()
        self.people: dict[str, PlainPerson] = {}
        self._queue: deque[Waiting] = deque()
        self._next = FIRST_NUMBER
        self._came = asyncio.Event()

    @property
    def pending(self) -> int:
        """How many messages the bot has not confirmed yet."""
        return len(self._queue)

    def person(self, id: str | None = None, *, language: str | None = None) -> PlainPerson:
        """The person with this id, made when new (a free id when none is given); a language holds from now on."""
        name = id or f"plain-{len(self.people) + 1}"
        person = self.people.setdefault(name, PlainPerson(self, name, language or "he"))
        person.language = language or person.language
        return person

    def post(self, sender: PlainPerson, text: str) -> None:
        """Queue a message for the bot."""
        self._queue.append(Waiting(number=self._next, sender=sender.id, text=text, language=sender.language))
        self._next += 1
        self._came.set()

    async def fetch(self, *, after: int, seconds: float) -> list[Waiting]:
        """Forget what is numbered up to ``after``, then the oldest messages; waits up to ``seconds`` for one."""
        while self._queue and self._queue[0].number <= after:
            self._queue.popleft()
        if not self._queue and seconds > 0:
            self._came.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._came.wait()
            except TimeoutError:
                pass
        return list(self._queue)[:MOST_AT_ONCE]

    def release(self) -> None:
        """End a waiting poll, e.g. because the emulator stops."""
        self._came.set()

    def go_down(self) -> None:
        """Break every connection, waiting polls too, until ``come_up``."""
        self.faults.down = True
        self.release()

    def come_up(self) -> None:
        """Answer again."""
        self.faults.down = False

"""A random walker: a person who presses, types, misspells, sends pictures, waits and comes back, on a real stage.

Chance is seeded, so a walk can be taken again. After every step it holds what has to be true whatever somebody
does: there is an answer, whole and in their own language, and a way on. A broken rule says the seed and the way.
"""

import logging
import random
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.model.person import Language, Platform
from bot.sandbox import Message, Person
from bot.store import people
from tests.stage import Stage

PAUSE: Final = timedelta(seconds=40)  # between two steps: a person reads
COMMANDS: Final = (
    *("/start", "/start flyer7", "/menu", "/help", "/settings", "/language", "/privacy", "/crisis", "/hide"),
    *("/address", "/nonsense", "/stop"),
)
GARBAGE: Final = (
    "?",
    "🙂🙂🙂",
    "0",
    "99999999999999999999",
    "{name} %s {0} </b>",
    "*bold _italic `code",
    "/",
    "\u202eabc\u202c \u2066x",
    "שלוםhello123",
    "word " * 700,
    "'; drop table person; --",
    "v1:n0000001:think",
    "\n\n.\n\n",
)
DISTRESS: Final = ("I want to die", "אני רוצה למות", "בא לי למות")
MEDIA: Final = ("photo", "voice", "document", "sticker", "contact", "location")
WAITS: Final = tuple(
    timedelta(minutes=minutes) for minutes in (5, 60, 60 * 30, 60 * 24 * 3, 60 * 24 * 9, 60 * 24 * 20)
)
OWN_NAMES: Final = {"English": Language.HEBREW, "עברית": Language.ENGLISH}  # where each may stand

HEBREW: Final = re.compile(r"[\u05d0-\u05ea]")
LETTER: Final = re.compile(r"[^\W\d_]")
LINK: Final = re.compile(r"https?://\S+")
HOLE: Final = re.compile(r"[{}]|\bNone\b(?! of them\b)|%\(|\bmsgid\b")
MARKS: Final = re.compile("[\u200e\u200f\u2066-\u2069]")

Step = Callable[[], Awaitable[None]]


def faults_of(text: str, language: Language) -> Iterator[str]:
    """What is wrong with words for somebody who reads `language`: a hole, or the other language.

    English has no Hebrew letter, and most letters of Hebrew are Hebrew ones.
    """
    if HOLE.search(text):
        yield f"a hole in {text!r}"
    plain = MARKS.sub("", LINK.sub("", text)).strip()
    hebrew, letters = len(HEBREW.findall(plain)), len(LETTER.findall(plain))
    own = hebrew == 0 if language is Language.ENGLISH else hebrew * 2 >= letters
    if not own and OWN_NAMES.get(plain) is not language:
        yield f"not in {language}: {text!r}"


@dataclass(slots=True)
class Walker:
    """One person on a stage, and what they did so far."""

    stage: Stage
    person: Person
    language: Language
    dice: random.Random
    faults: list[logging.LogRecord]
    way: list[str] = field(default_factory=list)
    _pressed: list[tuple[str, int]] = field(default_factory=list)

    async def walk(self, steps: int) -> None:
        """Take so many steps; raises AssertionError with the way taken where something does not hold."""
        await self._take("say '/start'", lambda: self._say("/start"))
        for _ in range(steps):
            name, step, answered = self._choose()
            await self._take(name, step, answered=answered)

    async def _take(self, name: str, step: Step, *, answered: bool = True) -> None:
        self.way.append(name)
        seen = max((message.message_id for message in self.person.history), default=0)
        self.stage.clock.pass_time(PAUSE)
        await step()
        await self.stage.settle()
        said = [m for m in self.person.history if m.message_id > seen and not m.mine]
        self.language = await self._speaks()
        problems = [*self._silence(said, answered=answered), *self._words(said), *await self._standing()]
        assert not problems, f"{problems}\nafter: {' | '.join(self.way[-12:])}"

    # What somebody does

    def _choose(self) -> tuple[str, Step, bool]:
        ways = (self._press, self._type, self._bother, self._go_away)
        return self.dice.choices(ways, weights=(55, 25, 13, 7))[0]()

    def _press(self) -> tuple[str, Step, bool]:
        shown = self._screen()
        if self._pressed and (shown is None or self.dice.random() < 0.08):
            data, message_id = self.dice.choice(self._pressed)
            return f"stale {data}", lambda: self._press_gone(data, message_id), False
        if shown is None:
            return "say 'hi'", lambda: self._say("hi"), True
        rows = [row for row in shown.rows if len(row) == 1]
        row = self.dice.choice(rows if rows and self.dice.random() < 0.85 else shown.rows)
        button = self.dice.choice(row)
        return f"press {button.data}", lambda: self._press_now(button.data or "", shown.message_id), True

    def _type(self) -> tuple[str, Step, bool]:
        labels = self._labels()
        typed = self.dice.choice(
            (
                str(self.dice.randrange(14)),
                self.dice.choice(labels),
                self._misspelt(self.dice.choice(labels)),
                self.dice.choice(COMMANDS),
                self.dice.choice(GARBAGE),
                self.dice.choice(DISTRESS) if self.dice.random() < 0.3 else "1",
            )
        )
        return f"say {typed[:40]!r}", lambda: self._say(typed), True

    def _bother(self) -> tuple[str, Step, bool]:
        kind = self.dice.choice((*MEDIA, "forward", "edit"))
        mine = [message for message in self.person.chat if message.mine and message.kind == "text"]
        if kind == "edit" and mine:
            return "edit", lambda: self.person.edit(mine[-1].message_id, "other words"), True
        if kind in ("forward", "edit"):
            return "forward", lambda: self._ignoring(self.person.forward("Somebody else's words")), True
        return kind, lambda: self._ignoring(getattr(self.person, kind)()), True

    def _go_away(self) -> tuple[str, Step, bool]:
        if self.dice.random() < 0.2:
            return "restart", self.stage.restart, False
        if self.dice.random() < 0.2:
            return "block and come back", self._block, False
        span = self.dice.choice(WAITS)
        return f"wait {span}", lambda: self.stage.pass_time(span), False

    async def _say(self, text: str) -> None:
        await self.person.send(text)

    async def _ignoring(self, sent: Awaitable[int]) -> None:
        await sent

    async def _press_now(self, data: str, message_id: int) -> None:
        self._pressed.append((data, message_id))
        await self.person.press(data, message_id)

    async def _press_gone(self, data: str, message_id: int) -> None:
        await self.person.press_stale(data, message_id)

    async def _block(self) -> None:
        await self.person.block()
        await self.stage.settle()
        await self.person.unblock()

    def _misspelt(self, label: str) -> str:
        at = self.dice.randrange(len(label))
        return (label[:at] + label[at + 1 :]) or "x"

    def _labels(self) -> list[str]:
        shown = self._screen()
        return [MARKS.sub("", label) for label in shown.labels] if shown else ["menu", "תפריט"]

    def _screen(self) -> Message | None:
        """The newest message with buttons that is still there."""
        return next((message for message in reversed(self.person.replies) if message.rows), None)

    # What has to hold

    def _silence(self, said: list[Message], *, answered: bool) -> Iterator[str]:
        if answered and not said:
            yield "there was no answer"
        yield from ("an empty message" for message in said if not message.text.strip())

    def _words(self, said: list[Message]) -> Iterator[str]:
        for message in said:
            for text in (message.text, *message.labels):
                yield from faults_of(text, self.language)

    async def _standing(self) -> Iterator[str]:
        """The question that is open was shown with its buttons; nothing failed on the way.

        What is sensitive may have been cleared away since: then the next words bring the question back.
        """
        session = await self.stage.session(self.person.user_id)
        problems = [f"logged {record.getMessage()}" for record in self.faults]
        if session.frames:
            nonce = session.screen.nonce if session.screen else "(no screen)"
            shown = [button.data for message in self.person.history for button in message.buttons]
            if not any(nonce in (data or "") for data in shown):
                problems.append(f"nothing to press at {session.frames[-1]}")
        return iter(problems)

    async def _speaks(self) -> Language:
        """The language the person is spoken to in; who was just forgotten heard the goodbye in theirs."""
        async with self.stage.house.db.unit() as unit:  # never committed: looking makes nobody
            today = self.stage.clock.now().date()
            found = await people.resolve(unit, Platform.TELEGRAM, [str(self.person.user_id)], today=today)
            known = await people.load(unit, found.values())
        return next((one.person.language for one in known.values() if one.person.language), self.language)

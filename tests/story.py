"""Golden chats: a YAML file tells a story, this plays it on a stage and writes down what the person saw.

A story has steps; each has one thing that happens, and what came of it in Hebrew and in English. The same story is
played once per language against the real pipeline. `pytest tests/test_transcripts.py --update` writes what was seen.

A value may differ by language, {he: ..., en: ...}, and be null where nothing happens in one of them.
What can happen: `start: payload`, `press: choice`, `say: text`, `double: choice` (pressed twice at once),
`many: choice` (pressed so often that the person is told of it),
`stale: choice` (the first button of that name ever shown, gone by now), `send: voice`, `edit: text`, `block: true`,
`unblock: true`, `group: true`, `wait: 15 days`, `restart: true`, `pull: card`, `unpull: card` (a pull taken back),
`deploy: {file:, old:, new:}`, `cut_off: 5 minutes` (nothing goes out), `invited: true` (opens an organizer's
invitation), `code: true` (types what the app shows), `organizer: text` (another one, whom the story does not see,
writes it, or their `code`).
What is seen: each message with its buttons; `~` is a message that changed (what was added, else its first line), `x`
one that went away (`(theirs)`: the
person's own), `+` what was counted, `=` where the person is. Direction marks are written out.
"""

import re
from base64 import b32decode
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.app import Invitation
from bot.model.flood import RULES, Flow
from bot.sandbox import Message, Person
from bot.store.crypto import totp_code
from tests.stage import Stage

FOLDER: Final = Path(__file__).parent / "transcripts"
FILE: Final = "(a file) "
GROUP: Final = -1001
MARKS: Final = {"\u2068": "<FSI>", "\u2069": "<PDI>", "\u200f": "<RLM>", "\u2066": "<LRI>", "\u200e": "<LRM>"}
SPAN: Final = re.compile(r"(\d+) (minute|hour|day|week)s?")
LANGUAGES: Final = ("he", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One file; `app_language` is what the person's app speaks where a story wants another than its own."""

    path: Path
    title: str
    steps: list[dict[str, Any]]


@dataclass(slots=True)
class Player:
    """Plays a story in one language and remembers what the person has been shown so far."""

    stage: Stage
    person: Person
    language: str
    _shown: dict[int, Message] = field(default_factory=dict)
    _buttons: dict[str, tuple[str, int]] = field(default_factory=dict)
    _first: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counted: Counter[str] = field(default_factory=Counter)
    _invitation: Invitation | None = None
    _organizer: tuple[Person, Invitation] | None = None

    async def play(self, step: Mapping[str, Any]) -> str:
        """Let one step happen; what was seen of it."""
        await self._happen({name: value for name, value in step.items() if name not in LANGUAGES})
        await self.stage.settle()
        lines = [*self._changes(), *await self._counts(), *await self._place()]
        return "\n".join(lines) + "\n"

    async def _happen(self, step: Mapping[str, Any]) -> None:
        (name, value), *_ = step.items()
        if isinstance(value, dict) and set(value) == set(LANGUAGES):
            value = value[self.language]
        if value is None:  # nothing happens in this language
            return
        happening = getattr(self, f"happens_{name}", None)
        if happening is None:
            raise ValueError(f"nothing called {name!r} can happen in a story")
        await happening(value)

    async def happens_start(self, payload: str) -> None:
        await self.person.start(payload)

    async def happens_say(self, text: object) -> None:
        await self.person.send(str(text))

    async def happens_press(self, choice: str) -> None:
        await self.person.press(self._buttons[choice][0])

    async def happens_double(self, choice: str) -> None:
        for _ in range(2):
            await self.person.press_stale(*self._buttons[choice])

    async def happens_many(self, choice: str) -> None:
        for _ in range(RULES[Flow.MANY].more_than + 1):
            await self.person.press_stale(*self._buttons[choice])

    async def happens_stale(self, choice: str) -> None:
        await self.person.press_stale(*self._first[choice])

    async def happens_send(self, kind: str) -> None:
        await getattr(self.person, kind)(*(["Somebody else's words"] if kind == "forward" else []))

    async def happens_edit(self, text: str) -> None:
        mine = [message.message_id for message in self.person.chat if message.mine]
        await self.person.edit(mine[-1], text)

    async def happens_block(self, _: bool) -> None:
        await self.person.block()

    async def happens_unblock(self, _: bool) -> None:
        await self.person.unblock()

    async def happens_group(self, _: bool) -> None:
        await self.person.add_bot(GROUP)

    async def happens_cut_off(self, words: str) -> None:
        await self.stage.cut_off(span(words))

    async def happens_invited(self, _: bool) -> None:
        self._invitation = await self.stage.invite()
        await self.person.start(self._invitation.payload)

    async def happens_code(self, _: bool) -> None:
        if self._invitation:
            await self.person.send(_code(self._invitation, self.stage.clock.now()))

    async def happens_organizer(self, text: str) -> None:
        person, invitation = await self._other_organizer()
        await person.send(_code(invitation, self.stage.clock.now()) if text == "code" else text)

    async def _other_organizer(self) -> tuple[Person, Invitation]:
        """Joins when they are needed first."""
        if self._organizer is None:
            invitation = await self.stage.invite()
            self._organizer = self.stage.emulator.person(language_code="en"), invitation
            for words in (f"/start {invitation.payload}", _code(invitation, self.stage.clock.now())):
                await self._organizer[0].send(words)
                await self.stage.settle()
        return self._organizer

    async def happens_wait(self, words: str) -> None:
        await self.stage.pass_time(span(words))

    async def happens_restart(self, _: bool) -> None:
        await self.stage.restart()

    async def happens_deploy(self, change: Mapping[str, str]) -> None:
        await self.stage.deploy(**change)

    async def happens_pull(self, card: str) -> None:
        await self.stage.pull(card)

    async def happens_unpull(self, card: str) -> None:
        await self.stage.pull(card, undo=True)

    def _changes(self) -> Iterator[str]:
        """What is new in the chat, what changed and what went away."""
        for message in self.person.history:
            if message.mine:
                yield from self._taken_out(message)
                continue
            before = self._shown.get(message.message_id)
            if before == message:
                continue
            self._shown[message.message_id] = message
            self._learn(message)
            yield from _told(before, message)

    def _taken_out(self, message: Message) -> Iterator[str]:
        """A message of the person's own, once it is deleted."""
        if message.deleted and message.message_id not in self._shown:
            self._shown[message.message_id] = message
            yield f"x (theirs) {_plain(message.text or message.kind).splitlines()[0]}"

    def _learn(self, message: Message) -> None:
        for button in message.buttons:
            choice = (button.data or "").rpartition(":")[2]
            self._buttons[choice] = (button.data or "", message.message_id)
            self._first.setdefault(choice, (button.data or "", message.message_id))

    async def _counts(self) -> list[str]:
        """What was counted meanwhile."""
        before, self._counted = self._counted, Counter(await self.stage.counted())
        return [f"+ counted {name}" for name in sorted((self._counted - before).elements())]

    async def _place(self) -> list[str]:
        """Where the person is, as the session on disk says."""
        left = ["(the bot has left the group)"] if self.stage.emulator.calls("leaveChat") else []
        return [*left, f"= {' > '.join(await self.stage.places(self.person.user_id)) or 'at rest'}"]


def read(path: Path) -> Story:
    """The story in a file."""
    tree = _yaml().load(path)
    return Story(path=path, title=tree["story"], steps=tree["steps"])


def write(story: Story, seen: Mapping[str, list[str]]) -> None:
    """Put what was seen into the file of the story."""
    steps = []
    for position, step in enumerate(story.steps):
        happening = {name: value for name, value in step.items() if name not in LANGUAGES}
        said = {language: LiteralScalarString(seen[language][position]) for language in LANGUAGES}
        steps.append({**happening, **said})
    with story.path.open("w", encoding="utf-8") as file:
        _yaml().dump({"story": story.title, "steps": steps}, file)


def stories() -> list[Path]:
    """Every story there is."""
    return sorted(FOLDER.glob("*.yaml"))


def _code(invitation: Invitation, now: datetime) -> str:
    """What the authenticator app of whoever was invited shows."""
    return totp_code(b32decode(invitation.secret), seconds=int(now.timestamp()))


def _told(before: Message | None, message: Message) -> Iterator[str]:
    if message.deleted:
        yield f"x {_plain(message.text).splitlines()[0]}"
    elif before is None:
        yield from _whole(message)
    else:
        said = message.text.removeprefix(before.text).strip()
        gone = "" if message.buttons else "(no buttons) "
        yield f"~ {gone}{_plain(said or message.text.splitlines()[0])}"
        yield from _buttons(message)


def _whole(message: Message) -> Iterator[str]:
    first, *rest = _plain(message.text).split("\n")
    yield f"> {FILE if message.kind == 'document' else ''}{first}"
    yield from (f"  {line}".rstrip() for line in rest)
    if message.protected:
        yield "  (cannot be forwarded)"
    yield from _buttons(message)


def _buttons(message: Message) -> Iterator[str]:
    for row in message.rows:
        yield "  " + " ".join(f"[{_plain(button.text)}]" for button in row)


def _plain(text: str) -> str:
    for mark, name in MARKS.items():
        text = text.replace(mark, name)
    return text


def span(words: str) -> timedelta:
    """A length of time. Example: "15 days"."""
    found = SPAN.fullmatch(words)
    if found is None:
        raise ValueError(f"{words!r} is no length of time")
    return timedelta(**{f"{found[2]}s": int(found[1])})


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 4096
    return yaml

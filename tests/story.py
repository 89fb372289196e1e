"""Golden chats: a YAML file tells a story, this plays it on a stage and writes down what the person saw.

A story has steps; each has one thing that happens, and what came of it in Hebrew and in English. The same story is
played once per language against the real pipeline. `pytest tests/test_transcripts.py --update` writes what was seen.

A value may differ by language, {he: ..., en: ...}, and be null where nothing happens in one of them.
What can happen: `start: payload`, `press: choice`, `say: text`, `double: choice` (pressed twice at once),
`many: choice` (pressed so often that the person is told of it),
`stale: choice` (the first button of that name ever shown, gone by now), `send: voice`, `edit: text`,
`reply: [quoted, text]` (an answer to the newest message of these words, whoever wrote it), `block: true`,
`unblock: true`, `group: true`, `wait: 15 days`, `outage: 2 days`, `restart: true`, `pull: card`, `unpull: card`,
`deploy: {file:, old:, new:}`, `without_keeper: true` (a start without the letter keeper's key), `cut_off: 5 minutes`
(nothing goes out), `captcha: wanted` (by Signal, from then on) or its solved link, `spool: unanswered`, `gone`, `full`,
`away` (nothing came in from Signal for a while) or `again` (it does), `invited: true` (opens an organizer's
invitation), `code: true` (types what the app shows),
`organizer: text` (another one, whom the story does not see, writes it, or their `code`), `scan: times` (opens the
newest flyer), and on Signal `new_phone: true`, `without_signal: true` (`false`: registered anew), `often: text` (typed
so often that the person is told of it),
`asked_to_volunteer: true` (opens an invitation to volunteer that the terminal made),
`notice: {to:, hebrew:, english:, place:, begins_in:}` (a protest that two organizers agreed on elsewhere).
A story of several people names them at its top, and `by` in its steps: `tests/cast.py`. `rate: {telegram: 0.02}` at
its top is how many messages a second leave for many people there.
What is seen: each message with its buttons (`(link)`: one that opens something, and what); `~` is a message that
changed (what was added, else its first line), `x` one that went away (`(theirs)`: the person's own), `+` what was
counted, `=` where the person is. Direction marks are written out.

A story is of Telegram, and is played on Signal too, where the same has to come of it (`signal_story`).
One with `phone: signal` at its top is of that phone alone, and written down as it looks there; with `stranger: true`
the bot does not know beforehand which language the person reads, with `polls: true` its questions have polls.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString
from typing_extensions import override

from bot.model.flood import RULES, Flow
from bot.model.person import Platform
from bot.sandbox import Message, Person
from tests.happening import LANGUAGES, Happenings, happening_of, written_out

FOLDER: Final = Path(__file__).parent / "transcripts"
FILES: Final = {"document": "(a file) ", "photo": "(a photo) ", "voice": "(a voice message) "}
GROUP: Final = -1001


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One file."""

    path: Path
    title: str
    phone: Platform
    steps: list[dict[str, Any]]
    people: Mapping[str, Any] = field(default_factory=dict)
    rate: Mapping[str, float] = field(default_factory=dict)
    stranger: bool = False
    polls: bool = False

    @property
    def settings(self) -> Mapping[str, Any]:
        """What of the bot's settings is otherwise in it."""
        rate = {f"{platform}_rate": of_one for platform, of_one in self.rate.items()}
        return {**rate, "signal_polls": True} if self.polls else rate


@dataclass(slots=True)
class Player(Happenings):
    """Plays a story on Telegram and remembers what the person has been shown so far."""

    platform: ClassVar = Platform.TELEGRAM

    person: Person
    _shown: dict[int, Message] = field(default_factory=dict)
    _buttons: dict[str, tuple[str, int]] = field(default_factory=dict)
    _first: dict[str, tuple[str, int]] = field(default_factory=dict)

    async def play(self, step: Mapping[str, Any]) -> str:
        """Let one step happen; what was seen of it."""
        await self.happen(step)
        left = ["(the bot has left the group)"] if self.stage.emulator.calls("leaveChat") else []
        return "\n".join([*self.news(), *await self.counts(), *left, await self.here()]) + "\n"

    @property
    @override
    def routing_id(self) -> object:
        return self.person.user_id

    def news(self) -> list[str]:
        """What is new in the chat, what changed and what went away, since this was last asked."""
        return list(self._changes())

    @override
    async def happens_start(self, payload: str) -> None:
        await self.person.start(payload)

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

    async def happens_reply(self, words: Sequence[str]) -> None:
        quoted, text = words
        found = [message.message_id for message in self.person.chat if message.text == quoted]
        await self.person.send(text, reply_to=found[-1])

    async def happens_block(self, _: bool) -> None:
        await self.person.block()

    async def happens_unblock(self, _: bool) -> None:
        await self.person.unblock()

    async def happens_group(self, _: bool) -> None:
        await self.person.add_bot(GROUP)

    def _changes(self) -> Iterator[str]:
        for message in self.person.history:
            if message.mine:
                yield from self._taken_out(message)
                continue
            before = self._shown.get(message.message_id)
            if before == message:
                continue
            self._shown[message.message_id] = message
            self._learn(message)
            yield from _told(before, message, quoted=self._quoted(message))

    def _quoted(self, message: Message) -> str | None:
        """The words that a message is an answer to."""
        return next((one.text for one in self.person.history if one.message_id == message.reply_to), None)

    def _taken_out(self, message: Message) -> Iterator[str]:
        """A message of the person's own, once it is deleted."""
        if message.deleted and message.message_id not in self._shown:
            self._shown[message.message_id] = message
            yield f"x (theirs) {written_out(message.text or message.kind).splitlines()[0]}"

    def _learn(self, message: Message) -> None:
        for button in message.buttons:
            choice = (button.data or "").rpartition(":")[2]
            self._buttons[choice] = (button.data or "", message.message_id)
            self._first.setdefault(choice, (button.data or "", message.message_id))


def read(path: Path) -> Story:
    """The story in a file."""
    tree = _yaml().load(path)
    phone = Platform(tree.get("phone", Platform.TELEGRAM))
    return Story(
        path=path,
        title=tree["story"],
        phone=phone,
        steps=tree["steps"],
        people=tree.get("people", {}),
        rate=tree.get("rate", {}),
        stranger=tree.get("stranger", False),
        polls=tree.get("polls", False),
    )


def phone_of(path: Path) -> Platform:
    """Whose phone a story is of, without reading its steps."""
    return phones_of(path)[0]


def phones_of(path: Path) -> list[Platform]:
    """Which phone each of its people has, the first one first, without reading its steps."""
    head = _yaml().load(path.read_text(encoding="utf-8").partition("\nsteps:")[0])
    others = list(head.get("people", {}).values())[1:]
    return [Platform(one.get("phone", Platform.TELEGRAM)) for one in (head, *others)]


def write(story: Story, seen: Mapping[str, list[str]]) -> None:
    """Put what was seen into the file of the story."""
    steps = []
    for position, step in enumerate(story.steps):
        said = {language: LiteralScalarString(seen[language][position]) for language in LANGUAGES}
        by = {"by": step["by"]} if "by" in step else {}
        steps.append({**by, **dict([happening_of(step)]), **said})
    phone = {} if story.phone is Platform.TELEGRAM else {"phone": story.phone.value}
    with story.path.open("w", encoding="utf-8") as file:
        people = {"people": story.people} if story.people else {}
        rate = {"rate": story.rate} if story.rate else {}
        stranger = {name: True for name in ("stranger", "polls") if getattr(story, name)}
        _yaml().dump({"story": story.title, **phone, **stranger, **rate, **people, "steps": steps}, file)


def stories() -> list[Path]:
    """Every story there is."""
    return sorted(FOLDER.glob("*.yaml"))


def _told(before: Message | None, message: Message, *, quoted: str | None) -> Iterator[str]:
    if message.deleted:
        yield f"x {written_out(message.text or message.kind).splitlines()[0]}"
    elif before is None:
        yield from _whole(message, quoted=quoted)
    else:
        said = message.text.removeprefix(before.text).strip()
        gone = "" if message.buttons else "(no buttons) "
        yield f"~ {gone}{written_out(said or message.text.splitlines()[0])}"
        yield from _buttons(message)


def _whole(message: Message, *, quoted: str | None) -> Iterator[str]:
    first, *rest = written_out(message.text).split("\n")
    yield f"> {FILES.get(message.kind, '')}{first}".rstrip()
    yield from (f"  {line}".rstrip() for line in rest)
    if quoted:
        yield f"  (in answer to: {written_out(quoted).splitlines()[0]})"
    if message.protected:
        yield "  (cannot be forwarded)"
    yield from _buttons(message)


def _buttons(message: Message) -> Iterator[str]:
    for row in message.rows:
        if found := [f"[{written_out(button.text)}]" for button in row if not button.url]:
            yield "  " + " ".join(found)
        yield from (f"  (link) {written_out(button.text)}: {button.url}" for button in row if button.url)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 4096
    return yaml

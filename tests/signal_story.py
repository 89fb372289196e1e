"""Golden chats on a phone with Signal: the stories of Telegram, where the same has to come of them, and its own.

A press becomes the number of its choice (of a prompt, its code); `double` and `many` are typed once. Compared are the
words of every new message, its choices in their order (here a numbered list), what was counted, and the place.

What such a phone can't do is left out step by step: IMPOSSIBLE. What comes out differently there happens, and is not
compared: UNLIKE, and OTHERWISE with a story of its own. After either, the comparison goes on as soon as both stand at
the same place, at the end at the latest. One that can not be compared has another one in ON_ITS_OWN.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import groupby
from string import ascii_uppercase
from typing import Any, ClassVar, Final

from typing_extensions import override

from bot.engine.session import Session
from bot.model.flood import RULES, Flow
from bot.model.notice_code import shown_in
from bot.model.person import Platform
from bot.pipeline.announce import numbered
from bot.pipeline.choices import BETWEEN, BOUND
from bot.sandbox import sample
from bot.sandbox.signal import Enclosed, Note, SignalPerson, Turn
from tests.elsewhere import everywhere, said_there
from tests.happening import MARKS, Happenings, happening_of, span, written_out
from tests.story import FILES, Story

IMPOSSIBLE: Final = frozenset({"stale"})  # what was asked before has no button; an old number counts now
FILES_OF: Final[dict[str, dict[str, Any]]] = {
    "photo": {"content": sample.PHOTO, "kind": "image/jpeg", "name": "photo.jpg"},
    "voice": {"content": sample.VOICE, "kind": "audio/aac"},
    "document": {"content": b"document", "kind": "application/pdf", "name": "file.pdf"},
}
# A number that is typed again answers the next question; what somebody else shows there cannot be shown here.
UNLIKE: Final = frozenset({"many", "send"})
OTHERWISE: Final = {  # the place on Telegram: the story that tells what comes here instead
    "hide.hidden": "hide_on_signal",
    "mydata.after": "my_data_on_signal",
}
ON_ITS_OWN: Final = {  # a story of Telegram: the one that tells the same of Signal, with words and numbers of its own
    # somebody has both phones in these: with them the other way round
    "identity_changed_moved": "identity_changed_moved_turned",
    "line_between_apps": "line_between_apps_turned",
    "move_both_known": "move_both_known_turned",
    "move_to_signal": "move_from_signal",
    "move_undone": "move_undone_turned",
    "move_wrong_code": "move_wrong_code_turned",
    # no screen changes by itself there
    "notice_live": "notice_looked_at_again",
    "notice_paused_and_cancelled": "notice_paused_on_signal",
}
GROUP: Final = "R3JvdXA="
MANY: Final = 8  # of messages that are all alike no more are written out
ON_A_LINE: Final = (
    "line.open",
    "line.exchange_type",
)  # a number there is for the other end, and none is offered
ANYWHERE: Final = "\0"  # before what holds everywhere, where it has no number
ANSWER: Final = re.compile(r"(?:\0|(?P<sign>[A-T]?\d{1,2}|[U-Z][A-Z]\d)\. )(?P<label>.+)")
BESIDE: Final = re.compile(r" \u00b7 (?=\d{1,2}\. )")  # what holds everywhere stands in one line
MAP: Final = "https://www.openstreetmap.org/"  # a link where there are no buttons
OF_BOTH: Final = ("desk.figures",)  # tells when the bot has heard of each platform last
BUTTON: Final = re.compile(r"\[([^\]]+)\](?= |$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of one step: the words and choices of new messages, what was counted, the place."""

    lines: tuple[str, ...]
    choices: tuple[str, ...]
    counted: tuple[str, ...]
    place: str


@dataclass(slots=True)
class SignalPlayer(Happenings):
    """Plays a story on a phone with Signal, and writes down what it shows, numbers and all."""

    platform: ClassVar = Platform.SIGNAL

    person: SignalPerson
    _shown: dict[int, Note] = field(default_factory=dict)
    _put_into: set[str] = field(default_factory=set)
    _came: dict[int, Note] = field(default_factory=dict)  # as each message was at first

    def __post_init__(self) -> None:
        self.person.watchers.append(self._comes)

    def _comes(self, note: Note) -> None:
        self._came.setdefault(note.timestamp, note)

    @override
    async def happen(self, step: Mapping[str, Any]) -> None:
        """As everywhere; the bot knows the language also of somebody it has forgotten, as Telegram would tell it."""
        await self.stage.acquaint(self.person)
        await super(SignalPlayer, self).happen(step)

    async def play(self, step: Mapping[str, Any]) -> str:
        """Let one step happen; what was seen of it."""
        await self.happen(step)
        gone = self._put_into - self.stage.emulator.signal.groups
        self._put_into -= gone
        left = ["(the bot has left the group)"] if gone else []
        return "\n".join([*self.news(), *await self.counts(), *left, await self.here()]) + "\n"

    @property
    @override
    def routing_id(self) -> object:
        return self.person.id

    def news(self) -> list[str]:
        """What is new in the chat, what changed and what went away, since this was last asked."""
        return list(self._changes())

    def _changes(self) -> Iterator[str]:
        for told, alike in groupby(filter(None, map(self._change, self.person.history))):
            count = len(list(alike))
            yield from told * min(count, MANY)
            if count > MANY:
                yield f"  (and so {count - MANY} times more)"

    def _change(self, note: Note) -> tuple[str, ...]:
        """What is new of one message."""
        before, came = self._shown.get(note.timestamp), tuple[str, ...]()
        if before is None and note.deleted and not note.mine:  # it came and went within one step
            before = self._came[note.timestamp]
            came = tuple(_told(None, before))
        self._shown[note.timestamp] = note
        if before == note:
            return ()
        return (*came, *(_reaction(before, note) if note.mine else _told(before, note)))

    async def happens_press(self, choice: str) -> None:
        if typed := await self._typed(choice):
            await self.person.send(typed)

    async def happens_reply(self, words: Sequence[str]) -> None:
        quoted, text = words
        found = [note.timestamp for note in self.person.chat if quoted in note.text]
        await self.person.send(text, quote=found[-1])

    async def happens_react(self, words: Sequence[str]) -> None:
        on, emoji = words
        found = [note.timestamp for note in self.person.replies if on in note.text]
        await self.person.react(found[-1], emoji)

    async def happens_vote(self, choice: str) -> None:
        (*_, poll) = (note for note in self.person.replies if note.options)
        typed = await self._typed(choice)
        await self.person.vote(poll.timestamp, int(typed or "1") - 1)

    async def happens_edit(self, text: str) -> None:
        mine = [note.timestamp for note in self.person.chat if note.mine]
        await self.person.edit(mine[-1], text)

    async def happens_delete(self, words: str) -> None:
        found = [note.timestamp for note in self.person.chat if note.mine and words in note.text]
        await self.person.delete(found[-1])

    async def happens_send(self, kind: str) -> None:
        await self.person.attach(**FILES_OF[kind])

    async def happens_new_phone(self, _: bool) -> None:
        await self.person.change_phone()

    async def happens_block(self, _: bool) -> None:
        await self.person.block()

    async def happens_unblock(self, _: bool) -> None:
        await self.person.unblock()

    async def happens_group(self, _: bool) -> None:
        self._put_into.add(GROUP)
        await self.person.add_bot(GROUP)

    async def happens_without_signal(self, is_gone: bool) -> None:
        self.person.has_left = is_gone

    async def happens_often(self, text: object) -> None:
        for _ in range(RULES[Flow.MANY].more_than + 1):
            await self.person.send(str(text))

    async def happens_timer(self, words: str) -> None:
        await self.person.set_timer(int(span(words).total_seconds()) if words != "off" else 0)

    async def happens_double(self, choice: str) -> None:
        await self.happens_press(choice)

    async def happens_many(self, choice: str) -> None:
        await self.happens_press(choice)

    async def _typed(self, choice: str) -> str | None:
        """What stands before a choice on the list; None where a step that was left out would have led to it."""
        session = await self.stage.session(self.person.id, Platform.SIGNAL)
        if session.screen and choice in session.screen.choices:
            return self._word(session, choice) or str(session.screen.choices.index(choice) + 1)
        for prompt in reversed(session.prompts):
            if choice in prompt.choices:
                return f"{prompt.code}{prompt.choices.index(choice) + 1}"
        return self._typed_for_a_notice(choice)

    def _word(self, session: Session, choice: str) -> str | None:
        """The words of what holds everywhere, where it has no number."""
        book, top = self.stage.house.library.book, session.top
        step = book.step(top.flow, top.step) if top else None
        found = book.choice(step, choice) if step and step.asks_a_number and choice.startswith("~") else None
        return self.stage.house.renderer.labels(found.label)[0] if found else None

    def _typed_for_a_notice(self, choice: str) -> str | None:
        """The code of an answer under the last notice that came, or was looked at."""
        codes = [code for one in self.person.replies if (code := shown_in(one.text))]
        numbers = {one.id: number for number, one in numbered(self.stage.house.library.book)}
        return f"{codes[-1]}{numbers[choice]}" if codes and choice in numbers else None

    def hints(self) -> tuple[str, ...]:
        """How the lines begin that say how to answer."""
        phrases, renderer = self.stage.house.library.book.phrases, self.stage.house.renderer
        names = ("answer_number", "answer_code", "notice_answers")
        found = [renderer.labels(phrases[name], {"code": "?"}) for name in names]
        return (MAP, *(_bare(words).partition("?")[0] for wordings in found for words in wordings))


def can_happen(step: Mapping[str, Any]) -> bool:
    """Whether a phone with Signal can do what a step says."""
    name, value = happening_of(step)
    return name not in IMPOSSIBLE and (name != "send" or value in FILES_OF)


def on_telegram(golden: str) -> Seen:
    """What a phone with Signal has to show of what a golden chat of Telegram shows."""
    words, buttons = [], []
    for mark, line in _new(golden):
        if BUTTON.match(line):
            buttons += BUTTON.findall(line)
        elif line != "(cannot be forwarded)" and not line.startswith(("(in answer to: ", "(link) ")):
            words.append(mark + line)
    seen = _seen(golden, words, choices=buttons)
    return replace(seen, lines=tuple(said_there(seen.lines)))


def on_signal(written: str, *, hints: tuple[str, ...]) -> Seen:
    """The same of what a phone with Signal showed, without the lines that say how to answer."""
    told = [
        (mark + line, ANSWER.fullmatch(line))
        for mark, whole in _new(written)
        for line in _parted(_bare(whole))
    ]
    answers = [answer for _, answer in told if answer]
    _check_numbers([answer["sign"] for answer in answers if answer["sign"]])
    words = [line for line, answer in told if not answer and not line.startswith("(in answer to: ")]
    return _seen(written, words, choices=[answer["label"] for answer in answers], besides=hints)


def _parted(line: str) -> Sequence[str]:
    """What stands in one line: what holds everywhere, with numbers or without."""
    words = line.split(BETWEEN.replace(BOUND, " "))
    is_row = len(words) > 1 and everywhere().issuperset(words)
    return [f"{ANYWHERE}{word}" for word in words] if is_row else BESIDE.split(line)


def differences(told: Story, shown: list[Seen | None], golden: list[str]) -> Iterator[str]:
    """Where a phone with Signal did not show what the golden chat says, step by step."""
    is_here, place = True, ""
    for position, (step, seen, text) in enumerate(zip(told.steps, shown, golden, strict=True), start=1):
        wanted = on_telegram(text)
        is_same = happening_of(step)[0] not in UNLIKE and not any(one in wanted.place for one in OTHERWISE)
        found = replace(seen, choices=wanted.choices) if seen and wanted.place.endswith(ON_A_LINE) else seen
        found = replace(found, lines=wanted.lines) if found and wanted.place in OF_BOTH else found
        if found is not None and is_here and is_same and found != wanted:
            yield f"step {position}: {seen} is not {wanted}"
        place = seen.place if seen else place
        is_here = place == wanted.place
    if not is_here:
        yield f"the end: {place} is not where the story ends"


def _told(before: Note | None, note: Note) -> Iterator[str]:
    """A message of the bot that is new, changed or gone."""
    if before is None and note.turn is Turn.TIMER:
        yield f"* messages disappear after {timedelta(seconds=note.expires) // timedelta(hours=1)} hours"
    elif before is None:
        first, *rest = written_out(note.text).replace(BOUND, " ").split("\n")
        yield f"> {''.join(map(_kind, note.files))}{first}".rstrip()
        yield from (f"  {line}".rstrip() for line in rest)
        yield from (f"  ( ) {written_out(option)}" for option in note.options)
        if note.quote:
            yield f"  (in answer to: {_first_line(note.quote.text)})"
    elif note.deleted:
        yield f"x {_first_line(before.text)}"
    else:
        said = note.text.removeprefix(before.text).strip()
        yield f"~ {written_out(said) if said else _first_line(note.text)}"


def _kind(file: Enclosed) -> str:
    return {"image": FILES["photo"], "audio": FILES["voice"]}.get(file.kind.split("/")[0], FILES["document"])


def _first_line(text: str) -> str:
    return written_out(text or "a file").splitlines()[0]


def _reaction(before: Note | None, note: Note) -> Iterator[str]:
    """What the bot put on a message of theirs."""
    if note.reaction and (before is None or before.reaction != note.reaction):
        yield f"  ({note.reaction} on: {written_out(note.text or 'a file').splitlines()[0]})"


def _new(written: str) -> Iterator[tuple[str, str]]:
    """The lines of new messages, each after a line break where a message begins."""
    is_new = False
    for line in written.splitlines():
        is_new = line.startswith(">") or (is_new and line[:2].strip() == "")
        if is_new:
            yield "\n" if line.startswith(">") else "", line[2:]


def _seen(written: str, words: list[str], *, choices: list[str], besides: tuple[str, ...] = ("\0",)) -> Seen:
    told = written.splitlines()
    counted = [line.removeprefix("+ counted ") for line in told if line.startswith("+ ")]
    parts = [_bare(part).strip() for part in "\n".join(words).split("\n")]
    parts = [part.replace(FILES["photo"], FILES["document"]) for part in parts]  # Signal shows both alike
    return Seen(
        lines=tuple(part for part in parts if part and not part.startswith(besides)),
        choices=tuple(map(_bare, choices)),
        counted=tuple(counted),
        place=told[-1].removeprefix("= "),
    )


def _check_numbers(signs: list[str]) -> None:
    """Numbers go up from one; codes are a letter and such a number. Those of a notice stay when others are left out."""
    own = [sign for sign in signs if not sign[:2].isalpha()]
    before = 0
    for number in (int(sign.lstrip(ascii_uppercase)) for sign in own):
        assert number in (1, before + 1), signs
        before = number


def _bare(text: str) -> str:
    """A text without direction marks, be they there or written out."""
    for mark, name in MARKS.items():
        text = text.replace(mark, "").replace(name, "")
    return text

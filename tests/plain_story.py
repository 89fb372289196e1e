"""Golden chats on a text-only phone: the stories of Telegram, where the same has to come of them, and its own.

A press becomes the number of its choice (of a prompt, its code); `double` and `many` are typed once. Compared are the
words of every new message, its choices in their order (here a numbered list), what was counted, and the place.

What such a phone can't do is left out step by step: IMPOSSIBLE. What comes out differently there happens, and is not
compared: UNLIKE, and OTHERWISE with a story of its own. After either, the comparison goes on as soon as both stand at
the same place, at the end at the latest. A story of which nothing is left is in ELSEWHERE; UNTOLD is played nowhere but
on Telegram.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import Any, ClassVar, Final

from typing_extensions import override

from bot.model.notice_code import shown_in
from bot.model.person import Platform
from bot.pipeline.announce import numbered
from bot.sandbox import PlainPerson
from tests.happening import MARKS, Happenings, happening_of, written_out
from tests.story import Story

IMPOSSIBLE: Final = frozenset({"stale", "send", "edit", "block", "unblock", "group"})
# A number that is typed again answers the next question; what somebody else shows there cannot be shown here.
UNLIKE: Final = frozenset({"many", "send"})
OTHERWISE: Final = {  # the place on Telegram: the story that tells what comes here instead
    "hide.hidden": "hide_on_a_phone_without_deleting",
    "mydata.after": "my_data_in_words",
    "flyers.drawn": "flyer_without_files",
}
ELSEWHERE: Final = {  # nothing of these can happen
    "group": "it is nothing but a group, and words alone know no groups",
}
UNTOLD: Final = {  # these happen, and what comes of it is not to be compared
    "notice_live": "nothing can be edited there, and nothing comes by itself (tests/pipeline/test_renewing.py)",
    "notice_paused_and_cancelled": "as notice_live; and its time goes by as its copies leave",
    "notice_pictured": "no photo can be sent there; its words are (tests/pipeline/test_announce.py)",
}
ON_A_LINE: Final = (
    "line.open",
    "line.exchange_type",
)  # a number there is for the other end, and none is offered
ANSWER: Final = re.compile(r"(?P<sign>[A-T]?\d{1,2}|[U-Z][A-Z]\d)\. (?P<label>.+)")
MAP: Final = "https://www.openstreetmap.org/"  # a link where there are no buttons
BUTTON: Final = re.compile(r"\[([^\]]+)\](?= |$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of one step: the words and choices of new messages, what was counted, the place."""

    paragraphs: tuple[str, ...]
    choices: tuple[str, ...]
    counted: tuple[str, ...]
    place: str


@dataclass(slots=True)
class PlainPlayer(Happenings):
    """Plays a story on a text-only phone, and writes down what it shows, numbers and all."""

    platform: ClassVar = Platform.PLAIN

    person: PlainPerson
    _read: int = 0

    async def play(self, step: Mapping[str, Any]) -> str:
        """Let one step happen; what was seen of it."""
        await self.happen(step)
        return "\n".join([*self.news(), *await self.counts(), await self.here()]) + "\n"

    @property
    @override
    def routing_id(self) -> object:
        return self.person.id

    def news(self) -> list[str]:
        """The messages since this was last asked."""
        found, self._read = self.person.replies[self._read :], len(self.person.replies)
        told = [f"> {line}" for one in found for line in [written_out(one.text).replace("\n", "\n  ")]]
        return [line.rstrip() for line in "\n".join(told).splitlines()]

    async def happens_press(self, choice: str) -> None:
        if typed := await self._typed(choice):
            await self.person.send(typed)

    async def happens_reply(self, words: Sequence[str]) -> None:
        await self.person.send(words[1])  # a quote is not carried by words alone

    async def happens_double(self, choice: str) -> None:
        await self.happens_press(choice)

    async def happens_many(self, choice: str) -> None:
        await self.happens_press(choice)

    async def _typed(self, choice: str) -> str | None:
        """What stands before a choice on the list; None where a step that was left out would have led to it."""
        session = await self.stage.session(self.person.id, Platform.PLAIN)
        if session.screen and choice in session.screen.choices:
            return str(session.screen.choices.index(choice) + 1)
        for prompt in reversed(session.prompts):
            if choice in prompt.choices:
                return f"{prompt.code}{prompt.choices.index(choice) + 1}"
        return self._typed_for_a_notice(choice)

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
    """Whether a text-only phone can do what a step says."""
    return happening_of(step)[0] not in IMPOSSIBLE


def on_telegram(golden: str) -> Seen:
    """What a text-only phone has to show of what a golden chat of Telegram shows."""
    words, buttons = [], []
    for mark, line in _new(golden):
        if BUTTON.match(line):
            buttons += BUTTON.findall(line)
        elif line != "(cannot be forwarded)" and not line.startswith(
            ("(in answer to: ", "(a file) ", "(link) ")
        ):
            words.append(mark + line.removeprefix("(a photo) "))
    return _seen(golden, words, choices=buttons)


def on_plain(written: str, *, hints: tuple[str, ...]) -> Seen:
    """The same of what a text-only phone showed, without the lines that say how to answer."""
    told = [(mark + line, ANSWER.fullmatch(_bare(line))) for mark, line in _new(written)]
    answers = [answer for _, answer in told if answer]
    _check_numbers([answer["sign"] for answer in answers])
    words = [line for line, answer in told if not answer]
    return _seen(written, words, choices=[answer["label"] for answer in answers], besides=hints)


def differences(told: Story, shown: list[Seen | None], golden: list[str]) -> Iterator[str]:
    """Where a text-only phone did not show what the golden chat says, step by step."""
    is_here, place = True, ""
    for position, (step, seen, text) in enumerate(zip(told.steps, shown, golden, strict=True), start=1):
        wanted = on_telegram(text)
        is_same = happening_of(step)[0] not in UNLIKE and not any(one in wanted.place for one in OTHERWISE)
        found = replace(seen, choices=wanted.choices) if seen and wanted.place.endswith(ON_A_LINE) else seen
        if found is not None and is_here and is_same and found != wanted:
            yield f"step {position}: {seen} is not {wanted}"
        place = seen.place if seen else place
        is_here = place == wanted.place
    if not is_here:
        yield f"the end: {place} is not where the story ends"


def _new(written: str) -> Iterator[tuple[str, str]]:
    """The lines of new messages, each after a line break where a message begins."""
    is_new = False
    for line in written.splitlines():
        is_new = line.startswith(">") or (is_new and line[:2].strip() == "")
        if is_new:
            yield "\n" if line.startswith(">") else "", line[2:]


def _seen(written: str, words: list[str], *, choices: list[str], besides: tuple[str, ...] = ("\0",)) -> Seen:
    lines = written.splitlines()
    counted = [line.removeprefix("+ counted ") for line in lines if line.startswith("+ ")]
    parts = [_bare(part).strip() for part in "\n".join(words).split("\n\n")]
    return Seen(
        paragraphs=tuple(part for part in parts if part and not part.startswith(besides)),
        choices=tuple(map(_bare, choices)),
        counted=tuple(counted),
        place=lines[-1].removeprefix("= "),
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

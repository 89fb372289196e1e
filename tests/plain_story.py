"""The same golden chats on a text-only phone: nothing is written down twice, what must hold is derived.

A press becomes the number of its choice (of a prompt, its code), `double` is typed once. What such a phone can't do is
left out: `many`, `stale`, `send`, `edit`; a story with `block`, `group` or organizers, in which a chat is cleared or a
file comes, is left out whole. What has to be the same: every new message's words, its choices in their order (here as a
numbered list), what was counted, where the person is.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any, Final

from bot.model.person import Platform
from bot.sandbox import PlainPerson
from tests.stage import Stage
from tests.story import FILE, LANGUAGES, MARKS, Story, span

IMPOSSIBLE: Final = frozenset({"many", "stale", "send", "edit"})
ELSEWHERE: Final = frozenset({"block", "unblock", "group", "invited", "organizer", "cut_off"})
CLEARED: Final = "hide.hidden"
ANSWER: Final = re.compile(r"(?P<sign>[A-T]?\d{1,2})\. (?P<label>.+)")
BUTTON: Final = re.compile(r"\[([^\]]+)\](?= |$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of one step: the words and choices of new messages, what was counted, the place."""

    paragraphs: tuple[str, ...]
    choices: tuple[str, ...]
    counted: tuple[str, ...]
    place: str


def plays_here(story: Story) -> bool:
    """Whether a story can happen on a text-only phone at all."""
    golden = "".join(str(step.get(language)) for step in story.steps for language in LANGUAGES)
    return (
        CLEARED not in golden
        and FILE not in golden
        and not any(ELSEWHERE & step.keys() for step in story.steps)
    )


def expected(golden: str) -> Seen:
    """What a text-only phone has to show of what a golden chat shows."""
    words, buttons, counted, place = [], [], [], ""
    is_new = False
    for line in golden.splitlines():
        mark, rest = line[:2], line[2:]
        is_new = mark == "> " or (is_new and mark.strip() == "")
        if mark == "+ ":
            counted.append(rest.removeprefix("counted "))
        elif mark == "= ":
            place = rest
        elif is_new and BUTTON.match(rest):
            buttons += BUTTON.findall(rest)
        elif is_new and rest != "(cannot be forwarded)":
            words.append(f"\n{rest}" if mark == "> " else rest)
    return Seen(
        paragraphs=_paragraphs("\n".join(words)),
        choices=tuple(map(_bare, buttons)),
        counted=tuple(counted),
        place=place,
    )


@dataclass(slots=True)
class PlainPlayer:
    """Plays a story on a text-only phone."""

    stage: Stage
    person: PlainPerson
    language: str
    _read: int = 0
    _counted: Counter[str] = field(default_factory=Counter)

    async def play(self, step: Mapping[str, Any]) -> Seen | None:
        """Let one step happen; what was seen of it, None for what can't happen here."""
        (name, value), *_ = ((name, value) for name, value in step.items() if name not in LANGUAGES)
        if name in IMPOSSIBLE:
            return None
        if isinstance(value, dict) and set(value) == set(LANGUAGES):
            value = value[self.language]
        if value is not None:
            await self._happen(name, value)
        await self.stage.settle()
        return await self._seen()

    async def _happen(self, name: str, value: Any) -> None:
        match name:
            case "start":
                await self.person.send(f"/start {value}".strip())
            case "say":
                await self.person.send(str(value))
            case "press" | "double":
                await self._press(value)
            case "wait":
                await self.stage.pass_time(span(value))
            case "restart":
                await self.stage.restart()
            case "pull" | "unpull":
                await self.stage.pull(value, undo=name == "unpull")
            case "deploy":
                await self.stage.deploy(**value)
            case _:
                raise ValueError(f"nothing called {name!r} can happen on a text-only phone")

    async def _press(self, choice: str) -> None:
        if typed := await self._typed(choice):
            await self.person.send(typed)

    async def _typed(self, choice: str) -> str | None:
        """What stands before a choice on the list; None where a step that was left out would have led to it."""
        session = await self.stage.session(self.person.id, Platform.PLAIN)
        if session.screen and choice in session.screen.choices:
            return str(session.screen.choices.index(choice) + 1)
        for prompt in reversed(session.prompts):
            if choice in prompt.choices:
                return f"{prompt.code}{prompt.choices.index(choice) + 1}"
        return None

    async def _seen(self) -> Seen:
        news, self._read = self.person.replies[self._read :], len(self.person.replies)
        before, self._counted = self._counted, Counter(await self.stage.counted())
        places = await self.stage.places(self.person.id, Platform.PLAIN)
        hints = self._hints()
        lines = [line for one in news for line in ("", *one.text.splitlines())]
        told = [(line, ANSWER.fullmatch(_bare(line))) for line in lines]
        _check_numbers([answer["sign"] for _, answer in told if answer])
        return Seen(
            paragraphs=_paragraphs("\n".join(line for line, answer in told if not answer), besides=hints),
            choices=tuple(answer["label"] for _, answer in told if answer),
            counted=tuple(sorted((self._counted - before).elements())),
            place=" > ".join(places) or "at rest",
        )

    def _hints(self) -> tuple[str, ...]:
        """How the lines begin that say how to answer."""
        phrases, renderer = self.stage.house.library.book.phrases, self.stage.house.renderer
        found = [renderer.labels(phrases[name], {"code": ""}) for name in ("answer_number", "answer_code")]
        return tuple(_bare(words) for wordings in found for words in wordings)


def _check_numbers(signs: list[str]) -> None:
    """Numbers go up from one; codes are a letter and such a number."""
    before = 0
    for number in (int(sign.lstrip(ascii_uppercase)) for sign in signs):
        assert number in (1, before + 1), signs
        before = number


def _paragraphs(text: str, *, besides: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The paragraphs of a text, however they were parted into messages."""
    found = (_bare(part).strip() for part in text.split("\n\n"))
    return tuple(part for part in found if part and not part.startswith(besides or ("\0",)))


def _bare(text: str) -> str:
    """A text without direction marks, be they there or written out."""
    for mark, name in MARKS.items():
        text = text.replace(mark, "").replace(name, "")
    return text


def differences(story: Story, seen: list[Seen | None], language: str) -> Iterator[str]:
    """Where a text-only phone did not show what the golden chat says.

    After a step that was left out and led elsewhere, the two are compared again once they stand at the same place.
    """
    is_here, place = True, ""
    for position, (step, shown) in enumerate(zip(story.steps, seen, strict=True), start=1):
        wanted = expected(str(step[language]))
        if shown is not None and is_here and shown != wanted:
            yield f"step {position} in {language}: {shown} is not {wanted}"
        place = shown.place if shown else place
        is_here = place == wanted.place

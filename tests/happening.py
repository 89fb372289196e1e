"""What can happen in a golden chat whatever phone its person has; `tests/story.py` says how a story is told.

Each step is a method `happens_<name>`. Here are words, time, the machine and other people; what only one kind of phone
can do stands with its player.
"""

import re
from base64 import b32decode
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol

from bot.app import Invitation
from bot.engine.parse import NAMES, read_names
from bot.model.notice import Answer, NoticeContent
from bot.model.person import Language, Platform
from bot.sandbox import Person
from bot.store.crypto import totp_code
from tests.notices import sent
from tests.stage import SpoolState, Stage

LANGUAGES: Final = ("he", "en")
MARKS: Final = {"\u2068": "<FSI>", "\u2069": "<PDI>", "\u200f": "<RLM>", "\u2066": "<LRI>", "\u200e": "<LRM>"}
_NAMES: Final = read_names(Path(__file__).parents[1] / "flows" / NAMES)
_SHOWN: Final = sorted((name[one] for name in _NAMES.values() for one in Language), key=len, reverse=True)
CHANCE: Final = {  # what chance makes, or what changes with every word, and is shown: by its name in a story
    "receipt": re.compile(r"\b[0-9a-f]{12}\b"),
    "name": re.compile(r"\b[0-9a-f]{8}\b"),
    "code": re.compile(r"(?<=\u2068)\d{6}(?=\u2069)"),
    "moving": re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{3}[2-9]\b"),
    "link": re.compile(r"\b[a-z2-7]{26}\b"),
    "how many": re.compile(r"(?<=changed since: \u2068)\d+|(?<=או השתנו מאז: \u2068)\d+"),
    "made-up name": re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _SHOWN))})(?!\w)"),
}
FLYER: Final = re.compile(r"(?<=^flyer\.scanned\.)[a-z2-7]{8}$")
SPAN: Final = re.compile(r"(\d+) (minute|hour|day|week)s?")


class Writer(Protocol):
    """Whoever can write to the bot."""

    async def send(self, text: str) -> object: ...


@dataclass(slots=True)
class Happenings:
    """Lets the steps of a story happen to one person."""

    platform: ClassVar[Platform]

    stage: Stage
    person: Writer
    language: str
    _counted: Counter[str] = field(default_factory=Counter)
    _invitation: Invitation | None = None
    _organizer: tuple[Person, Invitation] | None = None

    async def happen(self, step: Mapping[str, Any]) -> None:
        """What a step says, and all that comes of it; nothing where it is null in this language."""
        name, value = happening_of(step)
        if isinstance(value, dict) and set(value) == set(LANGUAGES):
            value = value[self.language]
        happening = getattr(self, f"happens_{name}", None)
        if happening is None:
            raise ValueError(f"nothing called {name!r} can happen in a story on {self.platform}")
        if value is not None:
            await happening(value)
        await self.stage.settle()

    async def counts(self) -> list[str]:
        """What was counted meanwhile."""
        before, self._counted = self._counted, Counter(await self.stage.counted())
        found = (FLYER.sub("<code>", name) for name in (self._counted - before).elements())
        return [f"+ counted {name}" for name in sorted(found)]

    @property
    def routing_id(self) -> object:
        """Where the bot reaches the person."""
        raise NotImplementedError

    async def here(self) -> str:
        """Where the person is, as the session on disk says."""
        places = await self.stage.places(self.routing_id, self.platform)
        return f"= {' > '.join(places) or 'at rest'}"

    async def happens_start(self, payload: str) -> None:
        await self.person.send(f"/start {payload}".strip())

    async def happens_scan(self, times: int) -> None:
        for _ in range(times):
            await self.happens_start(await self.stage.newest_flyer())
            await self.stage.settle()

    async def happens_say(self, text: object) -> None:
        await self.person.send(str(text))

    async def happens_wait(self, words: str) -> None:
        await self.stage.pass_time(span(words))

    async def happens_outage(self, words: str) -> None:
        await self.stage.outage(span(words))

    async def happens_restart(self, _: bool) -> None:
        await self.stage.restart()

    async def happens_deploy(self, change: Mapping[str, str]) -> None:
        await self.stage.deploy(**change)

    async def happens_without_keeper(self, _: bool) -> None:
        await self.stage.without_keeper()

    async def happens_pull(self, card: str) -> None:
        await self.stage.pull(card)

    async def happens_unpull(self, card: str) -> None:
        await self.stage.pull(card, undo=True)

    async def happens_cut_off(self, words: str) -> None:
        await self.stage.cut_off(self.platform, span(words))

    async def happens_captcha(self, link: str) -> None:
        await self.stage.captcha(link)

    async def happens_spool(self, state: str) -> None:
        await self.stage.silence(SpoolState(state))

    async def happens_invited(self, _: bool) -> None:
        self._invitation = await self.stage.invite()
        await self.happens_start(self._invitation.payload)

    async def happens_asked_to_volunteer(self, _: bool) -> None:
        await self.happens_start(await self.stage.invite_volunteer())

    async def happens_notice(self, about: Mapping[str, str]) -> None:
        texts = {Language.HEBREW: about["hebrew"], Language.ENGLISH: about["english"]}
        begins = self.stage.clock.now() + span(about["begins_in"])
        content = NoticeContent(
            texts=texts, place=about["place"], starts_at=begins, answers=frozenset(Answer)
        )
        await sent(
            self.stage.house.db, content, topic="protest", purpose=about["to"], now=self.stage.clock.now()
        )
        await self.stage.house.ticker.fire()

    async def happens_code(self, _: bool) -> None:
        if self._invitation:
            await self.person.send(self._code(self._invitation))

    async def happens_organizer(self, text: str) -> None:
        person, invitation = await self._other_organizer()
        await person.send(self._code(invitation) if text == "code" else text)

    async def _other_organizer(self) -> tuple[Person, Invitation]:
        """Joins when they are needed first, on Telegram."""
        if self._organizer is None:
            invitation = await self.stage.invite()
            self._organizer = self.stage.emulator.person(language_code="en"), invitation
            for words in (f"/start {invitation.payload}", self._code(invitation)):
                await self._organizer[0].send(words)
                await self.stage.settle()
        return self._organizer

    def _code(self, invitation: Invitation) -> str:
        """What the authenticator app of whoever was invited shows."""
        return totp_code(b32decode(invitation.secret), seconds=int(self.stage.clock.now().timestamp()))


def happening_of(step: Mapping[str, Any]) -> tuple[str, Any]:
    """What happens in a step, by its name, and what with."""
    (found,) = ((name, value) for name, value in step.items() if name not in LANGUAGES and name != "by")
    return found


def span(words: str) -> timedelta:
    """A length of time. Example: "15 days"."""
    found = SPAN.fullmatch(words)
    if found is None:
        raise ValueError(f"{words!r} is no length of time")
    return timedelta(**{f"{found[2]}s": int(found[1])})


def written_out(text: str) -> str:
    """A text with its direction marks by their names, and a word for what is different in every run."""
    for name, pattern in CHANCE.items():
        text = pattern.sub(f"<{name}>", text)
    for mark, name in MARKS.items():
        text = text.replace(mark, name)
    return text

"""Where one person is: a stack of at most four frames, the open screen, and the prompts still unanswered.

A session is a value. It is stored sealed under the person's key, and it holds no words a person typed except
answers a step said it keeps.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from bot.model.gentle import NEVER

DEPTH: Final = 4
PROMPTS: Final = 20
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One flow in progress: the step it waits at and the answers later steps need. `prompt`: it answers that one."""

    flow: str
    step: str
    answers: Mapping[str, str] = field(default_factory=dict)
    prompt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The question that is open now. `choices` are ids in the order they are numbered for typed answers.

    What it offered is kept to notice a flow that changed under it; `asks` is the kind of free answer it waits for.
    `cards` are the facts in sight that can be said to be wrong. `since` it was first asked: what was written before
    is no answer to it.
    """

    nonce: str
    choices: tuple[str, ...]
    asks: str | None = None
    cards: tuple[str, ...] = ()
    since: datetime = BEGINNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The press that was taken last, so that a double tap does nothing twice."""

    nonce: str
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A question the bot raised by itself; `subject` is the row it is about, `code` what may be typed for it."""

    id: str
    code: str
    flow: str
    step: str
    subject: str
    choices: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A conversation at rest. No frames: nothing is going on, any event starts at the menu.

    `album`: a part of this album was answered just now; the other parts come as events of their own.
    `gentle_until`: the last day of a week that began when numbers were shown in a hard moment; not when, nor why.
    """

    frames: tuple[Frame, ...] = ()
    screen: Screen | None = None
    answered: Answered | None = None
    prompts: tuple[Prompt, ...] = ()
    expires_at: datetime | None = None
    album: str | None = None
    gentle_until: date = NEVER

    @property
    def top(self) -> Frame | None:
        """The frame that is waiting."""
        return self.frames[-1] if self.frames else None

"""What a turn wants done, one class each, in the order it should happen. `pipeline.effects` carries them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.engine.flow import Choice, Phrase, Shown
from bot.model.incoming import MediaRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Words for the person. `joins`: they open the message that follows instead of being one of their own.

    Example: Say(phrase=Phrase(context="menu.home", text="Where are you now?")).
    """

    phrase: Phrase
    values: Mapping[str, str] = field(default_factory=dict)
    joins: bool = False
    sensitive: bool = False
    kind: Literal["say"] = "say"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCard:
    """A reviewed fact with its source, or the honest sentence that there is none. Example: ShowCard(card="A1")."""

    card: str
    sensitive: bool = False
    kind: Literal["card"] = "card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Something no flow has the words of. Example: Show(shown=Shown.RETENTION)."""

    shown: Shown
    sensitive: bool = False
    kind: Literal["show"] = "show"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Words carried from the other end of a line, delivered only while the case is at this epoch.

    `who` names their writer where the line is not the open question. `reply_to` and `edits` as in `event.Carried`.
    """

    case: str
    epoch: int
    line: str
    sender: str
    words: str
    media: MediaRef | None = None
    is_caption: bool = False
    who: str | None = None
    reply_to: str | None = None
    edits: str | None = None
    kind: Literal["relay"] = "relay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The choices of the open question, under the turn's last message; `own` of them come before the safety row.

    `cards`: the facts in sight; what is offered below facts is for those of them that may be shown. `exact`: only a
    label or a number is an answer. `numbers`: what holds everywhere has numbers too.
    """

    nonce: str
    choices: tuple[Choice, ...]
    own: int
    typed: bool = True  # whether a number or label that is written counts as an answer
    values: Mapping[str, str] = field(default_factory=dict)
    cards: tuple[str, ...] = ()
    exact: bool = False
    numbers: bool = True
    kind: Literal["offer"] = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPrompt:
    """The choices of a prompt, under the last message of the turn."""

    id: str
    code: str
    choices: tuple[Choice, ...]
    kind: Literal["offer_prompt"] = "offer_prompt"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseScreen:
    """The question just answered loses its keyboard; the answer `chosen` stays visible below its words.

    `prompt` names the prompt that was answered; without it the session's last screen is meant.
    """

    chosen: Phrase | None
    prompt: str | None = None
    kind: Literal["close_screen"] = "close_screen"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropKeyboard:
    """The pressed message was stale: only its keyboard goes away."""

    kind: Literal["drop_keyboard"] = "drop_keyboard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Perform:
    """The pending action of a turn; its outcome comes back as an event. Example: Perform(action="person.stop")."""

    action: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["perform"] = "perform"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimer:
    """The wait's timeout. Example: SetTimer(timer="wait", due_at=..., version="k3f9x2ab")."""

    timer: str
    due_at: datetime
    version: str
    kind: Literal["set_timer"] = "set_timer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Something to count, never per person. Example: Count(counter="flow.think.option.report")."""

    counter: str
    kind: Literal["count"] = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something the flows should never do happened; logged, and the person heard an honest sentence."""

    error: str
    flow: str
    step: str
    kind: Literal["fault"] = "fault"


Effect = (
    Say
    | ShowCard
    | Show
    | Relay
    | Offer
    | OfferPrompt
    | CloseScreen
    | DropKeyboard
    | Perform
    | SetTimer
    | Count
    | Fault
)

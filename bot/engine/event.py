"""What can happen to a session, one class each: platform-free and language-free.

`pipeline.understand` makes these out of what a transport read; actions answer with `Outcome`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.engine.alert import Alerted
from bot.model.incoming import MediaKind, MediaRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """/start or the very first contact. `flyer` is the code of one in use. Example: Started(payload="f_k3f7x2ab")."""

    payload: str = ""
    flyer: str = ""
    kind: Literal["started"] = "started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """/start with an open invitation, known by its row. Example: Invited(invite="4711", flow="join")."""

    invite: str
    flow: str
    kind: Literal["invited"] = "invited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button of the screen `nonce`. Example: Pressed(nonce="k3f9x2ab", choice="connect")."""

    nonce: str
    choice: str
    kind: Literal["pressed"] = "pressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptPressed:
    """An answer to a prompt, by its button, a quote or its code. Example: PromptPressed(id="p81", choice="accept")."""

    id: str
    choice: str
    notice: bool = False  # by a button under the notice of that id, which no session knows
    kind: Literal["prompt_pressed"] = "prompt_pressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Words for the current step. `choice` is the one they mean, if any; `exact` if by label or number.

    `date` is the day they name (ISO 8601), where the step asks for one; `reply_to` the message they quote. `picture`:
    they are no words, but the photo that the step asks for. `courtesy`: they are thanks or the like, and no answer.
    """

    text: str
    date: str | None = None
    reply_to: str | None = None
    choice: str | None = None
    exact: bool = False
    picture: bool = False
    courtesy: bool = False
    kind: Literal["typed"] = "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Something for whoever is at the other end of the open line; what it says stays in the platform's message.

    `crisis`, `urgent`: such a phrase is in it. `word`: all it is, one that elsewhere stops the bot. Example: Spoken().
    """

    crisis: bool = False
    urgent: bool = False
    word: str | None = None
    kind: Literal["spoken"] = "spoken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Words from the other end of a line. `line` names them there, `who` is what their writer is called here.

    `media` is what they stand under, where it is new; `is_caption` says so of an edit.
    `reply` is the line of the message they answer; `reply_to` and `edits` are the platform's ids, in this chat, of that
    message and of the one these words replace. Example: Carried(case="7", epoch=1, line="9", sender="4", words="Hi").
    """

    case: str
    epoch: int
    line: str
    sender: str
    who: str
    words: str
    media: MediaRef | None = None
    is_edit: bool = False
    is_caption: bool = False
    reply: str | None = None
    reply_to: str | None = None
    edits: str | None = None
    kind: Literal["carried"] = "carried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A global command or word; `reply_to` is the message it quotes. Example: Asked(command="menu")."""

    command: str
    reply_to: str | None = None
    kind: Literal["asked"] = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distress:
    """A crisis phrase was in what a person wrote. It wins over everything else."""

    kind: Literal["distress"] = "distress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """Content the bot does not take; of an album the first is answered. Example: Unsupported(media=MediaKind.VOICE)."""

    media: MediaKind
    album: str | None = None
    kind: Literal["unsupported"] = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A message that was already answered has been edited."""

    kind: Literal["corrected"] = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A timer of this session is due; one of another `version` was overtaken and means nothing."""

    timer: str
    version: str
    values: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["fired"] = "fired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the pending action ended. Example: Outcome(name="opened", values={"pair": "kalanit"})."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["outcome"] = "outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """Something elsewhere wants to ask this person: the prompt `flow` about `subject`."""

    flow: str
    subject: str
    values: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["raised"] = "raised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """Another turn takes this person into a flow, on top of what is open: it comes back there when it ends.

    What is open of the same case gives way. Example: Led(flow="line", answers={"case": "4711"}).
    """

    flow: str
    step: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["led"] = "led"


class Loss(StrEnum):
    """How a message came to nothing; the value names the phrase its writer hears."""

    FAILED = "lost"  # it could not be handled
    EXPIRED = "not_answered"  # it waited for longer than words are kept
    UNDELETED = "not_deleted"  # it was to be deleted in the chat and could not be
    UNHEARD = "not_heard"  # the line it was for had changed before it arrived
    UNREACHABLE = "not_reached"  # the other end of the line cannot be reached
    UNCARRIED = "not_carried"  # a photo or a voice message that could not be made anew
    UNCHANGED = "not_changed"  # it was edited, and the other end keeps the words it had


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A message of this person was given up; they are told so. Example: Lost(how=Loss.EXPIRED)."""

    how: Loss = Loss.FAILED
    kind: Literal["lost"] = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flooded:
    """Many messages of this person came at once; they are told, and until when it goes slowly."""

    until: datetime
    kind: Literal["flooded"] = "flooded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Another phone answered, and it is known now that it is theirs: it goes on where they were."""

    kind: Literal["recognised"] = "recognised"


Winning = Started | Invited | Distress | Asked | Led  # over the open question
Answering = Pressed | Typed | Carried | Spoken
Remarked = (
    Unsupported | Corrected | Lost | Flooded | Recognised | Alerted
)  # a sentence of the machinery comes of it
Event = Winning | Answering | Remarked | PromptPressed | Fired | Outcome | Raised

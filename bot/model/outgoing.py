"""What the bot asks a platform to do, and how that can end.

A payload is what an outbox row holds (encrypted); a `Receipt` or a `Failure` is what a transport answers.
Only what sends something new is not safe to repeat: Telegram has no idempotency key for that.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final, Literal

from bot.model.chart import Chart
from bot.model.flyer import Sheet
from bot.model.incoming import FileRef, MediaKind
from bot.model.person import Platform
from bot.model.text import Rich


class Priority(IntEnum):
    """The order rows leave in: a smaller number goes first."""

    REPLY = 0
    RELAY = 1
    CHECK_IN = 2
    EMERGENCY = 3  # a notice that can't wait for the others
    NOTICE = 4

    @property
    def is_notice(self) -> bool:
        """Whether it waits for its turn among many, which says nothing about how the bot does."""
        return self >= Priority.EMERGENCY


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A choice under a message: its label, and at most 64 bytes of data that come back when it is pressed.

    One with a `url` opens that instead, and the bot never hears of it: it has no data.
    """

    label: str
    data: str = ""
    url: str | None = None


Rows = tuple[tuple[Button, ...], ...]
NOTHING: Final = Rich("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """The answers of a question as a poll below it, where a platform has polls; the text lists them all the same."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage:
    """A new message; `protect` forbids forwarding and saving it, `reply_to` is the message of this chat it answers."""

    text: Rich
    rows: Rows = ()
    protect: bool = False
    reply_to: str | None = None
    poll: Poll | None = None
    kind: Literal["send"] = "send"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFile:
    """A file made for this person, theirs to save, with words beside it. It has no keyboard.

    With a `sheet`, `content` is what that is drawn from at delivery; where it can't be, they are told `instead`.
    """

    name: str
    content: bytes
    caption: Rich
    sheet: Sheet | None = None
    instead: Rich = NOTHING
    kind: Literal["file"] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMedia:
    """Somebody's photo or voice for somebody else: fetched from `source` at delivery, made anew, sent as new.

    Only the reference is ever kept. `caption` holds at most `Limits.caption`; `protect`, `reply_to` as in SendMessage.
    `again`: what was made anew is on the platform already, as this file, and nothing is fetched.
    """

    media: Literal[MediaKind.PHOTO, MediaKind.VOICE]
    source: Platform
    file: FileRef
    caption: Rich = NOTHING
    rows: Rows = ()
    protect: bool = False
    reply_to: str | None = None
    again: FileRef | None = None
    kind: Literal["media"] = "media"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendChart:
    """Numbers as a picture, drawn at delivery; `caption` says the same in words, alone where nothing is drawn."""

    chart: Chart
    caption: Rich
    protect: bool = False
    kind: Literal["chart"] = "chart"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditMessage:
    """Other words for a message the bot sent; its keyboard becomes `rows` (none: it goes away).

    `is_caption`: the words stand under a photo or a voice message, which stays.
    """

    message_id: str
    text: Rich
    rows: Rows = ()
    is_caption: bool = False
    kind: Literal["edit"] = "edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveKeyboard:
    """Take the buttons off a message and leave its words."""

    message_id: str
    kind: Literal["remove_keyboard"] = "remove_keyboard"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDelivered:
    """A quiet mark on a message of the person's own: it is with whoever it was for."""

    message_id: str
    kind: Literal["mark"] = "mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteMessages:
    """Delete up to 100 messages of this chat, ours and theirs."""

    message_ids: tuple[str, ...]
    kind: Literal["delete"] = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetExpiry:
    """Let the messages of this chat disappear so many seconds after they were seen."""

    seconds: int
    kind: Literal["expiry"] = "expiry"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveChat:
    """Leave a group the bot was put into."""

    chat_id: str
    kind: Literal["leave"] = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustIdentity:
    """Take whichever phone answers at this address now, so that words can pass at all."""

    kind: Literal["trust"] = "trust"


Saying = SendMessage | SendFile | SendMedia | SendChart | EditMessage
Tidying = RemoveKeyboard | MarkDelivered | DeleteMessages | SetExpiry | LeaveChat | TrustIdentity
Payload = Saying | Tidying


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The platform took it. `message_id` names the new message, if there is one.

    `file` is the media in it as the platform keeps it, where that can be sent again without its bytes.
    """

    message_id: str | None = None
    file: FileRef | None = None


class FailureKind(StrEnum):
    """Why a call failed, in the words `pipeline.retry` decides by."""

    UNREACHED = "unreached"  # nothing was asked: the platform can't be reached by anybody now
    NOT_SENT = "not_sent"  # surely not processed
    AMBIGUOUS = "ambiguous"  # perhaps processed: reset, read timeout, 5xx
    RATE_LIMITED = "rate_limited"  # 429, see retry_after
    UNREACHABLE = "unreachable"  # 403: blocked, deactivated
    NO_CHAT = "no_chat"  # the chat does not exist
    MOVED = "moved"  # the chat has another id now; only groups move
    REJECTED = "rejected"  # 400: this content will never be accepted
    MARKUP = "markup"  # 400: the entities are bad; the words may go as plain text
    ALREADY_DONE = "already_done"  # "message is not modified", already deleted: a success
    PLATFORM_DOWN = "platform_down"  # 401, 404 on the method: pause the platform and alert
    CHALLENGED = (
        "challenged"  # the platform wants to see a person: nothing goes out until one has solved its riddle
    )
    IDENTITY_CHANGED = (
        "identity_changed"  # another phone answers there: nothing goes to it until it is trusted
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How a call failed. `reason` is a short fixed word for logs and reports, never the platform's text.

    `riddle` names what a person has to solve before the platform takes more; it says nothing of who was written to.
    """

    kind: FailureKind
    reason: str
    retry_after: float | None = None
    riddle: str | None = None


class SendFailed(Exception):
    """The platform did not confirm a call."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure

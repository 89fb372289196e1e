"""The rows that move everything: inbox, outbox, timers, and what they leave behind.

A lane is whom an inbox row belongs to; rows of one lane are handled in order, one at a time. Bodies are
plain here and sealed in the tables: only `store` sees both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.notice import NoticeCopy
from bot.model.outgoing import Payload, Priority
from bot.model.person import Platform


class LaneKind(StrEnum):
    """What a lane is about."""

    PERSON = "person"
    HELD = "held"  # what came from another phone at a person's address, until it is known who that is
    CASE = "case"
    NOTICE = "notice"
    LETTER = "letter"  # a publication of one
    NOBODY = "nobody"  # an update with no private person behind it; every one is its own lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Whom an inbox row belongs to. Example: Lane(kind=LaneKind.PERSON, id=4)."""

    kind: LaneKind
    id: int


class Origin(StrEnum):
    """Who wrote an inbox row: a platform (a raw update), a timer, or another lane's turn."""

    TELEGRAM = "telegram"
    SIGNAL = "signal"
    TIMER = "timer"
    TURN = "turn"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInbox:
    """An event to store. `external_id` is unique within `origin` and makes a redelivery one row.

    It is handled when it is due (None: at once) and everything before it in its lane is. `draft` names the key it is
    sealed under while its person types a name; without it that is the key of the day.
    """

    lane: Lane
    origin: Origin
    external_id: str
    body: bytes
    due_at: datetime | None = None
    draft: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A stored event. `body` is None when it cannot be opened any more: a content failure of this row."""

    id: int
    lane: Lane
    origin: Origin
    body: bytes | None
    attempts: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What must still hold in the claiming statement, at the first send and at every resend."""

    useless_after: datetime | None = None
    case_id: int | None = None
    epoch: int | None = None
    purpose: str | None = None


class Keep(StrEnum):
    """Why the platform's id of a sent message is remembered."""

    SCREEN = "screen"  # to take its keyboard off later; one per address
    CHAT = "chat"  # to take it out of the chat if its person asks for that
    SENSITIVE = "sensitive"  # to delete it on the platform before that stops deleting
    HIDDEN = "hidden"  # to delete it as soon as it is there: its person cleared the chat meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutbox:
    """Something to do on a platform.

    `sender_id` is who is told if it does not arrive, `line_id` what it carries (both of a line only). `draft`: it shows
    a name, and is sealed under the key of that one. `asks`: it goes to another phone at that address too.
    """

    address_id: int
    person_id: int
    payload: Payload
    priority: Priority = Priority.REPLY
    due_at: datetime | None = None
    guard: Guard = field(default_factory=Guard)
    keep: Keep | None = None
    sender_id: int | None = None
    line_id: int | None = None
    draft: int | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A claimed outbox row, ready to be sent. `resent`: an earlier call may have gone through.

    `owed`: its person is forgotten. `case_id`, `sender_id` and `line_id` are of a line only. `copy`: it is one of a
    notice, and whoever sends it puts in the payload; until then there are no words in it.
    """

    id: int
    address_id: int
    person_id: int
    platform: Platform
    routing_id: str
    payload: Payload
    priority: Priority
    attempts: int
    resent: bool
    keep: Keep | None
    written_at: datetime
    owed: bool = False
    asks: bool = False
    case_id: int | None = None
    sender_id: int | None = None
    line_id: int | None = None
    copy: NoticeCopy | None = None


class Ending(StrEnum):
    """How a delivery attempt ends for its row."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What became of one delivery; `at` is the next try (RETRY only), `message_id` the platform's (SENT only).

    `untried`: the row stood behind one that failed and no call was made for it, so it counts as no attempt. `rekeyed`:
    another phone answers there, and has to be trusted first.
    """

    delivery: Delivery
    ending: Ending
    at: datetime | None = None
    message_id: str | None = None
    reason: str | None = None
    ambiguous: bool = False
    unreachable: bool = False
    untried: bool = False
    rekeyed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A moment something is due, one per (lane, kind). `version` makes an overtaken one harmless.

    `purpose`: it fires only if its person still agrees to that by then.
    """

    lane: Lane
    kind: str
    due_at: datetime
    version: str
    values: Mapping[str, str] = field(default_factory=dict)
    purpose: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """A message on a platform, the bot's or a person's, that the bot may still edit or delete."""

    address_id: int
    person_id: int
    platform: Platform
    message_id: str
    keep: Keep
    sent_at: datetime


class Cause(StrEnum):
    """Why a row became a dead letter."""

    UNREADABLE = "unreadable"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A row that could not be handled: the error's class only, never its text."""

    row_id: int
    lane: Lane
    cause: Cause
    error: str
    died_at: datetime

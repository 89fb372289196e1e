"""A notice: what organizers send to everybody who asked for its kind; where it is, and what came of each copy.

One organizer writes a draft, a second one approves exactly these words for exactly this audience; any one pauses or
cancels it. Everybody it is for has one copy, and every copy ends in exactly one fate.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.model.incoming import FileRef
from bot.model.person import Form, Language, Platform

HASH_FORMAT: Final = 2
LARGEST: Final = 2**63 - 1  # number that a row can have
LOOK: Final = "look"  # what its lane is woken for
BARE: Final = "no_picture"  # why a copy was delivered that has words alone
PREFIX: Final = "n1"  # of the data of a notice's buttons, whatever happened to the session since


class Stage(StrEnum):
    """Where a notice is. Who resumes a paused one has it approved again: it goes on where it stopped."""

    DRAFT = "draft"
    APPROVED = "approved"  # it waits for its time
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


RUNNING: Final = frozenset({Stage.APPROVED, Stage.SENDING, Stage.PAUSED})
FOLLOWS: Final[Mapping[Stage, frozenset[Stage]]] = {
    Stage.DRAFT: frozenset({Stage.APPROVED}),
    Stage.APPROVED: frozenset({Stage.SENDING, Stage.PAUSED, Stage.CANCELLED}),
    Stage.SENDING: frozenset({Stage.PAUSED, Stage.CANCELLED, Stage.DONE}),
    Stage.PAUSED: frozenset({Stage.APPROVED, Stage.CANCELLED, Stage.DONE}),
    Stage.CANCELLED: frozenset(),
    Stage.DONE: frozenset(),
}


class Fate(StrEnum):
    """What became of a copy: it is written once, and never changes after `PENDING`."""

    PENDING = "pending"
    DELIVERED = "delivered"
    BLOCKED = "blocked"  # its person can't be reached
    OPTED_OUT = "opted_out"  # its person does not want such notices any more, or is forgotten
    FAILED = "failed"  # the platform will not take it; the reason is a short fixed word
    LATE = "late"  # its use was over
    CANCELLED = "cancelled"


class Answer(StrEnum):
    """What can be said to a notice by a button."""

    COMING = "coming"
    CANT = "cant"
    REMIND = "remind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that an organizer sent to the bot: where, and as which file."""

    platform: Platform
    file: FileRef


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeContent:
    """What a notice says. Who reads a language that is missing in `texts` gets the other one, with a word about it.

    `zone` (IANA) is where `starts_at` is told in, whoever reads it. `answers` are the buttons under it. Its author may
    choose how long it `lasts` after it begins, or after it leaves where it has no time, or `until` when it is of use.
    `called_off`: what it corrects does not take place; the other fields say what that was.
    """

    texts: Mapping[Language, str] = field(default_factory=dict)
    place: str = ""
    starts_at: datetime | None = None
    zone: str = "Asia/Jerusalem"
    link: str = ""
    picture: Picture | None = None
    answers: frozenset[Answer] = frozenset()
    lasts: timedelta | None = None
    until: datetime | None = None
    called_off: bool = False

    def text_in(self, language: Language) -> str:
        """The words for a reader of this language: in the other one if there are none, empty if in neither."""
        return self.texts.get(language) or next((text for text in self.texts.values() if text), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice without its words. `author` is the alias of an organizer's role.

    `purposes`: whoever agrees to one of these gets it, where it `corrects` another one only who got that. `send_at`
    None: at once. What was not sent by `useless_after` never is; a draft may not have it yet. `ended_at`: since when
    every copy has its fate. `serial`: its number in their order, from 1.
    """

    id: int
    author: str
    stage: Stage = Stage.DRAFT
    topic: str = ""
    purposes: frozenset[str] = frozenset()
    is_emergency: bool = False
    corrects: int | None = None
    send_at: datetime | None = None
    useless_after: datetime | None = None
    ended_at: datetime | None = None
    serial: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCopy:
    """Whose words an outbox row stands for that has none, and in which voice they are to be said.

    `zone` (IANA) is where its person lives, None where they never said.
    """

    notice_id: int
    language: Language
    form: Form
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a copy ends. `reason` is a short fixed word, of a failure, or `BARE`."""

    notice_id: int
    person_id: int
    fate: Fate
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a notice would reach now, in counts: everybody once in `languages`, once under each purpose."""

    languages: Mapping[Language, int] = field(default_factory=dict)
    purposes: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many people."""
        return sum(self.languages.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of the copies so far, and why those failed that did. `is_whole`: nobody is added any more.

    `bare`: of those delivered, how many came without the notice's picture, because it could not be had any more.
    """

    fates: Mapping[Fate, int]
    failures: Mapping[str, int] = field(default_factory=dict)
    is_whole: bool = False
    bare: int = 0

    @property
    def total(self) -> int:
        """How many people it is for."""
        return sum(self.fates.values())

    @property
    def settled(self) -> int:
        """How many copies have their fate."""
        return self.total - self.fates.get(Fate.PENDING, 0)


def content_hash(notice: Notice, content: NoticeContent) -> str:
    """SHA-256 (hex) over exactly what would be sent, to whom and when. No two contents write alike."""
    picture = content.picture
    canonical = json.dumps(
        [
            HASH_FORMAT,
            [notice.topic, sorted(notice.purposes), notice.is_emergency, notice.corrects],
            [_written(notice.send_at), _written(notice.useless_after)],
            sorted((language.value, text) for language, text in content.texts.items()),
            [content.place, _written(content.starts_at), content.zone, content.link],
            [picture.platform.value, picture.file.file_id] if picture else None,
            [content.called_off, *sorted(answer.value for answer in content.answers)],
        ],
        ensure_ascii=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def button_data(notice_id: int, choice: str) -> str:
    """What a button under a notice sends: it means the same long after its session is gone. At most 64 bytes."""
    return f"{PREFIX}:{notice_id}:{choice}"


def pressed(data: str) -> tuple[int, str] | None:
    """The notice and the choice in what a button sent, None if it is no notice's. It may be gone, or never was."""
    prefix, _, rest = data.partition(":")
    number, _, choice = rest.partition(":")
    if prefix != PREFIX or not choice or not (number.isascii() and number.isdigit()):
        return None
    found = int(number) if len(number) <= len(str(LARGEST)) else LARGEST + 1
    return (found, choice) if found <= LARGEST else None


def _written(moment: datetime | None) -> str | None:
    """As exactly as a database keeps it: what was shown before it was written down is the same afterwards."""
    return moment.isoformat(timespec="milliseconds") if moment else None

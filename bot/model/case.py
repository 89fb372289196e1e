"""A case: one person's request for human help, from asking to its end, and what becomes of it on the way.

Nothing here says who is behind a case; both sides know each other by names made for it. The states and their order are
those of SECURITY §4; what may follow what is in `FOLLOWS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal

from bot.model.person import Language


class Need(StrEnum):
    """What a person asks for, and what a volunteer offers."""

    BUDDY = "buddy"
    LEGAL = "legal"
    CIRCLE = "circle"
    FINE = "fine"
    MEDIA = "media"
    ORGANIZE = "organize"
    FAMILY = "family"
    VERIFY = "verify"
    URGENT = "urgent"


class CaseState(StrEnum):
    """Where a case is."""

    WAITING = "waiting"  # nobody is asked at the moment
    OFFERED = "offered"  # volunteers are asked
    CLAIMED = "claimed"  # one has it; the person was not told yet
    CONNECTED = "connected"  # both are on the line
    PAUSED = "paused"  # one of them asked for a break
    HANDED_BACK = "handed_back"  # its volunteer gave it back; about to be offered again
    ESCALATED = "escalated"  # organizers are asked
    CLOSED = "closed"


FOLLOWS: Final[Mapping[CaseState, frozenset[CaseState]]] = {
    CaseState.WAITING: frozenset({CaseState.OFFERED, CaseState.ESCALATED, CaseState.CLOSED}),
    CaseState.OFFERED: frozenset(
        {CaseState.WAITING, CaseState.CLAIMED, CaseState.ESCALATED, CaseState.CLOSED}
    ),
    CaseState.CLAIMED: frozenset({CaseState.CONNECTED, CaseState.HANDED_BACK, CaseState.CLOSED}),
    CaseState.CONNECTED: frozenset({CaseState.PAUSED, CaseState.HANDED_BACK, CaseState.CLOSED}),
    CaseState.PAUSED: frozenset({CaseState.CONNECTED, CaseState.HANDED_BACK, CaseState.CLOSED}),
    CaseState.HANDED_BACK: frozenset(
        {CaseState.WAITING, CaseState.OFFERED, CaseState.ESCALATED, CaseState.CLOSED}
    ),
    CaseState.ESCALATED: frozenset({CaseState.WAITING, CaseState.CLAIMED, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset(),
}
OPEN: Final = frozenset(CaseState) - {CaseState.CLOSED}
HELD: Final = frozenset({CaseState.CLAIMED, CaseState.CONNECTED, CaseState.PAUSED})  # a volunteer has it


class OfferState(StrEnum):
    """What became of an offer."""

    OPEN = "open"  # it can be accepted
    PASSED = "passed"  # not for them
    TAKEN = "taken"  # another has the case
    LATER = "later"  # not now: they want to be asked in the next round
    ACCEPTED = "accepted"  # they have it
    GIVEN_BACK = "given_back"  # they had it; it never comes back to them


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One volunteer who was asked to take a case, when, and what came of it."""

    volunteer_id: int
    state: OfferState
    offered_at: datetime


class Side(StrEnum):
    """The two ends of a line."""

    PERSON = "person"
    VOLUNTEER = "volunteer"

    @property
    def other(self) -> "Side":
        """Whom this side talks with."""
        return Side.VOLUNTEER if self is Side.PERSON else Side.PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as it stands. `epoch` goes up each time it changes hands.

    `round` says how far the search went (`search.Round`), `told_on` when the person heard last that nobody is free.
    `person_name` is what the volunteer calls the person, `volunteer_name` the other way round: keys of names.yaml.
    """

    id: int
    person_id: int
    need: Need
    language: Language
    state: CaseState
    epoch: int
    opened_at: datetime
    volunteer_id: int | None = None
    person_name: str = ""
    volunteer_name: str = ""
    round: int = 0
    told_on: date | None = None

    def who(self, side: Side) -> int | None:
        """The person id at one end of the line; None where nobody is."""
        return self.person_id if side is Side.PERSON else self.volunteer_id

    def side(self, person_id: int) -> Side | None:
        """At which end somebody is; None for whoever has no part in it."""
        if person_id == self.person_id:
            return Side.PERSON
        return Side.VOLUNTEER if person_id == self.volunteer_id else None

    def name_for(self, side: Side) -> str:
        """What this side calls the other one."""
        return self.volunteer_name if side is Side.PERSON else self.person_name


# What happens to a case, one class each: the events of its own lane, written by turns of people and by timers.


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Somebody asked for help, or a case is looked at again because somebody came on duty."""

    kind: Literal["opened"] = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A volunteer does not take it. Example: Passed(volunteer_id=7)."""

    volunteer_id: int
    kind: Literal["passed"] = "passed"


class Why(StrEnum):
    """Why a volunteer no longer has a case."""

    HANDED_BACK = "handed_back"  # they gave it back
    OTHER = "other"  # the person asked for somebody else
    REVOKED = "revoked"  # they are no volunteer any more, or left
    UNREACHABLE = "unreachable"  # they blocked the bot
    SILENT = "silent"  # no word for too long, and the person wants somebody else
    AWAY = "away"
    MOVED = "moved"  # an organizer gave it to somebody else


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """The volunteer of `epoch` no longer has it; it is to be offered again."""

    epoch: int
    why: Why
    kind: Literal["freed"] = "freed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A timer of the case is due. Example: Due(timer="offer", version="2")."""

    timer: str
    version: str
    kind: Literal["due"] = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """An organizer wants everybody asked once more, or, `on_call`, the organizers on call now."""

    on_call: bool = False
    kind: Literal["paged"] = "paged"


CaseEvent = Opened | Passed | Freed | Due | Paged

"""The audit of privileged acts: who did what to what kind of thing on which day, and nothing about whom it met.

Whoever acts is known by the alias of their role. An entry is chained to the one before it (`store.audit`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

CONSOLE: Final = "console"
ITSELF: Final = "bot"  # what the bot does by itself, because it has to be done at once


class Act(StrEnum):
    """What takes a role, or a terminal on the machine."""

    INVITE = "invite"
    JOIN = "join"
    REVOKE = "revoke"
    PROPOSE = "propose"
    APPROVE = "approve"
    REFUSE = "refuse"
    KEY = "key"  # shown at the terminal
    LEAVE = "leave"
    PAUSE = "pause"
    RESUME = "resume"
    SEAL = "seal"
    UNSEAL = "unseal"
    PULL = "pull"
    RESTORE = "restore"
    KEEP = "keep"  # a card that somebody said is wrong
    REST = "rest"  # the role of somebody who has another phone
    VOUCH = "vouch"
    VERIFY = "verify"  # may somebody
    LIFT = "lift"  # somebody's probation
    CALL = "call"  # everybody who signed
    CALL_OFF = "call_off"
    PUBLISH = "publish"
    PAGE = "page"  # volunteers or organizers, for somebody who waits
    MOVE = "move"  # a line away from its volunteer
    SEND = "send"  # a notice
    EXPORT = "export"  # the file for the letter keeper
    MAKE = "make"
    CONFIRM = "confirm"  # that a file was printed
    RETIRE = "retire"


class Thing(StrEnum):
    """What kind of thing it was done to; never which one."""

    ORGANIZER = "organizer"
    BOT = "bot"
    CARD = "card"
    VOLUNTEER = "volunteer"
    LETTER = "letter"
    CASE = "case"
    NOTICE = "notice"
    FLYER = "flyer"
    SUPPORT = "support"  # letters to somebody in prison, and who may be written to


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act. `actor` is the alias of a role, or `console`, or `bot`."""

    seq: int
    day: date
    actor: str
    act: str
    thing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """Where the chain does not hold: the row, or the place of one, and in some words how."""

    seq: int
    how: str

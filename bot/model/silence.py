"""How long a line may be silent: who is waited for, what happens then, and until when.

Pure. A case that somebody has always has this timer; each word sets it anew (SECURITY §4, "update since last contact").
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, assert_never

from bot.model.case import Need, Side

SILENCE: Final = "silence"  # the timer of a case that somebody has
QUIET: Final = timedelta(days=7)  # without a word of the person, who owes nobody one


class Stage(StrEnum):
    """What comes when the silence has lasted."""

    REMIND = "remind"  # the volunteer is reminded, once
    ASK = "ask"  # the person is asked whether to look for somebody else
    NOTE = "note"  # the person hears that the line is still open
    CLOSE = "close"  # nobody wrote for so long that the line is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The next thing to do if nobody writes, and after how long."""

    stage: Stage
    after: timedelta


def after_word(side: Side, need: Need) -> Silence:
    """What a word of one side starts: the person waits for an answer, the volunteer for nothing."""
    if side is Side.PERSON:
        return Silence(stage=Stage.REMIND, after=patience(need))
    return Silence(stage=Stage.NOTE, after=QUIET)


def after_stage(done: Stage, need: Need) -> Silence | None:
    """What follows if the silence goes on; None once the line is closed."""
    match done:
        case Stage.REMIND:
            return Silence(stage=Stage.ASK, after=patience(need))
        case Stage.ASK:
            return Silence(stage=Stage.NOTE, after=QUIET)
        case Stage.NOTE:
            return Silence(stage=Stage.CLOSE, after=QUIET)
        case Stage.CLOSE:
            return None
        case _:
            assert_never(done)


def patience(need: Need) -> timedelta:
    """How long a volunteer may take to answer."""
    return timedelta(minutes=10) if need is Need.URGENT else timedelta(days=1)

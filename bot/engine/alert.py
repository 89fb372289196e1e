"""What organizers are told of by themselves: by the watch, by a turn, or where something has been put right."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.model.person import Platform


class Alert(StrEnum):
    """What is the matter; `alert_<value>` names the phrase."""

    GIVEN_UP = "given_up"  # something could not be handled
    PLATFORM = "platform"  # nothing goes out on a platform: said there, when it does again
    ELSEWHERE = "elsewhere"  # the same, said on another one
    CHALLENGED = "challenged"  # Signal wants a captcha before it takes anything
    SOLVED = "solved"  # it was solved
    CARDS = "cards"  # approved cards are past their time
    SWEEP = "sweep"  # what should be gone is still there
    KEYS = "keys"  # a key can't be opened
    TEAM = "team"  # somebody joined the organizers, left, or lost the role
    INVITE = "invite"  # an invitation was not used for long, or wrong codes ended it
    PHONE = "phone"  # somebody of the team has another phone
    DEAF = "deaf"  # signal-cli does not answer the spooler
    AWAY = "away"  # signal-cli does, and does not reach Signal
    UNHEARD = "unheard"  # one of these, said on Signal: it may be over
    SPOOLER = "spooler"  # nobody keeps what Signal brings
    FULL = "full"  # there is no room to keep it
    HEARD = "heard"  # it comes in again
    CODES = "codes"  # so many wrong codes were typed that none is looked at for a while


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """Something needs a look, said beside whatever is open. Example: Alerted(alert=Alert.SWEEP).

    `about`: what is wrong with which platform, to be said on another one where that can be. `count`: how many calls.
    """

    alert: Alert
    about: Platform | None = None
    count: int = 0
    kind: Literal["alerted"] = "alerted"

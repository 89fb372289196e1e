"""Letters of support to somebody in prison: who can be written to, how far a letter has come, what can be printed.

Nothing here says who wrote. `bot.paper` draws what is printed, as another process.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

MOST: Final = 1500  # characters of a letter
LONGEST_NAME: Final = 40  # of an addressee, and of whoever signs
A_DAY: Final = 3  # letters of one person
UNCONFIRMED: Final = timedelta(days=7)  # after this it is asked again whether a file was printed
LEASED: Final = timedelta(minutes=30)  # for how long a letter is one volunteer's to read

# What the font has a letter for (a test asks the font): Latin with its accents, Hebrew, the usual signs between.
_DRAWN: Final = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x107),
    (0x10A, 0x113),
    (0x116, 0x11B),
    (0x141, 0x148),
    (0x150, 0x15B),
    (0x15E, 0x161),
    (0x16A, 0x17F),
    (0x5D0, 0x5EA),
    (0x5F3, 0x5F4),
    (0x200E, 0x200F),
    (0x2013, 0x2014),
    (0x2018, 0x201A),
    (0x201C, 0x201E),
    (0x2026, 0x2026),
    (0x20AA, 0x20AA),
    (0x20AC, 0x20AC),
)


class Given(StrEnum):
    """How somebody in prison said that they may be written to."""

    SELF = "given_self"
    LAWYER = "given_lawyer"
    FAMILY = "given_family"


class Agreed(StrEnum):
    """When, roughly."""

    WEEK = "agreed_week"
    MONTH = "agreed_month"
    EARLIER = "agreed_earlier"


class Fate(StrEnum):
    """How far a letter has come. From `SENT` on its words are gone."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    TAKEN = "taken"  # it is in a file that was given out; nobody has said yet that it is printed
    SENT = "sent"
    RETURNED = "returned"  # with a note
    REFUSED = "refused"
    CLOSED = "closed"  # its addressee can't be written to any more
    LOST = "lost"  # its time ran out


class Reason(StrEnum):
    """Why a letter was returned, or refused."""

    OTHERS = "others"  # names or details of other people
    ARMY = "army"  # plans, or the army's matters
    HARD = "hard"  # words that are hard to read in prison
    LANGUAGE = "language"  # nobody here reads it
    THREAT = "threat"
    ADVERT = "advert"


OPEN: Final = frozenset({Fate.WAITING, Fate.ACCEPTED, Fate.TAKEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody in prison who agreed to be written to, under a name they chose, up to the day before `ends_on`."""

    id: int
    name: str
    given: Given
    agreed: Agreed
    ends_on: date

    def is_live(self, today: date) -> bool:
        """Whether they can be written to."""
        return today < self.ends_on


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportLetter:
    """One letter with its words. `signed`: the name its writer chose to put under it; empty where there is none."""

    id: int
    addressee: int
    text: str
    signed: str = ""


def is_drawn(text: str) -> bool:
    """Whether the font has every letter of this. What it lacks goes out as plain text, beside the pages."""
    return all(one == "\n" or any(first <= ord(one) <= last for first, last in _DRAWN) for one in text)

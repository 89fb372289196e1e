"""A flyer: a printed code that opens the chat. It has a name for the team and a day it ends, and is never a person.

An `Order` says what is wanted of one, a `Print` says it in words; `bot.paper` draws that, as another process.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from bot.model.person import Language

PREFIX: Final = "f_"
PAYLOAD: Final = re.compile(r"f_([a-z2-7]{8})")
SCANNED: Final = "flyer.scanned"  # alone: of all flyers; with a code behind it: of that one
LONGEST_NAME: Final = 40
LONGEST: Final = timedelta(days=366)  # that one is in use


@dataclass(frozen=True, slots=True, kw_only=True)
class Flyer:
    """One that was made. It counts up to the day before `ends_on`; retiring it is an end that came early."""

    code: str
    name: str
    made_on: date
    ends_on: date

    def is_live(self, today: date) -> bool:
        """Whether it still counts."""
        return today < self.ends_on

    @property
    def payload(self) -> str:
        """What its link brings."""
        return f"{PREFIX}{self.code}"


class Sheet(StrEnum):
    """What can be drawn of one."""

    A6 = "a6"  # one to a page, with marks to cut along
    A4 = "a4"  # four to a page
    SVG = "svg"  # the code alone
    PNG = "png"
    LETTERS = "letters"  # no flyer: letters of support, each on a page of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be printed: the link, and the languages, one to a side."""

    link: str
    languages: tuple[Language, ...]

    def written(self) -> bytes:
        """It in a line, the way an action hands it on."""
        return " ".join((self.link, *self.languages)).encode()

    @classmethod
    def read(cls, line: bytes) -> Self:
        """The order of such a line."""
        link, *languages = line.decode().split()
        return cls(link=link, languages=tuple(map(Language, languages)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The words of one side; `rtl`: they are read from right to left."""

    title: str
    body: tuple[str, ...]
    scan: str
    small: str
    rtl: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """What the code opens, what can be typed instead, and the sides."""

    link: str
    typed: str
    sides: tuple[Side, ...]

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Self:
        """From its fields, as JSON brings them to the program that draws."""
        sides = tuple(Side(**{**side, "body": tuple(side["body"])}) for side in fields["sides"])
        return cls(link=fields["link"], typed=fields["typed"], sides=sides)

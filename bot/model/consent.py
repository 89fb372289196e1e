"""Consent: one purpose, the words that were shown for it, when it was given and when it was taken back.

None is given by silence, and none is a condition for help. Words that change end what was given to the old ones.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.model.person import Language

NOTICE: Final = "notice:"  # and what the notices are about: each topic is a purpose of its own
HASH_FORMAT: Final = 1
VERSION_LENGTH: Final = 8


class Purpose(StrEnum):
    """What somebody can agree to, beside notices."""

    TALK = "talk"
    BUDDY = "buddy"
    CHECKIN = "checkin"
    LETTER_COUNT = "letter_count"
    LETTER_NAME = "letter_name"
    MEDIA = "media"
    TESTIMONY = "testimony"
    CONTACT = "contact"
    CONDUCT = "conduct"


# What others go on relying on while its person is away; it keeps the way to them.
LASTING: Final = (Purpose.LETTER_COUNT, Purpose.LETTER_NAME, Purpose.MEDIA, Purpose.TESTIMONY)


class Method(StrEnum):
    """How it was given."""

    BUTTON = "button"
    TYPED = "typed"


class Standing(StrEnum):
    """How a purpose stands with a person."""

    NONE = "none"
    GIVEN = "given"
    CHANGED = "changed"  # it was given to other words than are shown now
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One consent. `text` is the hash of the words shown; `receipt` names it to its person, and to nobody else."""

    purpose: str
    text: str
    language: Language
    method: Method
    given_on: date
    withdrawn_on: date | None = None
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentText:
    """The words that are shown for a purpose at present: the step that has them, and their hash."""

    purpose: str
    shown: str
    text: str


def is_purpose(name: str) -> bool:
    """Whether that is something one can agree to."""
    return name in set(Purpose) or (name.startswith(NOTICE) and len(name) > len(NOTICE))


def is_begun_by_the_bot(purpose: str) -> bool:
    """Whether the bot writes by itself because of it: that is what "stop" ends."""
    return purpose == Purpose.CHECKIN or purpose.startswith(NOTICE)


def text_hash(wordings: Sequence[Sequence[str]]) -> str:
    """SHA-256 (hex) over every wording of a text in every language, each a list of its parts in a fixed order."""
    canonical = json.dumps([HASH_FORMAT, *map(list, wordings)], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def version_of(text: str) -> str:
    """The short name of a text, one for all languages. Example: 3f9a02c1."""
    return text[:VERSION_LENGTH]

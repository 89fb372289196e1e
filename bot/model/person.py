"""Who writes to the bot: a person, how to speak to them, and where they can be reached."""

from dataclasses import dataclass
from enum import StrEnum


class Platform(StrEnum):
    """Where an address lives."""

    TELEGRAM = "telegram"
    SIGNAL = "signal"


class Language(StrEnum):
    """The languages every word of the bot exists in (ISO 639-1)."""

    HEBREW = "he"
    ENGLISH = "en"


class Role(StrEnum):
    """What somebody may do beyond what everybody may."""

    VOLUNTEER = "volunteer"
    ORGANIZER = "organizer"


class Form(StrEnum):
    """How Hebrew addresses a person: a preference of language, never stored as gender."""

    NEUTRAL = "n"
    FEMININE = "f"
    MASCULINE = "m"
    PLURAL = "p"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """All that rendering needs to know of a person: language, address form and IANA time zone."""

    language: Language
    form: Form = Form.NEUTRAL
    zone: str = "Asia/Jerusalem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Anyone who writes to the bot. `language` is None until their first message was understood.

    `adult` is what they said to "eighteen or older?", None where they said nothing; no date of birth is asked.
    """

    id: int
    language: Language | None = None
    form: Form = Form.NEUTRAL
    zone: str | None = None
    onboarded: bool = False
    adult: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A platform and the routing id there (Telegram: the private chat's id as digits)."""

    id: int
    person_id: int
    platform: Platform
    routing_id: str

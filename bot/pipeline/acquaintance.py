"""The first message of somebody: in which language the bot answers it."""

from dataclasses import replace
from typing import Final

from bot.model.incoming import Incoming
from bot.model.person import Language, Person

ISRAEL: Final = frozenset({"he", "iw", "ar", "ru", "am"})  # apps in Israel's languages: Hebrew is read there


def acquainted(person: Person, incoming: Incoming | None) -> Person:
    """At the very first message the language is guessed from the app's; one tap changes it."""
    if person.language is not None:
        return person
    code = (incoming.language_code if incoming else None) or "he"
    hebrew = code.lower().split("-")[0] in ISRAEL
    return replace(person, language=Language.HEBREW if hebrew else Language.ENGLISH)

"""The first words of somebody: in which language the bot answers them."""

from dataclasses import replace
from typing import Final

from bot.i18n.script import written_in
from bot.model.incoming import Happening, Incoming, Media, Text
from bot.model.person import Language, Person

ISRAEL: Final = frozenset({"he", "iw", "ar", "ru", "am"})  # apps in Israel's languages: Hebrew is read there


def acquainted(person: Person, incoming: Incoming | None, *, is_new: bool) -> Person:
    """At the very first message the language is guessed from the app's, else from the letters of what was written.

    Where neither says anything it stays unknown for one turn, which can ask for it; then it is Hebrew. It can be
    changed at any time.
    """
    if person.language is not None or incoming is None:
        return person
    found = _of_app(incoming.language_code) or written_in(_words(incoming.happening))
    return replace(person, language=found or (None if is_new else Language.HEBREW))


def _of_app(code: str | None) -> Language | None:
    if not code:
        return None
    return Language.HEBREW if code.lower().split("-")[0] in ISRAEL else Language.ENGLISH


def _words(happening: Happening) -> str:
    """What somebody wrote in words of their own. Commands are in Latin letters for everybody."""
    match happening:
        case Text():
            return happening.text
        case Media():
            return happening.caption
        case _:
            return ""

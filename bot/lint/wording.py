"""Blocked wording (`flows/wording.yaml`): nothing urges, promises, pays or judges, in any language or form.

An entry is words parted by spaces, compared as `i18n.normal` reads them: `a/b` are alternatives, `~` is up to
three words of any kind in one sentence, `^` at the start is the start of a clause. A Hebrew word may follow an
attached ו, ש, כש or ה.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from bot.engine.parse import LETTERS, Place, Problem
from bot.i18n.normal import normalise
from bot.lint.letter import texts_of
from bot.lint.material import Material, problem
from bot.model.person import Language

_SENTENCE_ENDS: Final = re.compile(r"[.!?:;\n\u2013\u2014]+|\s-\s")
_CLAUSE_ENDS: Final = re.compile(f"{_SENTENCE_ENDS.pattern}|,")
_PREFIX: Final = "(?:[וש]{1,2}|ו?כש|ה)?"  # what leaves an imperative one; ל would make it an infinitive
_ANYTHING: Final = r"(?:\w+ ){0,3}"


def nothing_is_blocked(material: Material) -> Iterator[Problem]:
    """No text of a flow, a card or a letter holds blocked wording."""
    for place, language, text in _texts(material):
        for entry in blocked_in(text, material.blocked[language], language=language):
            message = f"{text!r} says what the bot never says: `{entry}`."
            yield problem(
                "wording",
                place,
                message=message,
                advice="Inform, never urge: the lists are in flows/wording.yaml.",
            )


def letters_name_no_money(material: Material) -> Iterator[Problem]:
    """No letter holds a word of money or reward, nor what else its own list names."""
    for place, language, text in _of_letters(material):
        for entry in blocked_in(text, material.blocked_in_letters[language], language=language):
            yield problem(
                "wording",
                place,
                message=f"{text!r} says what no letter says: `{entry}`.",
                advice="No money beside refusal: the list is in flows/letter_wording.yaml.",
            )


def blocked_in(text: str, entries: tuple[str, ...], *, language: Language) -> Iterator[str]:
    """The entries that `text` matches."""
    sentences = [normalise(part) for part in _SENTENCE_ENDS.split(text)]
    clauses = [normalise(part) for part in _CLAUSE_ENDS.split(text)]
    for entry in entries:
        pattern = _pattern(entry, language)
        if any(pattern.search(part) for part in (clauses if entry.startswith("^") else sentences)):
            yield entry


@cache
def _pattern(entry: str, language: Language) -> re.Pattern[str]:
    """What an entry matches in normalised words."""
    anchored = entry.startswith("^")
    prefix = _PREFIX if language is Language.HEBREW else ""
    parts = [_part(word, prefix) for word in entry.removeprefix("^").split()]
    body = "".join(parts).rstrip()
    return re.compile(rf"{'^' if anchored else chr(92) + 'b'}{body}\b")


def _part(word: str, prefix: str) -> str:
    if word == "~":
        return _ANYTHING
    words = "|".join(re.escape(normalise(one)) for one in word.split("/"))
    return f"{prefix}(?:{words}) "


def _texts(material: Material) -> Iterator[tuple[Place, Language, str]]:
    for saying in material.sayings:
        yield from ((wording.place, wording.language, wording.text) for wording in saying.wordings)
    for name, card in material.cards.cards.items():
        file, line = material.cards.places[name]
        yield from ((Place(file=file, line=line), language, text) for language, text in card.wordings())
    yield from _of_letters(material)


def _of_letters(material: Material) -> Iterator[tuple[Place, Language, str]]:
    for name, letter in material.book.letters.items():
        stands = material.draft.place(f"{LETTERS}/{name}")
        yield from ((stands, language, text) for language, text in texts_of(letter))

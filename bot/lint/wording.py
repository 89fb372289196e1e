"""Blocked wording (`flows/wording.yaml`): nothing urges, promises, pays or judges, in any language or form.

How an entry is found in a text stands in `i18n.blocked`.
"""

from collections.abc import Iterator

from bot.engine.parse import LETTERS, Place, Problem
from bot.i18n.blocked import blocked_in
from bot.lint.letter import texts_of
from bot.lint.material import Material, problem
from bot.model.person import Language


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

"""Rules of letters: the same text in both languages, short enough for a phone, and nothing hidden or shouted in it.

Blocked wording is looked for in letters as everywhere (`i18n.blocked`): a letter speaks for who signs it, and
urges nobody. Which flow may show one, the rules of voices say.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from bot.engine.parse import LETTERS, Place, Problem
from bot.i18n.hidden import hidden_in
from bot.lint.material import Material, problem
from bot.model.letter import PAGE, Letter
from bot.model.person import Language
from bot.model.text import utf16_length

TITLE: Final = 60
PAGES: Final = 6
_NUMBER: Final = re.compile(r"\d+")


def languages_agree(material: Material) -> Iterator[Problem]:
    """Both languages have as many paragraphs, and name the same numbers in each."""
    for place, letter in _letters(material):
        hebrew, english = (letter.paragraphs[language] for language in Language)
        if len(hebrew) != len(english):
            message = f"`{letter.id}` has {len(hebrew)} paragraphs in `he` and {len(english)} in `en`."
            yield problem(
                "letter", place, message=message, advice="Whoever signs has to agree to one text in both."
            )
        for number, pair in enumerate(zip(hebrew, english, strict=False), start=1):
            first, second = (Counter(_NUMBER.findall(text)) for text in pair)
            if first != second:
                message = f"The languages of paragraph {number} of `{letter.id}` name different numbers."
                yield problem("letter", place, message=message, advice="Write the same numbers in both.")


def letters_fit_a_phone(material: Material) -> Iterator[Problem]:
    """A title is one line, a paragraph one page at most, a letter a few pages."""
    for place, letter in _letters(material):
        for language in Language:
            name, pages = f"`{letter.id}` in `{language}`", len(letter.pages(language))
            longest = max(map(utf16_length, letter.paragraphs[language]))
            wrong = {
                f"The title of {name} takes more than {TITLE} characters.": utf16_length(
                    letter.titles[language]
                )
                > TITLE,
                f"A paragraph of {name} takes {longest} characters, {PAGE} fit a page.": longest > PAGE,
                f"{name} has {pages} pages, {PAGES} at most.": pages > PAGES,
            }
            for message in (message for message, is_so in wrong.items() if is_so):
                advice = "Say it in fewer words: it has to be read to its end before anybody signs."
                yield problem("letter", place, message=message, advice=advice)


def nothing_is_hidden_or_shouted(material: Material) -> Iterator[Problem]:
    """What is signed is what is seen, in a calm voice."""
    for place, letter in _letters(material):
        for language, text in texts_of(letter):
            if hidden := hidden_in(text):
                message = f"`{letter.id}` in `{language}` has letters nobody sees: {', '.join(hidden)}."
                yield problem("letter", place, message=message, advice="Take them out.")
            if "!" in text:
                message = f"`{letter.id}` in `{language}` has an exclamation mark."
                yield problem("letter", place, message=message, advice="End the sentence with a full stop.")


def texts_of(letter: Letter) -> Iterator[tuple[Language, str]]:
    """Every text of a letter, with its language."""
    for language in Language:
        yield language, letter.titles[language]
        yield from ((language, paragraph) for paragraph in letter.paragraphs[language])


def _letters(material: Material) -> Iterator[tuple[Place, Letter]]:
    for id, letter in material.book.letters.items():
        yield material.draft.place(f"{LETTERS}/{id}"), letter

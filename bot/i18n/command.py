"""Words that win over any conversation: global commands, and answers to a prompt by its code.

A global word counts only as the whole message, in both languages at once whatever the person's language is: "די"
and "stop" must work for everyone. Codes are a letter, a notice's two, and a number ("A1"); a bare number is never one.
"""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Final

from bot.engine.flow import Book
from bot.i18n.normal import normalise, without_prefix
from bot.i18n.render import Renderer

_CODE: Final = re.compile(r"([a-z]{1,2}) ?(\d{1,2})|([אבגדוזחט])(\d{1,2})")
_HEBREW: Final = "אבגד\0וזחט"  # on a Hebrew keyboard; "ה1" is "the 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """An answer to the prompt or the notice of that code, by number. Example: "a 2" is Coded(code="A", number=2)."""

    code: str
    number: int


def command_words(book: Book, renderer: Renderer) -> Mapping[str, str]:
    """The command each global word runs, over all languages and forms; words are parted by commas."""
    return {
        plain: command.name
        for command in book.commands.values()
        for wording in renderer.labels(command.words)
        for plain in map(normalise, wording.split(","))
        if plain
    }


def command_of(text: str, words: Mapping[str, str], *, among: Container[str]) -> str | None:
    """The global command `among` those given that `text` as a whole asks for, with or without a prefix."""
    said = normalise(text)
    if words.get(said) in among:
        return words[said]
    first, _, rest = said.partition(" ")
    bare = (f"{word} {rest}".strip() for word in without_prefix(first))
    return _only(words[word] for word in bare if words.get(word) in among)


def _only(commands: Iterable[str]) -> str | None:
    found = set(commands)
    return found.pop() if len(found) == 1 else None


def code_of(text: str) -> Coded | None:
    """The answer that `text` as a whole names by code; a Hebrew letter stands for the one in the same place."""
    found = _CODE.fullmatch(normalise(text))
    if found is None:
        return None
    if letter := found[3]:
        return Coded(code=ascii_uppercase[_HEBREW.index(letter)], number=int(found[4]))
    return Coded(code=found[1].upper(), number=int(found[2]))

"""A directory of letters: each file holds one, named after itself, with both languages in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.engine.parse.field import ID, Fields
from bot.engine.parse.problem import Notes, Problem
from bot.engine.parse.tree import read_tree
from bot.model.letter import Letter, LetterStatus
from bot.model.person import Language

LETTERS: Final = "letters"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDraft:
    """The letters as far as they could be read; `places` is the (file, line) of each."""

    letters: Mapping[str, Letter]
    problems: tuple[Problem, ...]
    places: Mapping[str, tuple[str, int]]


def read_letter_draft(letters_dir: Path) -> LetterDraft:
    """All letters of a directory, as far as they can be read; none where there is no directory."""
    letters: dict[str, Letter] = {}
    places: dict[str, tuple[str, int]] = {}
    problems: list[Problem] = []
    for path in sorted(letters_dir.glob("*.yaml")):
        notes = Notes(f"{letters_dir.name}/{path.name}")
        tree = read_tree(path, notes)
        if tree is not None:
            letters[path.stem] = _letter(Fields(tree, notes, what=f"letter `{path.stem}`"), path.stem)
            places[path.stem] = (notes.file, tree.line)
        problems += notes.problems
    return LetterDraft(letters=letters, problems=tuple(sorted(problems)), places=places)


def _letter(fields: Fields, name: str) -> Letter:
    if (id := fields.name("letter")) and id != name:
        advice = f"Write `letter: {name}`, or rename the file."
        fields.note("letter", f"{fields.notes.file} holds the letter `{id}`.", advice=advice)
    elif not ID.fullmatch(name):
        fields.note(
            "", f"`{name}` is no id.", advice="Use small Latin letters, digits and _, a letter first."
        )
    fields.need("status")
    letter = Letter(
        id=name,
        version=_version(fields),
        status=fields.member("status", LetterStatus.DRAFT),
        titles=_titles(fields),
        paragraphs={language: _paragraphs(fields, language) for language in Language},
    )
    fields.close()
    return letter


def _version(fields: Fields) -> int:
    word = fields.need("version")
    if word.isascii() and word.isdecimal() and int(word) > 0:
        return int(word)
    if word:
        fields.note("version", f"`{word}` is no version.", advice="Count the texts: 1, 2, 3.")
    return 1


def _titles(fields: Fields) -> dict[Language, str]:
    named = Fields(fields.tree("title"), fields.notes, what=f"`title` of {fields.what}")
    titles = {language: named.need(language.value) for language in Language}
    named.close()
    return titles


def _paragraphs(fields: Fields, language: Language) -> tuple[str, ...]:
    paragraphs = fields.words(language.value)
    if not paragraphs:
        advice = f"Write `{language.value}:` and one `- paragraph` a line under it."
        fields.note(language.value, f"{fields.what} has no words in `{language.value}`.", advice=advice)
    return paragraphs

"""A file of words per language, `{he: [...], en: [...]}`: crisis words, blocked wording."""

from collections.abc import Mapping
from pathlib import Path

from bot.engine.parse.field import Fields
from bot.engine.parse.problem import FlowsRefused, Notes
from bot.engine.parse.tree import read_tree
from bot.model.person import Language


def read_words(path: Path) -> Mapping[Language, tuple[str, ...]]:
    """The words of each language, in the file's order. Raises FlowsRefused if it is not there or not readable."""
    notes = Notes(path.name)
    if not path.exists():
        notes.add(0, "The file is not there.", advice=f"Write it at {path}.")
        raise FlowsRefused(notes.problems)
    fields = Fields(read_tree(path, notes), notes, what=path.name)
    words = {language: fields.words(language.value) for language in Language}
    for language in Language:
        if not words[language]:
            fields.note(
                language.value, f"There are no words in `{language}`.", advice=f"Add `{language}: [...]`."
            )
    fields.close()
    if notes.problems:
        raise FlowsRefused(notes.problems)
    return words

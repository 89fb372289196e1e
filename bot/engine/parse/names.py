"""A file of names, `{kalanit: {he: ..., en: ...}}`: what the two sides of a case call each other, in each script."""

from collections.abc import Mapping
from pathlib import Path

from bot.engine.parse.field import Fields
from bot.engine.parse.problem import FlowsRefused, Notes
from bot.engine.parse.tree import Table, read_tree
from bot.model.person import Language


def read_names(path: Path) -> Mapping[str, Mapping[Language, str]]:
    """Each name by its key, in the file's order; none where there is no file. Raises FlowsRefused."""
    if not path.exists():
        return {}
    notes = Notes(path.name)
    tree = read_tree(path, notes)
    if tree and not isinstance(tree, Table):
        notes.add(
            tree.line, f"{path.name} has to be a mapping.", advice="Write it as `key: {he: ..., en: ...}`."
        )
    names = {}
    for key, entry in tree.entries.items() if isinstance(tree, Table) else ():
        fields = Fields(entry, notes, what=f"name `{key}`")
        names[key] = {language: fields.need(language.value) for language in Language}
        fields.close()
    if notes.problems:
        raise FlowsRefused(notes.problems)
    return names

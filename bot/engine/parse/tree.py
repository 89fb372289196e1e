"""YAML text as a small tree of our own: words, lists and mappings, each with its line. Home of ruamel.yaml.

Every scalar is its words, so `yes`, `no` and `on` stay what they look like. Refused here: text that is not YAML,
anchors and aliases, keys written twice. Composing without constructing keeps the lines at no extra cost. A text that
was read before is not read again: composing is most of what a start costs, and a tree never changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from bot.engine.parse.problem import Notes, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A scalar: its words without the space around them."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list."""

    line: int
    items: tuple["Tree", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A mapping, in the file's order, and the line of each key."""

    line: int
    entries: Mapping[str, "Tree"]
    lines: Mapping[str, int] = field(default_factory=dict)


Tree = Word | Items | Table


def read_tree(path: Path, notes: Notes) -> Tree | None:
    """The tree of a file; None, with a note, if it can't be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        notes.add(0, _NO_TEXT, advice=_SAVE)
        return None
    tree, problems = _read(text)
    for problem in problems:
        notes.add(problem.line, problem.message, advice=problem.advice)
    return tree


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[Tree | None, tuple[Problem, ...]]:
    """The tree of a text, and what is wrong with it wherever it stands."""
    notes = Notes("")
    return _composed(text, notes), tuple(notes.problems)


def _composed(text: str, notes: Notes) -> Tree | None:
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        notes.add(line, f"This is not YAML: {error.problem}.", advice=_QUOTE)
        return None
    except YAMLError:
        notes.add(0, _NO_TEXT, advice=_SAVE)
        return None
    if root is None:
        notes.add(0, "The file is empty.", advice="Write something in it or remove it.")
        return None
    return _tree(root, notes)


_NO_TEXT = "This is not YAML text in UTF-8."
_SAVE = "Save the file as UTF-8 without control characters."
_QUOTE = "Look at this line and the one above; a text with : # * & or { needs quotes around it."


def _tree(node: Node, notes: Notes) -> Tree:
    line = node.start_mark.line + 1
    if node.anchor:
        notes.add(
            line,
            "Anchors and aliases are not used here.",
            advice="Write the text out, or put quotes around it.",
        )
        return Word(line=line, text="")
    match node:
        case ScalarNode():
            return Word(line=line, text=node.value.strip())
        case SequenceNode():
            return Items(line=line, items=tuple(_tree(item, notes) for item in node.value))
        case _:
            return _table(node, notes)


def _table(node: Node, notes: Notes) -> Table:
    entries: dict[str, Tree] = {}
    lines: dict[str, int] = {}
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            notes.add(line, "A key has to be one word.", advice=_QUOTE)
        elif name in entries:
            notes.add(
                line,
                f"`{name}` stands here twice.",
                advice=f"Keep one of them; the first is in line {lines[name]}.",
            )
        else:
            tree = _tree(value, notes)
            is_empty = isinstance(tree, Word) and not tree.text
            entries[name], lines[name] = Word(line=line, text="") if is_empty else tree, line
    return Table(line=node.start_mark.line + 1, entries=entries, lines=lines)

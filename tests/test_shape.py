"""The shape of the code: small modules, short functions, few arguments, and a docstring on every page.

An exception is one line in `EXCEPTIONS`, with the reason a reader would ask for. One that is no longer needed fails.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

PROJECT: Final = Path(__file__).parents[1]
LONGEST_MODULE: Final = 250
LONGEST_FUNCTION: Final = 40
MOST_PARAMETERS: Final = 5
MOST_POSITIONAL: Final = 2
WEAK_NAMES: Final = {"utils", "helpers", "manager", "base", "common"}

# "path" for a whole module, "path::name" for one function: why it may be larger.
EXCEPTIONS: Final[dict[str, str]] = {
    "bot/cli/letter.py::opened": "its parameters are what may be typed after the command",
    "bot/i18n/catalog.py::Catalogs.text": "a voice, a phrase and its values are said in this order everywhere",
    "bot/i18n/render.py::Renderer.render": "the same",
    "bot/i18n/render.py::Renderer.label": "the same",
    "bot/i18n/render.py::Renderer.card": "the same, with a card",
    "bot/sandbox/journal.py::Journal.write": "the columns of the log in order, on the emulator's hottest path",
    "bot/sandbox/world.py::World.add_file": "a file is its kind, its content and its name",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(folder: str) -> list[Path]:
    """Every Python file of a folder; migrations are written by number and read once."""
    return sorted(path for path in (PROJECT / folder).rglob("*.py") if "versions" not in path.parts)


def named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Functions and methods by name; what is nested has the shape of what it is handed to."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node
        if isinstance(node, ast.ClassDef):
            yield from (
                (f"{node.name}.{part.name}", part) for part in node.body if isinstance(part, Function)
            )


def length(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    first = function.body[0]
    has_docstring = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def parameters(function: Function) -> tuple[int, int]:
    """How many parameters, and how many of them by position; `self`, `cls` and the store's `unit` don't count."""
    positional = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    positional = [name for name in positional if name not in {"self", "cls", "unit"}]
    return len(positional) + len(function.args.kwonlyargs), len(positional)


def overrides(function: Function) -> bool:
    """Whether the shape was decided elsewhere, by a library's class."""
    return any(isinstance(mark, ast.Name) and mark.id == "override" for mark in function.decorator_list)


def too_large() -> Iterator[tuple[str, str]]:
    for path in modules("bot"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_MODULE:
            yield named(path), f"{lines} lines"
        for name, function in functions(tree_of(path)):
            yield from ((f"{named(path)}::{name}", wrong) for wrong in complaints(function))


def complaints(function: Function) -> Iterator[str]:
    if (lines := length(function)) > LONGEST_FUNCTION:
        yield f"{lines} lines"
    count, positional = parameters(function)
    if count > MOST_PARAMETERS and not overrides(function):
        yield f"{count} parameters"
    if positional > MOST_POSITIONAL and not overrides(function) and not function.name.startswith("_"):
        yield f"{positional} parameters by position"


def test_modules_functions_and_parameter_lists_are_small() -> None:
    """At most 250 lines, 40 lines, five parameters, two of them by position in what others call."""
    wrong = [f"{place}: {what}" for place, what in too_large() if place not in EXCEPTIONS]

    assert wrong == []


def test_every_exception_is_still_needed() -> None:
    """A reason outlives its case easily."""
    needed = {place for place, _ in too_large()}

    assert [place for place in EXCEPTIONS if place not in needed] == []


def test_every_module_says_what_it_is() -> None:
    """A docstring of one to six lines stands first."""
    said = {named(path): ast.get_docstring(tree_of(path)) or "" for path in modules("bot")}

    assert [name for name, words in said.items() if not 1 <= len(words.splitlines()) <= 6] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    """A drawer called utils fills with anything."""
    assert [named(path) for path in modules("bot") if path.stem in WEAK_NAMES] == []


@pytest.mark.parametrize("path", modules("tests"), ids=named)
def test_every_test_states_its_fact(path: Path) -> None:
    """One line of docstring under each test."""
    silent = [
        name
        for name, function in functions(tree_of(path))
        if name.rpartition(".")[2].startswith("test_")
        and len((ast.get_docstring(function) or "").splitlines()) != 1
    ]

    assert silent == []

"""Small directories of flows for tests of the parser: write some YAML, read what it says about it."""

from collections.abc import Mapping
from pathlib import Path

from bot.engine.flow import Step
from bot.engine.parse import Draft, read_draft

LINES = 4  # of the head that `step` writes before the step's own


def draft(folder: Path, files: Mapping[str, str]) -> Draft:
    """The draft of a directory with these flows, by name."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return read_draft(folder)


def flow(folder: Path, text: str) -> Draft:
    """The draft of one flow, `f`."""
    return draft(folder, {"f": text})


def step(folder: Path, text: str) -> Draft:
    """The draft of one flow with one step, `f.s`; `text` is the step, and begins in line 4."""
    body = "\n".join(f"    {line}" for line in text.splitlines())
    return flow(folder, f"flow: f\nsteps:\n  s:\n{body}\n")


def read(found: Draft) -> Step:
    """The one step of a draft without problems."""
    assert found.problems == ()
    return found.book.flows["f"].steps["s"]


def faults(found: Draft) -> list[str]:
    """What is wrong, as `line: message`."""
    return [f"{problem.line}: {problem.message}" for problem in found.problems]

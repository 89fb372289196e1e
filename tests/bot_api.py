"""Every kind of message that the Bot API 10.0 describes, with a word or number of its own in each of its fields.

`bot_api.json` holds the types that a Message can be made of: for each its fields, or the types it is one of; "?" marks
what may be missing, "=" a word that is always the same. A mark is what must not get any further.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

SPEC: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("bot_api.json").read_text("utf-8"))
DEPTH: Final = 5  # of types in one another: a Message holds Messages

# What every message has, and what holds another message or the people of this one; they are made by who sends it.
OUTSIDE: Final = frozenset({"message_id", "date", "chat", "from"})


@dataclass(slots=True)
class Marked:
    """Parts of a message, each with a mark that is nowhere else."""

    marks: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(
        default_factory=lambda: count(7_100_000_000_000 + secrets.randbelow(10**9))
    )
    _choice: int = 0

    def part(self, kind: str, depth: int = 0) -> Any:
        """Something of a type, as the API would send it."""
        kind, _, others = kind.rstrip("?").partition("|")
        if others and self._choice % 2:
            kind = others
        if kind.startswith("Array of "):
            return [self.part(kind.removeprefix("Array of "), depth)]
        if kind.startswith("="):
            return kind.removeprefix("=")
        made = PLAIN.get(kind)
        return made(self) if made else self._made(kind, depth)

    def _made(self, kind: str, depth: int) -> Any:
        about = SPEC[kind]
        if isinstance(about, list):
            return self.part(about[self._choice % len(about)], depth)
        wanted = {name: of for name, of in about.items() if depth < DEPTH or not of.endswith("?")}
        if kind == "Message" and depth:  # one inside another: its outside, and words
            wanted = {name: about[name] for name in (*sorted(OUTSIDE), "text", "entities")}
        return {name: self.part(of, depth + 1) for name, of in wanted.items()}

    def word(self) -> str:
        """A word of its own."""
        self.marks.append(f"mark{len(self.marks)}x{secrets.token_hex(5)}")
        return self.marks[-1]

    def number(self) -> int:
        """A number of its own."""
        self.marks.append(str(next(self._numbers)))
        return int(self.marks[-1])

    def field(self, name: str, choice: int = 0) -> Any:
        """What a message holds in this field; `choice` picks among the types that it can be one of."""
        self._choice = choice
        return self.part(SPEC["Message"][name], 1)

    def fraction(self) -> float:
        """A number with a point."""
        self.marks.append(str(next(self._numbers) / 1000))
        return float(self.marks[-1])


PLAIN: Final[dict[str, Callable[[Marked], object]]] = {
    "String": Marked.word,
    "Integer": Marked.number,
    "Float": Marked.fraction,
    "Boolean": lambda _: True,
    "True": lambda _: True,
}


def variants(name: str) -> int:
    """How many types a field can be one of, at its outermost."""
    kind = SPEC["Message"][name].rstrip("?").removeprefix("Array of ")
    about = SPEC.get(kind)
    return len(about) if isinstance(about, list) else 1


def every_field() -> list[tuple[str, int]]:
    """Each field that a message can have beside its outside, with each type it can be one of."""
    names = [name for name in SPEC["Message"] if name not in OUTSIDE]
    return [(name, choice) for name in names for choice in range(variants(name))]

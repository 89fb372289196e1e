"""Reading one mapping key by key: each value is noted as wrong, or comes back in its type, with a stand-in else.

A `Fields` knows which keys were asked for; `close` notes the ones nobody knows, so a misspelt key is never silent.
"""

import difflib
import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from bot.engine.parse.problem import Notes
from bot.engine.parse.tree import Items, Table, Tree, Word

E = TypeVar("E", bound=StrEnum)

ID: Final = re.compile(r"[a-z][a-z0-9_]*")
_SPAN: Final = re.compile(r"(\d{1,4}) (second|minute|hour|day|week)s?")


class Fields:
    """A mapping being read; `what` names it in notes, as in "step `ask`"."""

    def __init__(self, tree: Tree | None, notes: Notes, *, what: str) -> None:
        self.notes = notes
        self.what = what
        self.line = tree.line if tree else 0
        self._table = tree if isinstance(tree, Table) else Table(line=self.line, entries={})
        self._asked: set[str] = set()
        if not isinstance(tree, Table):
            notes.add(self.line, f"{what} has to be a mapping.", advice="Write it as `key: value` lines.")

    def note(self, key: str, message: str, *, advice: str) -> None:
        """Note a problem at `key`, or at the mapping where the key is absent."""
        self.notes.add(self._table.lines.get(key, self.line), message, advice=advice)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._table.entries

    def tree(self, key: str) -> Tree | None:
        """The value of `key` unread, None where it is absent."""
        self._asked.add(key)
        return self._table.entries.get(key)

    def need(self, key: str) -> str:
        """The words under `key`, which has to be there."""
        if not self.has(key):
            self.note(key, f"{self.what} has no `{key}`.", advice=f"Add `{key}: ...`.")
        return self.word(key)

    def word(self, key: str, default: str = "") -> str:
        """The words under `key`, `default` where it is absent."""
        tree = self.tree(key)
        if tree is None:
            return default
        return self._word(key, tree)

    def _word(self, key: str, tree: Tree, *, may_be_empty: bool = False) -> str:
        if isinstance(tree, Word) and (tree.text or may_be_empty):
            return tree.text
        self.notes.add(
            tree.line,
            f"`{key}` of {self.what} has to be one text.",
            advice="Write the words after the colon.",
        )
        return ""

    def name(self, key: str) -> str:
        """An id under `key`: small Latin letters, digits and _; it has to be there."""
        word = self.need(key)
        if word and not ID.fullmatch(word):
            self.note(
                key, f"`{word}` is no id.", advice="Use small Latin letters, digits and _, a letter first."
            )
        return word

    def flag(self, key: str, *, default: bool = False) -> bool:
        """`true` or `false` under `key`."""
        word = self.word(key, "true" if default else "false")
        if word not in ("true", "false", ""):
            self.note(key, f"`{key}` is `{word}`.", advice="Write true or false.")
        return word == "true"

    def member(self, key: str, default: E) -> E:
        """One word of the closed set that `default` is of, under `key`."""
        kinds = type(default)
        word = self.word(key, default.value)
        found = next((kind for kind in kinds if kind.value == word), None)
        if found is None:
            known = ", ".join(kind.value for kind in kinds)
            self.note(key, f"`{key}` of {self.what} is `{word}`.", advice=f"Write one of: {known}.")
        return found or default

    def span(self, key: str, default: timedelta) -> timedelta:
        """A length of time under `key`, as in `14 days`."""
        word = self.word(key)
        if not word:
            return default
        found = _SPAN.fullmatch(word)
        if found is None or int(found[1]) == 0:
            self.note(
                key,
                f"`{word}` is no length of time.",
                advice="Write it as 30 minutes, 36 hours, 14 days or 2 weeks.",
            )
            return default
        return timedelta(**{f"{found[2]}s": int(found[1])})

    def day(self, key: str) -> date:
        """A date under `key`, as in `2026-11-23`; it has to be there."""
        word = self.need(key)
        try:
            return date.fromisoformat(word)
        except ValueError:
            if word:
                self.note(key, f"`{word}` is no date.", advice="Write it as 2026-11-23.")
            return date.min

    def items(self, key: str) -> tuple[Tree, ...]:
        """The list under `key`; nothing where it is absent."""
        tree = self.tree(key)
        if tree is None or isinstance(tree, Items):
            return tree.items if tree else ()
        self.note(key, f"`{key}` of {self.what} has to be a list.", advice="Write one `- item` a line.")
        return ()

    def words(self, key: str) -> tuple[str, ...]:
        """The list of words under `key`; nothing where it is absent."""
        return tuple(self._word(key, item) for item in self.items(key))

    def entries(self, key: str) -> Mapping[str, Tree]:
        """The mapping under `key`; empty where it is absent."""
        tree = self.tree(key)
        if tree is None or isinstance(tree, Table):
            return tree.entries if tree else {}
        self.note(
            key, f"`{key}` of {self.what} has to be a mapping.", advice="Write it as `key: value` lines."
        )
        return {}

    def values(self, key: str, *, may_be_empty: bool = False) -> Mapping[str, str]:
        """The mapping of words under `key`; empty where it is absent."""
        entries = self.entries(key).items()
        return {name: self._word(key, tree, may_be_empty=may_be_empty) for name, tree in entries}

    def close(self) -> None:
        """Note the keys that nobody asked for."""
        for key in self._table.entries.keys() - self._asked:
            near = difflib.get_close_matches(key, self._asked, n=1)
            advice = f"Do you mean `{near[0]}`?" if near else f"Known here: {', '.join(sorted(self._asked))}."
            self.note(key, f"{self.what} knows no `{key}`.", advice=advice)

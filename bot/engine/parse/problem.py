"""What is wrong with a file of flows, cards or words: where, what, and what to do about it.

The parser notes these under the rule `schema`; `bot.lint` adds its own rules to the same list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from typing_extensions import override

from bot.model.exit import ExpectedError

SCHEMA: Final = "schema"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing to mend. Lines count from one; line 0 is the file as a whole."""

    file: str
    line: int
    rule: str
    message: str
    advice: str

    @override
    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} [{self.rule}] {self.advice}"


class FlowsRefused(ExpectedError):
    """The flows or cards can't be used as they are."""

    advice: ClassVar[str] = "Mend the files named above; `bot check` shows every problem."

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class Notes:
    """The problems of one file while it is being read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, line: int, message: str, *, advice: str) -> None:
        """Note a problem of the file's shape."""
        self.problems.append(Problem(file=self.file, line=line, rule=SCHEMA, message=message, advice=advice))

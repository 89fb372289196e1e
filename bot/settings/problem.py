"""What is wrong with the settings: every problem at once, and never a value anybody typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from bot.model.exit import Exit, ExpectedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One wrong setting. Example: Problem(variable="BOT_TIMEZONE", wrong="no such zone", example="Asia/Jerusalem")."""

    variable: str
    wrong: str
    example: str = ""


class SettingsRefused(ExpectedError):
    """The settings can't be used."""

    status: ClassVar[Exit] = Exit.SETTINGS
    advice: ClassVar[str] = (
        "Every setting is explained in .env.example; set them there (as .env) or in the environment."
    )

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)

    @property
    @override
    def details(self) -> Sequence[Sequence[str]]:
        return [
            (one.variable, one.wrong, one.example and f"for example {one.example}") for one in self.problems
        ]

    @property
    @override
    def sentence(self) -> str:
        return self.__doc__ or ""

    @override
    def __str__(self) -> str:
        return "\n".join([self.sentence, *(_line(problem) for problem in self.problems)])


def _line(problem: Problem) -> str:
    example = f" Example: {problem.variable}={problem.example}" if problem.example else ""
    return f"{problem.variable}: {problem.wrong}.{example}"

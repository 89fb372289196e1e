"""How a command of the bot ends: the exit statuses, and the error that carries one.

Whatever a person at a terminal can mend is raised as an `ExpectedError` with advice; everything else is a defect.
The numbers are those of sysexits.h, so that a service manager can tell them apart; `docs/operations.md` lists them.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """The exit statuses of the `bot` command."""

    OK = 0
    FAILED = 1  # a check found something
    USAGE = 2  # the command line is wrong
    UNAVAILABLE = 69  # a platform or a database can't be reached
    DEFECT = 70  # an error nobody expected
    TRY_AGAIN = 75  # another process holds what is needed; it may be free later
    SEALED = 77  # organizers sealed the bot; only `bot unseal` lets it start again
    SETTINGS = 78  # a setting is missing or wrong


class ExpectedError(Exception):
    """Something stands in the way that a person can mend."""

    status: ClassVar[Exit] = Exit.FAILED
    advice: ClassVar[str] = ""

    @property
    def details(self) -> Sequence[Sequence[str]]:
        """Rows to show above the sentence, if one sentence is not enough."""
        return ()

    @property
    def sentence(self) -> str:
        """What happened, in one sentence: the error's own text, else the first line of its docstring."""
        return str(self) or (type(self).__doc__ or "").strip().partition("\n")[0]

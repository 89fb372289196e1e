"""What is typed unseen: passphrases of keys, or from a file that nobody else may read, and the PIN of a number."""

import sys
from getpass import getpass
from pathlib import Path
from typing import Final

from bot.model.exit import Exit, ExpectedError

SHORTEST_PIN: Final = 4


class NoTerminal(ExpectedError):
    """There is no terminal to ask for the passphrase."""

    status = Exit.USAGE
    advice = "Give it as a file: --passphrase-file."


class NotTheSame(ExpectedError):
    """The two differ."""

    advice = "Try again."


class TooShort(ExpectedError):
    """A PIN has four digits or letters at least."""

    advice = "Take a longer one: twelve digits, say."


def passphrase(file: Path | None, *, twice: bool = False) -> str:
    """The passphrase in `file`, else as it is typed. Raises LoosePassphrase, NoTerminal, NotTheSame."""
    from bot.app import review

    if file:
        return review.secret_in(file)
    if not sys.stdin.isatty():
        raise NoTerminal
    typed = getpass("Passphrase of the key (not shown): ")
    if twice and getpass("Again: ") != typed:
        raise NotTheSame
    return typed


def typed_pin() -> str:
    """A PIN as it is typed unseen, or the line that is piped in: on a command line it would stay in the history."""
    return getpass("PIN (not shown): ") if sys.stdin.isatty() else sys.stdin.readline().strip()


def new_pin() -> str:
    """As `typed_pin`, at a terminal twice. Raises NotTheSame, TooShort."""
    typed = typed_pin()
    if sys.stdin.isatty() and getpass("Again: ") != typed:
        raise NotTheSame
    if len(typed) < SHORTEST_PIN:
        raise TooShort
    return typed

"""Passphrases of keys: from a file that nobody else may read, or typed unseen at a terminal; for commands with keys."""

import sys
from getpass import getpass
from pathlib import Path

from bot.model.exit import Exit, ExpectedError


class NoTerminal(ExpectedError):
    """There is no terminal to ask for the passphrase."""

    status = Exit.USAGE
    advice = "Give it as a file: --passphrase-file."


class NotTheSame(ExpectedError):
    """The two passphrases differ."""

    advice = "Try again."


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

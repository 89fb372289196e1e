"""Where the passphrase of a key comes from."""

import io
import sys
from pathlib import Path

import pytest
from typing_extensions import override

from bot.cli import passphrase as module
from bot.cli.passphrase import NoTerminal, NotTheSame, TooShort, new_pin, passphrase


class Terminal(io.StringIO):
    """Somebody sits there."""

    @override
    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What somebody types at a terminal, in order."""
    words: list[str] = []
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(module, "getpass", lambda _: words.pop(0))
    return words


def test_a_file_is_asked_before_anybody(tmp_path: Path) -> None:
    """Without the end of its line."""
    file = tmp_path / "passphrase"
    file.touch(mode=0o600)
    file.write_text("four small words\n")

    assert passphrase(file) == "four small words"


def test_what_is_typed_once_or_twice(typed: list[str]) -> None:
    """A new one is typed again, so that no slip locks a key for ever."""
    typed += ["one", "two", "two", "three", "four"]

    assert passphrase(None) == "one"
    assert passphrase(None, twice=True) == "two"
    with pytest.raises(NotTheSame):
        passphrase(None, twice=True)


def test_without_a_terminal_there_is_nobody_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to give it instead."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    with pytest.raises(NoTerminal) as refused:
        passphrase(None)

    assert "--passphrase-file" in refused.value.advice


def test_a_pin_is_typed_twice(typed: list[str]) -> None:
    """A slip would lock the number for its owner too, and so would one that Signal does not take."""
    typed += ["471147", "471147", "471147", "471148", "471", "471"]

    assert new_pin() == "471147"
    with pytest.raises(NotTheSame):
        new_pin()
    with pytest.raises(TooShort):
        new_pin()


def test_a_pin_can_be_piped_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """From whatever keeps it: one line."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("471147\n"))

    assert new_pin() == "471147"

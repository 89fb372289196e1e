"""A reviewer's desk: the command line on a copy of the project's cards that never grow old, in a folder of its own."""

import io
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from bot import cli
from bot.model.exit import Exit

PROJECT: Final = Path(__file__).parents[2]
PASSPHRASE: Final = "four small words here"


@dataclass
class Desk:
    """What is typed here is a command without its `bot`."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    out: str = ""
    err: str = ""

    @property
    def cards(self) -> Path:
        """The folder of cards."""
        return self.folder / "flows" / "cards"

    def type(self, line: str, *, answer: str = "") -> int:
        """One command to its end; its exit status. `answer` is what is typed at its prompt."""
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(f"{answer}\n"))
        with pytest.raises(SystemExit) as ended:
            cli.main(line.split())
        self.out, self.err = self.capsys.readouterr()
        return int(ended.value.code or 0)

    def reviewer(self, name: str, role: str) -> int:
        """Somebody becomes a reviewer."""
        return self.type(
            f"cards reviewer new {name} --role {role} --key {name}.pem --passphrase-file passphrase"
        )

    def approve(self, card: str, name: str, *, answer: str | None = None) -> int:
        """A reviewer signs a card, and types its id."""
        line = f"cards approve {card} --key {name}.pem --passphrase-file passphrase"
        return self.type(line, answer=card if answer is None else answer)

    def standing(self, card: str) -> str:
        """What the list says of a card."""
        assert self.type("cards list") == Exit.OK
        (line,) = [line for line in self.out.splitlines() if line.startswith(f"{card} ")]
        return re.sub(r" +", " ", line)

    def change(self, file: str, old: str, new: str) -> None:
        """One place in a file of cards reads differently."""
        path = self.cards / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


def laid(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk in `folder`, which becomes the current one."""
    shutil.copytree(PROJECT / "flows", folder / "flows")
    for path in (folder / "flows" / "cards").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"review_by: \S+", "review_by: 2999-12-31", text), encoding="utf-8")
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
    (folder / "passphrase").chmod(0o600)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("BOT_FLOWS_DIR", str(folder / "flows"))
    return Desk(folder, capsys, monkeypatch)

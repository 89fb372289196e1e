"""What is asked at a real terminal."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from bot.model.exit import Exit
from bot.store.signing import read_key
from tests.cli.desk import Desk


def typed(folder: Path, *lines: str) -> tuple[int, str]:
    """A reviewer is made at a terminal of its own; its exit status and what the terminal showed."""
    mine, its = pty.openpty()
    command = [
        sys.executable, "-m", "bot", "cards", "reviewer", "new", "cedar", "--role", "lawyer", "--key", "cedar.pem",
    ]  # fmt: skip
    with subprocess.Popen(
        command, cwd=folder, stdin=its, stdout=its, stderr=its, start_new_session=True
    ) as process:
        os.close(its)
        shown = b""
        for line in lines:
            while b"not shown): " not in shown and b"Again: " not in shown:
                shown += os.read(mine, 1024)
            os.write(mine, f"{line}\n".encode())
            shown = shown.replace(b"not shown): ", b"", 1)
        status = process.wait(timeout=30)
        shown += os.read(mine, 4096)
    os.close(mine)
    return status, shown.decode()


def test_a_passphrase_is_asked_twice_and_not_shown(desk: Desk) -> None:
    """The key opens with it."""
    status, shown = typed(desk.folder, "four small words", "four small words")

    assert status == Exit.OK
    assert "four small" not in shown
    assert len(read_key(desk.folder / "cedar.pem", passphrase="four small words").public) == 32


def test_two_passphrases_that_differ_make_no_key(desk: Desk) -> None:
    """A slip of the finger would lock the key for good."""
    status, _ = typed(desk.folder, "four small words", "four small worlds")

    assert status == Exit.FAILED
    assert not (desk.folder / "cedar.pem").exists()

"""`bot signal spool` as the process it is: started, told to stop, refused, and small."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from bot import cli
from bot.model.exit import Exit
from bot.sandbox.signal import Daemon, Network, signal_running
from bot.spool.folder import SPOOLER, Folder
from tests.spool.clerk import Clerk, until
from tests.store.shelf import Shelf
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template

COMMAND: Final = (sys.executable, "-m", "bot", "signal", "spool")
SMALL: Final = 80 * 2**20  # bytes in memory; the bot itself takes more than twice as much
HEAVY: Final = ("sqlalchemy", "bot.store.db", "bot.pipeline", "telegram", "aiohttp")


@pytest.fixture
async def daemon() -> AsyncIterator[Daemon]:
    """A daemon of one account."""
    now = iter(range(1_795_411_041, 1_800_000_000))
    async with signal_running(Network(lambda: next(now))) as found:
        yield found


def environment(folder: Folder, rpc: str = "tcp://127.0.0.1:1") -> dict[str, str]:
    project = str(Path(__file__).parents[2])
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": project,
        "BOT_SIGNAL_RPC": rpc,
        "BOT_SIGNAL_ACCOUNT": "+15550100001",
        "BOT_SIGNAL_SPOOL": str(folder.path),
    }


def resident(pid: int) -> int:
    """How many bytes of a process are in memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return 1024 * int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0])


async def test_it_keeps_what_comes_until_it_is_told_to_stop(
    tmp_path: Path, daemon: Daemon, sqlite_shelf: Shelf
) -> None:
    """With no master key, no database and little memory; SIGTERM is a good end."""
    folder = Folder(tmp_path / "spool")
    async with sqlite_shelf.keyring() as keyring:
        clerk = Clerk(folder, keyring)
        await clerk.reader.prepare()
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            env=environment(folder, daemon.network.rpc),
            cwd=tmp_path,
            stderr=asyncio.subprocess.PIPE,
        )
        await until(lambda: bool(daemon.network._listeners))
        await daemon.network.person().send("canary-4711")
        await until(lambda: bool(folder.segments()))
        size = resident(process.pid)
        process.send_signal(signal.SIGTERM)
        _, said = await process.communicate()
        await clerk.drain()

    assert process.returncode == Exit.OK, said
    assert len(clerk.stored) == 1
    assert b"canary" not in said
    assert size < SMALL, f"{size / 2**20:.0f} MB"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, untouched_logging: None) -> Folder:
    """The folder of a spooler that is run in this process."""
    folder = Folder(tmp_path / "spool")
    folder.make()
    monkeypatch.chdir(tmp_path)
    for name, value in environment(folder).items():
        monkeypatch.setenv(name, value)
    return folder


def ended(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        cli.main(["signal", "spool", *words])
    return int(end.value.code or 0)


def test_a_second_one_is_refused(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """In one sentence, with what to do."""
    with folder.held(SPOOLER):
        status = ended()

    assert status == Exit.TRY_AGAIN
    assert "Another process writes into this folder." in capsys.readouterr().err


def test_without_signal_it_says_what_is_missing(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The setting, by its name."""
    monkeypatch.delenv("BOT_SIGNAL_RPC")
    monkeypatch.delenv("BOT_SIGNAL_ACCOUNT")

    assert ended() == Exit.SETTINGS
    assert "BOT_SIGNAL_RPC" in capsys.readouterr().err


def test_a_leash_that_nobody_holds_is_an_end(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A good one: whoever started it has gone already."""
    end, start = os.pipe()
    os.close(start)
    with os.fdopen(end) as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)

        assert ended("--leash") == Exit.OK

    assert (folder.path / SPOOLER).exists()


def test_it_loads_little() -> None:
    """What the bot needs for its work stays out of a process that has to be there always."""
    code = "import sys, bot.cli.signal, bot.spool.writer; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout.split()

    assert [name for name in HEAVY if name in loaded] == []


async def test_on_a_leash_it_ends_with_whoever_started_it(tmp_path: Path, daemon: Daemon) -> None:
    """A sandbox that was killed leaves no spooler behind."""
    folder = Folder(tmp_path / "spool")
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        "--leash",
        env=environment(folder, daemon.network.rpc),
        cwd=tmp_path,
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    await until((folder.path / SPOOLER).exists)
    assert process.stdin
    process.stdin.close()

    assert await process.wait() == Exit.OK


async def test_a_command_says_what_was_asked_and_no_more(tmp_path: Path, daemon: Daemon) -> None:
    """Whoever typed it is not shown the log; `bot run` and the spooler write theirs as ever."""
    process = await asyncio.create_subprocess_exec(
        *(*COMMAND[:-1], "status"),
        env=environment(Folder(tmp_path / "spool"), daemon.network.rpc),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, beside = await process.communicate()

    assert b"signal-cli 0." in said
    assert beside == b""

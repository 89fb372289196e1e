"""The bot's account on a real signal-cli, as whoever runs the bot looks after it, and what that keeps of people."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model.exit import Exit
from bot.model.finding import Finding
from bot.transports.signal.check import check
from bot.transports.signal.started import PROCESSES
from tests.signal_lab.friend import Friend
from tests.signal_lab.lab import BOT, Lab, enrolled
from tests.signal_lab.playing import LOOK, Play, playing
from tests.signal_lab.rpc import SOON, line

pytestmark = pytest.mark.timeout(400)  # the first to ask waits until the lab is up


@pytest.fixture
async def play(lab: Lab, tmp_path: Path) -> AsyncIterator[Play]:
    async with playing(lab, tmp_path) as play:
        yield play


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a command ended and what it said, both ways."""

    status: int
    words: str


def names(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()] if folder.exists() else []


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not is_so():  # noqa: ASYNC110 - a folder tells nobody
            await asyncio.sleep(LOOK)


async def command(lab: Lab, directory: Path, *words: str) -> Said:
    """`bot signal` with these words."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "signal", *words),
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "BOT_SIGNAL_RPC": lab.daemon.unix,
            "BOT_SIGNAL_ACCOUNT": BOT,
            "BOT_SIGNAL_ATTACHMENTS": str(lab.daemon.data / "attachments"),
        },
        cwd=directory,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return Said(status=process.returncode or 0, words=out.decode())


async def looked(endpoint: str, account: str = BOT, *, processes: Path = PROCESSES) -> dict[str, Finding]:
    found = await check(endpoint, account=account, today=datetime.now(UTC).date(), processes=processes)
    return {one.name: one for one in found}


@pytest.mark.parametrize("where", ["tcp", "unix"])
async def test_how_it_was_started_is_seen(lab: Lab, where: str) -> None:
    """Whichever way it is reached; this one is too old for the live Signal, and that is said."""
    found = await looked(getattr(lab.daemon, where))

    assert {name for name, one in found.items() if not one.ok} == {"signal"}
    assert found["signal receiving"].detail == "manual"
    assert found["signal trust"].detail == "on-first-use"
    assert found["signal log of sent messages"].detail == "off"


@pytest.mark.parametrize(
    ("status", "says"),
    [(None, "does not reach Signal"), (499, "refuses this version"), (403, "not know this account")],
)
async def test_whether_it_reaches_signal_is_seen(lab: Lab, status: int | None, says: str) -> None:
    """In the words of a real one: it answers us all the same, and says in brackets what Signal answered."""
    if status:
        await lab.faults({"match": "GET /v1/devices", "status": status, "times": 1})
    else:
        await lab.network(up=False)
    wrong = (await looked(lab.daemon.tcp))["signal network"]
    await lab.network(up=True)
    right = (await looked(lab.daemon.tcp))["signal network"]

    assert (wrong.ok, says in wrong.detail) == (False, True)
    assert right.ok


@pytest.mark.parametrize("mode", ["on-start", "on-connection"])
async def test_another_receive_mode_is_noticed(lab: Lab, tmp_path: Path, mode: str) -> None:
    """By its command line, and where that is hidden by what it does; the right one looks right either way."""
    daemon, number = lab.another_phone(mode=mode), lab.next_number()
    try:
        async with line(daemon.port) as told:
            await enrolled(told, number, name="Another")
        seen = (await looked(daemon.tcp, number))["signal receiving"]
        asked = (await looked(daemon.tcp, number, processes=tmp_path))["signal receiving"]
    finally:
        daemon.kill()
    right = (await looked(lab.daemon.tcp, processes=tmp_path))["signal receiving"]

    assert (seen.ok, seen.detail) == (False, mode)
    assert (asked.ok, asked.detail) == (False, "not manual")
    assert right.ok


async def test_status_and_profile_on_the_real_daemon(lab: Lab, noa: Friend, tmp_path: Path) -> None:
    """What people see is set; what can not be, as a name that this service does not know, is said in our words."""
    again = await command(lab, tmp_path, "register")
    status = await command(lab, tmp_path, "status")
    shown = await command(lab, tmp_path, "profile", "Stand by")
    named = await command(lab, tmp_path, "username", "stand_by")

    assert "signal-cli has this number already" in again.words
    assert "signal-cli 0.13.19" in status.words
    assert "signal account" in status.words
    assert "1 with this account" in status.words
    assert (shown.status, "People see: Stand by" in shown.words) == (Exit.OK, True)
    assert named.status != Exit.OK
    assert "Traceback" not in named.words
    assert BOT not in status.words + shown.words + named.words + again.words


async def test_what_was_sent_is_gone_from_the_daemons_folder(lab: Lab, play: Play, noa: Friend) -> None:
    """A page at once, a photo when it was answered."""
    folder = lab.daemon.data / "attachments"
    before = set(names(folder))
    await noa.attach(b"%PDF-1.4 a", "application/pdf")
    await noa.attach(b"\x89PNG\r\n\x1a\n" + bytes(64), "image/png", text="look")
    await until(lambda: len(set(names(folder)) - before) == 2)
    async with asyncio.timeout(SOON):
        while set(names(folder)) - before:
            await play.happen()
            await asyncio.sleep(LOOK)


async def test_no_words_stay_with_the_daemon(lab: Lab, play: Play, noa: Friend) -> None:
    """Started as docs/signal.md says, its folder has no word of either side; that somebody wrote, it keeps."""
    seen = await play.says(noa, "canary-4711", sees="run by volunteers")
    await play.says(noa, "/privacy", sees="end to end")
    await play.stage.settle()
    folder = lab.daemon.data
    raws = await asyncio.to_thread(_contents, folder)

    words = [b"canary-4711", b"run by volunteers", seen.text.encode()[:40]]
    assert [word for word in words for raw in raws if word in raw] == []
    assert any(noa.uuid.encode() in raw for raw in raws)


async def test_what_the_daemon_keeps_outlives_a_deletion(lab: Lab, play: Play, noa: Friend) -> None:
    """As /privacy says: the bot forgets, its signal-cli does not."""
    await play.says(noa, "hello", sees="run by volunteers")
    await play.says(noa, "/delete", sees="Delete everything now")
    await play.says(noa, "Delete everything now", sees="Everything is deleted.")
    raws = await asyncio.to_thread(_contents, lab.daemon.data)

    assert any(noa.uuid.encode() in raw for raw in raws)


def _contents(folder: Path) -> list[bytes]:
    """Of every file in it, but those that go meanwhile."""
    contents = []
    for one in folder.rglob("*"):
        with suppress(FileNotFoundError, IsADirectoryError):
            contents.append(one.read_bytes())
    return contents

"""What the doctor finds in the folders that Signal needs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.app.signal_folders import check
from bot.model.finding import Finding
from bot.settings import Secret, Settings
from bot.spool.folder import Folder
from tests.app.bots import settings_for

RPC = "tcp://127.0.0.1:7583"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """With folders as they should be."""
    Folder(tmp_path / "spool").make()
    (tmp_path / "attachments").mkdir()
    return settings_for(
        tmp_path,
        signal_rpc=RPC,
        signal_account=Secret("+15550100001"),
        signal_spool=tmp_path / "spool",
        signal_attachments=tmp_path / "attachments",
    )


def found(settings: Settings, tmp_path: Path, *words: str) -> dict[str, Finding]:
    """By name; `words` is how signal-cli was started, and the files people send lie in memory."""
    mounts = tmp_path / "mounts"
    if not mounts.exists():
        mounts.write_text(f"/dev/vda / ext4 rw 0 0\ntmpfs {tmp_path}/attachments tmpfs rw 0 0\n")
    process = tmp_path / "table" / "5"
    process.mkdir(parents=True, exist_ok=True)
    line = ("signal-cli", *words, "daemon", "--tcp")
    (process / "cmdline").write_bytes(b"".join(word.encode() + b"\0" for word in line))
    all_of_it = check(settings, mounts=mounts, processes=tmp_path / "table")
    assert all(one.advice for one in all_of_it if not one.ok)
    return {one.name: one for one in all_of_it}


def test_all_is_well(settings: Settings, tmp_path: Path) -> None:
    """Closed to others, and the files in memory."""
    account = tmp_path / "account"
    account.mkdir(mode=0o700)
    all_of_it = found(settings, tmp_path, "--config", str(account))

    assert list(all_of_it) == ["signal spool", "signal account folder", "signal attachments"]
    assert all(one.ok for one in all_of_it.values())


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o755])
def test_a_folder_that_others_can_look_into_is_named(settings: Settings, tmp_path: Path, mode: int) -> None:
    """The spool's and the account's, with the command that closes it."""
    account = tmp_path / "account"
    account.mkdir()
    for folder in (account, settings.signal_spool):
        folder.chmod(mode)
    all_of_it = found(settings, tmp_path, f"--config={account}")

    for name in ("signal spool", "signal account folder"):
        assert not all_of_it[name].ok
        assert "chmod 0700" in all_of_it[name].advice
        assert f"{mode:04o}" in all_of_it[name].detail


def test_a_spool_that_is_not_there_yet_is_no_trouble(settings: Settings, tmp_path: Path) -> None:
    """Whoever starts first makes it; a file in its place is trouble."""
    elsewhere = settings.model_copy(update={"signal_spool": tmp_path / "later"})

    assert found(elsewhere, tmp_path)["signal spool"].ok
    (tmp_path / "later").touch(mode=0o600)
    assert not found(elsewhere, tmp_path)["signal spool"].ok


@contextmanager
def somebody_else() -> Iterator[None]:
    """Not root, which may write everywhere."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_folder_that_the_bot_may_not_write_to_is_named(settings: Settings, tmp_path: Path) -> None:
    """It would take nothing in, or remove nothing; the same where it is hidden in a closed one."""
    with TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        for name in ("spool", "attachments"):
            (Path(place) / name).mkdir(mode=0o500)
        folders = {"signal_spool": Path(place) / "spool", "signal_attachments": Path(place) / "attachments"}
        with somebody_else():
            closed = check(settings.model_copy(update=folders), processes=tmp_path / "none")
            hidden = check(settings, processes=tmp_path / "none")

    assert ["one user" in one.advice for one in closed] == [True, False]
    assert "group" in closed[1].advice
    assert os.getuid() or [one.ok for one in hidden] == [False, False]  # who is root here has a closed home


def test_files_on_a_disk_are_warned_of(settings: Settings, tmp_path: Path) -> None:
    """What is removed there is still there; where the system says nothing, a disk is assumed."""
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/vda / ext4 rw 0 0\n")
    on_disk = found(settings, tmp_path)["signal attachments"]
    mounts.unlink()
    mounts.mkdir()
    unknown = found(settings, tmp_path)["signal attachments"]

    assert (on_disk.ok, on_disk.detail) == (False, "on ext4")
    assert (unknown.ok, unknown.detail) == (False, "on a disk, most likely")


def test_nobody_removes_files_without_a_folder(settings: Settings, tmp_path: Path) -> None:
    """Nor where it is a link, or not there; a daemon that takes no files needs none."""
    unset = settings.model_copy(update={"signal_attachments": None})
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "attachments")
    linked = settings.model_copy(update={"signal_attachments": link})
    gone = settings.model_copy(update={"signal_attachments": tmp_path / "gone"})

    assert not any(found(one, tmp_path)["signal attachments"].ok for one in (unset, linked, gone))
    taken = check(unset, processes=tmp_path / "none")
    assert taken[-1].detail == "nobody removes them"
    process = tmp_path / "table" / "5" / "cmdline"
    process.write_bytes(b"signal-cli\0daemon\0--tcp\0--ignore-attachments\0")
    assert [one.name for one in check(unset, processes=tmp_path / "table")] == ["signal spool"]

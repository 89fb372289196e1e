"""The files that signal-cli puts down: removed by their name in one folder, and nothing else is ever touched."""

import os
import time
from pathlib import Path
from typing import Final

import orjson
import pytest

from bot.model.limit import MEDIA_BYTES
from bot.transports.signal.attachments import DEEPEST, Attachments, leftovers
from tests.transports.signal.recorded import recorded

HOUR: Final = 3600.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a file in it, beside another that is none of ours."""
    (tmp_path / "kept").write_bytes(b"kept")
    found = tmp_path / "attachments"
    found.mkdir()
    (found / "62a56e.png").write_bytes(b"photo")
    return found


def test_a_file_is_removed_by_its_name(folder: Path) -> None:
    """Once; that it is gone already is no trouble."""
    attachments = Attachments(folder)

    assert attachments.remove("62a56e.png")
    assert not attachments.remove("62a56e.png")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["../kept", "", ".", "..", "a\0b", "/etc/hostname", "inner/file", "inner"])
def test_what_is_elsewhere_stays(folder: Path, name: str) -> None:
    """A name is a name in the folder: whoever made one up reaches nothing above or below it."""
    (folder / "inner").mkdir()
    (folder / "inner" / "file").write_bytes(b"kept")

    assert not Attachments(folder).remove(name)
    assert (folder / "inner" / "file").exists()
    assert (folder.parent / "kept").exists()


def test_no_link_is_followed(folder: Path) -> None:
    """Neither one in the folder, nor one in its place."""
    (folder / "link").symlink_to(folder.parent / "kept")
    (folder / "folder").symlink_to(folder.parent)
    instead = folder.parent / "instead"
    instead.symlink_to(folder)
    os.utime(folder / "link", (0, 0), follow_symlinks=False)

    assert not Attachments(folder).remove("link")
    assert Attachments(folder).sweep(before=time.time() - HOUR) == 0
    assert not Attachments(instead).remove("62a56e.png")
    with pytest.raises(NotADirectoryError):
        Attachments(instead).sweep(before=time.time() + HOUR)
    assert sorted(one.name for one in folder.iterdir()) == ["62a56e.png", "folder", "link"]
    assert (folder.parent / "kept").read_bytes() == b"kept"


def test_what_is_old_is_swept(folder: Path) -> None:
    """And only that."""
    os.utime(folder / "62a56e.png", (0, 0))
    (folder / "young.png").write_bytes(b"photo")

    assert Attachments(folder).sweep(before=time.time() - HOUR) == 1
    assert [one.name for one in folder.iterdir()] == ["young.png"]


def test_a_folder_that_is_not_there_yet_is_no_trouble(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """signal-cli makes it with the first file; one that may not be looked into is told, without a name."""
    assert not Attachments(tmp_path / "later").remove("62a56e.png")
    assert caplog.text == ""
    (tmp_path / "file").touch()
    assert not Attachments(tmp_path / "file").remove("62a56e.png")
    assert "file_not_removed" in caplog.text
    assert "62a56e" not in caplog.text


def line(**data: object) -> bytes:
    """A message as the spooler keeps it."""
    said = {
        "envelope": {
            "sourceUuid": "8d740847-0152-4ca1-b030-8a38e7aacc85",
            "timestamp": 1795411306198,
            "dataMessage": {"timestamp": 1795411306198, "message": "hi", **data},
        }
    }
    return orjson.dumps({"method": "receive", "params": {"subscription": 0, "result": said}})


def file(name: str, kind: str, size: int = 48) -> dict[str, object]:
    return {"id": name, "contentType": kind, "size": size}


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        (line(), []),
        (line(attachments=[file("a.jpg", "image/jpeg")]), []),
        (line(attachments=[file("a.aac", "audio/aac")]), []),
        (line(attachments=[file("a.jpg", "image/jpeg")], viewOnce=True), ["a.jpg"]),
        (line(attachments=[file("a.jpg", "image/jpeg", MEDIA_BYTES + 1)]), ["a.jpg"]),
        (line(attachments=[file("a.pdf", "application/pdf")]), ["a.pdf"]),
        (line(attachments=[file("a.jpg", "image/jpeg"), file("b", "text/x-signal-plain")]), ["b"]),
        (line(attachments=[file("a.jpg", "image/jpeg")], groupInfo={"groupId": "g"}), ["a.jpg"]),
        (line(quote={"id": 1, "attachments": [{"thumbnail": file("q.jpg", "image/jpeg")}]}), ["q.jpg"]),
        (line(previews=[{"url": "https://example.org", "image": file("p.png", "image/png")}]), ["p.png"]),
        (b"not json", []),
        (b'{"method": "receive"}', []),
    ],
)
def test_what_nobody_will_ask_for_is_known_at_once(raw: bytes, names: list[str]) -> None:
    """Everything but the one photo or voice message that can go over a line."""
    assert leftovers(raw) == names


def test_no_line_is_too_strange() -> None:
    """Whatever a daemon says, nothing is raised; deeper than any real line nothing is looked for."""
    deep: object = file("deep", "image/png")
    for _ in range(DEEPEST):
        deep = [deep]

    assert leftovers(line(previews=deep)) == []
    assert all(isinstance(leftovers(raw), list) for raw in recorded().values())

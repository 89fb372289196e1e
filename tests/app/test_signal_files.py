"""The files that people send on Signal, from the daemon's folder to nowhere: the whole bot, on real files."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app.signal import clear_away, discard
from bot.model.incoming import FileRef, MediaKind, MediaRef
from bot.model.person import Platform
from bot.sandbox import sample
from bot.settings import Settings
from tests.app.bots import settings_for
from tests.stage import staged


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the daemon puts them."""
    found = tmp_path / "attachments"
    found.mkdir()
    return found


def names(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


def settings(folder: Path) -> Settings:
    return settings_for(folder.parent, signal_attachments=folder)


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - a folder tells nobody
            await asyncio.sleep(0.005)


async def test_what_goes_to_nobody_is_gone_once_it_is_answered(tmp_path: Path) -> None:
    """A page, a photo and a voice message, each written to the bot itself."""
    async with staged(tmp_path) as stage:
        noa = await stage.somebody("en")
        await noa.attach(b"%PDF-1.4 a", kind="application/pdf", name="a.pdf")
        await noa.attach(sample.PHOTO, kind="image/jpeg", name="photo.jpg", text="look")
        await noa.attach(sample.VOICE, kind="audio/aac")
        folder = stage.settings.signal_attachments
        assert folder
        before = names(folder)
        await stage.settle()

    assert len(before) == 3
    assert len(noa.replies) > 0
    assert names(folder) == []


async def test_whatever_is_left_goes_within_the_hour(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What was never handled, and what nobody knows of; the first look leaves time to handle what had waited."""
    caplog.set_level("INFO")
    for name, age in (("old.jpg", 3700), ("young.jpg", 3500)):
        (folder / name).touch()
        os.utime(folder / name, times=(time.time() - age,) * 2)
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        sweeping = tasks.create_task(clear_away(settings(folder), first=0.01))
        await until(lambda: not (folder / "old.jpg").exists())
        await until(lambda: "swept" in caplog.text)
        sweeping.cancel()

    assert names(folder) == ["young.jpg"]
    assert "old.jpg" not in caplog.text


async def test_a_sweep_that_fails_is_told_and_tried_again(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The bot goes on meanwhile."""
    gone = settings(folder).model_copy(update={"signal_attachments": folder / "gone"})
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        sweeping = tasks.create_task(clear_away(gone, first=0.01))
        await until(lambda: "files_not_swept" in caplog.text)
        is_going_on = not sweeping.done()
        sweeping.cancel()

    assert is_going_on


async def test_without_a_folder_nothing_is_removed(folder: Path) -> None:
    """Nor what was sent on another platform."""
    unset = settings(folder).model_copy(update={"signal_attachments": None})
    (folder / "a.jpg").touch()
    on_signal, on_telegram = (
        MediaRef(media=MediaKind.PHOTO, source=source, file=FileRef(file_id="a.jpg"))
        for source in (Platform.SIGNAL, Platform.TELEGRAM)
    )
    await clear_away(unset)
    discard(unset)(on_signal)
    discard(settings(folder))(on_telegram)
    was_there = (folder / "a.jpg").exists()
    discard(settings(folder))(on_signal)

    assert was_there
    assert names(folder) == []

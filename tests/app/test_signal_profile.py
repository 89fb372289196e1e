"""What people see of the bot on Signal, after its start."""

import asyncio
from pathlib import Path

import pytest

from bot.app import signal_profile
from bot.app.signal_profile import ABOUT, introduce
from bot.sandbox.signal import Daemon, signal_running
from bot.transports.signal import rpc
from tests.stage import Stage, staged

HIDDEN = {"numberSharing", "discoverableByNumber", "readReceipts", "typingIndicators", "linkPreviews"}


def asked(daemon: Daemon) -> list[str]:
    """What the daemon was asked to set, in order."""
    return [call.method for call in daemon.methods.calls if call.method.startswith("update")]


async def named(stage: Stage, name: str | None, daemon: Daemon) -> None:
    """The next start, with another daemon beside it and perhaps another name."""
    changed = {"signal_name": name, "signal_rpc": daemon.network.rpc}
    stage.settings = stage.settings.model_copy(update=changed)
    await stage.restart()
    await introduce(stage.house)


async def test_it_is_set_once_and_again_when_it_has_changed(tmp_path: Path) -> None:
    """The name, what it is about, and nothing of the number; the next start asks for nothing."""
    async with staged(tmp_path) as stage, signal_running(stage.emulator.signal) as daemon:
        account = stage.emulator.signal.account
        await named(stage, "Stand by", daemon)
        first, settings = asked(daemon), set(account.settings)
        await named(stage, "Stand by", daemon)
        second = asked(daemon)
        await named(stage, "Standing by", daemon)

    assert first == ["updateProfile", "updateAccount", "updateConfiguration"]
    assert second == first
    assert (account.name, "English" in account.about) == ("Standing by", True)
    assert len(account.about) <= ABOUT
    assert settings == HIDDEN
    assert not any(account.settings.values())


async def test_a_name_that_was_set_by_hand_stays(tmp_path: Path) -> None:
    """Where the settings have none."""
    async with staged(tmp_path) as stage, signal_running(stage.emulator.signal) as daemon:
        stage.emulator.signal.account.name = "By hand"
        await named(stage, None, daemon)

    assert stage.emulator.signal.account.name == "By hand"
    assert stage.emulator.signal.account.about


async def test_what_signal_refuses_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is told, and tried again at the next start."""
    async with staged(tmp_path) as stage, signal_running(stage.emulator.signal) as daemon:
        stage.emulator.signal.is_online = False
        await named(stage, "Stand by", daemon)
        told = "setup_failed" in caplog.text
        stage.emulator.signal.is_online = True
        await named(stage, "Stand by", daemon)

    assert told
    assert stage.emulator.signal.account.name == "Stand by"


async def test_a_daemon_that_comes_later_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The bot serves meanwhile."""
    monkeypatch.setattr(rpc, "SHORTEST", 0.05)
    async with staged(tmp_path) as stage, signal_running(stage.emulator.signal) as daemon:
        stage.settings = stage.settings.model_copy(
            update={"signal_name": "Stand by", "signal_rpc": daemon.network.rpc}
        )
        await stage.restart()
        await daemon.go_down()
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            introducing = tasks.create_task(introduce(stage.house))
            while "setup_failed" not in caplog.text:  # noqa: ASYNC110 - a log tells nobody
                await asyncio.sleep(0.01)
            assert not introducing.done()
            await daemon.come_up()

    assert stage.emulator.signal.account.name == "Stand by"


async def test_its_words_fit(tmp_path: Path) -> None:
    """Nothing of them is cut off."""
    async with staged(tmp_path) as stage:
        words = signal_profile.about(stage.house)

    assert 0 < len(words) < ABOUT

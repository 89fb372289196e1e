"""The commands for the bot's account on Signal, against a scripted daemon: what they do and say."""

import asyncio
import io
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot import cli
from bot.app.account import wanted
from bot.app.house import opened
from bot.app.upkeep import doctor
from bot.app.world import World
from bot.model.exit import Exit
from bot.model.person import Platform
from bot.pipeline import holding
from bot.pipeline.holding import Held
from bot.sandbox.signal import Daemon, Network, signal_running
from bot.settings import Secret, Settings, sandbox
from bot.store import memo, pauses
from tests import ready

CAPTCHA: Final = "signalcaptcha://solved"
HOUR: Final = timedelta(hours=1)
NUMBER: Final = "+15550100001"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a command ended and what it said, both ways."""

    status: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A terminal beside a daemon."""

    daemon: Daemon
    directory: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    async def said(self, *words: str, **more: str) -> Said:
        """`bot signal` with these words, as its process runs it, beside the daemon's own loop."""
        place = {"BOT_SIGNAL_RPC": self.daemon.network.rpc, "BOT_SIGNAL_ACCOUNT": NUMBER}
        with self.monkeypatch.context() as here:
            for name, value in (place | more).items():
                here.setenv(name, value)
            status = await asyncio.to_thread(_ended, "signal", *words)
        return Said(status=status, words="".join(self.capsys.readouterr()))


def _ended(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(list(words))
    return int(ended.value.code or 0)


@pytest.fixture
async def desk(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    untouched_logging: None,
) -> AsyncIterator[Desk]:
    """A terminal and a daemon that serves one account."""
    monkeypatch.chdir(tmp_path)
    now = iter(range(1_795_411_041, 1_800_000_000))
    async with signal_running(Network(lambda: next(now))) as daemon:
        yield Desk(daemon=daemon, directory=tmp_path, capsys=capsys, monkeypatch=monkeypatch)


async def test_a_number_becomes_the_bots(desk: Desk) -> None:
    """A captcha first, then a code, then what people see; each step says the next."""
    account = desk.daemon.network.account
    account.registered = False
    refused = await desk.said("register")
    asked = await desk.said("register", "--captcha", CAPTCHA)
    wrong = await desk.said("verify", "000-000")
    given = await desk.said("verify", "123-456")
    shown = await desk.said("profile", "The bot")

    assert (refused.status, "signalcaptchas.org" in refused.words) == (Exit.FAILED, True)
    assert (asked.status, "bot signal verify" in asked.words) == (Exit.OK, True)
    assert (wrong.status, "six digits" in wrong.words) == (Exit.FAILED, True)
    assert (given.status, "bot signal profile" in given.words) == (Exit.OK, True)
    assert shown.status == Exit.OK
    assert account.name == "The bot"
    assert {name for name, value in account.settings.items() if value is False} == {
        *("numberSharing", "discoverableByNumber"),
        *("readReceipts", "typingIndicators", "linkPreviews"),
    }


async def test_a_username_comes_with_its_link_and_a_code_to_scan(desk: Desk) -> None:
    """The code stands in the terminal."""
    said = await desk.said("username", "stand_by")

    assert said.status == Exit.OK, said.words
    assert "username: stand_by.01\nlink: https://signal.me/#eu/sandbox\n" in said.words
    assert "▄" in said.words


async def test_the_link_is_kept_for_people_who_come_from_telegram(desk: Desk) -> None:
    """Where there is nowhere to keep it yet, the terminal says so."""
    settings = sandbox(desk.directory)
    early = await desk.said("username", "stand_by")
    await ready.migrated(settings)
    late = await desk.said(
        "username",
        "stand_by",
        BOT_DATABASE_URL=settings.database_url,
        BOT_KEYS_URL=settings.keys_url,
        BOT_MASTER_KEY_FILE=str(settings.master_key_file),
    )
    async with opened(settings, World()) as db, db.reading() as reading:
        kept = await memo.get(reading, memo.LINK)

    assert ("once it was started" in early.words, "once it was started" in late.words) == (True, False)
    assert kept == "https://signal.me/#eu/sandbox"


async def test_the_number_is_locked_with_a_pin(desk: Desk) -> None:
    """Which is said to nobody, and can be taken away again."""
    desk.monkeypatch.setattr(sys, "stdin", io.StringIO("471147\n"))
    locked = await desk.said("pin")
    pin = desk.daemon.network.account.pin
    opened_again = await desk.said("pin", "--remove")

    assert (locked.status, pin) == (Exit.OK, "471147")
    assert "471147" not in locked.words
    assert (opened_again.status, desk.daemon.network.account.pin) == (Exit.OK, None)


async def test_a_locked_number_wants_its_pin(desk: Desk) -> None:
    """Which is asked for, and stands in no history of commands."""
    desk.daemon.network.account.pin = "471147"
    refused = await desk.said("verify", "123-456")
    desk.monkeypatch.setattr(sys, "stdin", io.StringIO("471147\n"))
    given = await desk.said("verify", "123-456", "--pin")

    assert (refused.status, "--pin" in refused.words) == (Exit.FAILED, True)
    assert (given.status, "471147" in given.words) == (Exit.OK, False)


async def test_a_phone_takes_it_in(desk: Desk) -> None:
    """The code comes before anybody waits for it to be scanned."""
    said = await desk.said("link")

    assert said.status == Exit.OK, said.words
    assert said.words.index("▄") < said.words.index("sgnl://linkdevice") < said.words.index("Linked.")


async def test_status_tells_how_it_is(desk: Desk) -> None:
    """As `doctor` does; with nobody there it says what to start."""
    there = await desk.said("status")
    await desk.daemon.go_down()
    gone = await desk.said("status")
    asked = await desk.said("profile", "The bot")

    assert "signal-cli" in there.words
    assert (gone.status, "--receive-mode=manual" in gone.words) == (Exit.FAILED, True)
    assert (asked.status, "bot signal status" in asked.words) == (Exit.UNAVAILABLE, True)


async def test_a_challenge_is_answered_with_what_the_bot_was_told(desk: Desk) -> None:
    """Nobody types the token: it is where the refusal left it. Without one there is nothing to solve."""
    settings = sandbox(desk.directory)
    await ready.migrated(settings)
    where = {
        "BOT_DATABASE_URL": settings.database_url,
        "BOT_KEYS_URL": settings.keys_url,
        "BOT_MASTER_KEY_FILE": str(settings.master_key_file),
    }
    early = await desk.said("challenge", CAPTCHA, **where)
    async with opened(settings, World()) as db, db.unit() as unit:
        held = Held(until=World().clock.now() + HOUR, reason=pauses.CHALLENGED, riddle="token-1")
        await holding.write(unit, {Platform.SIGNAL: held})
        await unit.commit()
    desk.daemon.network.challenge = "token-1"
    told = await desk.said("status", **where)
    unsaid = await desk.said("status")
    wrong = await desk.said("challenge", "solved", **where)
    still = await doctor(_on_signal(settings, desk))
    solved = await desk.said("challenge", CAPTCHA, **where)
    over = await doctor(_on_signal(settings, desk))

    assert (early.status, "not asked" in early.words) == (Exit.FAILED, True)
    assert (wrong.status, "quotation marks" in wrong.words) == (Exit.FAILED, True)
    assert solved.status == Exit.OK
    assert desk.daemon.network.challenge is None
    assert (told.status, 'bot signal challenge "signalcaptcha' in told.words) == (Exit.FAILED, True)
    assert "captcha" not in unsaid.words
    assert [one.ok for findings in (still, over) for one in findings if one.name == "signal captcha"] == [
        False
    ]


async def test_status_without_its_databases_says_what_it_can(desk: Desk) -> None:
    """Whether a captcha is wanted stands there; where they can't be asked, the rest is told all the same."""
    settings = sandbox(desk.directory)

    assert await wanted(settings, World()) == ()


def _on_signal(settings: Settings, desk: Desk) -> Settings:
    account = Secret(NUMBER)
    return settings.model_copy(update={"signal_rpc": desk.daemon.network.rpc, "signal_account": account})

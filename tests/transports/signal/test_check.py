"""What the doctor finds at the address of signal-cli."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from bot.model.finding import Finding
from bot.transports.signal import rpc as module
from bot.transports.signal.check import ADVICE, TRIED, Answering, answering, check
from bot.transports.signal.reach import ASKED
from tests.transports.signal.daemon import Daemon, running

ACCOUNT = "+15550100"
TODAY = date(2026, 8, 1)
NOWHERE = Path("/nonexistent")


async def found_at(endpoint: str, processes: Path = NOWHERE) -> dict[str, Finding]:
    found = await check(endpoint, account=ACCOUNT, today=TODAY, processes=processes)
    assert all(bool(one.advice) is not one.ok for one in found)
    assert ACCOUNT not in repr(found)
    return {one.name: one for one in found}


def process(processes: Path, *words: str) -> Path:
    """A table of processes with one in it, for the daemon of the test."""
    (processes / "77").mkdir(parents=True)
    (processes / "77" / "cmdline").write_bytes(b"".join(word.encode() + b"\0" for word in words))
    return processes


@asynccontextmanager
async def saying(line: bytes) -> AsyncIterator[str]:
    """Somebody who says this to whatever is asked, and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(line)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("line", "who"),
    [
        (b"HTTP/1.1 404 Not Found\r\n", Answering.REST_API),
        (b"HTTP/1.1 200 OK\r\n", Answering.WEB),
        (b"SSH-2.0-x\r\n", Answering.OTHER),
    ],
)
async def test_who_is_no_signal_cli_is_named(line: bytes, who: Answering) -> None:
    """People mix up the two daemons, and the two sockets of one: the advice says which it is."""
    async with saying(line) as endpoint:
        assert await answering(endpoint) is who
        (found,) = (await found_at(endpoint)).values()

    assert (found.ok, found.detail, found.advice) == (False, who.value, ADVICE[who])


async def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """With how to start it."""
    monkeypatch.setattr(module, "CONNECT", 0.2)
    (found,) = (await found_at("tcp://127.0.0.1:1")).values()

    assert (found.ok, found.detail) == (False, "nobody answers")


@pytest.mark.parametrize(
    ("version", "detail"),
    [
        ("0.14.6", ""),
        ("0.14.4", ""),
        ("0.14.4.1", ""),
        ("0.14.7", "newer than 2026-07-12; how old it is is not known here"),
        ("1.0", "newer than 2026-07-12; how old it is is not known here"),
    ],
)
async def test_a_version_that_signal_takes(version: str, detail: str) -> None:
    """One that came out after this list was made has no age here, and that is said."""
    daemon = Daemon()
    daemon.answers["version"] = {"version": version}
    async with running(daemon):
        found = (await found_at(daemon.endpoint))["signal"]

    assert found.ok
    assert found.detail.removeprefix(f"signal-cli {version}").removeprefix(", ") == detail


@pytest.mark.parametrize("version", ["0.14.3", "0.14.0", "0.13.19", "0.13.24", "odd", ""])
async def test_an_old_version_is_refused_by_signal_soon(version: str) -> None:
    """After eighty days it is time: Signal gives it about ninety."""
    daemon = Daemon()
    daemon.answers["version"] = {"version": version}
    async with running(daemon):
        found = (await found_at(daemon.endpoint))["signal"]

    assert not found.ok
    assert "Update signal-cli" in found.advice


@pytest.mark.parametrize(
    ("accounts", "is_there"),
    [(None, True), ([{"number": ACCOUNT}], True), ([{"number": "+15550199"}], False)],
)
async def test_whether_it_has_the_account(accounts: object, is_there: bool) -> None:
    """A daemon of one account does not start without it; one of several goes on without, and can send nothing."""
    daemon = Daemon()
    if accounts:
        daemon.answers["listAccounts"] = accounts
    async with running(daemon):
        found = await found_at(daemon.endpoint)

    assert found["signal account"].ok is is_there


RIGHT = ("/opt/signal-cli/bin/signal-cli", "--disable-send-log", "daemon")


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ((*RIGHT, "--receive-mode=manual"), set()),
        ((*RIGHT, "--receive-mode", "manual"), set()),
        (RIGHT, {"signal receiving"}),
        ((*RIGHT, "--receive-mode=on-connection"), {"signal receiving"}),
        (
            ("signal-cli", "--trust-new-identities", "always", *RIGHT[1:], "--receive-mode=manual"),
            {"signal trust"},
        ),
        (
            ("java", "org.asamk.signal.Main", "daemon", "--receive-mode=manual"),
            {"signal log of sent messages"},
        ),
    ],
)
async def test_how_it_was_started(tmp_path: Path, words: tuple[str, ...], wrong: set[str]) -> None:
    """Read from its command line: what would lose messages, trust anybody, or keep the bot's words unsealed."""
    daemon = Daemon()
    async with running(daemon):
        address = daemon.endpoint.removeprefix("tcp://")
        found = await found_at(daemon.endpoint, process(tmp_path, *words, f"--tcp={address}"))

    assert {name for name, one in found.items() if not one.ok} == wrong


async def test_where_its_command_line_is_hidden_that_is_said() -> None:
    """In another container, say: what can't be seen is not called right or wrong, and what it should be is told."""
    daemon = Daemon()
    async with running(daemon):
        found = await found_at(daemon.endpoint)

    assert "as far as it can be asked" in found["signal receiving"].detail
    assert all(
        "can't be seen" in found[name].detail for name in ("signal trust", "signal log of sent messages")
    )
    assert len(daemon.calls("unsubscribeReceive")) == TRIED


async def test_a_connection_that_was_subscribed_unasked_tells_the_mode() -> None:
    """Where only one number of many is a subscription, the daemon is in another mode than the bot needs."""
    daemon = Daemon()
    daemon.answers["unsubscribeReceive"] = {}
    async with running(daemon):
        found = (await found_at(daemon.endpoint))["signal receiving"]

    assert (found.ok, found.detail) == (False, "not manual")


@pytest.mark.parametrize(
    ("version", "ok"), [("0.13.23", True), ("0.14.6", True), ("0.13.19", False), ("odd", False)]
)
async def test_polls_want_a_daemon_that_knows_them(version: str, *, ok: bool) -> None:
    """Where they are wanted it says whether there are any, and what to do."""
    daemon = Daemon()
    daemon.answers["version"] = {"version": version}
    async with running(daemon):
        found = await check(daemon.endpoint, account=ACCOUNT, today=TODAY, polls=True, processes=NOWHERE)
    (polls,) = (one for one in found if one.name == "signal polls")

    assert (polls.ok, bool(polls.advice)) == (ok, not ok)


@pytest.mark.parametrize(
    ("names", "is_right"),
    [
        ([None], True),
        (["a phone", "bot"], True),
        ([None, "Desktop"], False),
        (["a phone", "bot", "bot"], False),
    ],
)
async def test_a_device_that_nobody_knows_is_told(names: list[str | None], is_right: bool) -> None:
    """It reads everything and speaks as the bot; what the bot itself is on a phone is known."""
    daemon = Daemon()
    daemon.answers["listDevices"] = [{"id": id, "name": name} for id, name in enumerate(names, start=1)]
    async with running(daemon):
        devices = (await found_at(daemon.endpoint))["signal devices"]

    assert (devices.ok, devices.detail) == (is_right, f"{len(names)} with this account")


@pytest.mark.parametrize(
    ("answer", "ok", "says"),
    [
        ([{"id": 1}], True, "Signal is reached"),
        ({"error": {"code": -3, "message": "Closed unexpectedly"}}, False, "does not reach Signal"),
        ({"error": {"code": -3, "message": "[499]"}}, False, "refuses this version"),
        (
            {"error": {"code": -3, "message": "[403] Authorization failed!"}},
            False,
            "does not know this account",
        ),
        ({"error": {"code": -32602, "message": "Specified account does not exist"}}, True, "can't be asked"),
    ],
)
async def test_whether_it_reaches_signal(answer: object, *, ok: bool, says: str) -> None:
    """It answers us all the same: where Signal is away, refuses it or does not know it, that is said."""
    daemon = Daemon()
    daemon.answers[ASKED] = answer
    async with running(daemon):
        found = (await found_at(daemon.endpoint))["signal network"]

    assert found.ok is ok
    assert says in found.detail

"""What the doctor finds at the address of signal-cli."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.transports.signal import rpc as module
from bot.transports.signal.check import ADVICE, Answering, answering, check
from tests.transports.signal.daemon import Daemon, running

ACCOUNT = "+15550100"


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
        (found,) = await check(endpoint, account=ACCOUNT)

    assert (found.ok, found.detail, found.advice) == (False, who.value, ADVICE[who])


async def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """With how to start it."""
    monkeypatch.setattr(module, "CONNECT", 0.2)
    (found,) = await check("tcp://127.0.0.1:1", account=ACCOUNT)

    assert (found.ok, found.detail) == (False, "nobody answers")


@pytest.mark.parametrize(
    ("version", "accounts", "oks"),
    [
        ("0.14.6", None, [True, True]),
        ("1.0", [{"number": ACCOUNT}], [True, True]),
        ("0.14.6", [{"number": "+15550199"}], [True, False]),
        ("0.13.19", None, [False, True]),
        ("odd", None, [False, True]),
    ],
)
async def test_the_daemon_its_version_and_its_account(
    version: str, accounts: object, oks: list[bool]
) -> None:
    """An old one is refused by Signal, one without the account can send nothing."""
    daemon = Daemon()
    daemon.answers["version"] = {"version": version}
    if accounts:
        daemon.answers["listAccounts"] = accounts
    async with running(daemon):
        found = await check(daemon.endpoint, account=ACCOUNT)

    assert [one.ok for one in found] == oks
    assert all(bool(one.advice) is not one.ok for one in found)
    assert ACCOUNT not in repr(found)


@pytest.mark.parametrize(
    ("version", "ok"), [("0.13.23", True), ("0.14.6", True), ("0.13.19", False), ("odd", False)]
)
async def test_polls_want_a_daemon_that_knows_them(version: str, *, ok: bool) -> None:
    """Where they are wanted it says whether there are any, and what to do."""
    daemon = Daemon()
    daemon.answers["version"] = {"version": version}
    async with running(daemon):
        *_, polls = await check(daemon.endpoint, account=ACCOUNT, polls=True)

    assert (polls.name, polls.ok, bool(polls.advice)) == ("signal polls", ok, not ok)

"""The connection to signal-cli, against a small daemon on a real socket."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.transports.signal import rpc as module
from bot.transports.signal.error import NotConnected, RpcError, Unsure
from bot.transports.signal.rpc import Hello, Rpc
from tests.transports.signal.daemon import Daemon, running, until

CANARY = "canary-4711"


@pytest.fixture
async def daemon() -> AsyncIterator[Daemon]:
    async with running(Daemon()) as daemon:
        yield daemon


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconnect at once, for a test has less time than a night."""
    monkeypatch.setattr(module, "SHORTEST", 0.02)


async def test_a_call_is_answered(daemon: Daemon) -> None:
    """The result comes back, and the daemon saw method and parameters."""
    daemon.answers["send"] = {"timestamp": 5}
    async with Rpc(daemon.endpoint) as rpc:
        assert await rpc.call("send", {"message": "hi"}) == {"timestamp": 5}
        assert rpc.hello == Hello(version="0.14.6")
    assert daemon.calls("send") == [{"message": "hi"}]


async def test_a_unix_socket_does_as_well(tmp_path: Path) -> None:
    """The same over a file."""
    async with running(Daemon(), path=str(tmp_path / "s")) as daemon, Rpc(daemon.endpoint) as rpc:
        assert await rpc.call("version") == {"version": "0.14.6"}


async def test_answers_find_their_calls_in_any_order(daemon: Daemon) -> None:
    """The daemon works on many calls at once; each answer is known by its number."""
    daemon.answers |= {"one": None, "two": None}
    async with Rpc(daemon.endpoint) as rpc, asyncio.TaskGroup() as tasks:
        one, two = tasks.create_task(rpc.call("one")), tasks.create_task(rpc.call("two"))
        await until(lambda: daemon.calls("one") and daemon.calls("two"))
        for asked in reversed(daemon.asked[-2:]):
            daemon.say(orjson.dumps({"id": asked["id"], "result": asked["method"]}))
    assert (one.result(), two.result()) == ("one", "two")


async def test_an_error_keeps_what_the_daemon_adds(daemon: Daemon) -> None:
    """The results of each recipient are in it, and nothing of it in its text."""
    daemon.answers["send"] = {"error": {"code": -5, "message": CANARY, "data": {"response": 1}}}
    async with Rpc(daemon.endpoint) as rpc:
        with pytest.raises(RpcError) as caught:
            await rpc.call("send")
    assert (caught.value.code, caught.value.said, caught.value.data) == (-5, CANARY, {"response": 1})
    assert CANARY not in repr(caught.value) + str(caught.value)


async def test_an_error_in_no_known_shape_is_one_too(daemon: Daemon) -> None:
    """It has the code nothing has."""
    daemon.answers["send"] = {"error": "odd"}
    async with Rpc(daemon.endpoint) as rpc:
        with pytest.raises(RpcError) as caught:
            await rpc.call("send")
    assert caught.value.code == 0


async def test_silence_ends_in_doubt(daemon: Daemon) -> None:
    """After its time nobody knows whether the call was done; a late answer disturbs nobody."""
    daemon.answers["send"] = None
    async with Rpc(daemon.endpoint) as rpc:
        with pytest.raises(Unsure):
            await rpc.call("send", timeout=0.05)
        daemon.say(orjson.dumps({"id": daemon.asked[-1]["id"], "result": 1}))
        assert await rpc.call("version") == {"version": "0.14.6"}


async def test_what_is_under_way_when_the_connection_goes_is_in_doubt(daemon: Daemon, soon: None) -> None:
    """It may have been done. The next call goes over a new connection."""
    daemon.answers["send"] = None
    async with Rpc(daemon.endpoint) as rpc:
        async with asyncio.TaskGroup() as tasks:
            call = tasks.create_task(_failure(rpc))
            await until(lambda: daemon.calls("send"))
            daemon.hang_up()
        assert call.result() is Unsure
        await until(lambda: rpc.hello)
        assert await rpc.call("version") == {"version": "0.14.6"}


async def _failure(rpc: Rpc) -> type[Exception]:
    try:
        await rpc.call("send")
    except (NotConnected, Unsure) as error:
        return type(error)
    raise AssertionError


async def test_what_is_under_way_when_it_is_closed_is_in_doubt(daemon: Daemon) -> None:
    """Nothing fails in silence."""
    daemon.answers["send"] = None
    async with asyncio.TaskGroup() as tasks, Rpc(daemon.endpoint) as rpc:
        call = tasks.create_task(_failure(rpc))
        await until(lambda: daemon.calls("send"))
    assert call.result() is Unsure


async def test_a_daemon_that_is_down_is_waited_for(soon: None) -> None:
    """Until it is up nothing was called, surely; then all works by itself."""
    async with running(Daemon()) as first:
        port = int(first.endpoint.rpartition(":")[2])
    async with Rpc(first.endpoint) as rpc:
        assert await _failure(rpc) is NotConnected
        async with running(Daemon(), port=port):
            await until(lambda: rpc.hello)
            assert await rpc.call("version") == {"version": "0.14.6"}


async def test_a_daemon_that_does_not_say_hello_is_tried_again(daemon: Daemon, soon: None) -> None:
    """One that answers with an error is no daemon to work with."""
    daemon.answers["version"] = {"error": {"code": -32603}}
    async with Rpc(daemon.endpoint) as rpc:
        assert await _failure(rpc) is NotConnected
        daemon.answers["version"] = {}
        await until(lambda: rpc.hello)
        assert rpc.hello == Hello(version="")


async def test_a_daemon_that_falls_silent_is_left(
    daemon: Daemon, soon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked now and then; where no answer comes, a new connection is made."""
    monkeypatch.setattr(module, "PING", 0.02)
    async with Rpc(daemon.endpoint):
        await until(lambda: len(daemon.calls("version")) > 2)
        daemon.answers["version"] = {"error": {"code": -32603}}
        await until(lambda: len(daemon.writers) > 2)


@pytest.mark.parametrize(
    ("accounts", "wanted"),
    [([{"number": "+15550100"}, {"number": "+15550101"}], {"account": "+15550100"}), (None, {})],
)
async def test_the_account_is_named_where_there_are_several(
    daemon: Daemon, accounts: object, wanted: object
) -> None:
    """A daemon of one account takes no such parameter."""
    if accounts:
        daemon.answers["listAccounts"] = accounts
    daemon.answers["send"] = {}
    async with Rpc(daemon.endpoint, account="+15550100") as rpc:
        await rpc.call("send")
        await rpc.call("version")
        assert rpc.hello
        assert rpc.hello.accounts == (("+15550100", "+15550101") if accounts else None)
    assert daemon.calls("send") == [wanted]
    assert daemon.calls("version") == [{}, {}]


async def test_accounts_that_cant_be_listed_are_no_hello(daemon: Daemon) -> None:
    """Whether the account has to be named is not known then."""
    daemon.answers["listAccounts"] = {"error": {"code": -32603}}
    async with Rpc(daemon.endpoint) as rpc:
        assert rpc.hello is None


async def test_every_other_line_is_handed_on_as_it_came(daemon: Daemon) -> None:
    """Notifications, also while a call waits, and what nobody can read: to throw it away is for others to decide."""
    lines: list[bytes] = []
    said = [b'{"method":"receive", "params":{}}', b"{torn", b"[]", b'{"id":1,"method":"odd"}', b"\xff"]
    async with Rpc(daemon.endpoint, on_line=lines.append) as rpc:
        for line in said:
            daemon.say(line)
        daemon.say(b'{"id":null,"error":{"code":-32700}}')
        await rpc.call("version")
    assert lines == [line + b"\n" for line in said]


async def test_what_a_program_says_that_is_no_signal_cli_is_nobodys_message(
    soon: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody else is at the address, a web server say: it is told what is the matter, and handed on to nobody."""
    lines: list[bytes] = []
    begun = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal begun
        begun += 1
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n<p>no\r\n")
        await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with Rpc(f"tcp://127.0.0.1:{port}", on_line=lines.append):
            await until(lambda: begun > 1)

    assert lines == []
    assert "not_signal_cli" in caplog.text


async def test_without_a_taker_other_lines_are_dropped(daemon: Daemon) -> None:
    """The connection that sends has no use for them."""
    async with Rpc(daemon.endpoint) as rpc:
        daemon.say(b'{"method":"receive"}')
        assert await rpc.call("version") == {"version": "0.14.6"}


async def test_a_line_may_be_long(daemon: Daemon) -> None:
    """An attachment of ten megabytes comes in one."""
    daemon.answers["getAttachment"] = {"data": "x" * 14_000_000}
    async with Rpc(daemon.endpoint) as rpc:
        answer = await rpc.call("getAttachment")
    assert answer == daemon.answers["getAttachment"]


async def test_a_line_without_an_end_ends_the_connection(
    daemon: Daemon, soon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would fill the memory."""
    monkeypatch.setattr(module, "LINE", 1000)
    async with Rpc(daemon.endpoint) as rpc:
        daemon.say(b"x" * 3000)
        await until(lambda: len(daemon.writers) > 1 and rpc.hello)


async def test_whoever_wants_to_know_of_a_new_connection_is_told(daemon: Daemon, soon: None) -> None:
    """Each time, when calls are possible; if their call fails, there is another connection."""
    rpc: Rpc = Rpc(daemon.endpoint, on_connect=lambda: rpc.call("subscribeReceive"))
    async with rpc:
        await until(lambda: len(daemon.calls("subscribeReceive")) > 1)
        daemon.answers["subscribeReceive"] = 0
        await until(lambda: len(daemon.calls("subscribeReceive")) > 2)
        daemon.hang_up()
        await until(lambda: len(daemon.calls("subscribeReceive")) > 3)


async def test_nothing_of_a_line_is_logged(
    daemon: Daemon, soon: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither of what is sent nor of what comes, at any level, whatever goes wrong."""
    caplog.set_level(logging.DEBUG)
    daemon.answers["send"] = {"error": {"code": -1, "message": CANARY, "data": CANARY}}
    async with Rpc(daemon.endpoint, account=CANARY) as rpc:
        with pytest.raises(RpcError):
            await rpc.call("send", {"recipient": CANARY})
        daemon.say(f"torn {CANARY}".encode())
        daemon.hang_up()
        await until(lambda: len(daemon.writers) > 1)
    assert CANARY not in caplog.text
    assert all(CANARY not in repr(record.__dict__) for record in caplog.records)


TREES = st.recursive(
    st.none() | st.integers(-(2**53), 2**53) | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.sampled_from(["id", "result", "error", "code"]), part),
)


@given(st.binary() | TREES.map(orjson.dumps))
def test_no_line_breaks_the_connection(line: bytes) -> None:
    """Whatever the daemon says."""
    Rpc("tcp://127.0.0.1:1", on_line=len)._take(line)

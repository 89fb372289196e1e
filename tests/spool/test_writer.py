"""The spooler against a scripted daemon: what is read is on the disk, what is not read stays at Signal."""

import asyncio
import logging
import os
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import orjson
import pytest

from bot.sandbox.signal import Daemon, Network, signal_running
from bot.spool import lookout
from bot.spool import writer as module
from bot.spool.folder import PUBLIC, SPOOLER, Folder
from bot.spool.segment import BALLAST
from bot.spool.writer import AlreadySpooling, NoRoom, Spooler, is_passing
from bot.transports.signal import rpc
from tests.spool.clerk import Clerk, until


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconnect and beat at once: a test has less time than a night."""
    monkeypatch.setattr(rpc, "SHORTEST", 0.02)
    monkeypatch.setattr(module, "AGAIN", 0.02)


@pytest.fixture
async def daemon() -> AsyncIterator[Daemon]:
    """A daemon of one account."""
    now = iter(range(1_795_411_041, 1_800_000_000))
    async with signal_running(Network(lambda: next(now))) as found:
        yield found


@pytest.fixture
def room_for_files() -> Iterator[None]:
    """The limit of a file's size, put back afterwards."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@asynccontextmanager
async def spooling(folder: Folder, daemon: Daemon) -> AsyncIterator[asyncio.Task[None]]:
    """A spooler, told to end after the block."""
    spooler = Spooler(folder, daemon.network.rpc)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(spooler.run())
        yield task
        task.cancel()


async def subscribed(daemon: Daemon) -> None:
    """Somebody listens."""
    await until(lambda: bool(daemon.network._listeners))


def said(clerk: Clerk) -> list[str]:
    """The words of every message that was stored."""
    found = [orjson.loads(raw)["params"]["result"]["envelope"] for raw in clerk.stored]
    return [one["dataMessage"]["message"] for one in found]


async def test_every_message_comes_to_the_bot(clerk: Clerk, folder: Folder, daemon: Daemon) -> None:
    """What waited at Signal and what comes while the spooler runs, in order and word for word."""
    await clerk.reader.prepare()
    noa = daemon.network.person()
    await noa.send("שלום, זה לפני")
    async with spooling(folder, daemon):
        await subscribed(daemon)
        for number in range(200):
            await noa.send(f"message {number}")
    await clerk.drain()

    assert said(clerk) == ["שלום, זה לפני", *(f"message {number}" for number in range(200))]
    assert folder.segments() == []


async def test_the_bot_need_not_run(clerk: Clerk, folder: Folder, daemon: Daemon) -> None:
    """Segment after segment waits until it is back."""
    await clerk.reader.prepare()
    noa = daemon.network.person()
    for number in range(3):
        async with spooling(folder, daemon):
            await subscribed(daemon)
            await noa.send(f"message {number}")
    waiting = len(folder.segments())
    await clerk.drain()

    assert waiting == 3
    assert said(clerk) == ["message 0", "message 1", "message 2"]


async def test_nothing_lies_there_to_be_read(clerk: Clerk, folder: Folder, daemon: Daemon) -> None:
    """Neither words nor who wrote them are in any file of the folder, and no line is logged."""
    await clerk.reader.prepare()
    noa = daemon.network.person()
    async with spooling(folder, daemon):
        await subscribed(daemon)
        await noa.send("canary-4711")
    found = b"".join(file.read_bytes() for file in folder.path.rglob("*") if file.is_file())

    assert len(found) > BALLAST
    for canary in (b"canary-4711", noa.id.encode(), b"Noa"):
        assert canary not in found


async def test_the_end_is_in_order(
    clerk: Clerk, folder: Folder, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of a burst it unsubscribes: what was on its way is written, the rest stays at Signal."""
    await clerk.reader.prepare()
    noa = daemon.network.person()
    async with spooling(folder, daemon) as spooler:
        await subscribed(daemon)
        for number in range(40):
            await noa.send(f"message {number}")
            if number == 20:
                spooler.cancel()
            await asyncio.sleep(0.001)
    await clerk.drain()

    assert daemon.network.pending > 0
    assert len(clerk.stored) + daemon.network.pending == 40


async def test_a_daemon_that_dies_is_waited_for(clerk: Clerk, folder: Folder, daemon: Daemon) -> None:
    """There is one subscription for each connection, and never two at once."""
    await clerk.reader.prepare()
    noa = daemon.network.person()
    async with spooling(folder, daemon):
        await subscribed(daemon)
        await noa.send("before")
        await until(lambda: bool(folder.segments()))
        await daemon.go_down()
        await noa.send("meanwhile")
        await daemon.come_up()
        await subscribed(daemon)
        listeners = len(daemon.network._listeners)
        await noa.send("after")
    await clerk.drain()

    assert listeners == 1
    assert said(clerk) == ["before", "meanwhile", "after"]


async def test_a_refusal_is_asked_again_later(
    clerk: Clerk,
    folder: Folder,
    daemon: Daemon,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A daemon that started without its account; the log is not filled with it."""
    monkeypatch.setattr(module, "TURN", 0.01)
    monkeypatch.setattr(module, "REFUSED", 0.3)
    await clerk.reader.prepare()
    daemon.network.account.registered = False
    async with spooling(folder, daemon):
        await until(lambda: "spool_not_subscribed" in caplog.messages)
        await asyncio.sleep(0.1)
        told = caplog.messages.count("spool_not_subscribed")
        daemon.network.account.registered = True
        await subscribed(daemon)

    assert told == 1


async def test_without_a_key_nothing_is_taken(clerk: Clerk, folder: Folder, daemon: Daemon) -> None:
    """Before the bot has run for the first time there is nothing to seal to: Signal keeps it all."""
    noa = daemon.network.person()
    async with spooling(folder, daemon):
        await noa.send("early")
        await asyncio.sleep(0.1)
        waited = daemon.network.pending
        await clerk.reader.prepare()
        await subscribed(daemon)
        await until(lambda: daemon.network.pending == 0)
    await clerk.drain()

    assert waited == 1
    assert said(clerk) == ["early"]


async def test_a_key_that_is_taken_back_ends_the_subscription(
    clerk: Clerk, folder: Folder, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signal keeps what comes until there is a key again."""
    monkeypatch.setattr(module, "TURN", 0.02)
    await clerk.reader.prepare()
    given = (folder.path / PUBLIC).read_bytes()
    noa = daemon.network.person()
    async with spooling(folder, daemon):
        await subscribed(daemon)
        (folder.path / PUBLIC).unlink()
        await until(lambda: not daemon.network._listeners)
        await noa.send("late")
        folder.put(PUBLIC, given)
        await until(lambda: daemon.network.pending == 0)
    await clerk.drain()

    assert said(clerk) == ["late"]


@pytest.mark.usefixtures("room_for_files")
async def test_a_full_disk_loses_nothing(
    clerk: Clerk, folder: Folder, daemon: Daemon, caplog: pytest.LogCaptureFixture
) -> None:
    """It says so, lets Signal keep what follows, holds what was on its way, and goes on when there is room."""
    await clerk.reader.prepare()
    noa = daemon.network.person()
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with spooling(folder, daemon):
        await subscribed(daemon)
        await noa.send("before")
        await until(lambda: bool(folder.segments()))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, usual[1]))
        await noa.send("too much")
        await until(lambda: not daemon.network._listeners)
        await noa.send("meanwhile")
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        await until(lambda: daemon.network.pending == 0)
    await clerk.drain()

    assert said(clerk) == ["before", "too much", "meanwhile"]
    assert "spool_troubled" in caplog.messages


@pytest.mark.usefixtures("room_for_files")
async def test_an_end_on_a_full_disk_is_told(
    clerk: Clerk, folder: Folder, daemon: Daemon, caplog: pytest.LogCaptureFixture
) -> None:
    """What is in memory then is lost: the log counts it, and the exit status is not that of a good end."""
    await clerk.reader.prepare()
    noa = daemon.network.person()
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    spooler = asyncio.get_running_loop().create_task(Spooler(folder, daemon.network.rpc).run())
    await subscribed(daemon)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, usual[1]))
    await noa.send("lost")
    await until(lambda: not daemon.network._listeners)
    spooler.cancel()
    with pytest.raises(NoRoom):
        await spooler

    assert [record.__dict__["count"] for record in caplog.records if record.msg == "spool_lost"] == [1]


@pytest.mark.usefixtures("room_for_files")
async def test_it_begins_only_where_there_is_room(clerk: Clerk, folder: Folder, daemon: Daemon) -> None:
    """Otherwise it would take what it can't keep."""
    await clerk.reader.prepare()
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, usual[1]))

    with pytest.raises(NoRoom):
        await Spooler(folder, daemon.network.rpc).run()


async def test_one_spooler_writes_into_a_folder(folder: Folder, daemon: Daemon) -> None:
    """Two would take half each, and order would be gone."""
    with folder.held(SPOOLER), pytest.raises(AlreadySpooling):
        await Spooler(folder, daemon.network.rpc).run()


async def test_who_only_looks_stops_no_spooler(clerk: Clerk, folder: Folder, daemon: Daemon) -> None:
    """The lock is taken for an instant whenever somebody asks whether one runs: who starts then looks again."""
    await clerk.reader.prepare()
    looking = folder.held(SPOOLER)
    looking.__enter__()
    async with spooling(folder, daemon) as spooler:
        await asyncio.sleep(module.GLANCE / 2)
        before = spooler.done()
        looking.__exit__(None, None, None)
        await subscribed(daemon)

    assert not before


async def test_it_shows_whether_signal_is_reached(
    clerk: Clerk, folder: Folder, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Since when it is away; a daemon that is down says nothing of it, and its return ends it."""
    monkeypatch.setattr(lookout, "EVERY", 0.02)
    monkeypatch.setattr(lookout, "AGAIN", 0.02)
    await clerk.reader.prepare()
    daemon.network.is_online = False
    async with spooling(folder, daemon):
        await until(lambda: folder.away() is not None)
        since = folder.away()
        await daemon.go_down()
        await asyncio.sleep(0.1)
        down = folder.away()
        await daemon.come_up()
        await asyncio.sleep(0.1)
        up = folder.away()
        daemon.network.is_online = True
        await until(lambda: folder.away() is None)

    assert (down, up) == (since, since)


async def test_it_shows_that_it_lives(
    clerk: Clerk, folder: Folder, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the daemon answers, and not while it is away."""
    monkeypatch.setattr(module, "BEAT", 0.02)
    await clerk.reader.prepare()
    never = folder.beaten()
    async with spooling(folder, daemon):
        await subscribed(daemon)
        await until(lambda: folder.beaten() is not None)
        os.utime(folder.path / "alive", (0, 0))
        await until(lambda: folder.beaten() != 0)
        await daemon.go_down()
        await asyncio.sleep(0.05)
        os.utime(folder.path / "alive", (0, 0))
        await asyncio.sleep(0.1)
        away = folder.beaten()

    assert never is None
    assert away == 0


async def test_receipts_and_typing_go_no_further(clerk: Clerk, folder: Folder, daemon: Daemon) -> None:
    """Each message of the bot brings two of them; they are nothing to keep."""
    await clerk.reader.prepare()
    noa = daemon.network.person()
    async with spooling(folder, daemon):
        await subscribed(daemon)
        await noa.type()
        await noa.send("a word")
    await clerk.drain()

    assert said(clerk) == ["a word"]


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        (b'{"params":{"result":{"envelope":{"receiptMessage":{"when":1}}}}}', True),
        (b'{"params":{"result":{"envelope":{"typingMessage":{"action":"STARTED"}}}}}', True),
        (b'{"envelope":{"dataMessage":{"message":"\\"typingMessage\\":{"}}}', False),
        (b'{"envelope":{"sourceName":"\\"typingMessage\\":{"}}', False),
        (b'{"envelope":{"typingMessage":{},"dataMessage":{}}}', False),
        (b'{"envelope":{"syncMessage":{"typingMessage":{}}}}', False),
        (b'{"exception":{},"envelope":{"receiptMessage":{}}}', False),
        (b'{"envelope":{"receiptMessage":null}}', False),
        (b"{torn", False),
    ],
)
def test_only_what_is_surely_passing_is_dropped(line: bytes, passes: bool) -> None:
    """Whatever else a line is, it is kept: to throw it away is for the bot, which can read it."""
    assert is_passing(line) is passes


async def test_nothing_of_a_line_is_logged(
    clerk: Clerk, folder: Folder, daemon: Daemon, caplog: pytest.LogCaptureFixture
) -> None:
    """At no level."""
    caplog.set_level(logging.DEBUG)
    await clerk.reader.prepare()
    async with spooling(folder, daemon):
        await subscribed(daemon)
        await daemon.network.person().send("canary-4711")
    await clerk.drain()

    assert "canary" not in caplog.text + "".join(str(record.__dict__) for record in caplog.records)

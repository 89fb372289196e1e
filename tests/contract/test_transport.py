"""What the pipeline relies on of every transport, over real sockets to the emulators: one class, every platform."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from bot.model.incoming import Command, Happening, Ignored, Media, MediaKind, Text
from bot.model.limit import LIMITS, takes
from bot.model.outgoing import (
    Failure,
    FailureKind,
    Poll,
    Receipt,
    SendFailed,
    SendMedia,
    SendMessage,
    SetExpiry,
)
from bot.model.person import Platform
from bot.model.text import Rich
from bot.ports import Ingest, Transport
from bot.sandbox import Emulator, Fault, FaultKind, running, sample
from bot.sandbox.signal import Trouble, TroubleKind
from bot.spool.folder import Folder
from bot.spool.pair import Pairs
from bot.spool.reader import SpoolListener
from bot.spool.writer import Spooler
from bot.store.errors import StorageTroubled
from bot.store.errors import Trouble as StorageTrouble
from bot.store.keyring import Keyring
from bot.transports.signal.adapter import SignalTransport
from bot.transports.signal.rpc import Rpc
from bot.transports.telegram.adapter import TelegramTransport
from bot.transports.telegram.api import Api
from bot.transports.telegram.listener import TelegramPoller
from tests.store.shelf import Shelf as Databases
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template

TIMED = frozenset({FailureKind.RATE_LIMITED, FailureKind.CHALLENGED})  # these say when to try again
AnyTrouble = TypeVar("AnyTrouble", Fault, Trouble)
Seen = TypeVar("Seen", str, bytes)

HELLO = SendMessage(text=Rich("שלום 🙂"))

TELEGRAM_TROUBLES = [
    (Fault(kind=kind, method="sendMessage", retry_after=7), wanted)
    for kind, wanted in {
        FaultKind.DROP_BEFORE: FailureKind.AMBIGUOUS,
        FaultKind.DROP_AFTER: FailureKind.AMBIGUOUS,
        FaultKind.BAD_GATEWAY: FailureKind.AMBIGUOUS,
        FaultKind.FLOOD: FailureKind.RATE_LIMITED,
        FaultKind.BLOCKED: FailureKind.UNREACHABLE,
        FaultKind.BAD_REQUEST: FailureKind.REJECTED,
        FaultKind.UNAUTHORIZED: FailureKind.PLATFORM_DOWN,
    }.items()
]
SIGNAL_TROUBLES = [
    (Trouble(kind=kind, method="send", retry_after=7), wanted)
    for kind, wanted in {
        TroubleKind.HANG_UP: FailureKind.AMBIGUOUS,
        TroubleKind.HANG_UP_AFTER: FailureKind.AMBIGUOUS,
        TroubleKind.NETWORK: FailureKind.NOT_SENT,
        TroubleKind.FLOOD: FailureKind.RATE_LIMITED,
        TroubleKind.UNREGISTERED: FailureKind.UNREACHABLE,
        TroubleKind.UNTRUSTED: FailureKind.IDENTITY_CHANGED,
        TroubleKind.CHALLENGE: FailureKind.CHALLENGED,
        TroubleKind.REFUSED: FailureKind.REJECTED,
        TroubleKind.NO_ACCOUNT: FailureKind.PLATFORM_DOWN,
    }.items()
]


class Clock:
    """The machine's own."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(kw_only=True)
class Side:
    """One platform: its transport, one round of its listener, and somebody at the other end."""

    transport: Transport
    once: Callable[["Shelf"], Awaitable[object]]
    write: Callable[[str], Awaitable[object]]
    show: Callable[[bytes], Awaitable[object]]  # a photo to the bot
    shown: Callable[[], Awaitable[Sequence[str]]]
    pictured: Callable[[], Awaitable[Sequence[bytes]]]
    pending: Callable[[], int]
    outage: Callable[[bool], Awaitable[object]]
    troubles: Sequence[tuple[Callable[[], Awaitable[object]], FailureKind]]
    routing_id: str
    language: str | None
    timed: frozenset[FailureKind] = TIMED
    polls: bool = False


@dataclass
class Shelf:
    """An ingest that keeps what it gets, after failing as often as it is told to."""

    failures: int = 0
    raws: list[bytes] = field(default_factory=list)

    async def __call__(self, platform: Platform, raws: Sequence[bytes]) -> None:
        if self.failures:
            self.failures -= 1
            raise StorageTroubled(StorageTrouble.FULL)
        self.raws += raws


@asynccontextmanager
async def on_telegram(emulator: Emulator) -> AsyncIterator[Side]:
    noa = emulator.person(1001, started=True)
    async with Api(emulator.token, url=emulator.url) as api:
        poller = TelegramPoller(api, Clock(), poll_seconds=0)
        yield Side(
            transport=TelegramTransport(api),
            once=poller.once,
            write=noa.send,
            show=lambda content: noa.photo(content=content),
            shown=lambda: at_once([message.text for message in noa.replies]),
            pictured=lambda: at_once(
                [emulator.world.files[one.file.file_id].content for one in noa.replies if one.file]
            ),
            pending=lambda: emulator.pending,
            outage=partial(telegram_outage, emulator),
            troubles=[
                (partial(armed, emulator.faults.add, one), wanted) for one, wanted in TELEGRAM_TROUBLES
            ],
            routing_id="1001",
            language="he",
        )


async def at_once(seen: Sequence[Seen]) -> Sequence[Seen]:
    """What somebody sees of an emulator, which takes no time."""
    return seen


async def armed(add: Callable[[AnyTrouble], object], one: AnyTrouble) -> None:
    """It goes wrong once, from now on."""
    add(one)


async def telegram_outage(emulator: Emulator, on: bool) -> None:
    """Every connection is dropped, or answered again."""
    emulator.faults.down = on


@asynccontextmanager
async def on_signal(emulator: Emulator, keyring: Keyring, directory: Path) -> AsyncIterator[Side]:
    """All the way that a message takes: daemon, spooler, folder, reader."""
    network, folder = emulator.signal, Folder(directory)
    noa, account = network.person(), network.account.number
    reader, kept = await reading(folder, keyring), Kept()
    async with Rpc(network.rpc, account=account) as rpc, spooling(folder, network.rpc):
        yield Side(
            transport=SignalTransport(rpc, account=account, polls=True),
            once=lambda shelf: read_once(reader, kept.by(shelf)),
            write=lambda text: spooled(folder, noa.send(text)),
            show=lambda content: spooled(folder, noa.attach(content, kind="image/jpeg", name="photo.jpg")),
            shown=lambda: at_once([note.text for note in noa.replies]),
            pictured=lambda: at_once([network.files[one.id] for note in noa.replies for one in note.files]),
            pending=lambda: len(noa.chat) - len(noa.replies) - len(kept.raws),
            outage=lambda on: emulator.daemon.go_down() if on else emulator.daemon.come_up(),
            troubles=[(partial(armed, network.troubles.add, one), wanted) for one, wanted in SIGNAL_TROUBLES],
            routing_id=noa.id,
            language=None,
            polls=True,
        )


@asynccontextmanager
async def spooling(folder: Folder, rpc: str, *, account: str | None = None) -> AsyncIterator[None]:
    """The spooler, in this process."""
    task = asyncio.get_running_loop().create_task(Spooler(folder, rpc, account=account).run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def reading(folder: Folder, keyring: Keyring) -> SpoolListener:
    """The bot's side of a folder, ready for a spooler."""
    reader = SpoolListener(folder, Pairs(folder, keyring, Clock()), Clock())
    await reader.prepare()
    return reader


async def read_once(reader: SpoolListener, ingest: Ingest) -> None:
    """One round; a store in trouble is for the loop around it to wait out."""
    with suppress(StorageTroubled):
        await reader.once(ingest)


async def spooled(folder: Folder, writing: Awaitable[object]) -> None:
    """Have somebody write, and wait until the spooler has it."""
    before = bytes_in(folder)
    await writing
    async with asyncio.timeout(30):
        while bytes_in(folder) == before:  # noqa: ASYNC110 - the spooler tells nobody
            await asyncio.sleep(0.005)


def bytes_in(folder: Folder) -> int:
    """How much lies in the folder's segments."""
    return sum(folder.file(one).stat().st_size for one in folder.segments())


@dataclass
class Kept:
    """What an ingest has taken, so that what still waits can be counted."""

    raws: list[bytes] = field(default_factory=list)

    def by(self, shelf: Shelf) -> Ingest:
        async def ingest(platform: Platform, raws: Sequence[bytes]) -> None:
            await shelf(platform, raws)
            self.raws += raws

        return ingest


@pytest.fixture(params=list(Platform), ids=lambda platform: platform.value)
async def side(
    request: pytest.FixtureRequest, sqlite_shelf: Databases, tmp_path: Path
) -> AsyncIterator[Side]:
    async with AsyncExitStack() as stack:
        emulator = await stack.enter_async_context(running())
        if request.param is Platform.TELEGRAM:
            side = await stack.enter_async_context(on_telegram(emulator))
        else:
            keyring = await stack.enter_async_context(sqlite_shelf.keyring())
            side = await stack.enter_async_context(on_signal(emulator, keyring, tmp_path / "spool"))
        assert side.transport.platform is request.param
        yield side


async def heard(side: Side, *texts: str) -> list[bytes]:
    """What reaches the pipeline when these are written."""
    for text in texts:
        await side.write(text)
    return await what_came(side)


async def what_came(side: Side) -> list[bytes]:
    """What reaches the pipeline of all that waits."""
    shelf = Shelf()
    while side.pending():
        await side.once(shelf)
    return [raw for raw in shelf.raws if not isinstance(side.transport.read(raw).happening, Ignored)]


async def failure(side: Side) -> Failure:
    """How a send fails."""
    with pytest.raises(SendFailed) as caught:
        await side.transport.send(side.routing_id, HELLO)
    return caught.value.failure


async def sent(side: Side) -> None:
    """A send succeeds, at the latest after a while: a connection that went comes back by itself."""
    async with asyncio.timeout(10):
        while True:
            try:
                await side.transport.send(side.routing_id, HELLO)
            except SendFailed:
                await asyncio.sleep(0.05)
            else:
                return


class TestEveryTransport:
    """Held by `ports`."""

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [("שלום", Text), ("/start flyer7", Command), ("2", Text)],
    )
    async def test_what_is_written_is_read(self, side: Side, text: str, wanted: type[Happening]) -> None:
        """Words and commands, whose they are, and a name by which a redelivery is known."""
        (raw,) = await heard(side, text)
        envelope, happening = side.transport.envelope(raw), side.transport.read(raw).happening

        assert isinstance(happening, wanted)
        assert envelope.routing_id == side.routing_id
        assert envelope == side.transport.envelope(raw)

    async def test_two_messages_have_two_names(self, side: Side) -> None:
        """The same words twice are two messages."""
        raws = await heard(side, "hi", "hi")

        assert len({side.transport.envelope(raw).external_id for raw in raws}) == 2

    async def test_the_language_of_the_app_is_read_where_it_is_told(self, side: Side) -> None:
        """It decides in which language a newcomer is answered."""
        (raw,) = await heard(side, "hi")

        assert side.transport.read(raw).language_code == side.language

    @pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", b'{"number": true}'])
    async def test_rubbish_has_an_outside(self, side: Side, raw: bytes) -> None:
        """It is nobody's, and comes under one name however often."""
        envelope = side.transport.envelope(raw)

        assert envelope.routing_id is None
        assert envelope == side.transport.envelope(raw)

    async def test_nothing_is_confirmed_before_it_is_kept(self, side: Side) -> None:
        """When the store fails, the message stays with the platform and comes again under the same name."""
        shelf = Shelf(failures=1)
        await side.write("hi")
        await side.once(shelf)
        assert (side.pending(), shelf.raws) == (1, [])

        while side.pending():
            await side.once(shelf)
        assert len({side.transport.envelope(raw).external_id for raw in shelf.raws}) == 1

    async def test_words_arrive(self, side: Side) -> None:
        """As they were sent."""
        await side.transport.send(side.routing_id, HELLO)

        assert await side.shown() == ["שלום 🙂"]

    async def test_a_poll_costs_no_words(self, side: Side) -> None:
        """It stands below them where there are polls; where there are none, nothing is missing that was said."""
        payload = replace(HELLO, poll=Poll(question="Here too", options=("A", "B")))
        receipt = await side.transport.send(side.routing_id, payload)

        assert receipt.message_id
        assert await side.shown() == ["שלום 🙂", *(["Here too"] if side.polls else [])]

    async def test_a_picture_comes_and_goes(self, side: Side) -> None:
        """It is fetched by what its message names, and arrives as it was sent."""
        await side.show(sample.PHOTO)
        (raw,) = await what_came(side)
        photo = side.transport.read(raw).happening
        assert isinstance(photo, Media)
        assert photo.file
        content = await side.transport.fetch(photo.file)
        payload = SendMedia(media=MediaKind.PHOTO, source=side.transport.platform, file=photo.file)
        await side.transport.send(side.routing_id, payload, content=content)

        assert content == sample.PHOTO
        assert await side.pictured() == [sample.PHOTO]

    async def test_failures_have_the_pipelines_names(self, side: Side) -> None:
        """Whatever goes wrong is one of the kinds that `retry` decides by, and then it goes on."""
        for arm, wanted in side.troubles:
            await arm()
            found = await failure(side)

            assert found.kind is wanted, found
            assert found.retry_after == (7 if wanted in side.timed else None), found
            await sent(side)

    async def test_messages_disappear_where_they_can(self, side: Side) -> None:
        """Elsewhere nothing is set, and it is said at once that nothing ever will be."""
        payload = SetExpiry(seconds=86_400)
        if takes(LIMITS[side.transport.platform], payload):
            assert await side.transport.send(side.routing_id, payload) == Receipt()
            return
        with pytest.raises(SendFailed) as caught:
            await side.transport.send(side.routing_id, payload)
        assert caught.value.failure.kind is FailureKind.REJECTED

    async def test_nobody_there(self, side: Side) -> None:
        """A chat that does not exist is no fault of the words."""
        with pytest.raises(SendFailed) as caught:
            await side.transport.send("4711", HELLO)
        assert caught.value.failure.kind in (FailureKind.NO_CHAT, FailureKind.UNREACHABLE)

    async def test_a_press_that_is_nobodys_is_acknowledged_quietly(self, side: Side) -> None:
        """Never raises."""
        await side.transport.acknowledge("q1")

    async def test_a_listener_survives_an_outage(self, side: Side) -> None:
        """It fails quietly while the platform is away, and brings everything afterwards."""
        shelf = Shelf()
        await side.write("hi")
        await side.outage(True)
        await side.once(shelf)
        await side.outage(False)
        async with asyncio.timeout(10):
            while side.pending():
                await side.once(shelf)

        assert len({side.transport.envelope(raw).external_id for raw in shelf.raws}) == 1

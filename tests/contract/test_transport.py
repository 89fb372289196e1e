"""What the pipeline relies on of every transport, over real HTTP to the emulator: one class, every platform."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.model.incoming import Command, Happening, Text
from bot.model.outgoing import Failure, FailureKind, SendFailed, SendMessage
from bot.model.person import Platform
from bot.model.text import Rich
from bot.ports import Transport
from bot.sandbox import Emulator, Fault, FaultKind, running
from bot.sandbox.fault import Faults
from bot.transports.plain.adapter import PlainTransport
from bot.transports.plain.client import Client
from bot.transports.plain.listener import PlainPoller
from bot.transports.telegram.adapter import TelegramTransport
from bot.transports.telegram.api import Api
from bot.transports.telegram.listener import TelegramPoller

HELLO = SendMessage(text=Rich("שלום 🙂"))


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
    shown: Callable[[], list[str]]
    pending: Callable[[], int]
    faults: Faults
    send_method: str
    routing_id: str


@dataclass
class Shelf:
    """An ingest that keeps what it gets, after failing as often as it is told to."""

    failures: int = 0
    raws: list[bytes] = field(default_factory=list)

    async def __call__(self, platform: Platform, raws: Sequence[bytes]) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("disk full")
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
            shown=lambda: [message.text for message in noa.replies],
            pending=lambda: emulator.pending,
            faults=emulator.faults,
            send_method="sendMessage",
            routing_id="1001",
        )


@asynccontextmanager
async def on_a_text_only_phone(emulator: Emulator) -> AsyncIterator[Side]:
    noa = emulator.plain.person("plain-1")
    async with Client(emulator.url) as client:
        poller = PlainPoller(client, poll_seconds=0, pause=0)
        yield Side(
            transport=PlainTransport(client),
            once=poller.once,
            write=noa.send,
            shown=lambda: [line.text for line in noa.replies],
            pending=lambda: emulator.plain.pending,
            faults=emulator.plain.faults,
            send_method="send",
            routing_id="plain-1",
        )


SIDES = {Platform.TELEGRAM: on_telegram, Platform.PLAIN: on_a_text_only_phone}


@pytest.fixture(params=SIDES, ids=lambda platform: platform.value)
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with running() as emulator, SIDES[request.param](emulator) as side:
        assert side.transport.platform is request.param
        yield side


async def heard(side: Side, *texts: str) -> list[bytes]:
    """What reaches the pipeline when these are written."""
    shelf = Shelf()
    for text in texts:
        await side.write(text)
    while side.pending():
        await side.once(shelf)
    return shelf.raws


async def failure(side: Side, fault: Fault) -> Failure:
    """How a send fails under this fault."""
    side.faults.add(fault)
    with pytest.raises(SendFailed) as caught:
        await side.transport.send(side.routing_id, HELLO)
    return caught.value.failure


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

    async def test_the_language_of_the_app_is_read(self, side: Side) -> None:
        """It decides in which language a newcomer is answered."""
        (raw,) = await heard(side, "hi")

        assert side.transport.read(raw).language_code == "he"

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

        assert side.shown() == ["שלום 🙂"]

    @pytest.mark.parametrize(
        ("kind", "wanted"),
        [
            (FaultKind.DROP_BEFORE, FailureKind.AMBIGUOUS),
            (FaultKind.DROP_AFTER, FailureKind.AMBIGUOUS),
            (FaultKind.BAD_GATEWAY, FailureKind.AMBIGUOUS),
            (FaultKind.FLOOD, FailureKind.RATE_LIMITED),
            (FaultKind.BLOCKED, FailureKind.UNREACHABLE),
            (FaultKind.BAD_REQUEST, FailureKind.REJECTED),
            (FaultKind.UNAUTHORIZED, FailureKind.PLATFORM_DOWN),
        ],
    )
    async def test_failures_have_the_pipelines_names(
        self, side: Side, kind: FaultKind, wanted: FailureKind
    ) -> None:
        """Whatever goes wrong is one of the kinds that `retry` decides by."""
        found = await failure(side, Fault(kind=kind, method=side.send_method, retry_after=7))

        assert found.kind is wanted
        assert found.retry_after == (7 if kind is FaultKind.FLOOD else None)

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
        side.faults.down = True
        await side.once(shelf)
        side.faults.down = False
        async with asyncio.timeout(5):
            while side.pending():
                await side.once(shelf)

        assert len({side.transport.envelope(raw).external_id for raw in shelf.raws}) == 1

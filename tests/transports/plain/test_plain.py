"""The text-only messenger: what is its own, beside what every transport does (tests/contract/test_transport.py)."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from aiohttp import web

from bot.model.incoming import FileRef
from bot.model.outgoing import FailureKind, RemoveKeyboard, SendFailed, SendMessage
from bot.model.person import Platform
from bot.model.text import Rich, Span, Style
from bot.sandbox import Emulator, Fault, FaultKind, running
from bot.transports.plain.adapter import PlainTransport
from bot.transports.plain.client import Client
from bot.transports.plain.listener import PlainPoller
from bot.transports.plain.translate import words_of


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with running() as emulator:
        yield emulator


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://example.org", "Read this (https://example.org) now"),
        ("this", "Read this now"),
    ],
)
def test_a_link_is_written_out(url: str, words: str) -> None:
    """Where it leads stands behind its words, unless they say it already."""
    rich = Rich("Read this now", (Span(start=5, length=4, style=Style.LINK, url=url),))

    assert words_of(rich) == words


def test_styles_are_left_out() -> None:
    """The words stay."""
    assert words_of(Rich("Read", (Span(start=0, length=4, style=Style.BOLD),))) == "Read"


async def test_it_can_send_words_only(emulator: Emulator) -> None:
    """Anything else is refused before a call, so that a row for it ends."""
    async with Client(emulator.url) as client:
        with pytest.raises(SendFailed) as caught:
            await PlainTransport(client).send("plain-1", RemoveKeyboard(message_id="1"))
        with pytest.raises(SendFailed) as no_file:
            await PlainTransport(client).fetch(FileRef(file_id="f"))
    assert caught.value.failure.kind is no_file.value.failure.kind is FailureKind.REJECTED


async def test_a_text_that_is_too_long_is_refused(emulator: Emulator) -> None:
    """As the messenger says it."""
    emulator.plain.person("plain-1")
    async with Client(emulator.url) as client:
        with pytest.raises(SendFailed) as caught:
            await PlainTransport(client).send("plain-1", SendMessage(text=Rich("x" * 2001)))
    assert caught.value.failure.reason == "too_long"


async def test_nobody_listens() -> None:
    """Without a connection nothing was sent, and the poller says that it failed."""

    async def ingest(platform: Platform, raws: Sequence[bytes]) -> None:
        raise AssertionError

    async with running() as emulator:
        url = emulator.url
    async with Client(url) as client:
        with pytest.raises(SendFailed) as caught:
            await client.send("plain-1", "hi")
        assert caught.value.failure.kind is FailureKind.NOT_SENT
        assert not await PlainPoller(client).once(ingest)


async def test_a_closed_client_sends_nothing(emulator: Emulator) -> None:
    """It was never opened."""
    with pytest.raises(SendFailed) as caught:
        await Client(emulator.url).send("plain-1", "hi")
    assert caught.value.failure.kind is FailureKind.NOT_SENT


@pytest.mark.parametrize("body", ["[]", "{}", "no JSON"])
async def test_an_answer_nobody_can_read(body: str) -> None:
    """Is a failure like any other."""

    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(text=body)

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with Client(f"http://127.0.0.1:{runner.addresses[0][1]}") as client:
        with pytest.raises(SendFailed) as caught:
            await client.poll(after=0, wait=0)
    await runner.cleanup()
    assert caught.value.failure.kind is FailureKind.AMBIGUOUS


async def test_the_listener_goes_on(emulator: Emulator) -> None:
    """A long poll ends with the first message; a failure is followed by a pause and another round."""
    kept: list[bytes] = []
    came = asyncio.Event()

    async def ingest(platform: Platform, raws: Sequence[bytes]) -> None:
        kept.extend(raws)
        came.set()

    emulator.plain.faults.add(Fault(kind=FaultKind.DROP_BEFORE, method="poll"))
    async with Client(emulator.url) as client, asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(PlainPoller(client, pause=0).listen(ingest))
        await asyncio.sleep(0.05)
        await emulator.plain.person("plain-1").send("hi")
        await came.wait()
        listening.cancel()
    assert len(kept) == 1

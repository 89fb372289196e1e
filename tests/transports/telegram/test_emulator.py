"""The transport, the poller and the profile against the emulator, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
from typing_extensions import override

from bot.model.incoming import Command, Edited, GroupContact, Happening, Media, Press, Reachability, Text
from bot.model.outgoing import (
    Button,
    DeleteMessages,
    EditMessage,
    FailureKind,
    LeaveChat,
    RemoveKeyboard,
    SendFailed,
    SendFile,
    SendMessage,
)
from bot.model.person import Platform
from bot.model.text import Rich, Span, Style
from bot.sandbox.emulator import Emulator
from bot.sandbox.fault import Fault, FaultKind
from bot.sandbox.server import running
from bot.transports.telegram.adapter import TelegramTransport
from bot.transports.telegram.api import Api
from bot.transports.telegram.check import check
from bot.transports.telegram.listener import TelegramPoller
from bot.transports.telegram.profile import apply_profile
from tests.transports.telegram.double import Shelf, StepClock
from tests.transports.telegram.test_profile import PROFILE

ASK = SendMessage(
    text=Rich("🙂 Shall we?", (Span(start=2, length=5, style=Style.BOLD),)),
    rows=((Button(label="Yes", data="v1:abc:yes"), Button(label="No", data="v1:abc:no")),),
    protect=True,
)


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    """An emulator on loopback; a call with a parameter that Telegram does not know fails the test."""
    async with running() as emulator:
        yield emulator
        assert emulator.violations == []


@pytest.fixture
async def api(emulator: Emulator) -> AsyncIterator[Api]:
    """The emulated bot's api."""
    async with Api(emulator.token, url=emulator.url) as api:
        yield api


class Heard(Shelf):
    """A shelf that also reads what it keeps."""

    def __init__(self, transport: TelegramTransport, *, failures: int = 0) -> None:
        super().__init__(failures=failures)
        self.happenings: list[Happening] = []
        self.presses: list[str] = []
        self._transport = transport

    @override
    async def __call__(self, platform: Platform, raws: Sequence[bytes]) -> None:
        await super().__call__(platform, raws)
        for raw in raws:
            press_id = self._transport.envelope(raw).press_id
            self.presses += [press_id] if press_id else []
            self.happenings.append(self._transport.read(raw).happening)


@asynccontextmanager
async def listening(api: Api, shelf: Heard) -> AsyncIterator[TelegramPoller]:
    """A poller that runs while the block does."""
    poller = TelegramPoller(api, StepClock(), poll_seconds=1, sleep=lambda _: asyncio.sleep(0.01))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(poller.listen(shelf))
        try:
            yield poller
        finally:
            task.cancel()


async def test_a_person_is_heard_and_answered(emulator: Emulator, api: Api) -> None:
    """Start, a button, its spinner, an edit of the question, and the keyboard goes away."""
    telegram, noa = TelegramTransport(api), emulator.person()
    heard = Heard(telegram)
    async with listening(api, heard):
        await noa.start("flyer7")
        receipt = await telegram.send(str(noa.user_id), ASK)
        assert noa.last.labels == ("Yes", "No")
        await noa.press("Yes")
        await emulator.wait_until(lambda: len(heard.happenings) == 2)
        await telegram.acknowledge(heard.presses[0])
        done = EditMessage(message_id=receipt.message_id or "", text=Rich("You said yes"))
        await telegram.send(str(noa.user_id), done)
    assert heard.happenings[0] == Command(
        name="start", argument="flyer7", message_id=str(noa.chat[0].message_id)
    )
    assert heard.happenings[1] == Press(
        data="v1:abc:yes", message_id=receipt.message_id or "", shown=ASK.text
    )
    assert len(noa.toasts) == 1
    assert noa.last.text == "You said yes"
    assert not noa.last.labels


async def test_a_file_arrives_whole_with_its_words(emulator: Emulator, api: Api) -> None:
    """As a form, the one call that is not JSON; it is its person's to save."""
    telegram, noa = TelegramTransport(api), emulator.person()
    content = '{"שלום": [1, 2]}\n'.encode() * 1000
    file = SendFile(name="data.json", content=content, caption=ASK.text)
    await noa.start()
    receipt = await telegram.send(str(noa.user_id), file)
    post = noa.private.posts[int(receipt.message_id or "0")]

    assert post.wire["document"]["file_size"] == len(content)
    assert (noa.last.kind, noa.last.text, noa.last.protected) == ("document", ASK.text.text, False)
    assert noa.last.entities


async def test_everything_a_person_sends_is_read(emulator: Emulator, api: Api) -> None:
    """Words, an edit, media, a block and a return, in their order."""
    noa, heard = emulator.person(), Heard(TelegramTransport(api))
    async with listening(api, heard):
        number = await noa.send("/תפריט")
        await noa.edit(number, "תפריט")
        for sending in (noa.photo, noa.voice, noa.document, noa.sticker, noa.contact, noa.location):
            await sending()
        await noa.forward("psst")
        await noa.block()
        await noa.unblock()
        await emulator.wait_until(lambda: len(heard.happenings) == 11)
    kinds = [item.media.value for item in heard.happenings if isinstance(item, Media)]
    assert kinds == ["photo", "voice", "file", "sticker", "contact", "location", "forward"]
    assert heard.happenings[:2] == [
        Text(text="/תפריט", message_id=str(number)),
        Edited(text="תפריט", message_id=str(number)),
    ]
    assert heard.happenings[-2:] == [Reachability(reachable=False), Reachability(reachable=True)]


async def test_a_failed_ingest_loses_nothing(emulator: Emulator, api: Api) -> None:
    """Twenty updates, the store fails twice, and all twenty arrive in order."""
    noa, heard = emulator.person(), Heard(TelegramTransport(api), failures=2)
    for number in range(20):
        await noa.send(str(number))
    async with listening(api, heard) as poller:
        await emulator.wait_until(lambda: len(heard.happenings) >= 20)
        await emulator.wait_until(lambda: emulator.pending == 0)
        assert poller.last_success is not None
    texts = [item.text for item in heard.happenings if isinstance(item, Text)]
    assert texts == [str(number) for number in range(20)]


async def test_the_poller_survives_an_outage(emulator: Emulator, api: Api) -> None:
    """Telegram is down, floods and answers 502; then it listens on."""
    noa, heard = emulator.person(), Heard(TelegramTransport(api))
    emulator.faults.down = True
    async with listening(api, heard) as poller:
        await emulator.wait_until(lambda: poller.trouble is not None)
        emulator.faults.add(Fault(kind=FaultKind.FLOOD, method="getUpdates"))
        emulator.faults.add(Fault(kind=FaultKind.BAD_GATEWAY, method="getUpdates"))
        emulator.faults.add(Fault(kind=FaultKind.DROP_AFTER, method="getUpdates"))
        emulator.faults.down = False
        await noa.send("still here")
        await emulator.wait_until(lambda: bool(heard.happenings))
        await emulator.wait_until(lambda: poller.trouble is None)


async def test_a_group_is_left(emulator: Emulator, api: Api) -> None:
    """Being put into one is heard; leaving twice is done already."""
    telegram, noa = TelegramTransport(api), emulator.person()
    heard = Heard(telegram)
    async with listening(api, heard):
        await noa.add_bot(-100200)
        await emulator.wait_until(lambda: bool(heard.happenings))
    assert heard.happenings[0] == GroupContact(chat_id="-100200")
    await telegram.send("", LeaveChat(chat_id="-100200"))
    with pytest.raises(SendFailed) as caught:
        await telegram.send("", LeaveChat(chat_id="-100200"))
    assert caught.value.failure.kind is FailureKind.ALREADY_DONE


FAULTS = [
    (Fault(kind=FaultKind.DROP_AFTER), FailureKind.AMBIGUOUS),
    (Fault(kind=FaultKind.DROP_BEFORE), FailureKind.AMBIGUOUS),
    (Fault(kind=FaultKind.BAD_GATEWAY), FailureKind.AMBIGUOUS),
    (Fault(kind=FaultKind.FLOOD, retry_after=7), FailureKind.RATE_LIMITED),
    (Fault(kind=FaultKind.BLOCKED), FailureKind.UNREACHABLE),
    (Fault(kind=FaultKind.BAD_REQUEST, description="can't parse entities: x"), FailureKind.MARKUP),
    (Fault(kind=FaultKind.UNAUTHORIZED), FailureKind.PLATFORM_DOWN),
]


@pytest.mark.parametrize(("fault", "kind"), FAULTS)
async def test_a_fault_on_the_way_has_its_kind(
    emulator: Emulator, api: Api, fault: Fault, kind: FailureKind
) -> None:
    """Reset, 502, 429, 403, 400 and 401 as they come over a wire."""
    noa = emulator.person(started=True)
    emulator.faults.add(fault)
    with pytest.raises(SendFailed) as caught:
        await TelegramTransport(api).send(str(noa.user_id), ASK)
    assert caught.value.failure.kind is kind
    assert caught.value.failure.retry_after == (7.0 if kind is FailureKind.RATE_LIMITED else None)


async def test_real_refusals_have_their_kinds(emulator: Emulator, api: Api) -> None:
    """Blocked, unknown, unchanged, gone and too long."""
    telegram, noa, dan = TelegramTransport(api), emulator.person(started=True), emulator.person(started=True)
    sent = await telegram.send(str(noa.user_id), ASK)
    number = sent.message_id or ""
    kinds = []
    await dan.block()
    for routing_id, payload in (
        (dan.user_id, ASK),
        (999, ASK),
        (noa.user_id, EditMessage(message_id=number, text=ASK.text, rows=ASK.rows)),
        (noa.user_id, EditMessage(message_id="404", text=ASK.text)),
        (noa.user_id, RemoveKeyboard(message_id="404")),
        (noa.user_id, SendMessage(text=Rich("x" * 4097))),
        (noa.user_id, SendMessage(text=Rich(""))),
    ):
        with pytest.raises(SendFailed) as caught:
            await telegram.send(str(routing_id), payload)
        kinds.append(caught.value.failure.kind)
    assert kinds == [
        FailureKind.UNREACHABLE,
        FailureKind.NO_CHAT,
        FailureKind.ALREADY_DONE,
        FailureKind.REJECTED,
        FailureKind.ALREADY_DONE,
        FailureKind.REJECTED,
        FailureKind.REJECTED,
    ]


async def test_keyboards_and_messages_are_taken_away(emulator: Emulator, api: Api) -> None:
    """The words stay when the buttons go, and then all goes."""
    telegram, noa = TelegramTransport(api), emulator.person(started=True)
    routing_id, number = str(noa.user_id), ""
    number = (await telegram.send(routing_id, ASK)).message_id or ""
    await telegram.send(routing_id, RemoveKeyboard(message_id=number))
    assert noa.last.text == ASK.text.text
    assert not noa.last.labels
    await telegram.send(routing_id, DeleteMessages(message_ids=(number,)))
    assert noa.replies == []


async def test_a_message_may_be_sent_protected_and_without_preview(emulator: Emulator, api: Api) -> None:
    """As the call shows."""
    noa = emulator.person(started=True)
    await TelegramTransport(api).send(str(noa.user_id), ASK)
    (call,) = emulator.calls("sendMessage")
    assert call.params["protect_content"] is True
    assert call.params["link_preview_options"] == {"is_disabled": True}


async def test_profile_and_check_work(emulator: Emulator, api: Api) -> None:
    """The profile is taken, and the doctor finds the bot."""
    assert await apply_profile(api, PROFILE, stored=None) == PROFILE.fingerprint()
    found = {finding.name: finding.ok for finding in await check(api, webhook_url=None)}
    assert found["telegram"]
    assert found["webhook"]


async def test_a_second_poller_is_told_apart(emulator: Emulator, api: Api) -> None:
    """Two processes with one token: the first hears of it."""
    heard = Heard(TelegramTransport(api))
    with suppress(ExceptionGroup):
        async with listening(api, heard) as first:
            await emulator.wait_until(lambda: bool(emulator.calls("getUpdates")))
            async with listening(api, heard):
                await emulator.wait_until(lambda: first.trouble == "other_poller")

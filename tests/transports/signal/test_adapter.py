"""The Signal transport, against a scripted signal-cli on a real socket: what arrives, what failures are called."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.model.incoming import FileRef, MediaKind
from bot.model.limit import MEDIA_BYTES
from bot.model.outgoing import (
    DeleteMessages,
    EditMessage,
    Failure,
    FailureKind,
    LeaveChat,
    MarkDelivered,
    Poll,
    Receipt,
    RemoveKeyboard,
    SendFailed,
    SendFile,
    SendMedia,
    SendMessage,
)
from bot.model.person import Platform
from bot.model.text import Rich, Span, Style
from bot.sandbox.signal import Daemon, Network, SignalPerson, Trouble, TroubleKind, signal_running
from bot.sandbox.signal import Style as Shown
from bot.transports.signal import adapter as module
from bot.transports.signal.adapter import SignalTransport
from bot.transports.signal.rpc import Rpc
from tests.transports.signal import daemon as small

HELLO = SendMessage(text=Rich("שלום 🙂"))


class Chat:
    """A transport, and somebody at the other end."""

    def __init__(self, daemon: Daemon, transport: SignalTransport, rpc: Rpc) -> None:
        self.daemon = daemon
        self.network = daemon.network
        self.transport = transport
        self.rpc = rpc
        self.noa: SignalPerson = daemon.network.person(name="Noa")

    async def fails(self, trouble: Trouble) -> Failure:
        """How a send fails."""
        self.network.troubles.add(trouble)
        with pytest.raises(SendFailed) as caught:
            await self.transport.send(self.noa.id, HELLO)
        return caught.value.failure


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    network = Network(lambda: datetime.now(UTC).timestamp())
    account = network.account.number
    async with signal_running(network) as daemon, Rpc(network.rpc, account=account) as rpc:
        yield Chat(daemon, SignalTransport(rpc, account=account), rpc)


async def test_words_arrive_with_their_styles(chat: Chat) -> None:
    """And their message has a name: what it quotes and what it is edited by."""
    bold = Rich("hi 🙂 bold", (Span(start=5, length=4, style=Style.BOLD),))
    receipt = await chat.transport.send(chat.noa.id, SendMessage(text=bold))

    assert chat.noa.last.text == "hi 🙂 bold"
    assert chat.noa.last.styles == (Shown(style="BOLD", start=6, length=4),)
    assert receipt == Receipt(message_id=f"o{chat.noa.last.timestamp}")


async def test_an_answer_quotes(chat: Chat) -> None:
    """What the person wrote, by the name it came with."""
    note = await chat.noa.send("hi")
    await chat.transport.send(chat.noa.id, replace(HELLO, reply_to=f"t{note.timestamp}"))

    quote = chat.noa.last.quote
    assert quote
    assert (quote.timestamp, quote.mine) == (note.timestamp, True)


async def test_an_edit_keeps_the_name(chat: Chat) -> None:
    """The words change in their place, as often as they are changed."""
    receipt = await chat.transport.send(chat.noa.id, HELLO)
    assert receipt.message_id
    for words in ("one", "two"):
        edit = EditMessage(message_id=receipt.message_id, text=Rich(words))
        assert await chat.transport.send(chat.noa.id, edit) == receipt

    assert [(note.text, note.edited) for note in chat.noa.replies] == [("two", True)]


async def test_a_file_arrives_with_its_words(chat: Chat) -> None:
    """Under its name."""
    await chat.transport.send(
        chat.noa.id, SendFile(name="day.ics", content=b"BEGIN", caption=Rich("The day"))
    )

    (file,) = chat.noa.last.files
    assert (file.name, file.kind, chat.network.files[file.id]) == ("day.ics", "text/calendar", b"BEGIN")
    assert chat.noa.last.text == "The day"


async def test_a_picture_arrives_with_its_words(chat: Chat) -> None:
    """Made anew by whoever sends it: under a name that says nothing."""
    file = FileRef(file_id="AgAC", size=9)
    photo = SendMedia(media=MediaKind.PHOTO, source=Platform.TELEGRAM, file=file, caption=Rich("Look"))
    receipt = await chat.transport.send(chat.noa.id, photo, content=b"jpeg")

    (shown,) = chat.noa.last.files
    assert (chat.noa.last.text, shown.name, shown.kind) == ("Look", "photo.jpg", "image/jpeg")
    assert chat.network.files[shown.id] == b"jpeg"
    assert receipt == Receipt(message_id=f"o{chat.noa.last.timestamp}")


POLL = SendMessage(text=Rich("Which?\n\n1. A\n2. B"), poll=Poll(question="Here too", options=("A", "B")))


async def test_below_a_question_stands_a_poll_where_that_is_wanted(chat: Chat) -> None:
    """Its message has both names, and goes as one."""
    wanted = SignalTransport(chat.rpc, account=chat.network.account.number, polls=True)
    await chat.transport.send(chat.noa.id, POLL)
    receipt = await wanted.send(chat.noa.id, POLL)
    without, text, poll = chat.noa.replies

    assert [note.options for note in (without, text, poll)] == [(), (), ("A", "B")]
    assert receipt == Receipt(message_id=f"o{text.timestamp}+o{poll.timestamp}")
    await wanted.send(chat.noa.id, DeleteMessages(message_ids=(str(receipt.message_id),)))
    assert chat.noa.replies == [without]


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(kind=TroubleKind.REFUSED, method="sendPollCreate"),
        Trouble(kind=TroubleKind.SLOW, method="sendPollCreate", seconds=5),
    ],
)
async def test_a_poll_that_does_not_go_out_is_left_away(
    chat: Chat, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words went out, and have the same answers: nothing is said twice for it."""
    monkeypatch.setattr(module, "POLL_WITHIN", 0.05)
    chat.network.troubles.add(trouble)
    wanted = SignalTransport(chat.rpc, account=chat.network.account.number, polls=True)
    receipt = await wanted.send(chat.noa.id, POLL)

    assert receipt == Receipt(message_id=f"o{chat.noa.replies[0].timestamp}")


async def test_an_old_daemon_knows_no_polls() -> None:
    """The numbered list comes all the same."""
    network = Network(lambda: datetime.now(UTC).timestamp(), version="0.13.19")
    account = network.account.number
    async with signal_running(network), Rpc(network.rpc, account=account) as rpc:
        noa = network.person()
        await SignalTransport(rpc, account=account, polls=True).send(noa.id, POLL)

    assert [note.text for note in noa.replies] == [POLL.text.text]


async def test_a_mark_is_put_on_what_they_wrote(chat: Chat) -> None:
    """It is with whoever it was for."""
    note = await chat.noa.send("hi")
    receipt = await chat.transport.send(chat.noa.id, MarkDelivered(message_id=f"t{note.timestamp}"))

    assert chat.noa.note(note.timestamp).reaction
    assert receipt == Receipt()


async def test_the_bots_own_words_are_deleted(chat: Chat) -> None:
    """And theirs stay; where there is nothing of its own, nothing is done."""
    note = await chat.noa.send("hi")
    receipt = await chat.transport.send(chat.noa.id, HELLO)
    for ids in ((f"t{note.timestamp}", str(receipt.message_id)), (f"t{note.timestamp}",)):
        assert await chat.transport.send(chat.noa.id, DeleteMessages(message_ids=ids)) == Receipt()

    assert [one.text for one in chat.noa.chat] == ["hi"]


async def test_deleting_takes_its_time_and_no_more(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a call of its own; the row is tried again, and what is deleted stays so."""
    monkeypatch.setattr(module, "DELETED_WITHIN", 0.05)
    chat.network.troubles.add(Trouble(kind=TroubleKind.SLOW, method="remoteDelete", seconds=5))
    with pytest.raises(SendFailed) as caught:
        await chat.transport.send(chat.noa.id, DeleteMessages(message_ids=("o1795691844770",)))

    assert caught.value.failure == Failure(kind=FailureKind.AMBIGUOUS, reason="timed_out")


@pytest.mark.parametrize(
    ("trouble", "failure"),
    [
        (Trouble(kind=TroubleKind.NETWORK), Failure(kind=FailureKind.NOT_SENT, reason="network")),
        (
            Trouble(kind=TroubleKind.NETWORK, seconds=1.1, processed=True),
            Failure(kind=FailureKind.AMBIGUOUS, reason="network"),
        ),
        (
            Trouble(kind=TroubleKind.FLOOD, retry_after=7),
            Failure(kind=FailureKind.RATE_LIMITED, reason="flood", retry_after=7.0),
        ),
        (
            Trouble(kind=TroubleKind.CHALLENGE),
            Failure(kind=FailureKind.CHALLENGED, reason="challenge", retry_after=86_400.0, riddle="tok-123"),
        ),
        (
            Trouble(kind=TroubleKind.UNREGISTERED),
            Failure(kind=FailureKind.UNREACHABLE, reason="unregistered"),
        ),
        (
            Trouble(kind=TroubleKind.UNTRUSTED),
            Failure(kind=FailureKind.IDENTITY_CHANGED, reason="identity_changed"),
        ),
        (Trouble(kind=TroubleKind.PRE_KEY), Failure(kind=FailureKind.NOT_SENT, reason="pre_key")),
        (Trouble(kind=TroubleKind.REFUSED), Failure(kind=FailureKind.REJECTED, reason="refused")),
        (Trouble(kind=TroubleKind.NO_ACCOUNT), Failure(kind=FailureKind.PLATFORM_DOWN, reason="no_account")),
        (Trouble(kind=TroubleKind.BROKEN), Failure(kind=FailureKind.REJECTED, reason="broken")),
        (Trouble(kind=TroubleKind.HANG_UP), Failure(kind=FailureKind.AMBIGUOUS, reason="connection_lost")),
        (
            Trouble(kind=TroubleKind.HANG_UP_AFTER),
            Failure(kind=FailureKind.AMBIGUOUS, reason="connection_lost"),
        ),
    ],
    ids=lambda one: one.kind.value,
)
async def test_each_trouble_has_its_name(chat: Chat, trouble: Trouble, failure: Failure) -> None:
    """In the words that the pipeline decides by."""
    assert await chat.fails(trouble) == failure


async def test_a_daemon_that_is_down_was_surely_not_asked(chat: Chat) -> None:
    """And it is found again when it is up."""
    await chat.daemon.go_down()
    await small.until(lambda: chat.rpc.hello is None)
    with pytest.raises(SendFailed) as caught:
        await chat.transport.send(chat.noa.id, HELLO)
    assert caught.value.failure == Failure(kind=FailureKind.UNREACHED, reason="no_connection")

    await chat.daemon.come_up()
    await small.until(lambda: chat.rpc.hello)
    await chat.transport.send(chat.noa.id, HELLO)
    assert len(chat.noa.replies) == 1


async def test_what_signal_does_not_know_is_refused_before_a_call(chat: Chat) -> None:
    """A row for it ends."""
    with pytest.raises(SendFailed) as caught:
        await chat.transport.send(chat.noa.id, RemoveKeyboard(message_id="o1795691844770"))

    assert caught.value.failure == Failure(kind=FailureKind.REJECTED, reason="bad_id")
    assert {call.method for call in chat.daemon.methods.calls} <= {"version", "listAccounts"}


async def test_a_group_that_is_gone_already_is_left() -> None:
    """Whatever signal-cli says of it; but while it is not reached, the row waits."""
    async with (
        small.running(small.Daemon()) as daemon,
        Rpc(daemon.endpoint) as rpc,
    ):
        transport = SignalTransport(rpc, account="+15550100001")
        daemon.answers["quitGroup"] = {"error": {"code": -1, "message": "not a member"}}
        assert await transport.send("Z3JvdXA=", LeaveChat(chat_id="Z3JvdXA=")) == Receipt()

        daemon.answers["quitGroup"] = {"error": {"code": -3}}
        with pytest.raises(SendFailed):
            await transport.send("Z3JvdXA=", LeaveChat(chat_id="Z3JvdXA="))


async def test_a_success_for_nobody_is_a_failure() -> None:
    """The answer is looked into, whatever it is called."""
    async with small.running(small.Daemon()) as daemon, Rpc(daemon.endpoint) as rpc:
        transport = SignalTransport(rpc, account="+15550100001")
        daemon.answers["send"] = {"results": [{"type": "UNREGISTERED_FAILURE"}], "timestamp": 1795691844770}
        with pytest.raises(SendFailed) as caught:
            await transport.send("u", HELLO)
        assert caught.value.failure.kind is FailureKind.UNREACHABLE


async def test_a_file_is_fetched(chat: Chat) -> None:
    """As it was sent."""
    note = await chat.noa.attach(b"picture", kind="image/png")
    (file,) = note.files

    assert await chat.transport.fetch(FileRef(file_id=file.id, size=7)) == b"picture"


@pytest.mark.parametrize(
    ("size", "answer", "reason"),
    [
        (MEDIA_BYTES + 1, {"data": ""}, "too_big"),
        (0, {"data": "AAAA" * (MEDIA_BYTES // 3 + 1)}, "too_big"),
        (0, {"data": "no base64"}, "no_file"),
        (0, {}, "no_file"),
        (0, {"error": {"code": -1, "message": "Could not find attachment"}}, "refused"),
    ],
)
async def test_a_file_that_cant_be_had(size: int, answer: object, reason: str) -> None:
    """Nothing of it is kept, and nothing is tried again."""
    async with small.running(small.Daemon()) as daemon, Rpc(daemon.endpoint) as rpc:
        daemon.answers["getAttachment"] = answer
        with pytest.raises(SendFailed) as caught:
            await SignalTransport(rpc, account="+15550100001").fetch(FileRef(file_id="f", size=size))

    assert caught.value.failure == Failure(kind=FailureKind.REJECTED, reason=reason)


async def test_many_are_written_to_at_once(chat: Chat) -> None:
    """Each gets what is theirs."""
    people = [chat.network.person() for _ in range(20)]
    sends = [
        chat.transport.send(one.id, SendMessage(text=Rich(str(number)))) for number, one in enumerate(people)
    ]
    await asyncio.gather(*sends)

    assert [[note.text for note in one.replies] for one in people] == [[str(number)] for number in range(20)]

"""The transport: one call for each payload, and nothing but SendFailed out of it."""

import logging
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.incoming import FileRef, MediaKind
from bot.model.limit import MEDIA_BYTES
from bot.model.outgoing import (
    DeleteMessages,
    EditMessage,
    Failure,
    FailureKind,
    LeaveChat,
    Payload,
    Receipt,
    RemoveKeyboard,
    SendFailed,
    SendMedia,
    SendMessage,
)
from bot.model.person import Platform
from bot.model.text import Rich
from bot.ports import Transport
from bot.sandbox import running
from bot.transports.telegram import update
from bot.transports.telegram.adapter import TelegramTransport
from bot.transports.telegram.api import Api
from tests.transports.telegram.double import (
    SECRET,
    TOKEN,
    Answer,
    RecordingRequest,
    answering,
    fine,
    message,
    raw,
    refused,
    saying,
)

HELLO = SendMessage(text=Rich("hello"))


def transport(*answers: Answer) -> tuple[TelegramTransport, RecordingRequest]:
    """A transport over a recorder with these answers."""
    request = RecordingRequest(*answers)
    return TelegramTransport(Api(TOKEN, request=request)), request


async def failure_of(payload: Payload, answer: Answer) -> Failure:
    """The failure of sending `payload` when Telegram answers so."""
    telegram, _ = transport(answer)
    with pytest.raises(SendFailed) as caught:
        await telegram.send("5", payload)
    assert caught.value.__suppress_context__
    return caught.value.failure


def test_it_is_a_transport() -> None:
    """It has the shape of the port and reads with `update`."""
    telegram: Transport = transport()[0]
    data = raw("message", message(text="hi"))
    assert telegram.platform is Platform.TELEGRAM
    assert telegram.envelope(data) == update.envelope(data)
    assert telegram.read(data) == update.read(data)


async def test_a_sent_message_has_a_receipt_with_its_id() -> None:
    """The id is what edits and deletions name later."""
    telegram, request = transport(fine({"message_id": 31, "date": 1}))
    assert await telegram.send("5", HELLO) == Receipt(message_id="31")
    assert request.methods == ["sendMessage"]


async def test_a_sent_photo_has_a_receipt_with_its_file() -> None:
    """The largest of its sizes, by which it is sent again without its bytes."""
    sizes = [{"file_id": "small", "file_size": 1}, {"file_id": "large", "file_size": 9}]
    telegram, _ = transport(fine({"message_id": 31, "photo": sizes}))
    receipt = await telegram.send("5", HELLO)
    assert receipt == Receipt(message_id="31", file=FileRef(file_id="large", size=9))


@pytest.mark.parametrize(
    "payload", [RemoveKeyboard(message_id="3"), DeleteMessages(message_ids=("3",)), LeaveChat(chat_id="-1")]
)
async def test_a_plain_yes_has_a_receipt_without_id(payload: Payload) -> None:
    """Some methods answer only True."""
    telegram, _ = transport(fine(True))
    assert await telegram.send("5", payload) == Receipt()


async def test_a_bad_address_fails_before_any_call() -> None:
    """A routing id that is no number is rejected for good."""
    telegram, request = transport()
    with pytest.raises(SendFailed) as caught:
        await telegram.send("not a number", HELLO)
    assert caught.value.failure == Failure(kind=FailureKind.REJECTED, reason="bad_id")
    assert request.calls == []


@pytest.mark.parametrize(
    ("payload", "answer", "kind"),
    [
        (
            RemoveKeyboard(message_id="3"),
            refused(400, "Bad Request: message to edit not found"),
            FailureKind.ALREADY_DONE,
        ),
        (
            EditMessage(message_id="3", text=Rich("new")),
            refused(400, "Bad Request: message to edit not found"),
            FailureKind.REJECTED,
        ),
        (
            DeleteMessages(message_ids=("3",)),
            refused(400, "Bad Request: message to delete not found"),
            FailureKind.ALREADY_DONE,
        ),
        (
            DeleteMessages(message_ids=("3",)),
            refused(400, "Bad Request: message can't be deleted for everyone"),
            FailureKind.REJECTED,
        ),
        (
            LeaveChat(chat_id="-1"),
            refused(403, "Forbidden: bot is not a member of the supergroup chat"),
            FailureKind.ALREADY_DONE,
        ),
        (
            LeaveChat(chat_id="-1"),
            refused(403, "Forbidden: bot was kicked from the group chat"),
            FailureKind.ALREADY_DONE,
        ),
        (LeaveChat(chat_id="-1"), refused(400, "Bad Request: chat not found"), FailureKind.ALREADY_DONE),
        (HELLO, refused(400, "Bad Request: chat not found"), FailureKind.NO_CHAT),
    ],
)
async def test_what_is_gone_already_counts_as_done(
    payload: Payload, answer: Answer, kind: FailureKind
) -> None:
    """A refusal is judged by what was wanted: to take something away, or to show something."""
    assert (await failure_of(payload, answer)).kind is kind


async def test_bad_markup_is_left_to_the_caller() -> None:
    """One call is one call: nothing is sent again from here."""
    telegram, request = transport(refused(400, "Bad Request: can't parse entities: x"))
    with pytest.raises(SendFailed) as caught:
        await telegram.send("5", HELLO)
    assert caught.value.failure.kind is FailureKind.MARKUP
    assert len(request.calls) == 1


@pytest.mark.parametrize(
    "answer",
    [
        fine(True),
        refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
        (502, {"ok": False}),
        OSError("reset"),
    ],
)
async def test_acknowledging_never_raises(answer: Answer) -> None:
    """The spinner is a courtesy."""
    telegram, request = transport(answer)
    await telegram.acknowledge("q1")
    assert request.calls == [("answerCallbackQuery", {"callback_query_id": "q1"})]


@given(st.text(), st.text(max_size=5), st.text(max_size=5))
async def test_nothing_but_send_failed_comes_out(text: str, routing_id: str, message_id: str) -> None:
    """Whatever the row holds."""
    async with Api(TOKEN, url="http://127.0.0.1:9") as api:
        for payload in (
            SendMessage(text=Rich(text)),
            EditMessage(message_id=message_id, text=Rich(text)),
            DeleteMessages(message_ids=(message_id,)),
        ):
            with pytest.raises(SendFailed):
                await TelegramTransport(api).send(routing_id, payload)


async def test_the_token_and_the_words_stay_inside(caplog: pytest.LogCaptureFixture) -> None:
    """Neither logs at DEBUG, nor errors with their causes, nor reprs show them."""
    caplog.set_level(logging.DEBUG)
    body = b'{"ok":false,"error_code":400,"description":"Bad Request: can\'t parse entities: whispered"}'
    hello = SendMessage(text=Rich("whispered"))
    async with answering(saying("400 Bad Request", body)) as url, Api(TOKEN, url=url) as api:
        telegram = TelegramTransport(api)
        with pytest.raises(SendFailed) as caught:
            await telegram.send("5", hello)
        await telegram.acknowledge("q1")
        shown = f"{api!r} {api} {telegram!r} {caplog.text}"
    shown += "".join(traceback.format_exception(caught.value))
    assert SECRET not in shown
    assert "whispered" not in shown


@pytest.mark.parametrize("token", ["", "secret", "1:", "1:a b", "1:a/../b", "1:a\n", "x:secret"])
def test_a_token_of_another_shape_is_refused_without_showing_it(token: str) -> None:
    """It would become part of a URL."""
    with pytest.raises(ValueError, match=r"^This is not a bot token: it looks like 123456:AbC-dEf$"):
        Api(token)


async def test_an_api_opens_and_closes_its_client() -> None:
    """Whoever makes it owns the connections."""
    request = RecordingRequest()
    async with Api(TOKEN, request=request):
        assert request.is_open
    assert not request.is_open


async def test_a_file_is_fetched_by_the_path_that_telegram_tells() -> None:
    """Two calls, over real HTTP."""
    async with running() as emulator, Api(emulator.token, url=emulator.url) as api:
        stored = emulator.world.add_file("voice", b"sound")
        assert await TelegramTransport(api).fetch(FileRef(file_id=stored.file_id)) == b"sound"
        assert [call.method for call in emulator.calls()] == ["getFile"]


@pytest.mark.parametrize(
    ("answers", "failure"),
    [
        ([refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")], "bad_request"),
        ([fine(True)], "no_file"),
        ([fine({"file_id": "f"})], "no_file"),
        ([fine({"file_path": "/var/lib/telegram/photo.jpg"})], "no_file"),
        ([fine({"file_path": "photos/../../bot42/getMe"})], "no_file"),
        ([fine({"file_path": "photos/1.jpg?x=1"})], "no_file"),
        ([fine({"file_path": "photos/1.jpg"}), refused(404, "Not Found")], "no_file"),
        ([fine({"file_path": "photos/1.jpg"}), OSError("reset")], "connection_lost"),
    ],
)
async def test_a_file_that_cannot_be_had_is_a_failure(answers: list[Answer], failure: str) -> None:
    """A path that leads elsewhere is not followed, and one that is gone is no sign of a wrong token."""
    telegram, _ = transport(*answers)
    with pytest.raises(SendFailed) as caught:
        await telegram.fetch(FileRef(file_id="f"))
    assert caught.value.failure.reason == failure
    assert caught.value.failure.kind is not FailureKind.PLATFORM_DOWN


async def test_more_than_is_carried_is_not_taken() -> None:
    """Whatever the platform said of its size."""
    async with running() as emulator, Api(emulator.token, url=emulator.url) as api:
        stored = emulator.world.add_file("photo", bytes(MEDIA_BYTES + 1))
        with pytest.raises(SendFailed) as caught:
            await TelegramTransport(api).fetch(FileRef(file_id=stored.file_id))
    assert caught.value.failure == Failure(kind=FailureKind.REJECTED, reason="too_big")


async def test_media_is_uploaded_under_a_name_that_says_nothing() -> None:
    """As bytes, never by its id."""
    async with running() as emulator, Api(emulator.token, url=emulator.url) as api:
        noa = emulator.person(5, started=True)
        payload = SendMedia(
            media=MediaKind.PHOTO,
            source=Platform.TELEGRAM,
            file=FileRef(file_id="secret"),
            caption=Rich("hi"),
        )
        await TelegramTransport(api).send("5", payload, content=b"pixels")
        assert noa.last.file is not None
        assert (noa.last.kind, noa.last.text) == ("photo", "hi")
        stored = emulator.world.files[noa.last.file.file_id]
        assert (stored.content, stored.name) == (b"pixels", "photo.jpg")
        assert "secret" not in repr(emulator.calls())

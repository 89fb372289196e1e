"""Neutral text and payloads as Telegram wants them, and back."""

import inspect
from collections.abc import Callable

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, InlineKeyboardMarkup, MessageEntity

from bot.model.chart import Chart
from bot.model.incoming import FileRef, MediaKind
from bot.model.outgoing import (
    Button,
    DeleteMessages,
    EditMessage,
    LeaveChat,
    MarkDelivered,
    Payload,
    RemoveKeyboard,
    SendChart,
    SendFile,
    SendMedia,
    SendMessage,
    SetExpiry,
)
from bot.model.person import Platform
from bot.model.text import Rich, Span, Style
from bot.transports.telegram.translate import Call, Upload, call_for, entities, keyboard, rich_of

SIGNATURES: dict[str, Callable[..., object]] = {
    "sendMessage": Bot.send_message,
    "sendDocument": Bot.send_document,
    "sendPhoto": Bot.send_photo,
    "sendVoice": Bot.send_voice,
    "editMessageCaption": Bot.edit_message_caption,
    "setMessageReaction": Bot.set_message_reaction,
    "editMessageText": Bot.edit_message_text,
    "editMessageReplyMarkup": Bot.edit_message_reply_markup,
    "deleteMessages": Bot.delete_messages,
    "leaveChat": Bot.leave_chat,
}
ROWS = ((Button(label="כן", data="v1:abc:yes"), Button(label="לא", data="v1:abc:no")),)
BOLD = Rich("hi", (Span(start=0, length=2, style=Style.BOLD),))
KEYBOARD = {
    "inline_keyboard": [
        [{"text": "כן", "callback_data": "v1:abc:yes"}, {"text": "לא", "callback_data": "v1:abc:no"}]
    ]
}
VOICE = SendMedia(media=MediaKind.VOICE, source=Platform.TELEGRAM, file=FileRef(file_id="secret"))
CONTENT = b"made anew"

CALLS = [
    (
        SendMedia(
            media=MediaKind.PHOTO,
            source=Platform.TELEGRAM,
            file=FileRef(file_id="secret"),
            again=FileRef(file_id="kept"),
        ),
        Call(method="sendPhoto", parameters={"chat_id": 5, "photo": "kept"}),
    ),
    (
        SendMedia(
            media=MediaKind.PHOTO,
            source=Platform.TELEGRAM,
            file=FileRef(file_id="secret"),
            caption=BOLD,
            rows=ROWS,
            protect=True,
            reply_to="31",
        ),
        Call(
            method="sendPhoto",
            parameters={
                "chat_id": 5,
                "caption": "hi",
                "caption_entities": [{"type": "bold", "offset": 0, "length": 2}],
                "protect_content": True,
                "reply_parameters": {"message_id": 31, "allow_sending_without_reply": True},
                "reply_markup": KEYBOARD,
            },
            upload=Upload(field="photo", name="photo.jpg", content=CONTENT),
        ),
    ),
    (
        VOICE,
        Call(
            method="sendVoice",
            parameters={"chat_id": 5},
            upload=Upload(field="voice", name="voice.ogg", content=CONTENT),
        ),
    ),
    (
        SendMessage(text=Rich("hi"), reply_to="31"),
        Call(
            method="sendMessage",
            parameters={
                "chat_id": 5,
                "text": "hi",
                "link_preview_options": {"is_disabled": True},
                "reply_parameters": {"message_id": 31, "allow_sending_without_reply": True},
            },
        ),
    ),
    (
        EditMessage(message_id="7", text=Rich("hi"), rows=ROWS, is_caption=True),
        Call(
            method="editMessageCaption",
            parameters={"chat_id": 5, "message_id": 7, "caption": "hi", "reply_markup": KEYBOARD},
        ),
    ),
    (
        EditMessage(message_id="7", text=Rich(""), is_caption=True),
        Call(method="editMessageCaption", parameters={"chat_id": 5, "message_id": 7}),
    ),
    (
        MarkDelivered(message_id="7"),
        Call(
            method="setMessageReaction",
            parameters={"chat_id": 5, "message_id": 7, "reaction": [{"type": "emoji", "emoji": "👌"}]},
        ),
    ),
    (
        SendFile(name="data.json", content=b"{}", caption=BOLD),
        Call(
            method="sendDocument",
            parameters={
                "chat_id": 5,
                "caption": "hi",
                "caption_entities": [{"type": "bold", "offset": 0, "length": 2}],
            },
            upload=Upload(field="document", name="data.json", content=b"{}"),
        ),
    ),
    (
        SendFile(name="data.json", content=b"{}", caption=Rich("hi")),
        Call(
            method="sendDocument",
            parameters={"chat_id": 5, "caption": "hi"},
            upload=Upload(field="document", name="data.json", content=b"{}"),
        ),
    ),
    (
        SendChart(
            chart=Chart(title="T", series=("s",), rows=(), few="few", rtl=False),
            caption=Rich("hi"),
            protect=True,
        ),
        Call(
            method="sendPhoto",
            parameters={"chat_id": 5, "caption": "hi", "protect_content": True},
            upload=Upload(field="photo", name="chart.png", content=CONTENT),
        ),
    ),
    (
        SendMessage(text=BOLD, rows=ROWS, protect=True),
        Call(
            method="sendMessage",
            parameters={
                "chat_id": 5,
                "text": "hi",
                "link_preview_options": {"is_disabled": True},
                "entities": [{"type": "bold", "offset": 0, "length": 2}],
                "reply_markup": KEYBOARD,
                "protect_content": True,
            },
        ),
    ),
    (
        EditMessage(message_id="7", text=Rich("hi")),
        Call(
            method="editMessageText",
            parameters={
                "chat_id": 5,
                "message_id": 7,
                "text": "hi",
                "link_preview_options": {"is_disabled": True},
            },
        ),
    ),
    (
        RemoveKeyboard(message_id="7"),
        Call(method="editMessageReplyMarkup", parameters={"chat_id": 5, "message_id": 7}),
    ),
    (
        DeleteMessages(message_ids=("7", "8")),
        Call(method="deleteMessages", parameters={"chat_id": 5, "message_ids": [7, 8]}),
    ),
    (LeaveChat(chat_id="-100"), Call(method="leaveChat", parameters={"chat_id": -100})),
]


def test_a_button_with_a_link_opens_it_and_sends_nothing_back() -> None:
    """It stands in the same keyboard, and Telegram tells the bot nothing of it."""
    rows = ((Button(label="Map", url="https://example.org/a?b=c"),), *ROWS)
    first = {"text": "Map", "url": "https://example.org/a?b=c"}
    assert keyboard(rows) == {"inline_keyboard": [[first], *KEYBOARD["inline_keyboard"]]}


@pytest.mark.parametrize(("payload", "call"), CALLS)
def test_a_payload_becomes_one_call(payload: Payload, call: Call) -> None:
    """Previews are off; a keyboard goes by leaving it out; protection is said only when asked for."""
    assert call_for("5", payload, content=CONTENT) == call


@pytest.mark.parametrize("call", [call for _, call in CALLS])
def test_a_call_has_only_parameters_the_library_knows(call: Call) -> None:
    """The names are those of python-telegram-bot's own methods."""
    assert set(call.parameters) <= set(inspect.signature(SIGNATURES[call.method]).parameters)


@pytest.mark.parametrize(
    ("routing_id", "payload"), [("x", SendMessage(text=BOLD)), ("5", LeaveChat(chat_id=""))]
)
def test_an_id_that_is_no_number_is_an_error(routing_id: str, payload: Payload) -> None:
    """Such an address is not Telegram's."""
    with pytest.raises(ValueError, match="invalid literal"):
        call_for(routing_id, payload)


def test_a_bot_cannot_let_messages_disappear() -> None:
    """It deletes them."""
    with pytest.raises(ValueError, match="cannot"):
        call_for("5", SetExpiry(seconds=86_400))


def test_offsets_count_utf_16_units() -> None:
    """An emoji is one letter to us and two to Telegram."""
    rich = Rich("🙂🙂 שלום 🙂", (Span(start=1, length=6, style=Style.ITALIC),))
    assert entities(rich) == [{"type": "italic", "offset": 2, "length": 7}]


def test_a_link_carries_its_address() -> None:
    """And a link without an address is only its words."""
    spans = (
        Span(start=0, length=2, style=Style.LINK, url="https://example.org/"),
        Span(start=0, length=2, style=Style.LINK),
    )
    expected = {"type": "text_link", "offset": 0, "length": 2, "url": "https://example.org/"}
    assert entities(Rich("hi", spans)) == [expected]


def test_spans_outside_the_text_are_cut() -> None:
    """One entity past the end would make Telegram refuse the whole message."""
    spans = (
        Span(start=1, length=9, style=Style.BOLD),
        Span(start=2, length=1, style=Style.CODE),
        Span(start=-3, length=4, style=Style.CODE),
        Span(start=0, length=0, style=Style.CODE),
    )
    assert entities(Rich("hi", spans)) == [
        {"type": "bold", "offset": 1, "length": 1},
        {"type": "code", "offset": 0, "length": 1},
    ]


def test_a_keyboard_is_what_the_library_would_send() -> None:
    """The same dict as python-telegram-bot makes of it, and back."""
    markup = InlineKeyboardMarkup.de_json(keyboard(ROWS), None)
    assert markup.to_dict() == keyboard(ROWS)


riches = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).flatmap(
    lambda text: st.lists(
        st.builds(
            Span,
            start=st.integers(0, max(len(text) - 1, 0)),
            length=st.integers(1, 8),
            style=st.sampled_from([Style.BOLD, Style.ITALIC, Style.CODE]),
        ).filter(lambda span: span.end <= len(text)),
        max_size=4,
    ).map(lambda spans: Rich(text, tuple(sorted(spans, key=lambda span: span.start))))
)


@given(riches)
def test_a_text_comes_back_as_it_went(rich: Rich) -> None:
    """What is shown with a pressed button equals what was sent, spans and all."""
    assert rich_of(rich.text, entities(rich)) == rich


@given(riches)
def test_the_library_finds_the_same_words_under_an_entity(rich: Rich) -> None:
    """Our UTF-16 arithmetic agrees with python-telegram-bot's."""
    for span, entity in zip(rich.spans, entities(rich), strict=True):
        shown = MessageEntity.de_json(orjson.loads(orjson.dumps(entity)), None)
        units = rich.text.encode("utf-16-le")[2 * shown.offset : 2 * (shown.offset + shown.length)]
        assert units.decode("utf-16-le") == rich.text[span.start : span.end]


@pytest.mark.parametrize(
    "entity",
    [
        5,
        {},
        {"type": "mention", "offset": 0, "length": 1},
        {"type": "bold", "offset": "0", "length": 1},
        {"type": "bold", "offset": 0, "length": 0},
        {"type": "bold", "offset": 1, "length": 1},
        {"type": "bold", "offset": 0, "length": 99},
        {"type": "text_link", "offset": 0, "length": 2},
        {"type": ["bold"], "offset": 0, "length": 2},
    ],
)
def test_an_entity_that_fits_nothing_is_left_out(entity: object) -> None:
    """Kinds we have no style for, half letters, and nonsense."""
    assert rich_of("🙂", [entity]) == Rich("🙂")


@pytest.mark.parametrize("found", [None, 5, "bold"])
def test_a_text_without_entities_has_no_spans(found: object) -> None:
    """Whatever stands where the list belongs."""
    assert rich_of("hi", found) == Rich("hi")


def test_a_preformatted_block_and_a_link_are_recognised() -> None:
    """Two Telegram types that are not our own names."""
    found = [
        {"type": "text_link", "offset": 3, "length": 2, "url": "https://example.org/"},
        {"type": "pre", "offset": 0, "length": 2},
    ]
    assert rich_of("ab cd", found).spans == (
        Span(start=0, length=2, style=Style.CODE),
        Span(start=3, length=2, style=Style.LINK, url="https://example.org/"),
    )

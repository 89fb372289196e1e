"""Between our neutral text and Telegram's: spans and entities, rows and keyboards, payloads and calls. Pure.

Telegram counts offsets in UTF-16 units, we count code points. Called by `adapter` (out) and `update` (in).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from bot.model.incoming import MediaKind
from bot.model.outgoing import (
    Button,
    DeleteMessages,
    EditMessage,
    LeaveChat,
    MarkDelivered,
    Payload,
    RemoveKeyboard,
    Rows,
    SendChart,
    SendFile,
    SendMedia,
    SendMessage,
    SetExpiry,
    Tidying,
    TrustIdentity,
)
from bot.model.text import Rich, Span, Style, utf16_length

MARK: Final = "\N{OK HAND SIGN}"  # one of those a bot may set
NO_PREVIEW: Final = {"is_disabled": True}
TYPE_OF: Final = {Style.BOLD: "bold", Style.ITALIC: "italic", Style.CODE: "code", Style.LINK: "text_link"}
STYLE_OF: Final = {kind: style for style, kind in TYPE_OF.items()} | {"pre": Style.CODE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file sent along: in which parameter, under which name, and its bytes."""

    field: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A Bot API method and its parameters, ready for JSON, and perhaps a file."""

    method: str
    parameters: dict[str, object]
    upload: Upload | None = None


# Every one of a kind has the same name, as Telegram's own apps do it.
MEDIA: Final = {
    MediaKind.PHOTO: ("sendPhoto", "photo", "photo.jpg"),
    MediaKind.VOICE: ("sendVoice", "voice", "voice.ogg"),
}


def call_for(routing_id: str, payload: Payload, *, content: bytes = b"") -> Call:
    """The call that does `payload`; `content` is what it refers to. Raises ValueError if an id in it is no number."""
    match payload:
        case SendMessage():
            return _sending(routing_id, payload)
        case SendFile():
            return _uploading(routing_id, payload)
        case SendChart():
            return _drawn(routing_id, payload, content)
        case SendMedia():
            return _passing_on(routing_id, payload, content)
        case EditMessage():
            return _editing(routing_id, payload)
        case _:
            return _tidying(routing_id, payload)


def _tidying(routing_id: str, payload: Tidying) -> Call:
    match payload:
        case RemoveKeyboard():
            parameters = _of_message(routing_id, payload.message_id)
            return Call(method="editMessageReplyMarkup", parameters=parameters)
        case MarkDelivered():
            mark = {"reaction": [{"type": "emoji", "emoji": MARK}]}
            parameters = _of_message(routing_id, payload.message_id) | mark
            return Call(method="setMessageReaction", parameters=parameters)
        case DeleteMessages():
            numbers = [int(number) for number in payload.message_ids]
            parameters = {"chat_id": int(routing_id), "message_ids": numbers}
            return Call(method="deleteMessages", parameters=parameters)
        case SetExpiry():
            raise ValueError("a bot there cannot set it")
        case LeaveChat():
            return Call(method="leaveChat", parameters={"chat_id": int(payload.chat_id)})
        case TrustIdentity():
            raise ValueError("the safety numbers of Telegram are not ours")
        case _:
            assert_never(payload)


def _sending(routing_id: str, payload: SendMessage) -> Call:
    parameters = {"chat_id": int(routing_id), **_words(payload.text, payload.rows)}
    return Call(method="sendMessage", parameters=parameters | _manner(payload))


def _manner(payload: SendMessage | SendMedia | SendChart) -> dict[str, object]:
    """Whether it may be passed on from there, and what it answers, if that is still there."""
    parameters: dict[str, object] = {"protect_content": True} if payload.protect else {}
    if not isinstance(payload, SendChart) and payload.reply_to:
        answered = {"message_id": int(payload.reply_to), "allow_sending_without_reply": True}
        parameters["reply_parameters"] = answered
    return parameters


def _uploading(routing_id: str, payload: SendFile) -> Call:
    parameters = {"chat_id": int(routing_id), **_caption(payload.caption)}
    upload = Upload(field="document", name=payload.name, content=payload.content)
    return Call(method="sendDocument", parameters=parameters, upload=upload)


def _passing_on(routing_id: str, payload: SendMedia, content: bytes) -> Call:
    method, field, name = MEDIA[payload.media]
    parameters = {"chat_id": int(routing_id), **_caption(payload.caption), **_manner(payload)}
    if payload.rows:
        parameters["reply_markup"] = keyboard(payload.rows)
    if payload.again:
        return Call(method=method, parameters=parameters | {field: payload.again.file_id})
    return Call(method=method, parameters=parameters, upload=Upload(field=field, name=name, content=content))


def _drawn(routing_id: str, payload: SendChart, content: bytes) -> Call:
    parameters = {"chat_id": int(routing_id), **_caption(payload.caption), **_manner(payload)}
    upload = Upload(field="photo", name="chart.png", content=content)
    return Call(method="sendPhoto", parameters=parameters, upload=upload)


def _editing(routing_id: str, payload: EditMessage) -> Call:
    parameters = _of_message(routing_id, payload.message_id)
    if not payload.is_caption:
        return Call(method="editMessageText", parameters=parameters | _words(payload.text, payload.rows))
    parameters |= _caption(payload.text)
    if payload.rows:
        parameters["reply_markup"] = keyboard(payload.rows)
    return Call(method="editMessageCaption", parameters=parameters)


def _caption(text: Rich) -> dict[str, object]:
    """The words under a file, if there are any."""
    if not text.text:
        return {}
    spans: dict[str, object] = {"caption_entities": entities(text)} if text.spans else {}
    return {"caption": text.text, **spans}


def _of_message(routing_id: str, message_id: str) -> dict[str, object]:
    return {"chat_id": int(routing_id), "message_id": int(message_id)}


def _words(text: Rich, rows: Rows) -> dict[str, object]:
    """Text, entities and keyboard; an edit without `reply_markup` takes the keyboard away."""
    parameters: dict[str, object] = {"text": text.text, "link_preview_options": NO_PREVIEW}
    if text.spans:
        parameters["entities"] = entities(text)
    if rows:
        parameters["reply_markup"] = keyboard(rows)
    return parameters


def keyboard(rows: Rows) -> dict[str, object]:
    """An inline keyboard: of callback buttons, and of buttons that open a link."""
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows]}


def _button(button: Button) -> dict[str, object]:
    does = {"callback_data": button.data} if button.url is None else {"url": button.url}
    return {"text": button.label, **does}


def entities(rich: Rich) -> list[dict[str, object]]:
    """The spans as entities, cut at the text's end: one past it would make Telegram refuse the message."""
    return [entity for span in rich.spans if (entity := _entity(rich.text, span)) is not None]


def _entity(text: str, span: Span) -> dict[str, object] | None:
    start, end = max(span.start, 0), min(span.end, len(text))
    if start >= end or (span.style is Style.LINK and not span.url):
        return None
    entity: dict[str, object] = {
        "type": TYPE_OF[span.style],
        "offset": utf16_length(text[:start]),
        "length": utf16_length(text[start:end]),
    }
    return entity | {"url": span.url} if span.style is Style.LINK else entity


def rich_of(text: str, found: object) -> Rich:
    """A received text with those of its entities that our styles can show; broken ones are left out."""
    if not isinstance(found, Sequence) or isinstance(found, str):
        return Rich(text)
    units = text.encode("utf-16-le")
    spans = [span for entity in found if (span := _span(entity, units)) is not None]
    return Rich(text, tuple(sorted(spans, key=lambda span: span.start)))


def _span(entity: object, units: bytes) -> Span | None:
    """The span of one entity of the text that is `units` in UTF-16, if there is a style for it."""
    if not isinstance(entity, dict):
        return None
    style, url = STYLE_OF.get(str(entity.get("type"))), entity.get("url")
    start = _code_points(units, entity.get("offset"), 0)
    end = _code_points(units, entity.get("offset"), entity.get("length"))
    if style is None or start is None or end is None or start >= end:
        return None
    if style is not Style.LINK:
        return Span(start=start, length=end - start, style=style)
    return Span(start=start, length=end - start, style=style, url=url) if isinstance(url, str) else None


def _code_points(units: bytes, offset: object, length: object) -> int | None:
    """How many code points lie before this place; None if it is outside the text or inside a letter."""
    if not isinstance(offset, int) or not isinstance(length, int):
        return None
    place = 2 * (offset + length)
    if not 0 <= place <= len(units):
        return None
    try:
        return len(units[:place].decode("utf-16-le"))
    except UnicodeDecodeError:
        return None

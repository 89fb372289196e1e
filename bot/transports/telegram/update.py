"""What a raw update says: its outside when it is received, its content when it is processed. Pure.

Reads plain JSON and not the library's `Update`, which costs twelve times as much; the tests hold both to the
same answers. The bot works in private chats only, so what happens elsewhere is a `GroupContact` or nothing.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import orjson

from bot.model.incoming import (
    Command,
    Edited,
    Envelope,
    GroupContact,
    Happening,
    Ignored,
    Incoming,
    Media,
    MediaKind,
    Press,
    Reachability,
    Text,
)
from bot.model.text import Rich
from bot.transports.telegram.content import album, answered, answered_button, caption, content, kind_of
from bot.transports.telegram.fields import Fields, number_in, object_of
from bot.transports.telegram.translate import rich_of

# Telegram's command names: a Hebrew word after a slash is just text.
COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]+)?(?:\s+(.*))?", re.DOTALL)

LATEST: Final = 2**32  # seconds; Telegram's dates are 32 bits


def envelope(raw: bytes) -> Envelope:
    """The outside of an update; never raises. One without an id gets the hash of its bytes."""
    external_id = "sha256:" + hashlib.sha256(raw).hexdigest()
    try:
        update = object_of(orjson.loads(raw))
        if "update_id" in update:
            external_id = number_in(update, "update_id")
        kind, body = _subject(update)
        return Envelope(
            external_id=external_id,
            routing_id=_routing_id(kind, body),
            press_id=_press_id(kind, body),
        )
    except ValueError:
        return Envelope(external_id=external_id, routing_id=None)


def read(raw: bytes) -> Incoming:
    """What an update says. Raises ValueError if it is not one."""
    kind, body = _subject(object_of(orjson.loads(raw)))
    if kind == "":
        return Incoming(happening=Ignored())
    sender = object_of(body.get("from", {}))
    language = sender.get("language_code")
    return Incoming(
        happening=Ignored() if sender.get("is_bot") is True else READERS[kind](body),
        language_code=language if isinstance(language, str) and language else None,
        written_at=_written_at(kind, body),
    )


def _written_at(kind: str, body: Fields) -> datetime | None:
    """When Telegram got a new message; it keeps updates for a day while nobody takes them."""
    date = body.get("date")
    if kind != "message" or type(date) is not int or not 0 < date < LATEST:
        return None
    return datetime.fromtimestamp(date, UTC)


def _subject(update: Fields) -> tuple[str, Fields]:
    """The kind of an update and what it is about; an empty kind if it is none that we read."""
    for kind in READERS:
        if kind in update:
            return kind, object_of(update[kind])
    return "", {}


def _routing_id(kind: str, body: Fields) -> str | None:
    """The chat an update comes from: a person's own, or a group's, which is met only to be left."""
    place = object_of(body.get("message", {})) if kind == "callback_query" else body
    if "chat" not in place or object_of(body.get("from", {})).get("is_bot") is True:
        return None
    return number_in(object_of(place["chat"]), "id")


def _press_id(kind: str, body: Fields) -> str | None:
    found = body.get("id") if kind == "callback_query" else None
    return found if isinstance(found, str) else None


def _message(message: Fields) -> Happening:
    group = _group(message)
    if group is not None:
        # Nobody wrote these; the last of them is the bot's own leaving.
        leaving = "left_chat_member" in message or "migrate_to_chat_id" in message
        return Ignored() if leaving else group
    message_id, text = number_in(message, "message_id"), message.get("text")
    if "forward_origin" in message:  # whatever is in it, it is somebody else's
        return Media(media=MediaKind.FORWARD, message_id=message_id, album=album(message))
    if isinstance(text, str):
        found = _typed(text, message_id, reply_to=answered(message))
        return replace(found, quoted=answered_button(message)) if isinstance(found, Text) else found
    return content(message, message_id)


def _typed(text: str, message_id: str, *, reply_to: str | None) -> Text | Command:
    found = COMMAND.fullmatch(text)
    if found is None:
        return Text(text=text, message_id=message_id, reply_to=reply_to)
    argument = (found[2] or "").strip()
    return Command(name=found[1].lower(), argument=argument, message_id=message_id)


def _edited(message: Fields) -> Happening:
    text, media = message.get("text"), kind_of(message)
    if _group(message) is not None or media is MediaKind.LOCATION:  # a live one is edited as it moves
        return Ignored()
    if not isinstance(text, str) and media is None:
        return Ignored()
    return Edited(
        text=text if isinstance(text, str) else caption(message),
        message_id=number_in(message, "message_id"),
        media=media,
        reply_to=answered(message),
    )


def _press(query: Fields) -> Happening:
    if "message" not in query:  # a button under an inline result, of which the bot makes none
        return Ignored()
    message, data = object_of(query["message"]), query.get("data")
    group = _group(message)
    if group is not None:
        return group
    return Press(
        data=data if isinstance(data, str) else "",
        message_id=number_in(message, "message_id"),
        shown=_shown(message),
    )


def _shown(message: Fields) -> Rich | None:
    """The words of the pressed message; an InaccessibleMessage has the date 0 and none."""
    text = message.get("text")
    return rich_of(text, message.get("entities")) if isinstance(text, str) and message.get("date") else None


def _membership(change: Fields) -> Happening:
    status = object_of(change.get("new_chat_member")).get("status")
    group = _group(change)
    if group is not None:
        return Ignored() if status in {"left", "kicked"} else group
    if status in {"member", "kicked"}:
        return Reachability(reachable=status == "member")
    return Ignored()


def _group(body: Fields) -> GroupContact | None:
    """The chat, unless it is private."""
    chat = object_of(body.get("chat"))
    number = number_in(chat, "id")
    return None if chat.get("type") == "private" else GroupContact(chat_id=number)


READERS: Final[dict[str, Callable[[Fields], Happening]]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _press,
    "my_chat_member": _membership,
}
ALLOWED_UPDATES: Final = tuple(READERS)

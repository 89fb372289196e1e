"""What a raw update says: its outside when it is received, its content when it is processed. Pure.

Reads plain JSON and not the library's `Update`, which costs twelve times as much; the tests hold both to the
same answers. The bot works in private chats only, so what happens elsewhere is a `GroupContact` or nothing.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
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
from bot.transports.telegram.translate import rich_of

Fields = Mapping[str, object]

# Telegram's command names: a Hebrew word after a slash is just text.
COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]+)?(?:\s+(.*))?", re.DOTALL)

LATEST: Final = 2**32  # seconds; Telegram's dates are 32 bits

# In this order: an animation is also sent as a document, a live photo as a photo, a venue as a location.
MEDIA: Final = {
    "story": MediaKind.FORWARD,
    "animation": MediaKind.VIDEO,
    "video": MediaKind.VIDEO,
    "video_note": MediaKind.VIDEO,
    "live_photo": MediaKind.PHOTO,
    "photo": MediaKind.PHOTO,
    "voice": MediaKind.VOICE,
    "sticker": MediaKind.STICKER,
    "audio": MediaKind.FILE,
    "document": MediaKind.FILE,
    "contact": MediaKind.CONTACT,
    "venue": MediaKind.LOCATION,
    "location": MediaKind.LOCATION,
}

# Messages nobody wrote. What is in neither table (a poll, a dice, a kind newer than this) is MediaKind.OTHER.
SERVICE_FIELDS: Final = """
boost_added channel_chat_created chat_background_set chat_owner_changed chat_owner_left chat_shared
checklist_tasks_added checklist_tasks_done connected_website delete_chat_photo direct_message_price_changed
forum_topic_closed forum_topic_created forum_topic_edited forum_topic_reopened general_forum_topic_hidden
general_forum_topic_unhidden gift gift_upgrade_sent giveaway_completed giveaway_created group_chat_created
left_chat_member managed_bot_created message_auto_delete_timer_changed migrate_from_chat_id
migrate_to_chat_id new_chat_members new_chat_photo new_chat_title paid_message_price_changed passport_data
pinned_message poll_option_added poll_option_deleted proximity_alert_triggered refunded_payment
successful_payment suggested_post_approval_failed suggested_post_approved suggested_post_declined
suggested_post_paid suggested_post_refunded supergroup_chat_created unique_gift users_shared
video_chat_ended video_chat_participants_invited video_chat_scheduled video_chat_started web_app_data
write_access_allowed
"""
SERVICE: Final = frozenset(SERVICE_FIELDS.split())


def envelope(raw: bytes) -> Envelope:
    """The outside of an update; never raises. One without an id gets the hash of its bytes."""
    external_id = "sha256:" + hashlib.sha256(raw).hexdigest()
    try:
        update = _object(orjson.loads(raw))
        if "update_id" in update:
            external_id = _number(update, "update_id")
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
    kind, body = _subject(_object(orjson.loads(raw)))
    if kind == "":
        return Incoming(happening=Ignored())
    sender = _object(body.get("from", {}))
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
            return kind, _object(update[kind])
    return "", {}


def _routing_id(kind: str, body: Fields) -> str | None:
    """The chat an update comes from: a person's own, or a group's, which is met only to be left."""
    place = _object(body.get("message", {})) if kind == "callback_query" else body
    if "chat" not in place or _object(body.get("from", {})).get("is_bot") is True:
        return None
    return _number(_object(place["chat"]), "id")


def _press_id(kind: str, body: Fields) -> str | None:
    found = body.get("id") if kind == "callback_query" else None
    return found if isinstance(found, str) else None


def _message(message: Fields) -> Happening:
    group = _group(message)
    if group is not None:
        # Nobody wrote these; the last of them is the bot's own leaving.
        leaving = "left_chat_member" in message or "migrate_to_chat_id" in message
        return Ignored() if leaving else group
    message_id, text = _number(message, "message_id"), message.get("text")
    if "forward_origin" in message:
        return Media(media=MediaKind.FORWARD, message_id=message_id, album=_album(message))
    if isinstance(text, str):
        return _typed(text, message_id)
    return _content(message, message_id)


def _typed(text: str, message_id: str) -> Text | Command:
    found = COMMAND.fullmatch(text)
    if found is None:
        return Text(text=text, message_id=message_id)
    argument = (found[2] or "").strip()
    return Command(name=found[1].lower(), argument=argument, message_id=message_id)


def _content(message: Fields, message_id: str) -> Media | Ignored:
    for field, kind in MEDIA.items():
        if field in message:
            return Media(media=kind, message_id=message_id, album=_album(message))
    if SERVICE.isdisjoint(message):
        return Media(media=MediaKind.OTHER, message_id=message_id)
    return Ignored()


def _album(message: Fields) -> str | None:
    """Photos, videos, files chosen together come one by one under one name."""
    found = message.get("media_group_id")
    return found if isinstance(found, str) else None


def _edited(message: Fields) -> Happening:
    text = message.get("text")
    if _group(message) is not None or not isinstance(text, str):  # a live location is edited as it moves
        return Ignored()
    return Edited(text=text, message_id=_number(message, "message_id"))


def _press(query: Fields) -> Happening:
    if "message" not in query:  # a button under an inline result, of which the bot makes none
        return Ignored()
    message, data = _object(query["message"]), query.get("data")
    group = _group(message)
    if group is not None:
        return group
    return Press(
        data=data if isinstance(data, str) else "",
        message_id=_number(message, "message_id"),
        shown=_shown(message),
    )


def _shown(message: Fields) -> Rich | None:
    """The words of the pressed message; an InaccessibleMessage has the date 0 and none."""
    text = message.get("text")
    return rich_of(text, message.get("entities")) if isinstance(text, str) and message.get("date") else None


def _membership(change: Fields) -> Happening:
    status = _object(change.get("new_chat_member")).get("status")
    group = _group(change)
    if group is not None:
        return Ignored() if status in {"left", "kicked"} else group
    if status in {"member", "kicked"}:
        return Reachability(reachable=status == "member")
    return Ignored()


def _group(body: Fields) -> GroupContact | None:
    """The chat, unless it is private."""
    chat = _object(body.get("chat"))
    number = _number(chat, "id")
    return None if chat.get("type") == "private" else GroupContact(chat_id=number)


def _object(value: object) -> Fields:
    if not isinstance(value, dict):
        raise ValueError("The update lacks an object where one belongs")  # noqa: TRY004  the port's one error
    return value


def _number(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if type(value) is not int:  # a bool is an int to isinstance
        raise ValueError(f"The update has no number in {name}")
    return str(value)


READERS: Final[dict[str, Callable[[Fields], Happening]]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _press,
    "my_chat_member": _membership,
}
ALLOWED_UPDATES: Final = tuple(READERS)

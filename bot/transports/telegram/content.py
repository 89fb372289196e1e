"""What is in a message beside words: its kind, the file to fetch, the caption, what it answers. Pure; for `update`.

Only what is named here is read. Who is mentioned, what was quoted, when a file was made: none of it gets further.
"""

from typing import Final

from bot.model.incoming import FileRef, Ignored, Media, MediaKind
from bot.model.limit import is_carried
from bot.model.notice import pressed
from bot.transports.telegram.fields import Fields, number_in, object_of

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


def answered(message: Fields) -> str | None:
    """The message of this chat that a person quotes; nothing of it is read but its number."""
    found = message.get("reply_to_message")
    return number_in(found, "message_id") if isinstance(found, dict) and "message_id" in found else None


def answered_button(message: Fields) -> str | None:
    """What the first button under the quoted message sends, if that is a notice; nothing else of it is read."""
    found = message.get("reply_to_message")
    markup = found.get("reply_markup") if isinstance(found, dict) else None
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    try:
        data = rows[0][0]["callback_data"] if isinstance(rows, list) else None
    except (LookupError, TypeError):
        return None
    return data if isinstance(data, str) and pressed(data) else None


def content(message: Fields, message_id: str) -> Media | Ignored:
    """What stands in a message without words; nothing where nobody wrote it."""
    if kind := kind_of(message):
        return Media(
            media=kind,
            message_id=message_id,
            album=album(message),
            file=FILES[kind](message) if kind in FILES else None,
            caption=caption(message),
            reply_to=answered(message),
        )
    if SERVICE.isdisjoint(message):
        return Media(media=MediaKind.OTHER, message_id=message_id)
    return Ignored()


def kind_of(message: Fields) -> MediaKind | None:
    """The kind of content, if it is one we know."""
    return next((kind for field, kind in MEDIA.items() if field in message), None)


def caption(message: Fields) -> str:
    """Its words and nothing that is marked in them."""
    found = message.get("caption")
    return found if isinstance(found, str) else ""


def photo(message: Fields) -> FileRef | None:
    """The largest of the sizes that may be carried; the smallest if none may."""
    sizes = message.get("photo")
    files = [_file(size) for size in sizes if isinstance(size, dict)] if isinstance(sizes, list) else []
    found = sorted((file for file in files if file is not None), key=lambda file: file.size)
    return next((file for file in reversed(found) if is_carried(file)), found[0] if found else None)


def _voice(message: Fields) -> FileRef | None:
    return _file(object_of(message.get("voice")))


FILES: Final = {MediaKind.PHOTO: photo, MediaKind.VOICE: _voice}


def _file(fields: Fields) -> FileRef | None:
    file_id = fields.get("file_id")
    if not isinstance(file_id, str):
        return None
    return FileRef(file_id=file_id, size=_count(fields, "file_size"), seconds=_count(fields, "duration"))


def _count(fields: Fields, name: str) -> int:
    value = fields.get(name)
    return value if type(value) is int else 0


def album(message: Fields) -> str | None:
    """Photos, videos, files chosen together come one by one under one name."""
    found = message.get("media_group_id")
    return found if isinstance(found, str) else None

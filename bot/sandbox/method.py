"""Which parameters each supported Bot API method knows (version 10.0).

A call with an unknown parameter, or without a required one, is refused, so that a bot which tests green here
does not fail on Telegram. ``tests/sandbox/test_method.py`` holds the table to the library's signatures.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.words import words

_TOPIC = "business_connection_id message_thread_id direct_messages_topic_id"
_SENDING = (
    f"{_TOPIC} parse_mode disable_notification protect_content allow_paid_broadcast message_effect_id "
    "suggested_post_parameters reply_parameters reply_markup"
)
_CAPTION = "caption caption_entities"
_EDITED = "business_connection_id chat_id message_id inline_message_id reply_markup"

# For each method the required parameters, then the optional ones.
_TABLE: dict[str, tuple[str, str]] = {
    "getMe": ("", ""),
    "logOut": ("", ""),
    "close": ("", ""),
    "getUpdates": ("", "offset limit timeout allowed_updates"),
    "setWebhook": (
        "url",
        "certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
    ),
    "deleteWebhook": ("", "drop_pending_updates"),
    "getWebhookInfo": ("", ""),
    "sendMessage": ("chat_id text", f"{_SENDING} entities link_preview_options"),
    "sendPhoto": ("chat_id photo", f"{_SENDING} {_CAPTION} show_caption_above_media has_spoiler"),
    "sendVoice": ("chat_id voice", f"{_SENDING} {_CAPTION} duration"),
    "sendDocument": ("chat_id document", f"{_SENDING} {_CAPTION} thumbnail disable_content_type_detection"),
    "editMessageText": ("text", f"{_EDITED} parse_mode entities link_preview_options"),
    "editMessageCaption": ("", f"{_EDITED} {_CAPTION} parse_mode show_caption_above_media"),
    "editMessageReplyMarkup": ("", _EDITED),
    "deleteMessage": ("chat_id message_id", ""),
    "deleteMessages": ("chat_id message_ids", ""),
    "setMessageReaction": ("chat_id message_id", "reaction is_big"),
    "answerCallbackQuery": ("callback_query_id", "text show_alert url cache_time"),
    "sendChatAction": ("chat_id action", "business_connection_id message_thread_id"),
    "getChat": ("chat_id", ""),
    "leaveChat": ("chat_id", ""),
    "getFile": ("file_id", ""),
    "setMyCommands": ("commands", "scope language_code"),
    "getMyCommands": ("", "scope language_code"),
    "deleteMyCommands": ("", "scope language_code"),
    "setMyDescription": ("", "description language_code"),
    "getMyDescription": ("", "language_code"),
    "setMyShortDescription": ("", "short_description language_code"),
    "getMyShortDescription": ("", "language_code"),
    "setMyName": ("", "name language_code"),
    "getMyName": ("", "language_code"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method, e.g. getFile: requires ``file_id`` and knows nothing else."""

    name: str
    required: frozenset[str]
    known: frozenset[str]

    def objection(self, given: set[str]) -> str | None:
        """Why these parameter names can not be a call of this method; None when they can."""
        unknown = sorted(given - self.known)
        if unknown:
            return f"{self.name} has no parameter {', '.join(unknown)}"
        missing = sorted(self.required - given)
        if missing:
            return f"{self.name} needs the parameter {', '.join(missing)}"
        return None


def _row(name: str) -> Method:
    required, optional = (frozenset(words.split()) for words in _TABLE[name])
    return Method(name=name, required=required, known=required | optional)


METHODS: dict[str, Method] = {name.lower(): _row(name) for name in _TABLE}

INTEGERS = words(
    "offset limit timeout max_connections message_id message_thread_id direct_messages_topic_id duration "
    "cache_time"
)
BOOLEANS = words(
    "disable_notification protect_content allow_paid_broadcast show_alert drop_pending_updates is_big "
    "has_spoiler show_caption_above_media disable_content_type_detection"
)
STRUCTURES = words(
    "allowed_updates entities caption_entities link_preview_options reply_parameters reply_markup commands "
    "scope message_ids reaction suggested_post_parameters"
)

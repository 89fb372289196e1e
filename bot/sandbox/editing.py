"""The bot changes what is there: edits, deletes, reacts, answers a press.

Each public method of ``Editing`` is one Bot API method, as in ``posting``. All of them are safe to repeat.
"""

from __future__ import annotations

from bot.sandbox.chat import Chat, Post, Toast, Wire
from bot.sandbox.decode import Params
from bot.sandbox.keyboard import check_markup
from bot.sandbox.posting import caption_content, refuse_unsimulated, text_content
from bot.sandbox.refusal import bad_request, query_too_old
from bot.sandbox.words import words
from bot.sandbox.world import World

DELETE_SECONDS = 48 * 3600
MOST_DELETED_AT_ONCE = 100
CALLBACK_TEXT_LIMIT = 200
REACTIONS = words(
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 "
    "🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 "
    "🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
_MEDIA = ("photo", "voice", "document")
_CONTENT = (
    *("text", "entities", "link_preview_options", "caption", "caption_entities"),
    *_MEDIA,
    "edit_date",
)
_REPLACED = frozenset({*_CONTENT, "reply_markup"})
_NOT_COMPARED = frozenset({"edit_date"})


class Editing:
    """The methods that act on existing messages and presses, over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def edit_message_text(self, params: Params) -> Wire:
        """editMessageText: the edited Message; without a keyboard the old one goes away."""
        refuse_unsimulated(params)
        content = text_content(params)
        chat, post = self._own_post(params)
        if "text" not in post.wire:
            raise bad_request("there is no text in the message to edit")
        return self._replace(chat, post, {**content, "edit_date": self._world.date()}, params)

    def edit_message_caption(self, params: Params) -> Wire:
        """editMessageCaption: the Message with other words under what is in it, or with none."""
        refuse_unsimulated(params)
        content = caption_content(params)
        chat, post = self._own_post(params)
        if "text" in post.wire:
            raise bad_request("there is no caption in the message to edit")
        kept = {key: post.wire[key] for key in _MEDIA if key in post.wire}
        return self._replace(chat, post, {**kept, **content, "edit_date": self._world.date()}, params)

    def edit_message_reply_markup(self, params: Params) -> Wire:
        """editMessageReplyMarkup: the Message with its new keyboard, or with none."""
        refuse_unsimulated(params)
        chat, post = self._own_post(params)
        kept = {key: post.wire[key] for key in _CONTENT if key in post.wire}
        return self._replace(chat, post, kept, params)

    def delete_message(self, params: Params) -> bool:
        """deleteMessage: only while younger than 48 hours."""
        chat = self._world.chat(params["chat_id"])
        post = chat.posts.get(params["message_id"])
        if post is None or post.deleted:
            raise bad_request("message to delete not found")
        self._delete(chat, [post])
        return True

    def delete_messages(self, params: Params) -> bool:
        """deleteMessages: 1 to 100 ids; those that are not there are skipped."""
        chat = self._world.chat(params["chat_id"])
        ids = params["message_ids"]
        if not isinstance(ids, list) or not ids:
            raise bad_request("message identifiers are not specified")
        if len(ids) > MOST_DELETED_AT_ONCE:
            raise bad_request("too many message identifiers specified")
        found = (chat.posts.get(int(message_id)) for message_id in ids)
        self._delete(chat, [post for post in found if post is not None and not post.deleted])
        return True

    def set_message_reaction(self, params: Params) -> bool:
        """setMessageReaction: one emoji of Telegram's list, or none to take it back."""
        chat = self._world.writable(params["chat_id"])
        post = chat.posts.get(params["message_id"])
        if post is None or post.deleted:
            raise bad_request("message to react not found")
        emoji = [one.get("emoji") for one in params.get("reaction") or ()]
        if len(emoji) > 1 or any(_plain(one) not in REACTIONS for one in emoji):
            raise bad_request("REACTION_INVALID")
        post.reaction = emoji[0] if emoji else None
        chat.changed(post)
        return True

    def answer_callback_query(self, params: Params) -> bool:
        """answerCallbackQuery: once, and not too late; the text becomes a toast."""
        query = self._world.queries.get(params["callback_query_id"])
        if query is None or query.answered or query.expires <= self._world.now():
            raise query_too_old()
        text = params.get("text", "")
        if len(text) > CALLBACK_TEXT_LIMIT:
            raise bad_request("MESSAGE_TOO_LONG")
        if "url" in params:
            raise bad_request("URL_INVALID")
        query.answered = True
        toast = Toast(text=text, alert=params.get("show_alert", False))
        query.chat.toasts.append(toast)
        query.chat.changed(toast)
        return True

    def _own_post(self, params: Params) -> tuple[Chat, Post]:
        if "chat_id" not in params or "message_id" not in params:
            raise bad_request("message identifier is not specified")
        chat = self._world.writable(params["chat_id"])
        post = chat.posts.get(params["message_id"])
        if post is None or post.deleted:
            raise bad_request("message to edit not found")
        if post.mine:
            raise bad_request("message can't be edited")
        return chat, post

    def _replace(self, chat: Chat, post: Post, content: Wire, params: Params) -> Wire:
        markup = check_markup(params["reply_markup"]) if "reply_markup" in params else None
        if markup is not None:
            content = {**content, "reply_markup": markup}
        if _comparable(content) == _comparable(post.wire):
            raise bad_request(_NOT_MODIFIED)
        kept = {key: value for key, value in post.wire.items() if key not in _REPLACED}
        post.wire = {**kept, **content}
        chat.changed(post)
        return post.wire

    def _delete(self, chat: Chat, posts: list[Post]) -> None:
        youngest = self._world.now() - DELETE_SECONDS
        if any(post.wire["date"] <= youngest or (post.mine and not chat.is_private) for post in posts):
            raise bad_request("message can't be deleted")
        for post in posts:
            post.deleted = True
            chat.changed(post)


def _plain(emoji: object) -> str:
    """Without the variation selector, which Telegram's own list has on some and not on others."""
    return str(emoji).replace("\ufe0f", "")


def _comparable(wire: Wire) -> Wire:
    return {key: wire[key] for key in _REPLACED if key in wire and key not in _NOT_COMPARED}

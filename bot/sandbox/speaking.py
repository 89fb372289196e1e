"""From what a person's app does to the updates a bot gets.

``person`` says what people can do; here is how Telegram words it for the bot.
"""

from __future__ import annotations

from bot.sandbox.chat import Chat, Post, Wire
from bot.sandbox.refusal import SandboxError
from bot.sandbox.text import CAPTION_LIMIT, TEXT_LIMIT, fix_text, found_entities
from bot.sandbox.world import BLOCKED, NOT_STARTED, World, without_reply


class App:
    """The messenger on one person's phone."""

    def __init__(self, world: World, user_id: int) -> None:
        self._world = world
        self.user_id = user_id

    @property
    def user(self) -> Wire:
        """The Bot API User of the person."""
        return self._world.users[self.user_id]

    @property
    def private(self) -> Chat:
        """The private chat with the bot."""
        return self._world.chats[self.user_id]

    def query(self, data: str, post: Post) -> str:
        """Press: the callback query id."""
        chat = self.private
        chat.last_heard = self._world.now()
        gone = {"chat": chat.wire, "message_id": post.message_id, "date": 0}
        query_id = self._world.open_query(chat)
        body: Wire = {
            "id": query_id,
            "from": self.user,
            "message": gone if post.deleted else post.wire,
            "chat_instance": f"instance-{chat.chat_id}",
            "data": data,
        }
        self._world.updates.add("callback_query", body, lane=("user", self.user_id))
        return query_id

    def text(self, text: str) -> Wire:
        """The part of a Message that comes from what was typed."""
        fixed, _ = fix_text(text, [], limit=TEXT_LIMIT)
        if not fixed:
            raise SandboxError("an app does not send an empty message")
        entities = found_entities(fixed) if "/" in fixed else []
        return {"text": fixed, "entities": entities} if entities else {"text": fixed}

    def caption(self, text: str) -> Wire:
        """The words under something, if there are any."""
        fixed, _ = fix_text(text, [], limit=CAPTION_LIMIT)
        return {"caption": fixed} if fixed else {}

    def sizes(self, content: bytes) -> list[Wire]:
        """Upload a picture: the sizes there are of it."""
        return [{**self.file("photo", content), "width": 1280, "height": 960}]

    def file(self, kind: str, content: bytes, *, name: str = "") -> Wire:
        """Upload: the fields every kind of file has."""
        stored = self._world.add_file(kind, content, name)
        return {
            "file_id": stored.file_id,
            "file_unique_id": f"unique-{stored.file_id}",
            "file_size": len(content),
        }

    def write(self, content: Wire, *, chat_id: int | None = None, reply_to: int | None = None) -> int:
        """Put a message in the chat and tell the bot; the message id."""
        chat = self._world.chats[chat_id or self.user_id]
        if chat.closed_because == BLOCKED:
            raise SandboxError("blocked: an app lets nobody write to a bot they blocked")
        if chat.closed_because == NOT_STARTED:
            chat.close(None)
        wire: Wire = {
            "message_id": chat.take_id(),
            "from": self.user,
            "chat": chat.wire,
            "date": self._world.date(),
            **content,
        }
        if reply_to is not None:
            wire["reply_to_message"] = without_reply(chat.posts[reply_to])
        chat.last_heard = self._world.now()
        chat.put(Post(wire, mine=True))
        if chat.is_private or self._is_for_bot(wire):
            self.tell("message", wire)
        return int(wire["message_id"])

    def _is_for_bot(self, wire: Wire) -> bool:
        """Privacy mode: in a group a bot hears commands, mentions, replies to it and service messages."""
        text = wire.get("text", "")
        replied = wire.get("reply_to_message", {}).get("from", {})
        mentioned = f"@{self._world.username}" in text
        return text.startswith("/") or mentioned or replied == self._world.bot or "new_chat_members" in wire

    def tell(self, kind: str, wire: Wire) -> None:
        """Queue an update about this message."""
        self._world.updates.add(kind, wire, lane=("chat", int(wire["chat"]["id"])))

"""Everything the emulator knows: the bot, the people, the chats, the queue of updates, the files.

State and look-ups only. The bot's side acts on it in ``posting``, ``profile`` and ``receiving``; the people's
side in ``person``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.chat import Chat, Post, Standing, Wire
from bot.sandbox.flood import Flood
from bot.sandbox.refusal import bad_request, forbidden
from bot.sandbox.updates import CALLBACK_SECONDS, Updates

NOT_STARTED = "bot can't initiate conversation with a user"
BLOCKED = "bot was blocked by the user"
DEACTIVATED = "user is deactivated"
NOT_A_MEMBER = "bot is not a member of the group chat"
KICKED = "bot was kicked from the group chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file somebody sent: ``kind`` is photo, voice, document or sticker."""

    file_id: str
    kind: str
    content: bytes
    name: str


@dataclass(slots=True)
class Query:
    """One press that waits for its answer."""

    chat: Chat
    expires: float
    answered: bool = False


@dataclass(slots=True)
class Clock:
    """Wall time that tests can move forward."""

    source: Callable[[], float] = time.time
    offset: float = 0.0

    def now(self) -> float:
        """Unix seconds."""
        return self.source() + self.offset


def _bot_user(token: str, username: str) -> Wire:
    return {
        "id": int(token.partition(":")[0]),
        "is_bot": True,
        "first_name": "Sandbox",
        "username": username,
    }


@dataclass(slots=True)
class World:
    """The state of one emulated bot and everybody around it.

    ``open_doors`` lets the bot write to any positive chat id, as if everybody had pressed Start before.
    """

    token: str
    clock: Clock
    username: str = "sandbox_bot"
    open_doors: bool = False
    bot: Wire = field(init=False)
    updates: Updates = field(init=False)
    chats: dict[int, Chat] = field(default_factory=dict)
    users: dict[int, Wire] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    flood: Flood = field(default_factory=Flood)
    _query_count: int = 0

    def __post_init__(self) -> None:
        self.bot = _bot_user(self.token, self.username)
        self.updates = Updates(self.clock.now)

    def now(self) -> float:
        """Unix seconds on the emulator's clock."""
        return self.clock.now()

    def date(self) -> int:
        """Unix seconds as Telegram writes dates."""
        return int(self.clock.now())

    def chat(self, chat_id: object) -> Chat:
        """The chat the bot means, or Refusal."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is not None:
            return chat
        if self.open_doors and isinstance(chat_id, int) and chat_id > 0:
            return self.add_user(chat_id, first_name=f"Person {chat_id}", language_code=None, started=True)
        raise bad_request("chat not found")

    def writable(self, chat_id: object) -> Chat:
        """The chat, when the bot may write in it now; otherwise Refusal."""
        chat = self.chat(chat_id)
        if chat.closed_because is not None:
            raise forbidden(chat.closed_because)
        return chat

    def add_user(self, user_id: int, *, first_name: str, language_code: str | None, started: bool) -> Chat:
        """Make a user and the private chat with the bot."""
        user: Wire = {"id": user_id, "is_bot": False, "first_name": first_name}
        if language_code:
            user["language_code"] = language_code
        self.users[user_id] = user
        wire = {"id": user_id, "type": "private", "first_name": first_name}
        chat = Chat(wire=wire, closed_because=None if started else NOT_STARTED)
        self.chats[user_id] = chat
        return chat

    def add_group(self, chat_id: int, title: str) -> Chat:
        """The group with this negative id; the bot is not in it yet when it is new."""
        if chat_id not in self.chats:
            wire = {"id": chat_id, "type": "group", "title": title}
            self.chats[chat_id] = Chat(wire=wire, closed_because=NOT_A_MEMBER)
        return self.chats[chat_id]

    def add_file(self, kind: str, content: bytes, name: str = "") -> StoredFile:
        """Keep a file under a new id."""
        number = len(self.files) + 1
        stored = StoredFile(
            file_id=f"sandbox-{kind}-{number}", kind=kind, content=content, name=name or f"{kind}-{number}"
        )
        self.files[stored.file_id] = stored
        return stored

    def open_query(self, chat: Chat) -> str:
        """The id of a new callback query from this chat."""
        self._query_count += 1
        query_id = str(4_000_000_000_000_000 + self._query_count)
        self.queries[query_id] = Query(chat, self.now() + CALLBACK_SECONDS)
        return query_id

    def announce(self) -> None:
        """Tell everybody who looks at a chat that the bot's profile changed."""
        for chat in self.chats.values():
            chat.changed(Standing())

    def member_changed(self, chat: Chat, by: Wire, *, before: str, after: str) -> None:
        """Send ``my_chat_member``: the bot's own status in a chat changed."""
        body: Wire = {
            "chat": chat.wire,
            "from": by,
            "date": self.date(),
            "old_chat_member": self._membership(before),
            "new_chat_member": self._membership(after),
        }
        self.updates.add("my_chat_member", body, lane=("chat", chat.chat_id))

    def _membership(self, status: str) -> Wire:
        member: Wire = {"status": status, "user": self.bot}
        return {**member, "until_date": 0} if status == "kicked" else member


def without_reply(post: Post) -> dict[str, Any]:
    """A message as it is shown inside ``reply_to_message``: replies do not nest."""
    return {key: value for key, value in post.wire.items() if key != "reply_to_message"}

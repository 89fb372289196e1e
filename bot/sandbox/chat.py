"""A chat as the emulator stores it, and as a person sees it.

``Post`` is one stored message with its Bot API JSON; ``Message`` and ``Button`` are the frozen view that
tests and the page get. A chat tells its watchers of every change. No Bot API rule lives here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One inline button, with one of data, url and copy: ``Button(text="Menu", data="v1:a:menu")``."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What a message lets people see, hear or keep: ``File(file_id="sandbox-photo-1", name="a.jpg", size=9)``."""

    file_id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it stands in the chat now; ``mine`` means that a person wrote it, not the bot."""

    message_id: int
    chat_id: int
    mine: bool
    date: int
    kind: str
    text: str
    entities: tuple[Wire, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()
    reply_to: int | None = None
    reaction: str | None = None
    file: File | None = None
    edited: bool = False
    deleted: bool = False
    protected: bool = False

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons, row after row."""
        return tuple(button for row in self.rows for button in row)

    @property
    def labels(self) -> tuple[str, ...]:
        """The words on all buttons."""
        return tuple(button.text for button in self.buttons)


@dataclass(slots=True)
class Post:
    """One stored message: its JSON, who wrote it, and what happened to it later."""

    wire: Wire
    mine: bool
    reaction: str | None = None
    deleted: bool = False

    @property
    def message_id(self) -> int:
        """Its number in its chat."""
        return int(self.wire["message_id"])

    def view(self) -> Message:
        """The frozen view of this moment."""
        wire = self.wire
        replied = wire.get("reply_to_message")
        return Message(
            message_id=wire["message_id"],
            chat_id=wire["chat"]["id"],
            mine=self.mine,
            date=wire["date"],
            kind=_kind(wire),
            text=wire.get("text") or wire.get("caption") or "",
            entities=tuple(wire.get("entities") or wire.get("caption_entities") or ()),
            rows=tuple(_rows(wire)),
            reply_to=replied["message_id"] if replied else None,
            reaction=self.reaction,
            file=_file(wire),
            edited="edit_date" in wire,
            deleted=self.deleted,
            protected=wire.get("has_protected_content", False),
        )


_KINDS = (
    *("text", "photo", "voice", "document", "sticker", "contact", "location"),
    *("new_chat_members", "left_chat_member"),
)


def _kind(wire: Wire) -> str:
    return next((kind for kind in _KINDS if kind in wire), "unknown")


def _file(wire: Wire) -> File | None:
    sizes = wire.get("photo") or [None]
    found = wire.get("document") or wire.get("voice") or sizes[-1]
    if found is None:
        return None
    return File(file_id=found["file_id"], name=found.get("file_name", ""), size=found["file_size"])


def _rows(wire: Wire) -> Iterator[tuple[Button, ...]]:
    markup = wire.get("reply_markup")
    for row in markup["inline_keyboard"] if markup else ():
        yield tuple(
            Button(
                text=button["text"],
                data=button.get("callback_data"),
                url=button.get("url"),
                copy=button["copy_text"]["text"] if "copy_text" in button else None,
                style=button.get("style"),
            )
            for button in row
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """What a person sees after a press: ``Toast(text="Saved")``; an empty one only stops the spinner."""

    text: str
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Started, blocked, or the bot's profile changed: whoever shows the chat should look again."""


Change = Post | Toast | Standing
Watcher = Callable[[Change], None]


@dataclass(slots=True)
class Chat:
    """One private chat or group, with everything ever written in it, in order."""

    wire: Wire
    closed_because: str | None = None  # the words of the 403 while the bot can not write here
    posts: dict[int, Post] = field(default_factory=dict)
    toasts: list[Toast] = field(default_factory=list)
    watchers: list[Watcher] = field(default_factory=list)
    last_heard: float = float("-inf")
    _next_id: int = 1
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)

    @property
    def chat_id(self) -> int:
        """Telegram's id of the chat; negative for groups."""
        return int(self.wire["id"])

    @property
    def is_private(self) -> bool:
        """Whether this is a chat of one person with the bot."""
        return bool(self.wire["type"] == "private")

    def take_id(self) -> int:
        """The next message id; ids are never used again."""
        taken = self._next_id
        self._next_id += 1
        return taken

    def close(self, reason: str | None) -> None:
        """Refuse the bot's messages with this 403 from now on, or take them again."""
        self.closed_because = reason
        self.changed(Standing())

    def put(self, post: Post) -> None:
        """Add a message and tell the watchers."""
        self.posts[post.message_id] = post
        self.changed(post)

    def changed(self, change: Change) -> None:
        """Tell everybody who looks at this chat that something in it is new."""
        for watcher in self.watchers:
            watcher(change)
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for future in waiting:
                if not future.done():
                    future.set_result(None)

    async def next_change(self) -> None:
        """Return once something changes; wrap it in a timeout."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future

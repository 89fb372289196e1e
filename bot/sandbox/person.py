"""A simulated person with a Telegram app: writes, presses, blocks, and sees the chat.

Everything a person does becomes an update for the bot, as Telegram would send it. Got from
``Emulator.person``; used by tests directly and by other processes through ``control``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.sandbox import sample
from bot.sandbox.chat import Button, Chat, Message, Post, Toast, Wire
from bot.sandbox.refusal import NoSuchButton, NotSeen, SandboxError
from bot.sandbox.speaking import App
from bot.sandbox.world import BLOCKED, DEACTIVATED, KICKED, World

Wanted = str | Callable[[Message], bool]


class Person:
    """One person. Numbers given back are message ids or callback query ids."""

    def __init__(self, world: World, user_id: int) -> None:
        self._world = world
        self._app = App(world, user_id)
        self.user_id = user_id

    @property
    def user(self) -> Wire:
        """The Bot API User."""
        return self._world.users[self.user_id]

    @property
    def private(self) -> Chat:
        """The private chat with the bot."""
        return self._world.chats[self.user_id]

    @property
    def chat(self) -> list[Message]:
        """What the person sees in the private chat now, oldest first."""
        return [message for message in self.history if not message.deleted]

    @property
    def history(self) -> list[Message]:
        """Like ``chat``, with the deleted messages."""
        return [post.view() for post in self.private.posts.values()]

    @property
    def replies(self) -> list[Message]:
        """What the bot wrote and did not delete, oldest first."""
        return [message for message in self.chat if not message.mine]

    @property
    def last(self) -> Message:
        """The newest message of the bot."""
        return self.replies[-1]

    @property
    def toasts(self) -> list[Toast]:
        """Answers to this person's presses, oldest first."""
        return self.private.toasts

    def introduce(self, *, first_name: str | None = None, language_code: str | None = None) -> None:
        """Change the name or the language of the app; None leaves it."""
        if first_name is not None:
            self.user["first_name"] = self.private.wire["first_name"] = first_name
        if language_code is not None:
            self.user["language_code"] = language_code

    async def send(self, text: str, *, chat_id: int | None = None, reply_to: int | None = None) -> int:
        """Write a text, in the private chat or in a group; the message id."""
        content = self._app.text(text)
        return self._app.write(content, chat_id=chat_id, reply_to=reply_to)

    async def start(self, payload: str = "") -> int:
        """Press Start, from a deep link when there is a payload; unblocks as the app does."""
        if self.private.closed_because == BLOCKED:
            await self.unblock()
        return await self.send(f"/start {payload}".rstrip())

    async def press(self, button: str, message_id: int | None = None) -> str | None:
        """Press the newest visible button with this label or data; the callback query id.

        Buttons that copy or open something give None. Raises NoSuchButton when it is not there now.
        """
        for post in reversed(self.private.posts.values()):
            if post.deleted or (message_id is not None and post.message_id != message_id):
                continue
            for found in post.view().buttons:
                if button in (found.text, found.data):
                    return self._pressed(found, post)
        raise NoSuchButton(f"{button!r} is not among {[m.labels for m in self.chat if m.labels]}")

    async def press_stale(self, data: str, message_id: int) -> str:
        """Press a button as an app that has not heard of an edit or deletion: nothing is checked."""
        return self._app.query(data, self.private.posts[message_id])

    async def edit(self, message_id: int, text: str) -> None:
        """Change the words of an own message, or those under its picture or voice."""
        post = self._own(message_id)
        content = self._app.text(text) if "text" in post.wire else self._app.caption(text)
        changed = ("text", "entities", "caption")
        kept = {key: value for key, value in post.wire.items() if key not in changed}
        post.wire = {**kept, **content, "edit_date": self._world.date()}
        self._app.tell("edited_message", post.wire)
        self.private.changed(post)

    async def delete(self, message_id: int) -> None:
        """Delete a message for both sides; bots get no update of this."""
        post = self.private.posts[message_id]
        post.deleted = True
        self.private.changed(post)

    async def photo(
        self, caption: str = "", content: bytes = sample.PHOTO, *, reply_to: int | None = None
    ) -> int:
        """Send a picture."""
        return self._app.write(
            {"photo": self._app.sizes(content), **self._app.caption(caption)}, reply_to=reply_to
        )

    async def album(self, count: int = 10) -> list[int]:
        """Send several pictures together: as many messages, under one name."""
        name = f"album-{len(self.private.posts) + 1}"
        pictures = [self._app.sizes(sample.PHOTO) for _ in range(count)]
        return [self._app.write({"photo": sizes, "media_group_id": name}) for sizes in pictures]

    async def voice(
        self, duration: int = 2, content: bytes = sample.VOICE, *, reply_to: int | None = None
    ) -> int:
        """Send a voice message; duration in seconds."""
        voice = {**self._app.file("voice", content), "duration": duration, "mime_type": "audio/ogg"}
        return self._app.write({"voice": voice}, reply_to=reply_to)

    async def document(self, name: str = "file.pdf", content: bytes = b"document") -> int:
        """Send a file."""
        file = self._app.file("document", content, name=name)
        return self._app.write({"document": {**file, "file_name": name}})

    async def sticker(self, emoji: str = "🙂") -> int:
        """Send a sticker."""
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._app.write(
            {"sticker": {**self._app.file("sticker", b"sticker"), **shape, "emoji": emoji}}
        )

    async def contact(self, phone_number: str = "+972500000000", first_name: str = "Contact") -> int:
        """Share a phone number."""
        return self._app.write({"contact": {"phone_number": phone_number, "first_name": first_name}})

    async def location(self, latitude: float = 32.0, longitude: float = 34.8) -> int:
        """Share a place."""
        return self._app.write({"location": {"latitude": latitude, "longitude": longitude}})

    async def forward(self, text: str, from_name: str = "Somebody") -> int:
        """Forward a text of somebody whose account is hidden."""
        origin = {"type": "hidden_user", "date": self._world.date(), "sender_user_name": from_name}
        return self._app.write({**self._app.text(text), "forward_origin": origin})

    async def block(self) -> None:
        """Block the bot: it hears ``my_chat_member``, and its messages get 403."""
        self.private.close(BLOCKED)
        self._world.member_changed(self.private, self.user, before="member", after="kicked")

    async def unblock(self) -> None:
        """Let the bot write again."""
        self.private.close(None)
        self._world.member_changed(self.private, self.user, before="kicked", after="member")

    async def delete_account(self) -> None:
        """Leave Telegram: the bot hears nothing, and its messages get 403."""
        self.private.close(DEACTIVATED)

    async def add_bot(self, chat_id: int, title: str = "Group") -> None:
        """Add the bot to a group (negative id), which is made when it is new."""
        chat = self._world.add_group(chat_id, title)
        chat.close(None)
        self._world.member_changed(chat, self.user, before="left", after="member")
        self._app.write({"new_chat_members": [self._world.bot]}, chat_id=chat_id)

    async def remove_bot(self, chat_id: int) -> None:
        """Remove the bot from a group."""
        chat = self._world.chats[chat_id]
        chat.close(KICKED)
        self._world.member_changed(chat, self.user, before="member", after="kicked")

    async def wait_for(self, wanted: Wanted, *, timeout: float = 5.0, after: int = 0) -> Message:
        """The newest visible message of the bot with an id above ``after`` that has this text in it, or fits.

        Waits up to ``timeout`` seconds of real time, then raises NotSeen with what the chat shows.
        """
        try:
            async with asyncio.timeout(timeout):
                while (found := self._find(wanted, after)) is None:
                    await self.private.next_change()
        except TimeoutError:
            shown = [message.text for message in self.chat if message.message_id > after]
            raise NotSeen(f"not seen after {timeout} s: {wanted!r}; the chat shows {shown}") from None
        return found

    async def wait_reply(self, *, after: int | None = None, timeout: float = 5.0) -> Message:
        """The first message of the bot after ``after`` (default: the person's own newest message)."""
        if after is None:
            after = max((message.message_id for message in self.chat if message.mine), default=0)
        await self.wait_for("", timeout=timeout, after=after)
        return next(message for message in self.replies if message.message_id > after)

    def _find(self, wanted: Wanted, after: int) -> Message | None:
        fits = (lambda message: wanted in message.text) if isinstance(wanted, str) else wanted
        for post in reversed(self.private.posts.values()):
            if post.message_id <= after:
                return None
            if not post.mine and not post.deleted and fits(view := post.view()):
                return view
        return None

    def _pressed(self, button: Button, post: Post) -> str | None:
        return None if button.data is None else self._app.query(button.data, post)

    def _own(self, message_id: int) -> Post:
        post = self.private.posts[message_id]
        if not post.mine or post.deleted:
            raise SandboxError("an app lets people edit only their own messages")
        return post

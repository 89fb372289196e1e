"""A simulated person with Signal: writes, answers, reacts, changes phones, and sees the chat.

Everything a person does becomes an envelope for the bot's account, as signal-cli would tell it. Got from
``Network.person``; used by tests directly and by the page through ``control``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bot.sandbox.refusal import NotSeen, SandboxError
from bot.sandbox.signal import envelope
from bot.sandbox.signal.note import Enclosed, Note, Quote, Style, Turn
from bot.sandbox.signal.speaking import App, Home

Wanted = str | Callable[[Note], bool]
Watcher = Callable[[Note], None]


class SignalPerson:
    """One person and their chat with the bot. Messages are named by their timestamp, in ms."""

    def __init__(self, network: Home, id: str, name: str) -> None:
        self._network = network
        self._notes: dict[int, Note] = {}
        self._app = App(network, id, name)
        self._newest: dict[int, int] = {}  # an edited message: when it was edited last
        self._changed = asyncio.Event()
        self.id = id
        self.is_blocking = False  # the bot's messages vanish, and it is told that they were sent
        self.has_left = False  # unregistered
        self.phones = 1  # with each comes a new safety number
        self.watchers: list[Watcher] = []

    @property
    def name(self) -> str:
        """What their profile says."""
        return self._app.name

    @property
    def is_trusted(self) -> bool:
        """Whether the account takes their safety number for theirs."""
        return self._app.is_trusted

    @property
    def timer(self) -> int:
        """How many seconds messages stay after they were seen; 0 for ever."""
        return self._app.timer

    @timer.setter
    def timer(self, seconds: int) -> None:
        self._app.timer = seconds

    @property
    def history(self) -> list[Note]:
        """Everything in the chat, oldest first; what was deleted is a place without words."""
        return list(self._notes.values())

    @property
    def chat(self) -> list[Note]:
        """Every message that was not deleted, oldest first."""
        return [note for note in self.history if not note.deleted and note.turn is None]

    @property
    def replies(self) -> list[Note]:
        """What the bot wrote and did not delete, oldest first."""
        return [note for note in self.chat if not note.mine]

    @property
    def last(self) -> Note:
        """The newest message of the bot."""
        return self.replies[-1]

    def rename(self, name: str | None) -> None:
        """Call their profile something else; None leaves it."""
        self._app.name = name or self.name

    def note(self, timestamp: int) -> Note:
        """One message. Raises SandboxError where there is none."""
        if (found := self._notes.get(timestamp)) is None:
            raise SandboxError("no such message in this chat")
        return found

    def words_of(self, timestamp: int) -> str:
        """What a message says, by when it was sent or edited last, as apps look up what is quoted; "" if it is gone."""
        sent = next((first for first, last in self._newest.items() if last == timestamp), timestamp)
        return self._notes[sent].text if sent in self._notes else ""

    async def send(
        self,
        text: str,
        *,
        quote: int | None = None,
        styles: tuple[Style, ...] = (),
        files: tuple[Enclosed, ...] = (),
    ) -> Note:
        """Write to the bot; `quote` is the message this answers."""
        quoted = self._quote(quote)
        note = self._written(
            Note(timestamp=0, mine=True, text=text, quote=quoted, styles=styles, files=files)
        )
        self._app.tell(note.timestamp, dataMessage=self._app.data(note))
        return note

    async def attach(
        self, content: bytes, *, kind: str, name: str | None = None, text: str = "", quote: int | None = None
    ) -> Note:
        """Send a file, with words under it or none; a voice message is one of kind ``audio/aac`` without a name."""
        return await self.send(text, quote=quote, files=(self._network.keep(content, kind=kind, name=name),))

    async def react(self, timestamp: int, emoji: str, *, remove: bool = False) -> None:
        """Put a reaction on a message of the bot, or take it away."""
        note = self.note(timestamp)
        self.put(replace(note, reaction=None if remove else emoji))
        author, number = self._app.author(note)
        told = envelope.reaction(emoji, author=author, number=number, timestamp=timestamp)
        self._app.tell_data(self._network.stamp(), reaction={**told, "isRemove": remove})

    async def vote(self, timestamp: int, option: int) -> None:
        """Choose an option of a poll, from zero."""
        note = self.note(timestamp)
        if not 0 <= option < len(note.options):
            raise SandboxError("no such option")
        self.put(replace(note, vote=option))
        author, number = self._app.author(note)
        told = envelope.vote(option, author=author, number=number, timestamp=timestamp)
        self._app.tell_data(self._network.stamp(), pollVote=told)

    async def edit(self, timestamp: int, text: str) -> Note:
        """Change the words of an own message: it keeps its place; each change is one of what was sent last."""
        note = replace(self._own(timestamp), text=text, edited=True, styles=())
        self.put(note)
        now = self._network.stamp()
        data = self._app.data(replace(note, timestamp=now))
        target = self._newest.get(timestamp, timestamp)
        self._newest[timestamp] = now
        self._app.tell(now, editMessage={"targetSentTimestamp": target, "dataMessage": data})
        return note

    async def delete(self, timestamp: int) -> None:
        """Delete an own message for both sides."""
        self.put(_deleted(self._own(timestamp)))
        self._app.tell_data(self._network.stamp(), remoteDelete={"timestamp": timestamp})

    async def set_timer(self, seconds: int) -> None:
        """Let messages disappear so many seconds after they were seen; 0 turns it off."""
        self.timer = seconds
        note = self._written(Note(timestamp=0, mine=True, turn=Turn.TIMER))
        expires = {"isExpirationUpdate": True} if not self._network.is_old else {}
        self._app.tell_data(note.timestamp, **expires)

    async def change_phone(self) -> None:
        """Install Signal anew: the safety number changes, and what they write is withheld until it is trusted."""
        self.phones += 1
        self._app.is_trusted = self._network.trusts_all
        self._written(Note(timestamp=0, mine=True, turn=Turn.NEW_PHONE))

    async def read(self, timestamp: int) -> None:
        """Look at a message, with read receipts switched on."""
        now = self._network.stamp()
        self._app.tell(now, receiptMessage=envelope.receipt(now, timestamp, read=True))

    async def type(self) -> None:
        """Begin to write."""
        now = self._network.stamp()
        self._app.tell(now, typingMessage={"action": "STARTED", "timestamp": now})

    async def add_bot(self, group: str) -> None:
        """Put the bot into a group, and write there."""
        self._app.tell_group(group, "hi")

    async def block(self) -> None:
        """See nothing of the bot from now on; it is told that what it sends was sent."""
        self.is_blocking = True

    async def unblock(self) -> None:
        """Let the bot write again."""
        self.is_blocking = False

    def trusted(self) -> None:
        """The account trusts the new safety number: what was withheld arrives, as old as it is."""
        self._app.trusted()

    def take(self, note: Note) -> None:
        """A message of the bot: shown, and its arrival told, unless they block it."""
        if self.is_blocking:
            return
        self.put(note)
        now = self._network.stamp()
        self._app.tell(now, receiptMessage=envelope.receipt(now, note.timestamp, read=False))

    def put(self, note: Note) -> None:
        """Let the chat show this, and tell who looks at it."""
        self._notes[note.timestamp] = note
        for watcher in self.watchers:
            watcher(note)
        self._changed.set()

    def change(self, timestamp: int, **changes: object) -> None:
        """The bot changes one of its messages, or puts a reaction on one of theirs; nothing where it is not there."""
        note = self._notes.get(timestamp)
        if note is None or note.deleted or self.is_blocking:
            return
        self.put(_deleted(note) if changes.get("deleted") else replace(note, **changes))  # type: ignore[arg-type]

    async def wait_for(self, wanted: Wanted, *, timeout: float = 5.0, after: int = 0) -> Note:
        """The newest message of the bot sent after ``after`` that has this text in it, or fits.

        Waits up to ``timeout`` seconds of real time, then raises NotSeen with what the chat shows.
        """
        fits = (lambda note: wanted in note.text) if isinstance(wanted, str) else wanted
        try:
            async with asyncio.timeout(timeout):
                while not (found := [one for one in self.replies if one.timestamp > after and fits(one)]):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            shown = [note.text for note in self.chat if note.timestamp > after]
            raise NotSeen(f"not seen after {timeout} s: {wanted!r}; the chat shows {shown}") from None
        return found[-1]

    async def wait_reply(self, *, timeout: float = 5.0) -> Note:
        """The first message of the bot after the person's own newest."""
        after = max((note.timestamp for note in self.chat if note.mine), default=0)
        await self.wait_for("", timeout=timeout, after=after)
        return next(note for note in self.replies if note.timestamp > after)

    def _written(self, note: Note) -> Note:
        stamped = replace(note, timestamp=self._network.stamp(), expires=self.timer)
        self.put(stamped)
        return stamped

    def _own(self, timestamp: int) -> Note:
        note = self.note(timestamp)
        if not note.mine or note.deleted or note.turn:
            raise SandboxError("an app lets people change only their own messages")
        return note

    def _quote(self, timestamp: int | None) -> Quote | None:
        if timestamp is None:
            return None
        note = self.note(timestamp)
        return Quote(timestamp=timestamp, mine=note.mine, text=note.text)


def _deleted(note: Note) -> Note:
    return Note(timestamp=note.timestamp, mine=note.mine, deleted=True)

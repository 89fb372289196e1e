"""Signal as one bot's account sees it: its people, what waits for the account, files, and the state of the world.

State and look-ups only. People act on it in ``person``; the account in ``sending`` and ``account``, over ``daemon``.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.signal.envelope import Wire
from bot.sandbox.signal.note import Enclosed
from bot.sandbox.signal.person import SignalPerson
from bot.sandbox.signal.trouble import Troubles

VERSION = "0.14.6"
NUMBER = "+15550100001"
ACCOUNT = "83ea9f0c-5f9d-4f31-b2c3-0f6a2a3c9d10"
PEOPLE = uuid.UUID("8d740847-0152-4ca1-b030-8a38e7aacc85")

Listener = Callable[[Wire], None]


@dataclass(slots=True)
class Account:
    """The bot's own account, as it set it up."""

    number: str = NUMBER
    uuid: str = ACCOUNT
    name: str = ""
    about: str = ""
    username: str | None = None
    pin: str | None = None
    registered: bool = True  # one that is not makes the daemon answer -32602
    settings: Wire = field(default_factory=dict)  # what updateAccount and updateConfiguration asked for


class Network:
    """Everything behind the daemon. ``is_online`` False: sends fail, and what people write waits at Signal."""

    def __init__(self, now: Callable[[], float], *, version: str = VERSION) -> None:
        self.now = now
        self.version = version
        self.account = Account()
        self.people: dict[str, SignalPerson] = {}
        self.groups: set[str] = set()  # that the account is in
        self.files: dict[str, bytes] = {}
        self.attachments: Path | None = None  # where the daemon puts files down, and leaves them
        self.troubles = Troubles()
        self.challenge: str | None = None  # the token of a captcha that is wanted before anything is sent
        self.trusts_all = False  # `--trust-new-identities always`
        self.rpc = ""  # where the daemon listens, as BOT_SIGNAL_RPC
        self._online = True
        self._queue: deque[Wire] = deque()
        self._listeners: list[Listener] = []
        self._last = 0

    @property
    def pending(self) -> int:
        """How many events nobody has taken yet."""
        return len(self._queue)

    @property
    def is_online(self) -> bool:
        """Whether the daemon reaches Signal."""
        return self._online

    @is_online.setter
    def is_online(self, on: bool) -> None:
        self._online = on
        self._flush()

    @property
    def account_address(self) -> tuple[str, str]:
        """Who the bot is to people: its id and its number."""
        return self.account.uuid, self.account.number

    @property
    def is_old(self) -> bool:
        """Whether this is a 0.13: long texts come cut, with the whole of it as an attachment."""
        return self.version.startswith("0.13.")

    @property
    def has_polls(self) -> bool:
        """Whether the daemon knows polls: from 0.13.23 on."""
        return tuple(map(int, self.version.split("."))) >= (0, 13, 23)

    def person(self, id: str | None = None, *, name: str = "Noa") -> SignalPerson:
        """The person with this account id, made when new (a free one when none is given)."""
        known = id or str(uuid.uuid5(PEOPLE, str(len(self.people) + 1)))
        return self.people.setdefault(known, SignalPerson(self, known, name))

    def stamp(self) -> int:
        """The moment something is sent, in ms; no two are alike, so it names a message."""
        self._last = max(self._last + 1, int(self.now() * 1000))
        return self._last

    def keep(self, content: bytes, *, kind: str, name: str | None) -> Enclosed:
        """Put a file where its id gets it."""
        ending = (name or "").rpartition(".")[2] or kind.rpartition("/")[2]
        file_id = f"{uuid.uuid5(PEOPLE, f'file {len(self.files) + 1}').hex[:20]}.{ending}"
        self.files[file_id] = content
        if self.attachments:
            self.attachments.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.attachments / file_id).write_bytes(content)
        return Enclosed(id=file_id, kind=kind, name=name, size=len(content))

    def content(self, file_id: str) -> bytes | None:
        """What the daemon has of a file; None where it is not there any more."""
        if self.attachments is None:
            return self.files.get(file_id)
        file = self.attachments / file_id
        return file.read_bytes() if file_id in self.files and file.exists() else None

    def post(self, envelope: Wire) -> None:
        """Something for the account: given to whoever subscribed, else kept."""
        self._queue.append({**envelope, "account": self.account.number})
        self._flush()

    def subscribe(self, listener: Listener) -> None:
        """From now on hand everything over here, beginning with what waits; what was handed over is forgotten."""
        if listener not in self._listeners:
            self._listeners.append(listener)
        self._flush()

    def unsubscribe(self, listener: Listener) -> None:
        """Hand nothing over here any more."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def _flush(self) -> None:
        while self._online and self._listeners and self._queue:
            envelope = self._queue.popleft()
            for listener in self._listeners:
                listener(envelope)

"""What a Signal app tells the bot's account, as envelopes: held back where the account does not trust it yet."""

from __future__ import annotations

from typing import Protocol

from bot.sandbox.signal import envelope
from bot.sandbox.signal.note import Enclosed, Note, Quote

LONG_KIND = "text/x-signal-plain"  # the attachment with the whole of a long text, in 0.13


class Home(Protocol):
    """What a person needs of ``Network``."""

    trusts_all: bool
    groups: set[str]

    @property
    def account_address(self) -> tuple[str, str]:
        """The bot's account, and its number."""

    @property
    def is_old(self) -> bool:
        """Whether long texts come cut."""

    def stamp(self) -> int:
        """The moment something is sent."""

    def keep(self, content: bytes, *, kind: str, name: str | None) -> Enclosed:
        """Keep a file."""

    def post(self, envelope: envelope.Wire) -> None:
        """Hand something to the account."""


class App:
    """The app of one person."""

    def __init__(self, network: Home, id: str, name: str) -> None:
        self._network = network
        self._withheld: list[envelope.Wire] = []
        self.id = id
        self.name = name
        self.timer = 0
        self.is_trusted = True

    def trusted(self) -> None:
        """Let what was withheld arrive."""
        self.is_trusted = True
        withheld, self._withheld = self._withheld, []
        for one in withheld:
            self._network.post(one)

    def author(self, note: Note | Quote) -> tuple[str, str | None]:
        """Who wrote a message: the account, and its number where it is known."""
        return (self.id, None) if note.mine else self._network.account_address

    def data(self, note: Note) -> envelope.Wire:
        """The dataMessage of a message of theirs."""
        text, files = note.text, note.files
        if self._network.is_old and note.is_long:
            whole = self._network.keep(text.encode(), kind=LONG_KIND, name=None)
            text, files = envelope.cut(text), (*files, whole)
        more: envelope.Wire = {}
        if note.quote:
            author, number = self.author(note.quote)
            more["quote"] = envelope.quote(note.quote, author=author, number=number)
        if note.styles:
            more["textStyles"] = envelope.styles(note.styles)
        if files:
            more["attachments"] = [envelope.attachment(file, timestamp=note.timestamp) for file in files]
        return envelope.data_message(note.timestamp, text or None, expires=self.timer, **more)

    def tell_data(self, timestamp: int, **more: object) -> None:
        """A dataMessage without words."""
        self.tell(timestamp, dataMessage=envelope.data_message(timestamp, None, expires=self.timer, **more))

    def tell_group(self, group: str, text: str) -> None:
        """What they write in a group that the account was put into."""
        self._network.groups.add(group)
        about, now = (
            {"groupId": group, "groupName": "Group", "revision": 1, "type": "DELIVER"},
            self._network.stamp(),
        )
        self.tell(now, dataMessage=envelope.data_message(now, text, expires=0, groupInfo=about))

    def tell(self, timestamp: int, **what: object) -> None:
        """One envelope; withheld while the safety number is not trusted, and told only that there is one."""
        told = {"envelope": envelope.envelope(uuid=self.id, name=self.name, timestamp=timestamp, **what)}
        if self.is_trusted:
            self._network.post(told)
            return
        self._withheld.append(told)
        bare = envelope.envelope(uuid=self.id, name=self.name, timestamp=timestamp)
        self._network.post({"exception": _untrusted(self.id), "envelope": bare})


def _untrusted(id: str) -> envelope.Wire:
    return {"message": f"Untrusted identity: {id}", "type": "UntrustedIdentityException"}

"""The seams of the product on one page: what the pipeline asks of the world, and what the world gives it.

A transport translates and nothing more: it keeps no queue, decides no retry and speaks to nobody by itself.
The emulator in `bot.sandbox` stands behind the real Telegram transport, so there is no other double.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model.incoming import Envelope, FileRef, Incoming, MediaRef
from bot.model.outgoing import Payload, Receipt
from bot.model.person import Platform


class Clock(Protocol):
    """Time as an argument; `app` passes the machine's clock, tests a fixed one."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class Ingest(Protocol):
    """Where a transport puts raw updates. When it returns, they are on disk and the platform may forget them."""

    async def __call__(self, platform: Platform, raws: Sequence[bytes]) -> None:
        """Store each raw update once. Raises whatever the store raises: then nothing may be confirmed."""
        ...


class Transport(Protocol):
    """One messaging platform."""

    @property
    def platform(self) -> Platform:
        """Which platform this is."""
        ...

    def envelope(self, raw: bytes) -> Envelope:
        """The outside of a raw update; never raises (an unreadable one gets a content hash as its id)."""
        ...

    def read(self, raw: bytes) -> Incoming:
        """What a raw update says. Pure. Raises ValueError if it can't be read."""
        ...

    async def send(self, routing_id: str, payload: Payload, *, content: bytes = b"") -> Receipt:
        """Do one call; `content` is what a `SendMedia` refers to, made anew, or the picture of a `SendChart`.

        Raises SendFailed with a classified failure, nothing else but cancellation.
        """
        ...

    async def fetch(self, file: FileRef) -> bytes:
        """A file that was sent to the bot here, at most `MEDIA_BYTES` of it. Raises SendFailed like `send`."""
        ...

    async def acknowledge(self, press_id: str) -> None:
        """Stop the spinner of a pressed button: best effort, never raises."""
        ...


class Discard(Protocol):
    """Where a file that somebody sent is given up, as soon as the bot is done with it."""

    def __call__(self, file: MediaRef, /) -> None:
        """Remove what lies of it beside the bot, on a platform that puts anything there. Never raises."""
        ...


class Listener(Protocol):
    """The receiving half of a transport: runs until cancelled, surviving every outage."""

    async def listen(self, ingest: Ingest) -> None:
        """Bring raw updates to `ingest`; confirm a batch to the platform only after `ingest` returned."""
        ...


class Nonces(Protocol):
    """Names for screens and prompts; `app` makes them random, tests in order."""

    def __call__(self) -> str:
        """Eight characters of `[0-9a-z]` that nobody can guess."""
        ...

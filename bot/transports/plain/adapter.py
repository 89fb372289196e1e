"""The sending and reading half of the text-only messenger: `ports.Transport` over one `Client`."""

from bot.model.incoming import Envelope, FileRef, Incoming
from bot.model.outgoing import Failure, FailureKind, Payload, Receipt, SendFailed, SendMessage
from bot.model.person import Platform
from bot.transports.plain import translate
from bot.transports.plain.client import Client


class PlainTransport:
    """The text-only messenger as `ports.Transport`. The client is opened and closed by whoever made it."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def platform(self) -> Platform:
        """The text-only messenger."""
        return Platform.PLAIN

    def envelope(self, raw: bytes) -> Envelope:
        """See `translate.envelope`."""
        return translate.envelope(raw)

    def read(self, raw: bytes) -> Incoming:
        """See `translate.read`."""
        return translate.read(raw)

    async def send(self, routing_id: str, payload: Payload, *, content: bytes = b"") -> Receipt:  # noqa: ARG002
        """Send words; the messenger names no message. Raises SendFailed, also for what it can't do."""
        if not isinstance(payload, SendMessage):
            raise SendFailed(Failure(kind=FailureKind.REJECTED, reason="words_only"))
        await self._client.send(routing_id, translate.words_of(payload.text))
        return Receipt()

    async def fetch(self, file: FileRef) -> bytes:  # noqa: ARG002  the port's own
        """There are no files. Raises SendFailed."""
        raise SendFailed(Failure(kind=FailureKind.REJECTED, reason="words_only"))

    async def acknowledge(self, press_id: str) -> None:
        """There are no buttons to press."""

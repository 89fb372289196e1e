"""The sending and reading half of Signal: `ports.Transport` over one connection to signal-cli.

Thin on purpose: calls are made by `translate`, lines read by `envelope`, errors judged by `failure`. It never receives.
"""

import asyncio
import base64
import binascii
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.model.incoming import AND, Envelope, FileRef, Incoming
from bot.model.limit import MEDIA_BYTES
from bot.model.outgoing import (
    DeleteMessages,
    EditMessage,
    Failure,
    FailureKind,
    LeaveChat,
    Payload,
    Receipt,
    SendChart,
    SendFailed,
    SendFile,
    SendMedia,
    SendMessage,
)
from bot.model.person import Platform
from bot.transports.signal import envelope
from bot.transports.signal.content import ours
from bot.transports.signal.error import SignalError
from bot.transports.signal.failure import classify, refused
from bot.transports.signal.reach import Gate
from bot.transports.signal.rpc import Rpc
from bot.transports.signal.translate import Call, Chat

DELETED_WITHIN: Final = 60.0  # seconds, for all of a row; each is a call of its own
LOCAL: Final = frozenset({"getAttachment", "trust"})  # the daemon does these by itself
POLL_WITHIN: Final = 10.0  # seconds; what is said already must not wait for it
NO_FILE: Final = Failure(kind=FailureKind.REJECTED, reason="no_file")
TOO_BIG: Final = Failure(kind=FailureKind.REJECTED, reason="too_big")

log = logging.getLogger(__name__)


class SignalTransport:
    """Signal as `ports.Transport`; `account` is the bot's own. The connection belongs to whoever made it."""

    def __init__(self, rpc: Rpc, *, account: str, polls: bool = False) -> None:
        self._rpc = rpc
        self._account = account
        self._polls = polls
        self._gate = Gate(rpc)

    @property
    def platform(self) -> Platform:
        """Signal."""
        return Platform.SIGNAL

    def envelope(self, raw: bytes) -> Envelope:
        """See `envelope.envelope`."""
        return envelope.envelope(raw)

    def read(self, raw: bytes) -> Incoming:
        """See `envelope.read`."""
        return envelope.read(raw)

    async def send(self, routing_id: str, payload: Payload, *, content: bytes = b"") -> Receipt:
        """Do what is asked for; one call, except for deletions. Raises SendFailed."""
        try:
            calls = Chat(person=routing_id, account=self._account, content=content).calls(payload)
        except ValueError:
            raise SendFailed(Failure(kind=FailureKind.REJECTED, reason="bad_id")) from None
        result: object = None
        try:
            async with asyncio.timeout(DELETED_WITHIN if isinstance(payload, DeleteMessages) else None):
                for call in calls:
                    result = await self._call(call.method, call.params)
        except TimeoutError:
            raise SendFailed(Failure(kind=FailureKind.AMBIGUOUS, reason="timed_out")) from None
        except SendFailed as failed:
            if isinstance(payload, LeaveChat) and failed.failure.kind is FailureKind.REJECTED:
                return Receipt()  # the bot is not in that group any more
            raise
        receipt = _receipt(payload, result)
        if self._polls and isinstance(payload, SendMessage) and payload.poll:
            return await self._with_poll(
                receipt, Chat(person=routing_id, account=self._account).poll(payload.poll)
            )
        return receipt

    async def _with_poll(self, receipt: Receipt, call: Call) -> Receipt:
        """The poll below a text that was sent: best effort, for the text has the same answers."""
        try:
            async with asyncio.timeout(POLL_WITHIN):
                result = await self._call(call.method, call.params)
        except (SendFailed, TimeoutError) as error:
            log.warning("poll_not_sent", extra={"action": "deliver", "outcome": _reason(error)})
            return receipt
        match result:
            case {"timestamp": int(timestamp)}:
                return replace(receipt, message_id=f"{receipt.message_id}{AND}{ours(timestamp)}")
            case _:
                return receipt

    async def fetch(self, file: FileRef) -> bytes:
        """The content of a file, as the daemon keeps it. Raises SendFailed."""
        if file.size > MEDIA_BYTES:
            raise SendFailed(TOO_BIG)
        match await self._call("getAttachment", {"id": file.file_id}):
            case {"data": str(data)}:
                content = _decoded(data)
            case _:
                raise SendFailed(NO_FILE)
        if len(content) > MEDIA_BYTES:
            raise SendFailed(TOO_BIG)
        return content

    async def acknowledge(self, press_id: str) -> None:
        """There are no buttons to press."""

    async def _call(self, method: str, params: Mapping[str, object]) -> object:
        """The result of a call. Raises SendFailed, also where the one recipient did not get it."""
        gate = self._gate if method not in LOCAL else None
        if gate:
            await gate.passed()
        clock = asyncio.get_running_loop().time
        began, result = clock(), None
        try:
            result = await self._rpc.call(method, params)
            failure = refused(result)
        except SignalError as error:
            failure = classify(error, seconds=clock() - began)
        if gate:
            gate.ended(failure)
        if failure:
            raise SendFailed(failure)
        return result


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise SendFailed(NO_FILE) from None


def _reason(error: SendFailed | TimeoutError) -> str:
    return error.failure.reason if isinstance(error, SendFailed) else "timed_out"


def _receipt(payload: Payload, result: object) -> Receipt:
    """A new message is named by its time. One that was edited keeps its name, whatever the edit's own time is."""
    match payload, result:
        case EditMessage(), _:
            return Receipt(message_id=payload.message_id)
        case ((SendMessage() | SendFile() | SendMedia() | SendChart()), {"timestamp": int(timestamp)}):
            return Receipt(message_id=ours(timestamp))
        case _:
            return Receipt()

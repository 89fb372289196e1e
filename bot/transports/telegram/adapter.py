"""The sending and reading half of Telegram: `ports.Transport` over one `Api`.

Thin on purpose: calls are made by `translate`, updates read by `update`, errors judged by `classify`.
"""

import logging
from dataclasses import replace
from typing import Final

from bot.model.incoming import Envelope, FileRef, Incoming
from bot.model.limit import MEDIA_BYTES
from bot.model.outgoing import (
    Failure,
    FailureKind,
    LeaveChat,
    Payload,
    Receipt,
    RemoveKeyboard,
    SendFailed,
)
from bot.model.person import Platform
from bot.transports.telegram import translate, update
from bot.transports.telegram.api import NO_FILE, Api
from bot.transports.telegram.content import photo

log = logging.getLogger(__name__)

# A spinner stops by itself soon enough; waiting longer than this would only hold a connection.
ACKNOWLEDGE_SECONDS: Final = 10.0

# Refusals that say the wanted state is there already: what was to go is gone.
GONE: Final = {
    RemoveKeyboard: frozenset({"message_gone"}),
    LeaveChat: frozenset({"kicked", "not_a_member", "group_deleted", "no_chat"}),
}


class TelegramTransport:
    """Telegram as `ports.Transport`. The api is opened and closed by whoever made it."""

    def __init__(self, api: Api) -> None:
        self._api = api

    @property
    def platform(self) -> Platform:
        """Telegram."""
        return Platform.TELEGRAM

    def envelope(self, raw: bytes) -> Envelope:
        """See `update.envelope`."""
        return update.envelope(raw)

    def read(self, raw: bytes) -> Incoming:
        """See `update.read`."""
        return update.read(raw)

    async def send(self, routing_id: str, payload: Payload, *, content: bytes = b"") -> Receipt:
        """Do one call. Raises SendFailed; its failure MARKUP leaves it to the caller to send plain words."""
        try:
            call = translate.call_for(routing_id, payload, content=content)
        except ValueError:
            raise SendFailed(Failure(kind=FailureKind.REJECTED, reason="bad_id")) from None
        try:
            result = await self._api.call(call.method, call.parameters, upload=call.upload)
        except SendFailed as error:
            raise SendFailed(judged(payload, error.failure)) from None
        return Receipt(message_id=_message_id(result), file=_photo(result))

    async def fetch(self, file: FileRef) -> bytes:
        """Ask where the file is, and get it. Raises SendFailed."""
        found = await self._api.call("getFile", {"file_id": file.file_id})
        path = found.get("file_path") if isinstance(found, dict) else None
        if not isinstance(path, str):
            raise SendFailed(NO_FILE)
        return await self._api.download(path, most=MEDIA_BYTES)

    async def acknowledge(self, press_id: str) -> None:
        """Stop the spinner; a press that is too old or a lost connection is nobody's concern."""
        try:
            await self._api.call(
                "answerCallbackQuery", {"callback_query_id": press_id}, read_timeout=ACKNOWLEDGE_SECONDS
            )
        except SendFailed as error:
            log.debug(
                "press not acknowledged", extra={"action": "acknowledge", "reason": error.failure.reason}
            )


def judged(payload: Payload, failure: Failure) -> Failure:
    """The failure in the light of what was asked for."""
    if failure.reason in GONE.get(type(payload), frozenset()):
        return replace(failure, kind=FailureKind.ALREADY_DONE)
    return failure


def _photo(result: object) -> FileRef | None:
    """The photo of a message that was sent, as Telegram keeps it."""
    return photo(result) if isinstance(result, dict) else None


def _message_id(result: object) -> str | None:
    number = result.get("message_id") if isinstance(result, dict) else None
    return str(number) if isinstance(number, int) else None

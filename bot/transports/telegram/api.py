"""The Bot API of one bot: named calls with JSON parameters, failing only as `SendFailed`.

The one place that holds the token. It posts through python-telegram-bot's request class and not its `Bot`:
`Bot` writes parameters (words, routing ids) to the log, prints the token in its repr, and its `send_message`
takes 0.25 ms where this takes 0.09 (processor time a call, 32 in flight).
"""

import re
from collections.abc import Mapping
from typing import Final, Self

from telegram import InputFile
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

# Not exported, but what the library's own Bot builds its RequestData from; the version is pinned.
from telegram.request._requestparameter import RequestParameter

from bot.model.outgoing import Failure, FailureKind, SendFailed
from bot.transports.telegram.classify import classify
from bot.transports.telegram.request import AiohttpRequest
from bot.transports.telegram.translate import Upload

OFFICIAL_URL: Final = "https://api.telegram.org"
TOKEN: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
PATH: Final = re.compile(
    r"(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*"
)  # of a file on Telegram's server
NO_FILE: Final = Failure(kind=FailureKind.REJECTED, reason="no_file")


class Api:
    """Calls methods of one bot on one server; open it with `async with`."""

    __slots__ = ("_files", "_request", "_root")

    def __init__(self, token: str, *, url: str = OFFICIAL_URL, request: BaseRequest | None = None) -> None:
        """`url` is scheme, host and port of a Bot API server. Raises ValueError if the token can't be one."""
        if not TOKEN.fullmatch(token):
            raise ValueError("This is not a bot token: it looks like 123456:AbC-dEf")
        self._root = f"{url.rstrip('/')}/bot{token}/"
        self._files = f"{url.rstrip('/')}/file/bot{token}/"
        self._request = request if request is not None else AiohttpRequest()

    async def __aenter__(self) -> Self:
        await self._request.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._request.shutdown()

    async def call(
        self,
        method: str,
        parameters: Mapping[str, object] | None = None,
        *,
        upload: Upload | None = None,
        read_timeout: float | None = None,
    ) -> object:
        """The result of one method, as parsed JSON; `upload` is a file sent along. Raises SendFailed."""
        fields = [RequestParameter(name, value, None) for name, value in (parameters or {}).items()]
        if upload:
            file = InputFile(upload.content, filename=upload.name)
            fields.append(RequestParameter(upload.field, None, [file]))
        data = RequestData(fields)
        wait = BaseRequest.DEFAULT_NONE if read_timeout is None else read_timeout
        try:
            return await self._request.post(self._root + method, data, read_timeout=wait)
        except TelegramError as error:
            failure = classify(error)
        except KeyError:  # the status said yes and the body no: `post` found no result in it
            failure = Failure(kind=FailureKind.AMBIGUOUS, reason="unreadable_answer")
        # Raised out here, so that the platform's text, which may quote a person's words, does not come along.
        raise SendFailed(failure)

    async def download(self, path: str, *, most: int) -> bytes:
        """A file by the path that `getFile` tells, at most so many bytes. Raises SendFailed."""
        if not PATH.fullmatch(path):
            raise SendFailed(NO_FILE)
        try:
            content = await self._request.retrieve(self._files + path)
        except TelegramError as error:
            failure = classify(error)
        else:
            if len(content) <= most:
                return content
            failure = Failure(kind=FailureKind.REJECTED, reason="too_big")
        # A path that is not there any more is no sign of a wrong token.
        raise SendFailed(NO_FILE if failure.reason == "not_found" else failure)

"""The HTTP client of a Bot API server, over aiohttp.

A `BaseRequest` of python-telegram-bot, so that its error classes hold. The token is in every URL, therefore
no exception of aiohttp (some print the URL) and no page of a middlebox gets out of here: what leaves says only
what kind of thing went wrong and, by its cause, whether the request had left this machine.
"""

from typing import Any, Final

import orjson
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ConnectionTimeoutError,
    InvalidURL,
)
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from typing_extensions import override

from bot.transports.telegram.wire import TooLong, Wire

NEVER_LEFT: Final = (ClientConnectorError, ClientHttpProxyError, ConnectionTimeoutError, InvalidURL)
NOT_TELEGRAM: Final = b'{"ok":false}'


class NeverSent(Exception):
    """The request did not leave this machine."""


class AiohttpRequest(BaseRequest):
    """The HTTP client for one bot; open between `initialize` and `shutdown`. Times are in seconds."""

    def __init__(
        self,
        *,
        proxy: str | None = None,
        connections: int = 256,
        read_timeout: float = 30.0,
        connect_timeout: float = 10.0,
    ) -> None:
        self._proxy = proxy
        self._connections = connections
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._wire: Wire | None = None

    @property
    @override
    def read_timeout(self) -> float:
        return self._read_timeout

    @override
    async def initialize(self) -> None:
        if self._wire is None:
            self._wire = Wire(
                proxy=self._proxy, connections=self._connections, connect_timeout=self._connect_timeout
            )

    @override
    async def shutdown(self) -> None:
        if self._wire is not None:
            await self._wire.close()
            self._wire = None

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        """Status and body of one call; of the library's four times only the one for reading is per call."""
        wait = float(read_timeout) if isinstance(read_timeout, int | float) else self._read_timeout
        body = _encoded(request_data)
        try:
            return await self._exchange(method, url, body=body, seconds=wait)
        except (ClientError, OSError) as error:
            failure = _without_url(error)
        except TooLong:
            failure = NetworkError("The answer is too long")
        # Raised out here, so that the original, which may print the token, is not even its context.
        raise failure from failure.__cause__

    async def _exchange(self, method: str, url: str, *, body: bytes, seconds: float) -> tuple[int, bytes]:
        if self._wire is None:
            raise NetworkError("The client is closed") from NeverSent()
        # Redirects are answers like any other: following one would carry the token to whoever is named in it.
        status, payload = await self._wire.exchange(method, url, body=body, seconds=seconds)
        return status, payload if status < 300 or _answer(payload) is not None else NOT_TELEGRAM

    @staticmethod
    @override
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = _answer(payload)
        if answer is None:
            raise TelegramError("Invalid server response")
        return answer


def _encoded(request_data: RequestData | None) -> bytes:
    """The parameters as a JSON body: a third of the work of a form, and Hebrew stays short in it."""
    if request_data is None:
        return b""
    try:
        return orjson.dumps(request_data.parameters)
    except orjson.JSONEncodeError:
        # Not chained: the encoder's message may quote the text.
        raise BadRequest("Strings must be encoded in UTF-8") from None


def _answer(payload: bytes) -> dict[str, Any] | None:
    """The object in `payload` if it is shaped as a Bot API answer: a middlebox may answer in its place."""
    try:
        answer = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(answer, dict) or answer.get("ok") is not ("result" in answer):
        return None
    parameters = answer.get("parameters", {})
    if not isinstance(parameters, dict) or not isinstance(answer.get("description", ""), str):
        return None
    numbers = (parameters.get(name, 0) for name in ("retry_after", "migrate_to_chat_id"))
    return answer if all(isinstance(number, int) for number in numbers) else None


def _without_url(error: Exception) -> NetworkError:
    """The same failure in the library's classes; `NeverSent` as its cause tells that nothing left."""
    name = type(error).__name__
    failure = TimedOut(name) if isinstance(error, TimeoutError) else NetworkError(name)
    if isinstance(error, NEVER_LEFT):
        failure.__cause__ = NeverSent()
    return failure

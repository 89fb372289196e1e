"""One HTTP exchange with a Bot API server, over aiohttp.

A `BaseRequest` of python-telegram-bot, so that its error classes hold. The token is in every URL, therefore
no exception of aiohttp (some print the URL) and no page of a middlebox gets out of here: what leaves says only
what kind of thing went wrong and, by its cause, whether the request had left this machine.
"""

from functools import lru_cache
from typing import Any, Final

import orjson
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    InvalidURL,
    Payload,
    TCPConnector,
)
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from typing_extensions import override

BODY_LIMIT: Final = 16 * 2**20  # the largest honest answer is 100 updates of 64 KiB each
NEVER_LEFT: Final = (ClientConnectorError, ClientHttpProxyError, ConnectionTimeoutError, InvalidURL)
NOT_TELEGRAM: Final = b'{"ok":false}'
MINIMAL_HEADERS: Final = ("Accept", "Accept-Encoding")  # not sent: each costs time and changes nothing


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
        self._session: ClientSession | None = None

    @property
    @override
    def read_timeout(self) -> float:
        return self._read_timeout

    @override
    async def initialize(self) -> None:
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=self._connections),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": "python-telegram-bot", "Content-Type": "application/json"},
                skip_auto_headers=MINIMAL_HEADERS,
                auto_decompress=False,
                trust_env=False,
                proxy=self._proxy,
            )

    @override
    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

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
        body = _form(request_data) if request_data and request_data.contains_files else _encoded(request_data)
        try:
            return await self._exchange(url, method, body, _timeout(self._connect_timeout, wait))
        except (ClientError, OSError) as error:
            failure = _without_url(error)
        # Raised out here, so that the original, which may print the token, is not even its context.
        raise failure from failure.__cause__

    async def _exchange(
        self, url: str, method: str, body: bytes | Payload, timeout: ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NetworkError("The client is closed") from NeverSent()
        kind = None if isinstance(body, bytes) else {"Content-Type": body.headers["Content-Type"]}
        # A redirect would carry the token to whoever is named in it.
        async with self._session.request(
            method, url, data=body, headers=kind, timeout=timeout, allow_redirects=False
        ) as response:
            payload = await _capped(response)
            if response.status < 300 or _answer(payload) is not None:
                return response.status, payload
            return response.status, NOT_TELEGRAM

    @staticmethod
    @override
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = _answer(payload)
        if answer is None:
            raise TelegramError("Invalid server response")
        return answer


@lru_cache(maxsize=32)
def _timeout(connect: float, read: float) -> ClientTimeout:
    return ClientTimeout(total=connect + 2 * read, connect=connect, sock_read=read)


def _encoded(request_data: RequestData | None) -> bytes:
    """The parameters as a JSON body: a third of the work of a form, and Hebrew stays short in it."""
    if request_data is None:
        return b""
    try:
        return orjson.dumps(request_data.parameters)
    except orjson.JSONEncodeError:
        # Not chained: the encoder's message may quote the text.
        raise BadRequest("Strings must be encoded in UTF-8") from None


def _form(request_data: RequestData) -> Payload:
    """Parameters and files as a form, the only way Telegram takes files."""
    form = FormData(default_to_multipart=True)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form()


async def _capped(response: ClientResponse) -> bytes:
    """The body, unless it is absurdly long."""
    length = response.content_length
    if length is not None and length <= BODY_LIMIT:
        return await response.read()
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise NetworkError("The answer is too long")
    return bytes(body)


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

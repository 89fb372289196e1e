"""The HTTP of the text-only messenger: two calls, failing only as `SendFailed`."""

from collections.abc import Mapping
from typing import Final, Self

import orjson
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
)

from bot.model.outgoing import Failure, FailureKind, SendFailed

TIMEOUT: Final = 15.0  # seconds, beyond what a poll waits on purpose

REFUSALS: Final[Mapping[int, tuple[FailureKind, str]]] = {
    400: (FailureKind.REJECTED, "bad_request"),
    401: (FailureKind.PLATFORM_DOWN, "bad_token"),
    403: (FailureKind.UNREACHABLE, "blocked"),
    404: (FailureKind.NO_CHAT, "no_chat"),
    413: (FailureKind.REJECTED, "too_long"),
}


class Client:
    """Calls the messenger at `url`; open it with `async with`."""

    def __init__(self, url: str) -> None:
        self._root = f"{url.rstrip('/')}/plain/"
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = ClientSession(cookie_jar=DummyCookieJar())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def poll(self, *, after: int, wait: int) -> list[object]:
        """The messages after a number, the ones up to it forgotten there. Raises SendFailed."""
        answer = await self._call("GET", f"poll?after={after}&wait={wait}", wait=wait)
        messages = answer.get("messages")
        if not isinstance(messages, list):
            raise SendFailed(Failure(kind=FailureKind.AMBIGUOUS, reason="unreadable_answer"))
        return messages

    async def send(self, to: str, text: str) -> None:
        """Deliver words. Raises SendFailed."""
        await self._call("POST", "send", body=orjson.dumps({"to": to, "text": text}))

    async def _call(self, verb: str, path: str, *, body: bytes = b"", wait: int = 0) -> dict[str, object]:
        if self._session is None:
            raise SendFailed(Failure(kind=FailureKind.NOT_SENT, reason="closed"))
        timeout = ClientTimeout(total=wait + TIMEOUT)
        try:
            async with self._session.request(
                verb, self._root + path, data=body or None, timeout=timeout
            ) as response:
                return await _read(response)
        except ClientConnectorError:
            failure = Failure(kind=FailureKind.NOT_SENT, reason="no_connection")
        except (ClientError, OSError, ValueError):
            failure = Failure(kind=FailureKind.AMBIGUOUS, reason="connection_lost")
        raise SendFailed(failure)


async def _read(response: ClientResponse) -> dict[str, object]:
    if response.status != 200:
        raise SendFailed(_refusal(response))
    match orjson.loads(await response.read()):
        case dict() as answer:
            return answer
        case _:
            raise ValueError("not an object")


def _refusal(response: ClientResponse) -> Failure:
    if response.status == 429:
        after = float(response.headers.get("Retry-After", 1))
        return Failure(kind=FailureKind.RATE_LIMITED, reason="flood", retry_after=after)
    kind, reason = REFUSALS.get(response.status, (FailureKind.AMBIGUOUS, "server_error"))
    return Failure(kind=kind, reason=reason)

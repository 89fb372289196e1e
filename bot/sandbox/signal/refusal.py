"""Error answers of signal-cli, with its codes and words."""

from __future__ import annotations

from typing import Any

Wire = dict[str, Any]

USER_ERROR = -1
IO_ERROR = -3
UNTRUSTED = -4
RATE_LIMITED = -5
CAPTCHA_REJECTED = -6
PARSE_ERROR = -32700
INVALID_REQUEST = -32600
NO_METHOD = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603

_WORDS = {
    UNTRUSTED: "Failed to send message due to untrusted identities",
    RATE_LIMITED: "Failed to send message due to rate limiting",
    USER_ERROR: "Failed to send message",
}
_CODES = {"IDENTITY_FAILURE": UNTRUSTED, "RATE_LIMIT_FAILURE": RATE_LIMITED}


class RpcRefusal(Exception):
    """What goes back as ``{"error": {"code", "message", "data"}}``."""

    def __init__(self, code: int, message: str, data: Wire | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def answer(self) -> Wire:
        """The ``error`` object."""
        return {"code": self.code, "message": self.message, "data": self.data}


def user_error(message: str) -> RpcRefusal:
    """Code -1 without data: the caller's fault."""
    return RpcRefusal(USER_ERROR, message)


def reached_nobody(results: list[Wire], timestamp: int) -> RpcRefusal:
    """A send that succeeded for nobody; the code tells why only where all failed alike."""
    kinds = {result["type"] for result in results}
    code = _CODES.get(kinds.pop(), USER_ERROR) if len(kinds) == 1 else USER_ERROR
    return RpcRefusal(code, _WORDS[code], {"response": {"results": results, "timestamp": timestamp}})


def result_of(uuid: str, kind: str, **more: object) -> Wire:
    """One entry of ``results``."""
    return {"recipientAddress": {"uuid": uuid, "number": None, "username": None}, "type": kind, **more}

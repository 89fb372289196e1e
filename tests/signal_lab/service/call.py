"""One question to the service and its answer, over HTTP or inside the websocket, and the table of who answers what."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.signal_lab.service.account import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A question; `caller` is nobody where whoever asks stays sealed."""

    verb: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    caller: Account | None = None
    found: tuple[str, ...] = ()

    @property
    def said(self) -> dict[str, Any]:
        """The body's object."""
        read: dict[str, Any] = json.loads(self.body or b"{}")
        return read

    @property
    def asked(self) -> dict[str, list[str]]:
        """What stands behind the question mark."""
        return parse_qs(self.query)

    @property
    def account(self) -> Account:
        """The caller, for what only somebody known may ask."""
        assert self.caller
        return self.caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said to it; `status` 0 hangs up instead."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


Answering = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Who answers a verb on a path; `open` to those who do not say who they are."""

    verb: str
    path: re.Pattern[str]
    answering: Answering
    open: bool = False


def said(content: object, *, status: int = 200) -> Answer:
    """An answer of JSON."""
    return Answer(status=status, body=json.dumps(content).encode())


def route(verb: str, path: str, answering: Answering, *, is_open: bool = False) -> Route:
    """An entry of the table; `path` matches the whole."""
    return Route(verb=verb, path=re.compile(path), answering=answering, open=is_open)

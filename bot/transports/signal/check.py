"""What `bot doctor` can find out about signal-cli: for an operator's eyes, so its words are not in `flows/`."""

import asyncio
import re
from enum import StrEnum
from typing import Final

from bot.model.finding import Finding
from bot.transports.signal.rpc import Hello, Rpc, connected

PATIENCE: Final = 5.0  # seconds
ASKED: Final = b"GET /api/v1/check HTTP/1.0\r\n\r\n"
POLLS: Final = (0, 13, 23)
OLDEST: Final = (0, 14)  # what came before is refused by Signal's servers, and cuts long messages


class Answering(StrEnum):
    """Who answers at an address, asked as a web server is."""

    NOBODY = "nobody answers"
    REST_API = "this is signal-cli-rest-api, not signal-cli"
    WEB = "this is a web server, not signal-cli's socket"
    OTHER = "somebody answers, but not as signal-cli does"


ADVICE: Final = {
    Answering.NOBODY: "Start signal-cli with `daemon --tcp` or `--socket`, and `--receive-mode=manual`.",
    Answering.REST_API: "Its API is another one: run `signal-cli daemon --tcp` itself, and name that.",
    Answering.WEB: "BOT_SIGNAL_RPC is what `--tcp` or `--socket` names, not `--http`.",
    Answering.OTHER: "See its log: it may still be starting, or serve another version.",
}


async def check(endpoint: str, *, account: str, polls: bool = False) -> tuple[Finding, ...]:
    """Look at the daemon and its account. Never raises."""
    async with Rpc(endpoint, account=account) as rpc:
        hello = rpc.hello
    if hello is None:
        who = await answering(endpoint)
        return (Finding(name="signal", ok=False, detail=who.value, advice=ADVICE[who]),)
    found = (_version(hello), _account(hello, account))
    return (*found, _polls(hello)) if polls else found


async def answering(endpoint: str) -> Answering:
    """Who is there. signal-cli-rest-api has no such page, signal-cli's own web server has."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await connected(endpoint)
            try:
                writer.write(ASKED)
                line = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return Answering.NOBODY
    if not line.startswith(b"HTTP/"):
        return Answering.OTHER
    return Answering.REST_API if b" 404" in line else Answering.WEB


def _version(hello: Hello) -> Finding:
    found = re.match(r"(\d+)\.(\d+)", hello.version)
    is_new = found is not None and (int(found[1]), int(found[2])) >= OLDEST
    advice = "" if is_new else "Update signal-cli: Signal refuses old ones, and this one cuts long messages."
    return Finding(name="signal", ok=is_new, detail=f"signal-cli {hello.version}", advice=advice)


def _polls(hello: Hello) -> Finding:
    """Polls are wanted: a daemon that knows none leaves the numbered lists alone, and each is a warning in the log."""
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", hello.version)
    knows = found is not None and tuple(map(int, found.groups())) >= POLLS
    advice = "" if knows else "Update signal-cli to 0.13.23 or newer, or take BOT_SIGNAL_POLLS away."
    detail = "known" if knows else f"signal-cli {hello.version} knows none: only the numbered lists are shown"
    return Finding(name="signal polls", ok=knows, detail=detail, advice=advice)


def _account(hello: Hello, account: str) -> Finding:
    """A daemon of one account does not start without it; one of several goes on without."""
    if hello.accounts is None or account in hello.accounts:
        return Finding(name="signal account", ok=True, detail="there")
    advice = "Register or link the number of BOT_SIGNAL_ACCOUNT; if it is, start signal-cli again."
    return Finding(name="signal account", ok=False, detail="the daemon does not have it", advice=advice)

"""What `bot doctor` can find out about signal-cli: for an operator's eyes, so its words are not in `flows/`."""

import asyncio
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from bot.model.finding import Finding
from bot.transports.signal.account import DEVICE
from bot.transports.signal.error import SignalError
from bot.transports.signal.reach import Reach, reach
from bot.transports.signal.release import numbers, release
from bot.transports.signal.rpc import Hello, Rpc, connected
from bot.transports.signal.started import PROCESSES, Started, started

PATIENCE: Final = 5.0  # seconds
REACHED_WITHIN: Final = 15.0
ASKED: Final = b"GET /api/v1/check HTTP/1.0\r\n\r\n"
POLLS: Final = (0, 13, 23)
OLDEST: Final = (0, 14)  # what came before is refused by Signal's servers, and cuts long messages
TRIED: Final = 200  # subscriptions, which are numbered from the daemon's start on
UPDATE: Final = "Update signal-cli: stop it, replace it, start it (docs/signal.md). Signal refuses old ones."
MANUAL: Final = (
    "Start signal-cli with --receive-mode=manual: what comes while nobody listens is lost otherwise."
)

STRANGE: Final = (
    "Each of them reads everything and speaks as the bot. If you have not linked them, the account is in other hands:\n"
    "`bot seal`, then take them off with signal-cli's removeDevice, and set a new PIN (`bot signal pin`)."
)


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


NETWORK: Final = {  # what is wrong, and what to do
    Reach.AWAY: (
        "signal-cli does not reach Signal",
        "See that this machine reaches chat.signal.org, port 443, and its clock is right; then see signal-cli's log.",
    ),
    Reach.TOO_OLD: ("Signal refuses this version", UPDATE),
    Reach.GONE: (
        "Signal does not know this account any more",
        "Somebody else has the number now, or it was taken out: register or link it again (docs/signal.md).",
    ),
}


async def check(
    endpoint: str, *, account: str, today: date, polls: bool = False, processes: Path = PROCESSES
) -> tuple[Finding, ...]:
    """Look at the daemon, its account, and how it was started. Never raises."""
    async with Rpc(endpoint, account=account) as rpc:
        hello = rpc.hello
        is_pushed = hello is not None and await _is_pushed(rpc)
        found = await reach(rpc, within=REACHED_WITHIN) if hello else Reach.UNKNOWN
        devices = await _devices(rpc)
    if hello is None:
        who = await answering(endpoint)
        return (Finding(name="signal", ok=False, detail=who.value, advice=ADVICE[who]),)
    start = await asyncio.to_thread(started, endpoint, processes=processes)
    return (
        _version(hello, today),
        _account(hello, account),
        _network(found),
        *devices,
        *([_polls(hello)] if polls else []),
        _receiving(start, is_pushed=is_pushed),
        _trust(start),
        _send_log(start),
    )


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


async def _is_pushed(rpc: Rpc) -> bool:
    """Whether this connection was subscribed without having asked: then the daemon is in another mode.

    Only a subscription of this connection can be ended over it, so whoever reads elsewhere notices nothing.
    """

    async def ended(number: int) -> bool:
        try:
            await rpc.call("unsubscribeReceive", {"subscription": number}, timeout=PATIENCE)
        except SignalError:
            return False
        return True

    return any(await asyncio.gather(*map(ended, range(TRIED))))


async def _devices(rpc: Rpc) -> tuple[Finding, ...]:
    """Who else has the account: each of its devices reads all and speaks as the bot. Nothing where nobody says."""
    try:
        found = await rpc.call("listDevices", timeout=PATIENCE)
    except SignalError:
        return ()
    names = [one.get("name") for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    known = 2 if DEVICE in names else 1  # with the phone that took it in
    is_right = len(names) <= known
    return (
        Finding(
            name="signal devices",
            ok=is_right,
            detail=f"{len(names)} with this account",
            advice="" if is_right else STRANGE,
        ),
    )


def _version(hello: Hello, today: date) -> Finding:
    found, detail = numbers(hello.version), f"signal-cli {hello.version}"
    if found is None or found < OLDEST:
        return Finding(
            name="signal", ok=False, detail=detail, advice=f"{UPDATE} This one cuts long messages."
        )
    known = release(found)
    if known.is_newer:
        detail += f", newer than {known.day.isoformat()}; how old it is is not known here"
    elif known.is_old(today):
        return Finding(name="signal", ok=False, detail=f"{detail}, of {known.day.isoformat()}", advice=UPDATE)
    return Finding(name="signal", ok=True, detail=detail)


def _receiving(start: Started | None, *, is_pushed: bool) -> Finding:
    """By its command line where that can be seen; else by what it does with a connection that asked for nothing."""
    mode = start.value("--receive-mode", default="on-start") if start else "not manual" if is_pushed else ""
    if mode in ("", "manual"):
        return Finding(name="signal receiving", ok=True, detail=mode or "manual, as far as it can be asked")
    return Finding(name="signal receiving", ok=False, detail=mode, advice=MANUAL)


def _trust(start: Started | None) -> Finding:
    """What becomes of somebody who comes back with another safety number: the bot wants to hear of it."""
    if start is None:
        return _unseen("signal trust", "it must not say --trust-new-identities")
    mode = start.value("--trust-new-identities", default="on-first-use")
    advice = "Start signal-cli without --trust-new-identities: a new safety number has to be noticed."
    is_right = mode == "on-first-use"
    return Finding(name="signal trust", ok=is_right, detail=mode, advice="" if is_right else advice)


def _send_log(start: Started | None) -> Finding:
    """By itself signal-cli keeps what it sent for a day, open, so that it can be sent again."""
    if start is None:
        return _unseen("signal log of sent messages", "it has to say --disable-send-log")
    is_off = start.has("--disable-send-log")
    advice = (
        "Start signal-cli with --disable-send-log: it keeps a day of what the bot said, unsealed, otherwise."
    )
    return Finding(
        name="signal log of sent messages",
        ok=is_off,
        detail="off" if is_off else "on",
        advice="" if is_off else advice,
    )


def _unseen(name: str, rule: str) -> Finding:
    return Finding(name=name, ok=True, detail=f"its command line can't be seen from here; {rule}")


def _polls(hello: Hello) -> Finding:
    """Polls are wanted: a daemon that knows none leaves the numbered lists alone, and each is a warning in the log."""
    found = numbers(hello.version)
    knows = found is not None and found >= POLLS
    advice = "" if knows else "Update signal-cli to 0.13.23 or newer, or take BOT_SIGNAL_POLLS away."
    detail = "known" if knows else f"signal-cli {hello.version} knows none: only the numbered lists are shown"
    return Finding(name="signal polls", ok=knows, detail=detail, advice=advice)


def _network(found: Reach) -> Finding:
    """signal-cli answers while its own network is away."""
    if wrong := NETWORK.get(found):
        return Finding(name="signal network", ok=False, detail=wrong[0], advice=wrong[1])
    detail = "Signal is reached" if found is Reach.REACHED else "it can't be asked whether Signal is reached"
    return Finding(name="signal network", ok=True, detail=detail)


def _account(hello: Hello, account: str) -> Finding:
    """A daemon of one account does not start without it; one of several goes on without."""
    if hello.accounts is None or account in hello.accounts:
        return Finding(name="signal account", ok=True, detail="there")
    advice = "Register or link the number of BOT_SIGNAL_ACCOUNT; if it is, start signal-cli again."
    return Finding(name="signal account", ok=False, detail="the daemon does not have it", advice=advice)

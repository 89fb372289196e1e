"""What the pipeline relies on of every transport, held by a real signal-cli too: the same class, another side."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from bot.model.incoming import Ignored
from bot.model.outgoing import FailureKind
from bot.spool.folder import Folder
from bot.transports.signal.adapter import SignalTransport
from bot.transports.signal.rpc import Rpc
from tests.contract.test_transport import (
    Kept,
    Side,
    TestEveryTransport,
    read_once,
    reading,
    spooled,
    spooling,
)
from tests.signal_lab.friend import Friend
from tests.signal_lab.lab import BOT, Lab
from tests.store.shelf import Shelf as Databases
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template

__all__ = ["TestEveryTransport"]

pytestmark = pytest.mark.timeout(400)  # the first to ask waits until the lab is up

AGAIN: Final = {"headers": [["Retry-After", "7"]]}
CAPTCHA: Final = {"status": 428, "body": {"token": "tok-123", "options": ["captcha"]}, **AGAIN}
FLOOD: Final = {"status": 429, **AGAIN}
TROUBLES: Final = ((CAPTCHA, FailureKind.CHALLENGED), (FLOOD, FailureKind.RATE_LIMITED))


@pytest.fixture
async def side(lab: Lab, noa: Friend, sqlite_shelf: Databases, tmp_path: Path) -> AsyncIterator[Side]:
    """All the way that a message takes, with two real accounts at its ends."""
    folder, kept, said = Folder(tmp_path / "spool"), Kept(), list[str]()
    async with (
        sqlite_shelf.keyring() as keyring,
        Rpc(lab.daemon.tcp, account=BOT) as rpc,
        spooling(folder, lab.daemon.tcp, account=BOT),
    ):
        transport = SignalTransport(rpc, account=BOT, polls=True)  # which this version refuses
        reader = await reading(folder, keyring)

        async def write(text: str) -> None:
            said.append(text)
            await spooled(folder, noa.send(text))

        async def show(content: bytes) -> None:
            said.append("")
            await spooled(folder, noa.attach(content, "image/jpeg"))

        async def outage(on: bool) -> None:
            await lab.network(up=not on)

        def pending() -> int:
            return len(said) - sum(
                not isinstance(transport.read(raw).happening, Ignored) for raw in kept.raws
            )

        yield Side(
            transport=transport,
            once=lambda shelf: read_once(reader, kept.by(shelf)),
            write=write,
            show=show,
            shown=partial(_shown, noa),
            pictured=partial(_pictured, noa),
            pending=pending,
            outage=outage,
            troubles=[(partial(_trouble, lab, how), wanted) for how, wanted in TROUBLES],
            routing_id=noa.uuid,
            language=None,
            timed=frozenset({FailureKind.CHALLENGED}),  # this version does not pass on how long a flood lasts
        )


async def _shown(noa: Friend) -> Sequence[str]:
    """What has come by the time that something has."""
    first = await noa.sees()
    return [first.text, *(seen.text for seen in noa.heard())]


async def _pictured(noa: Friend) -> Sequence[bytes]:
    """What is in the next message."""
    seen = await noa.sees()
    return [await noa.file(one) for one in seen.files]


async def _trouble(lab: Lab, how: dict[str, object]) -> None:
    await lab.faults({"match": "PUT /v1/messages", **how})

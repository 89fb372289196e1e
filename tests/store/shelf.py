"""Two fresh databases for a test, on SQLite or PostgreSQL, and the few words tests of the store share.

Migrated once per run, copied or emptied per test. `opened` opens both as `app` does.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.model.outgoing import Priority, SendMessage
from bot.model.person import Platform
from bot.model.queue import Keep, Lane, LaneKind, NewInbox, NewOutbox, Origin
from bot.model.text import Rich
from bot.store import inbox, migrate, outbox, people, tables
from bot.store.db import Database
from bot.store.keyring import Keyring, open_keyring
from bot.store.keys import MasterKeys
from bot.store.outbox import Claim
from bot.store.people import Known
from tests.postgres import Cluster

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MASTER: Final = bytes(range(32))
MINUTE: Final = timedelta(minutes=1)
DIALECTS: Final = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where the two databases are."""

    data: str
    keys: str

    @asynccontextmanager
    async def keyring(self, *masters: bytes, at: datetime = NOW) -> AsyncIterator[Keyring]:
        """The key file, opened with these master keys."""
        given = MasterKeys(masters or (MASTER,))
        async with open_keyring(self.keys, given, entropy=os.urandom, today=at.date()) as keyring:
            yield keyring

    @asynccontextmanager
    async def opened(self, *masters: bytes, at: datetime = NOW) -> AsyncIterator[Database]:
        """Both, checked."""
        async with AsyncExitStack() as stack:
            keyring = await stack.enter_async_context(self.keyring(*masters, at=at))
            db = await Database.open(self.data, keyring, bot="test")
            stack.push_async_callback(db.close)
            await db.check_migrated()
            await db.check_keys(today=at.date())
            yield db

    @property
    def files(self) -> list[Path]:
        """Every file of the two, on SQLite."""
        directory = Path(self.data.partition("///")[2]).parent
        return sorted(path for path in directory.iterdir() if path.is_file())


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with two migrated files."""
    directory = tmp_path_factory.mktemp("template")
    asyncio.run(migrate.migrate(sqlite_url(directory / "bot.db")))
    asyncio.run(migrate.migrate_keys(sqlite_url(directory / "keys.db")))
    return directory


@pytest.fixture(scope="session")
def postgres_pair(cluster: Cluster) -> tuple[str, str]:
    """The names of two migrated databases."""
    data, keys = cluster.create(), cluster.create()
    asyncio.run(migrate.migrate(cluster.url(data)))
    asyncio.run(migrate.migrate_keys(cluster.url(keys)))
    return data, keys


@pytest.fixture
def sqlite_shelf(sqlite_template: Path, tmp_path: Path) -> Shelf:
    """Two migrated SQLite files."""
    directory = Path(shutil.copytree(sqlite_template, tmp_path / "data"))
    return Shelf(data=sqlite_url(directory / "bot.db"), keys=sqlite_url(directory / "keys.db"))


@pytest.fixture
def postgres_shelf(cluster: Cluster, postgres_pair: tuple[str, str]) -> Iterator[Shelf]:
    """Two migrated PostgreSQL databases, emptied afterwards."""
    data, keys = postgres_pair
    yield Shelf(data=cluster.url(data), keys=cluster.url(keys))
    cluster.empty(data, tables.metadata.tables)
    cluster.empty(keys, ["wrapped_key"])


@pytest.fixture(params=DIALECTS)
def shelf(request: pytest.FixtureRequest) -> Shelf:
    """Two migrated databases, once on SQLite and once on PostgreSQL."""
    name = "sqlite_shelf" if request.param == "sqlite" else "postgres_shelf"
    found = request.getfixturevalue(name)
    assert isinstance(found, Shelf)
    return found


@pytest.fixture
async def db(shelf: Shelf) -> AsyncIterator[Database]:
    """An opened database of each kind."""
    async with shelf.opened() as found:
        yield found


async def meet(db: Database, *routing_ids: str, at: datetime = NOW) -> list[Known]:
    """People who write for the first time, in order."""
    async with db.unit() as unit:
        found = await people.resolve(unit, Platform.TELEGRAM, routing_ids, today=at.date())
        known = await people.load(unit, found.values())
        await unit.commit()
    return [known[found[routing_id]] for routing_id in routing_ids]


def event(lane_id: int, external_id: str, body: bytes = b"{}") -> NewInbox:
    """A raw update of a person's."""
    lane = Lane(kind=LaneKind.PERSON, id=lane_id)
    return NewInbox(lane=lane, origin=Origin.TELEGRAM, external_id=external_id, body=body)


async def receive(db: Database, *rows: NewInbox, at: datetime = NOW) -> frozenset[int]:
    """Store events, as receive does."""
    async with db.unit() as unit:
        added = await inbox.add(unit, rows, now=at)
        await unit.commit()
    return added


def call(
    known: Known,
    text: str = "hello",
    *,
    priority: Priority = Priority.REPLY,
    due_at: datetime | None = None,
    keep: Keep | None = None,
) -> NewOutbox:
    """A message to a person."""
    return NewOutbox(
        address_id=known.addresses[0].id,
        person_id=known.person.id,
        payload=SendMessage(text=Rich(text)),
        priority=priority,
        due_at=due_at,
        keep=keep,
    )


async def enqueue(db: Database, *rows: NewOutbox, at: datetime = NOW) -> None:
    """Put calls into the outbox, as process does."""
    async with db.unit() as unit:
        await outbox.add(unit, rows, now=at)
        await unit.commit()


async def take(
    db: Database, *, at: datetime = NOW, limit: int = 100, up_to: Priority = Priority.NOTICE
) -> Claim:
    """Claim what may leave, as deliver does."""
    async with db.unit() as unit:
        claim = await outbox.claim(unit, now=at, lease=MINUTE, limit=limit, up_to=up_to)
        await unit.commit()
    return claim


def texts(claim: Claim) -> list[str]:
    """What the claimed messages say."""
    payloads: Sequence[object] = [delivery.payload for delivery in claim.deliveries]
    return [payload.text.text for payload in payloads if isinstance(payload, SendMessage)]

"""The data file: opened once by `app`, asked through units of work.

A unit is one transaction; leaving it without `commit` rolls back. It carries what sealing needs, so that the
question modules take and give plain model objects while the tables hold ciphertext only.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from typing import Self

from sqlalchemy import func, select

from bot.store import memo, version
from bot.store.errors import NoDataFile, NoKeyFile
from bot.store.ids import Ids
from bot.store.keyring import Keyring
from bot.store.link import Dialect, Link
from bot.store.tables import inbox, message_ref, outbox
from bot.store.unit import Unit

_PAIR = "key_file"
_NEWEST = select(
    select(func.max(inbox.c.id)).scalar_subquery().label("inbox"),
    select(func.max(outbox.c.id)).scalar_subquery().label("outbox"),
    select(func.max(message_ref.c.id)).scalar_subquery().label("message_ref"),
)


class Database:
    """The data file with its keyring. `bot` names the bot whose events these are."""

    def __init__(self, link: Link, keyring: Keyring, *, bot: str) -> None:
        self.keyring = keyring
        self._link = link
        self._ids = Ids(keyring.entropy)
        self._bot = bot

    @classmethod
    async def open(cls, url: str, keyring: Keyring, *, bot: str = "") -> Self:
        """The data file at `url`. Check it before use: `check_migrated`, then `check_keys`."""
        return cls(await Link.open(url), keyring, bot=bot)

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""
        return self._link.dialect

    @property
    def statements(self) -> int:
        """How many statements ran since it was opened."""
        return self._link.tally.statements

    @property
    def commits(self) -> int:
        """How many transactions were committed since it was opened."""
        return self._link.tally.commits

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """A transaction that may write. On SQLite it waits for the one writer."""
        async with self._link.writing() as connection:
            yield Unit(connection, link=self._link, keyring=self.keyring, ids=self._ids, bot=self._bot)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Unit]:
        """A transaction that only reads, beside the writer: for metrics and commands."""
        async with self._link.reading() as connection:
            yield Unit(connection, link=self._link, keyring=self.keyring, ids=self._ids, bot=self._bot)

    async def check_migrated(self) -> None:
        """Raises NotMigrated unless the file is at the newest version; goes on counting row ids from there."""
        await version.check_data(self._link)
        async with self.unit() as unit:
            (newest,) = await unit.fetch(_NEWEST)
        self._ids.stay_above(max(id_ or 0 for id_ in newest))

    async def check_keys(self, *, today: date) -> None:
        """Raises NoKeyFile, NoDataFile if the two files do not belong together; two new ones do from now on."""
        async with self.unit() as unit:
            known = await memo.get(unit, _PAIR)
            if known is None and self.keyring.is_paired:
                raise NoDataFile
            if known not in (None, self.keyring.pair_tag()):
                raise NoKeyFile
            if known is None:
                await memo.put(unit, _PAIR, self.keyring.pair_tag())
                await unit.commit()
        await self.keyring.pair(today)

    def hold(self, name: str) -> AbstractAsyncContextManager[bool]:
        """Whether this process is the only one that holds `name`, while the block lasts."""
        return self._link.hold(name)

    async def checkpoint(self) -> None:
        """Every few seconds: what SQLite does after many commits, done beside the writer; else it costs one 50 ms."""
        await self._link.checkpoint()

    async def close(self) -> None:
        """Close every connection."""
        await self._link.close()

"""The keys this process holds unwrapped, in memory only, and the ways they come and go.

A new key is on disk in the key file before it is handed out, so that no data row can be under a key a crash takes
away; what a crash leaves is at most a key without data. Destroying a key makes every copy of what it sealed noise.
"""

import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Final

from typing_extensions import override

from bot.store import keys, owner, version
from bot.store.crypto import KEY_BYTES, Entropy, Key, tag
from bot.store.errors import EqualIndexKeys, StorageTroubled, Trouble, Unopenable, WrongMasterKey
from bot.store.keys import MasterKeys, Wrapped
from bot.store.link import Channel, Link
from bot.store.sqlite import Checkpoint

log = logging.getLogger(__name__)

_CACHED: Final = 50_000
_PAGE: Final = 500
_DAYS_KEPT: Final = timedelta(days=2)
_PASSING: Final = timedelta(days=1)


class Keyring:
    """Keys by their owner. Made by `opened`."""

    def __init__(self, link: Link, masters: MasterKeys, *, entropy: Entropy) -> None:
        self.entropy = entropy
        self._link = link
        self._masters = masters
        self._cache: OrderedDict[str, Key] = OrderedDict()
        self._index: dict[str, bytes] = {}
        self._doomed: set[str] = set()
        self._place = owner.of_person(int.from_bytes(entropy(8), "big") >> 1)  # anywhere: starts are often
        self.is_paired = False
        self.unreadable = 0  # keys that were there and could not be unwrapped

    @override
    def __repr__(self) -> str:
        return "***"

    @property
    def statements(self) -> int:
        """How many statements ran on the key file."""
        return self._link.tally.statements

    def index(self, name: str) -> bytes:
        """An index key; the names are in `owner.INDEXES`."""
        return self._index[name]

    async def keys_for(self, owners: Iterable[str], *, create_on: date | None = None) -> Mapping[str, Key]:
        """The keys of `owners`, in no statement if all are known; missing ones are made if a day is given."""
        wanted = set(owners)
        found = {name: key for name in wanted if (key := self._cached(name)) is not None}
        missing = wanted - found.keys()
        if missing:
            async with self._link.channel() as channel:
                found |= self._kept(await keys.some(channel, sorted(missing)))
                absent = sorted(missing - found.keys())
                if absent and create_on is not None:
                    found |= self._kept(await self._made(channel, absent, create_on))
        return found

    async def seed(self, name: str, *, create_on: date | None = None) -> bytes | None:
        """The 32 bytes of the private half of a pair, not remembered here; made if a day is given, else None."""
        async with self._link.channel() as channel:
            rows = await (self._made(channel, [name], create_on) if create_on else keys.some(channel, [name]))
        if rows and self._masters.of(rows[0].fingerprint) is None:
            raise StorageTroubled(Trouble.SEALED)
        return self._unwrap(rows[0]) if rows else None

    async def names(self, kind: str, *, before: date = date.max) -> list[str]:
        """Whose keys there are of a kind, made before a day: a page of them."""
        async with self._link.channel() as channel:
            return await keys.page(channel, kind, after=kind, before=before, limit=_PAGE)

    async def destroy(self, owners: Collection[str]) -> None:
        """Delete keys for good.

        What can't be deleted now is tried again at the next call, after a crash by the sweep for keys of nobody.
        """
        self._doomed.update(owners)
        for name in owners:
            self._cache.pop(name, None)
        if not self._doomed:
            return
        doomed = sorted(self._doomed)
        try:
            async with self._link.channel() as channel:
                await keys.remove(channel, doomed)
                await channel.commit()
            await self._link.checkpoint(Checkpoint.TRUNCATE)  # a wrapped key must not stay in the WAL
        except StorageTroubled as error:
            log.warning("keys to destroy wait", extra={"action": "keys.wait", "trouble": error.trouble.value})
        else:
            self._doomed.difference_update(doomed)
            for name in doomed:  # somebody may have asked for one while it was being deleted
                self._cache.pop(name, None)

    async def prune_days(self, today: date) -> int:
        """Destroy the keys of days whose bodies are long gone; how many."""
        first = owner.of_day(today - _DAYS_KEPT)
        for name in [name for name in self._cache if owner.DAY < name < first]:
            del self._cache[name]
        async with self._link.channel() as channel:
            gone = await keys.remove_before(channel, owner.DAY, end=first)
            await channel.commit()
        if gone:
            await self._link.checkpoint(Checkpoint.TRUNCATE)
        return gone

    async def prune(self, kind: str, today: date, *, after: timedelta = _PASSING) -> int:
        """Destroy the keys of a kind (owed messages, drafts, words) that a crash left behind; how many."""
        names = await self.names(kind, before=today - after)
        await self.destroy(names)
        return len(names)

    async def people_before(self, day: date, *, pages: int) -> AsyncIterator[list[int]]:
        """The ids of people whose key was made before a day, so many pages of them; with few people, of all.

        The next call goes on where this one stopped, round and round.
        """
        for _ in range(pages):
            async with self._link.channel() as channel:
                page = await keys.page(channel, owner.PERSON, after=self._place, before=day, limit=_PAGE)
            if page:
                yield [int(name.removeprefix(owner.PERSON)) for name in page]
            began, self._place = self._place, page[-1] if len(page) == _PAGE else owner.PERSON
            if began == self._place == owner.PERSON:
                return

    async def rewrap(self) -> int:
        """Wrap every key with the first master key, in pages, while others work; how many. Changes no key."""
        done = 0
        while True:
            async with self._link.channel() as channel:
                old = await keys.older_than(channel, self._masters.primary.fingerprint, limit=_PAGE)
                if not old:
                    return done
                pairs = [(row, self._wrap(row.owner, self._unwrap(row), row.created_on)) for row in old]
                await keys.rewrap(channel, pairs)
                await channel.commit()
            done += len(old)

    async def is_rotated(self) -> bool:
        """Whether the older master keys can be thrown away."""
        async with self._link.channel() as channel:
            return await keys.fingerprints(channel) <= {self._masters.primary.fingerprint}

    async def load(self, today: date) -> None:
        """Check the master keys against the file and load the index keys, making the ones that are missing.

        Raises WrongMasterKey, EqualIndexKeys.
        """
        async with self._link.channel() as channel:
            if not all(self._masters.of(print_) for print_ in await keys.fingerprints(channel)):
                raise WrongMasterKey
            names = [owner.CHECK, owner.SERVICE, *owner.INDEXES]
            rows = {row.owner: row for row in await keys.some(channel, [*names, owner.PAIRED])}
            self.is_paired = owner.PAIRED in rows
            absent = [name for name in names if name not in rows]
            rows |= {row.owner: row for row in await self._made(channel, absent, today)}
        self._index = {name: self._unwrap(rows[name]) for name in owner.INDEXES}
        self._check_distinct(self._unwrap(rows[owner.CHECK]))

    async def pair(self, today: date) -> None:
        """Note that there is a data file for this key file: another, empty one would have its keys swept away."""
        if not self.is_paired:
            async with self._link.channel() as channel:
                await self._made(channel, [owner.PAIRED], today)
            self.is_paired = True

    def pair_tag(self) -> str:
        """What a data file remembers of its key file."""
        return tag(self._index[owner.PAIR], b"data").hex()

    def _check_distinct(self, check: bytes) -> None:
        values = [check, *self._index.values()]
        if len(set(values)) != len(values) or any(self._masters.holds(value) for value in values):
            raise EqualIndexKeys

    async def _made(self, channel: Channel, names: list[str], today: date) -> list[Wrapped]:
        """Keys for owners without one, committed; another process may have been quicker, then theirs count."""
        if not names:
            return []
        rows = [self._wrap(name, self.entropy(KEY_BYTES), today.toordinal()) for name in names]
        added = await keys.add(channel, rows)
        theirs = [name for name in names if name not in added]
        mine = [row for row in rows if row.owner in added]
        others = await keys.some(channel, theirs) if theirs else []
        await channel.commit()
        return mine + others

    def _cached(self, name: str) -> Key | None:
        key = self._cache.get(name)
        if key is not None:
            self._cache.move_to_end(name)
        return key

    def _kept(self, rows: list[Wrapped]) -> dict[str, Key]:
        """Unwrapped and remembered. A row that was tampered with is as good as gone; the others must not suffer."""
        found: dict[str, Key] = {}
        for row in rows:
            if self._masters.of(row.fingerprint) is None:
                raise StorageTroubled(Trouble.SEALED)
            try:
                found[row.owner] = Key(self._unwrap(row))
            except WrongMasterKey:
                self.unreadable += 1
                log.error("a key can't be unwrapped", extra={"action": "keys.unreadable"})
        self._cache.update(found)
        while len(self._cache) > _CACHED:
            self._cache.popitem(last=False)
        return found

    def _wrap(self, name: str, raw: bytes, created_on: int) -> Wrapped:
        master = self._masters.primary
        wrapped = master.wrap(raw, name, entropy=self.entropy)
        return Wrapped(owner=name, wrapped=wrapped, fingerprint=master.fingerprint, created_on=created_on)

    def _unwrap(self, row: Wrapped) -> bytes:
        master = self._masters.of(row.fingerprint)
        if master is None:
            raise WrongMasterKey
        try:
            return master.unwrap(row.wrapped, row.owner)
        except Unopenable as error:
            raise WrongMasterKey from error


@asynccontextmanager
async def open_keyring(
    url: str, masters: MasterKeys, *, entropy: Entropy, today: date
) -> AsyncIterator[Keyring]:
    """The key file at `url`, opened. Raises NotMigrated, WrongMasterKey, EqualIndexKeys, StorageTroubled."""
    link = await Link.open(url)
    try:
        await version.check_keys(link)
        keyring = Keyring(link, masters, entropy=entropy)
        await keyring.load(today)
        yield keyring
    finally:
        await link.close()

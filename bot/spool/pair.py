"""Pairs of keys for the spool, each for an hour or so: the bot gives away one half and keeps the other in its key file.

So what was read and deleted stays closed, even where the disk still has it: the half that opens it is destroyed as
soon as no segment needs it. A crash between two steps leaves a key too many, never a line without one.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final

from bot.ports import Clock
from bot.spool.box import PrivateHalf
from bot.spool.folder import PLACE, Folder, Public
from bot.store import owner
from bot.store.errors import StorageTroubled, Trouble
from bot.store.keyring import Keyring

NEW_AFTER: Final = timedelta(hours=1)
_NAME_BYTES: Final = 8


class Pairs:
    """The keys of one folder, for the one process that reads it."""

    def __init__(self, folder: Folder, keyring: Keyring, clock: Clock) -> None:
        self._folder = folder
        self._keyring = keyring
        self._clock = clock
        self._halves: dict[str, PrivateHalf] = {}
        self._given: str | None = None
        self._given_at: datetime | None = None
        self._is_used = True  # what the spooler has done with the last key is not known yet

    async def prepare(self) -> None:
        """Have the spooler seal to a key that this bot can open."""
        public = self._folder.public()
        if public is not None and (half := await self.half(public.name)) and half.public == public.key:
            self._given, self._given_at = public.name, self._clock.now()
        else:
            await self._give()
        await self._forget()

    async def half(self, name: str) -> PrivateHalf | None:
        """What opens lines under this key, if it is there."""
        if name not in self._halves:
            seed = await self._keyring.seed(owner.of_spool(self._place(), name))
            if seed is None:
                return None
            self._halves[name] = PrivateHalf(seed)
        return self._halves[name]

    async def drained(self, name: str) -> None:
        """A segment under this key is gone: give another in time, and destroy what nobody needs any more."""
        self._is_used |= name == self._given
        if name != self._given:
            await self._forget()

    async def renew(self) -> None:
        """Give another key if something was sealed to the present one for an hour."""
        if self._given_at is None or not self._is_used:
            return
        if self._clock.now() - self._given_at >= NEW_AFTER:
            await self._give()
            await self._forget()

    async def _give(self) -> None:
        now, name = self._clock.now(), secrets.token_hex(_NAME_BYTES)
        seed = await self._keyring.seed(owner.of_spool(self._place(), name), create_on=now.date())
        if seed is None:  # somebody destroyed it in this moment
            raise StorageTroubled(Trouble.BROKEN)
        half = self._halves[name] = PrivateHalf(seed)
        self._folder.publish(Public(name=name, key=half.public))
        self._given, self._given_at, self._is_used = name, now, False

    async def _forget(self) -> None:
        """Destroy the keys that no segment is under. A segment is begun under the given key only.

        The folder is listed twice: what gets another name meanwhile may be missing from one list, if that is long.
        """
        needed = {segment.key for _ in range(2) for segment in self._folder.segments()} | {self._given}
        there = await self._keyring.names(owner.of_spool(self._place(), ""))
        unneeded = [name for name in there if name.rpartition("/")[2] not in needed]
        for name in unneeded:
            self._halves.pop(name.rpartition("/")[2], None)
        if unneeded:
            await self._keyring.destroy(unneeded)

    def _place(self) -> str:
        """Which folder's keys these are: one key file may serve more than one."""
        file = self._folder.path / PLACE
        if not file.exists():
            self._folder.put(PLACE, secrets.token_hex(_NAME_BYTES).encode(), durable=True)
        return file.read_text(encoding="ascii")

"""The unit of work: one transaction on the data file, with what sealing and new rows need.

Every question of the store takes it first. It is made by `db.Database`; nobody keeps one.
"""

from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.model.person import Address
from bot.store.crypto import Key, tag
from bot.store.ids import Ids
from bot.store.keyring import Keyring
from bot.store.link import Channel, Link


class Unit(Channel):
    """A transaction. What it dooms (keys of rows it deletes) is destroyed once it is committed.

    `forgotten` are the people it deletes and where they could be reached, to say goodbye to them; `left` the addresses
    that it takes off people who stay.
    """

    def __init__(
        self, connection: AsyncConnection, *, link: Link, keyring: Keyring, ids: Ids, bot: str
    ) -> None:
        super().__init__(connection, link.dialect, link.tally)
        self.keyring = keyring
        self.ids = ids
        self.bot = bot
        self.forgotten: dict[int, tuple[Address, ...]] = {}
        self.left: dict[int, Address] = {}
        self._doomed: list[str] = []

    def seal(self, plain: bytes, key: Key, *, place: bytes) -> bytes:
        """`plain` sealed for one cell."""
        return key.seal(plain, place=place, entropy=self.keyring.entropy)

    def tag(self, index: str, *parts: str) -> bytes:
        """The blind index of `parts` under the index key of that name."""
        return tag(self.keyring.index(index), *[part.encode() for part in parts])

    def doom(self, *owners: str) -> None:
        """Have these keys destroyed if this unit commits."""
        self._doomed.extend(owners)

    @override
    async def commit(self) -> None:
        """Make it last, then destroy the keys it doomed."""
        await super().commit()
        doomed, self._doomed = self._doomed, []
        if doomed:
            await self.keyring.destroy(doomed)

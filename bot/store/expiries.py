"""After how long the messages of a chat disappear: written beside its address, read with the person.

Nor do we keep words of theirs for longer than that: `OUTLIVED` are those that could not be handled, for the sweep.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, cast, exists, update

from bot.model.expiry import Expiry
from bot.model.kept import DataClass
from bot.model.queue import LaneKind
from bot.model.retention import lifetime
from bot.store.tables import address, dead_letter
from bot.store.unit import Unit

_KEEP = (
    update(address)
    .where(address.c.id == bindparam("which"))
    .values(expiry=bindparam("seconds"), own_expiry=bindparam("own"))
)


_DAY: Final = lifetime(DataClass.DEAD_BODY) // timedelta(milliseconds=1)
OUTLIVED: Final = exists().where(
    dead_letter.c.lane_kind == LaneKind.PERSON.value,
    address.c.person_id == dead_letter.c.lane_id,
    address.c.expiry > 0,
    dead_letter.c.died_at + cast(address.c.expiry, BigInteger) * 1000 < bindparam("before") + _DAY,
)


async def keep(unit: Unit, address_id: int, expiry: Expiry) -> None:
    """Note what holds in a chat."""
    await unit.change(_KEEP, {"which": address_id, "seconds": expiry.now, "own": expiry.own})


def read(row: Any) -> Expiry:
    """What a row of an address says of its chat."""
    return Expiry(now=row.expiry, own=row.own_expiry)

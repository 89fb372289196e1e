"""Who in prison can be written to: named by two organizers, ended by one, or by a day. Few of them (dozens)."""

from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update

from bot.model.support import Addressee, Agreed, Given
from bot.store import owner
from bot.store.crypto import Key, place_of
from bot.store.tables import addressee as addressee_table
from bot.store.unit import Unit

_ADD: Final = insert(addressee_table)
_ALL: Final = select(addressee_table).order_by(addressee_table.c.id)
_CLOSE: Final = (
    update(addressee_table)
    .where(addressee_table.c.id == bindparam("which"), addressee_table.c.ends_on > bindparam("today"))
    .values(ends_on=bindparam("today"))
)


async def add(unit: Unit, name: str, *, given: Given, agreed: Agreed, ends_on: date) -> Addressee:
    """Somebody more who can be written to, up to a day."""
    id_ = unit.ids.random()
    row = {
        "id": id_,
        "name_sealed": unit.seal(name.encode(), await _key(unit), place=_place(id_)),
        "given": given.value,
        "agreed": agreed.value,
        "ends_on": ends_on.toordinal(),
    }
    await unit.change(_ADD, row)
    return Addressee(id=id_, name=name, given=given, agreed=agreed, ends_on=ends_on)


async def everyone(unit: Unit) -> list[Addressee]:
    """All there are, in an order that tells nothing; for a while those too who can't be written to any more."""
    key = await _key(unit)
    return [_addressee(row, key) for row in await unit.fetch(_ALL)]


async def live(unit: Unit, *, today: date) -> list[Addressee]:
    """Those who can be written to."""
    return [one for one in await everyone(unit) if one.is_live(today)]


async def close(unit: Unit, addressee_id: int, *, today: date) -> bool:
    """From today on nobody writes to them; False where that is so already, or there is nobody of that number."""
    return bool(await unit.change(_CLOSE, {"which": addressee_id, "today": today.toordinal()}))


async def _key(unit: Unit) -> Key:
    return (await unit.keyring.keys_for([owner.SERVICE]))[owner.SERVICE]


def _addressee(row: Any, key: Key) -> Addressee:
    return Addressee(
        id=row.id,
        name=key.opened(row.name_sealed, place=_place(row.id)).decode(),
        given=Given(row.given),
        agreed=Agreed(row.agreed),
        ends_on=date.fromordinal(row.ends_on),
    )


def _place(addressee_id: int) -> bytes:
    return place_of("addressee.name_sealed", row=addressee_id, owner=owner.SERVICE)

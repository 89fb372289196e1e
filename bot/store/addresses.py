"""Addresses on disk: the routing id sealed under its person's key, found again only through its blind index."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from bot.model.person import Address, Platform
from bot.store import owner
from bot.store.crypto import Key, place_of
from bot.store.errors import Unopenable
from bot.store.padded import padded
from bot.store.tables import address
from bot.store.unit import Unit

_OF_PEOPLE = select(
    address.c.id.label("address_id"),
    address.c.person_id.label("id"),
    address.c.platform,
    address.c.routing_sealed,
).where(address.c.person_id.in_(bindparam("ids", expanding=True)))


def place(address_id: int, person_id: int) -> bytes:
    """Where a routing id stands sealed."""
    return place_of("address.routing_sealed", row=address_id, owner=owner.of_person(person_id))


def opened(row: Any, key: Key | None) -> Address | None:
    """The address in a row with (address_id, id of the person, platform, routing_sealed), if it can be opened."""
    if key is None or row.address_id is None:
        return None
    try:
        routing_id = key.opened(row.routing_sealed, place=place(row.address_id, row.id)).decode()
    except Unopenable:
        return None
    return Address(
        id=row.address_id, person_id=row.id, platform=Platform(row.platform), routing_id=routing_id
    )


async def of_people(unit: Unit, person_ids: list[int]) -> Mapping[int, tuple[Address, ...]]:
    """The addresses of each person, opened; nobody is missing."""
    rows = await unit.fetch(_OF_PEOPLE, {"ids": padded(person_ids)})
    keys = await unit.keyring.keys_for(map(owner.of_person, person_ids))
    found: dict[int, tuple[Address, ...]] = dict.fromkeys(person_ids, ())
    for row in rows:
        if one := opened(row, keys.get(owner.of_person(row.id))):
            found[row.id] += (one,)
    return found

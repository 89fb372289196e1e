"""Who is behind a routing id; who is new is made.

A person is made when they first write: their key is on disk in the key file before their rows are. The routing id
is sealed under that key; it is found again only through its blind index. Called by receive.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select

from bot.model.person import Form, Platform
from bot.store import addresses, owner
from bot.store.padded import padded
from bot.store.tables import address, person, signature
from bot.store.unit import Unit
from bot.store.upsert import for_both

_BY_TAG = (
    select(address.c.tag, address.c.person_id, signature.c.draft)
    .select_from(address)
    .join(person, person.c.id == address.c.person_id)
    .outerjoin(signature, and_(signature.c.subject == person.c.subject, signature.c.draft.is_not(None)))
    .where(address.c.tag.in_(bindparam("tags", expanding=True)))
)
_NEW_PERSON = insert(person)
_NEW_ADDRESS = for_both(
    address, lambda insert: insert.on_conflict_do_nothing().returning(address.c.person_id)
)
_NEVER_MIND = delete(person).where(person.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """The person behind each routing id, who of them nobody knew before, and the draft of each who types a name."""

    ids: Mapping[str, int]
    new: frozenset[int]
    drafts: Mapping[int, int]


async def meet(unit: Unit, platform: Platform, routing_ids: Iterable[str], *, today: date) -> Met:
    """The person behind each routing id; who is new is made, with an address and a key."""
    index = owner.of_addresses(platform)
    tags = {unit.tag(index, routing_id): routing_id for routing_id in routing_ids}
    rows = await _rows(unit, tags)
    found = {tags[row.tag]: row.person_id for row in rows}
    missing = {tag: routing_id for tag, routing_id in tags.items() if routing_id not in found}
    made: dict[str, int] = {}
    if missing:
        await _make(unit, platform, missing, today=today)
        made = {missing[row.tag]: row.person_id for row in await _rows(unit, missing)}
    drafts = {row.person_id: row.draft for row in rows if row.draft is not None}
    return Met(ids=found | made, new=frozenset(made.values()), drafts=drafts)


async def _rows(unit: Unit, tags: Mapping[bytes, str]) -> Sequence[Any]:
    return await unit.fetch(_BY_TAG, {"tags": padded(list(tags))}) if tags else ()


async def _make(unit: Unit, platform: Platform, routing_ids: Mapping[bytes, str], *, today: date) -> None:
    """People for routing ids nobody is behind; another process may be quicker, then theirs stays."""
    people = {unit.ids.random(): tag for tag in routing_ids}
    keys = await unit.keyring.keys_for(map(owner.of_person, people), create_on=today)
    rows = []
    for id_, tag in people.items():
        row = unit.ids.random()
        key = keys[owner.of_person(id_)]
        sealed = unit.seal(routing_ids[tag].encode(), key, place=addresses.place(row, id_))
        rows.append(
            {
                "id": row,
                "person_id": id_,
                "platform": platform.value,
                "tag": tag,
                "routing_sealed": sealed,
                "reachable": True,
                "later": False,
            }
        )
    await unit.change(_NEW_PERSON, [_new_person(id_, today) for id_ in people])
    taken = {row.person_id for row in await unit.fetch(_NEW_ADDRESS, rows)}
    if too_late := sorted(people.keys() - taken):
        await unit.change(_NEVER_MIND, {"ids": padded(too_late)})


def _new_person(id_: int, today: date) -> dict[str, object]:
    day = today.toordinal()
    return {
        "id": id_,
        "language": None,
        "form": Form.NEUTRAL.value,
        "zone": None,
        "onboarded": False,
        "created_on": day,
        "seen_on": day,
    }

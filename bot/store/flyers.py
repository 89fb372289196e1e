"""Flyers: made under a random code, counted while they are in use, ended by a day. Nothing leads from one to a person.

They are few (hundreds). What of them ends by itself is swept here too; `retention` calls that.
"""

import base64
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.model.flyer import SCANNED, Flyer
from bot.model.kept import DataClass
from bot.model.retention import lifetime
from bot.store import owner
from bot.store.crypto import Key, place_of
from bot.store.moment import day_of
from bot.store.tables import counter
from bot.store.tables import flyer as flyer_table
from bot.store.unit import Unit

CODE_BYTES: Final = 5

_ADD = insert(flyer_table)
_LIVE = select(flyer_table.c.id).where(
    flyer_table.c.code == bindparam("which"), flyer_table.c.ends_on > bindparam("today")
)
_ALL = select(flyer_table).order_by(flyer_table.c.made_on.desc(), flyer_table.c.id)
_RETIRE = (
    update(flyer_table)
    .where(flyer_table.c.code == bindparam("which"), flyer_table.c.ends_on > bindparam("today"))
    .values(ends_on=bindparam("today"))
)
_OF_ONE = counter.c.name.startswith(f"{SCANNED}.", autoescape=True)
_COUNTED = (
    select(counter.c.name, func.sum(counter.c.value).label("value")).where(_OF_ONE).group_by(counter.c.name)
)
_SWEEP: Final = {
    DataClass.FLYER: delete(flyer_table).where(flyer_table.c.ends_on <= bindparam("by_day")),
    DataClass.FLYER_COUNT: delete(counter).where(_OF_ONE, counter.c.day <= bindparam("by_day")),
}
IN_DAYS: Final = frozenset(_SWEEP)
OLDEST: Final = (
    select(func.min(flyer_table.c.ends_on)).scalar_subquery().label(DataClass.FLYER),
    select(func.min(counter.c.day)).where(_OF_ONE).scalar_subquery().label(DataClass.FLYER_COUNT),
)


async def make(unit: Unit, name: str, *, today: date, ends_on: date) -> Flyer:
    """A new one under a code that nothing follows from."""
    id_, entropy = unit.ids.random(), unit.keyring.entropy
    code = base64.b32encode(entropy(CODE_BYTES)).decode().lower()
    key = await _key(unit)
    row = {
        "id": id_,
        "code": code,
        "name_sealed": unit.seal(name.encode(), key, place=_place(id_)),
        "made_on": today.toordinal(),
        "ends_on": ends_on.toordinal(),
    }
    await unit.change(_ADD, row)
    return Flyer(code=code, name=name, made_on=today, ends_on=ends_on)


async def is_live(unit: Unit, code: str, *, today: date) -> bool:
    """Whether that code is of a flyer in use. One statement, whatever comes."""
    return bool(await unit.fetch(_LIVE, {"which": code, "today": today.toordinal()}))


async def everyone(unit: Unit) -> list[Flyer]:
    """All there are, the newest first, the ended ones too."""
    key = await _key(unit)
    return [_flyer(row, key) for row in await unit.fetch(_ALL)]


async def retire(unit: Unit, code: str, *, today: date) -> bool:
    """End it from today on; False where it has ended, or is none."""
    return bool(await unit.change(_RETIRE, {"which": code, "today": today.toordinal()}))


async def scans(unit: Unit) -> dict[str, int]:
    """How often each code has opened the chat."""
    return {row.name.rpartition(".")[2]: int(row.value) for row in await unit.fetch(_COUNTED)}


async def sweep(unit: Unit, *, now: datetime) -> dict[DataClass, int]:
    """Remove what has lived its time; how many per class."""
    return {
        data: await unit.change(statement, {"by_day": day_of(now - lifetime(data)).toordinal()})
        for data, statement in _SWEEP.items()
    }


async def _key(unit: Unit) -> Key:
    return (await unit.keyring.keys_for([owner.SERVICE]))[owner.SERVICE]


def _flyer(row: Any, key: Key) -> Flyer:
    return Flyer(
        code=row.code,
        name=key.opened(row.name_sealed, place=_place(row.id)).decode(),
        made_on=date.fromordinal(row.made_on),
        ends_on=date.fromordinal(row.ends_on),
    )


def _place(flyer_id: int) -> bytes:
    return place_of("flyer.name_sealed", row=flyer_id, owner=owner.SERVICE)

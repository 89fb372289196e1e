"""The day that a case is about, such as a hearing: sealed under its person's key, for as long as the case is open."""

from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from bot.model.case import Case
from bot.store import owner
from bot.store.crypto import Key, place_of
from bot.store.tables import case as case_table
from bot.store.unit import Unit

_IT: Final = (case_table.c.id == bindparam("which"), case_table.c.closed_on.is_(None))
_READ = select(case_table.c.id, case_table.c.person_id, case_table.c.date_sealed).where(*_IT)
_CHANGE = update(case_table).where(*_IT).values(date_sealed=bindparam("day"))


def opened(row: Any, key: Key) -> str | None:
    """The day a case is about, as it was sealed; None where there is none."""
    if row.date_sealed is None:
        return None
    return key.opened(row.date_sealed, place=_place(row.id, row.person_id)).decode()


async def of(unit: Unit, case: Case) -> date | None:
    """The day an open case is about, for its own two sides only; None where there is none."""
    for row in await unit.fetch(_READ, {"which": case.id}):
        if day := opened(row, await _key(unit, case)):
            return date.fromisoformat(day)
    return None


async def change(unit: Unit, case: Case, day: date) -> None:
    """An open case is about this day from now on."""
    await unit.change(_CHANGE, {"which": case.id, "day": await sealed(unit, case, day)})


async def sealed(unit: Unit, case: Case, day: date) -> bytes:
    """The day, sealed for the case's row under its person's key."""
    key = await _key(unit, case)
    return unit.seal(day.isoformat().encode(), key, place=_place(case.id, case.person_id))


async def _key(unit: Unit, case: Case) -> Key:
    name = owner.of_person(case.person_id)
    return (await unit.keyring.keys_for([name]))[name]


def _place(case_id: int, person_id: int) -> bytes:
    return place_of("case.date_sealed", row=case_id, owner=owner.of_person(person_id))

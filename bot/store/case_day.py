"""The day that a case is about, such as a hearing: sealed under its person's key, for as long as the case is open."""

from datetime import date
from typing import Any

from bot.model.case import Case
from bot.store import owner
from bot.store.crypto import Key, place_of
from bot.store.unit import Unit


def opened(row: Any, key: Key) -> str | None:
    """The day a case is about, as it was sealed; None where there is none."""
    if row.date_sealed is None:
        return None
    return key.opened(row.date_sealed, place=_place(row.id, row.person_id)).decode()


async def sealed(unit: Unit, case: Case, day: date) -> bytes:
    """The day, sealed for the case's row under its person's key."""
    name = owner.of_person(case.person_id)
    key = (await unit.keyring.keys_for([name]))[name]
    return unit.seal(day.isoformat().encode(), key, place=_place(case.id, case.person_id))


def _place(case_id: int, person_id: int) -> bytes:
    return place_of("case.date_sealed", row=case_id, owner=owner.of_person(person_id))

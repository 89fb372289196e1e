"""Volunteers and the organizers' rota: named questions only. Who is on duty is decided in `model.volunteer`.

They are few (hundreds), so all are read at once and matched in memory. Nothing here is ever listed to anybody.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, delete, exists, select, update

from bot.model.case import Need
from bot.model.hours import covers
from bot.model.person import Language, Role
from bot.model.volunteer import Duty, Standing, Volunteer
from bot.store.moment import from_ms, maybe_ms
from bot.store.padded import padded
from bot.store.roles import is_resting
from bot.store.tables import address, person, role
from bot.store.tables import on_call as on_call_table
from bot.store.tables import volunteer as volunteer_table
from bot.store.unit import Unit
from bot.store.upsert import for_both

HOME: Final = "Asia/Jerusalem"

_EVERYONE = select(
    volunteer_table,
    person.c.zone,
    and_(
        exists().where(address.c.person_id == volunteer_table.c.person_id, address.c.reachable),
        ~exists().where(role.c.person_id == volunteer_table.c.person_id, is_resting()),
    ).label("is_reachable"),
).join(person, person.c.id == volunteer_table.c.person_id)
_ALL = _EVERYONE.order_by(volunteer_table.c.person_id)
_ONE = _EVERYONE.where(volunteer_table.c.person_id == bindparam("who"))
_ADD = for_both(volunteer_table, lambda insert: insert.on_conflict_do_nothing())
_SAVE = (
    update(volunteer_table)
    .where(volunteer_table.c.person_id == bindparam("who"))
    .values(
        standing=bindparam("new_standing"),
        languages=bindparam("new_languages"),
        needs=bindparam("new_needs"),
        capacity=bindparam("new_capacity"),
        hours=bindparam("new_hours"),
        duty=bindparam("new_duty"),
        duty_until=bindparam("new_duty_until"),
        away_until=bindparam("new_away_until"),
        deputy_id=bindparam("new_deputy_id"),
    )
)
_other = address.alias()
_LOST = (
    select(volunteer_table.c.person_id)
    .join(address, address.c.person_id == volunteer_table.c.person_id)
    .where(
        address.c.id.in_(bindparam("ids", expanding=True)),
        ~exists().where(_other.c.person_id == volunteer_table.c.person_id, _other.c.reachable),
    )
    .distinct()
)
_REMOVE = delete(volunteer_table).where(volunteer_table.c.person_id == bindparam("who"))
_LEAVE_DEPUTY = (
    update(volunteer_table).where(volunteer_table.c.deputy_id == bindparam("who")).values(deputy_id=None)
)
_ROTA = (
    select(role.c.person_id, on_call_table.c.hours, person.c.zone)
    .join(person, person.c.id == role.c.person_id)
    .outerjoin(on_call_table, on_call_table.c.person_id == role.c.person_id)
    .where(role.c.role == Role.ORGANIZER.value)
    .order_by(role.c.person_id)
)
_ON_CALL = select(on_call_table.c.hours).where(on_call_table.c.person_id == bindparam("who"))
_SET_ON_CALL = for_both(
    on_call_table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[on_call_table.c.person_id], set_={"hours": insert.excluded.hours}
    ),
)


async def add(unit: Unit, volunteer: Volunteer, *, today: date) -> None:
    """Somebody volunteers, as described; who does already stays as they are.

    The role is granted apart from this, by whoever lets them in (`roles.grant`).
    """
    values = {name.removeprefix("new_"): value for name, value in _row(volunteer).items()}
    await unit.change(_ADD, {"person_id": volunteer.id, **values, "joined_on": today.toordinal()})


async def load(unit: Unit, person_id: int) -> Volunteer | None:
    """One volunteer; None for whoever is none."""
    rows = await unit.fetch(_ONE, {"who": person_id})
    return _volunteer(rows[0]) if rows else None


async def everyone(unit: Unit) -> list[Volunteer]:
    """All of them, newcomers included, in order of id."""
    return [_volunteer(row) for row in await unit.fetch(_ALL)]


async def out_of_reach(unit: Unit, address_ids: Sequence[int]) -> list[int]:
    """The volunteers whom one of these addresses belongs to and who cannot be reached anywhere any more."""
    if not address_ids:
        return []
    return [row.person_id for row in await unit.fetch(_LOST, {"ids": padded(address_ids)})]


async def save(unit: Unit, changed: Volunteer) -> None:
    """Write what a volunteer changed; their zone belongs to the person and is saved with them."""
    await unit.change(_SAVE, {"who": changed.id, **_row(changed)})


async def remove(unit: Unit, person_id: int) -> bool:
    """They volunteer no more, and are nobody's deputy; whether they did. The role is taken apart from this."""
    await unit.change(_LEAVE_DEPUTY, {"who": person_id})
    return await unit.change(_REMOVE, {"who": person_id}) > 0


async def set_on_call(unit: Unit, person_id: int, *, hours: int) -> None:
    """The hours of the week in which an organizer is on call."""
    await unit.change(_SET_ON_CALL, {"person_id": person_id, "hours": hours})


async def hours_on_call(unit: Unit, person_id: int) -> int:
    """The hours of the week in which somebody is on call."""
    rows = await unit.fetch(_ON_CALL, {"who": person_id})
    return int(rows[0].hours) if rows else 0


async def on_call(unit: Unit, *, now: datetime, zone: str = HOME) -> list[int]:
    """The organizers who are on call now; all of them where nobody is."""
    rows = await unit.fetch(_ROTA)
    called = [row.person_id for row in rows if covers(row.hours or 0, now, zone=row.zone or zone)]
    return called or [row.person_id for row in rows]


def _row(one: Volunteer) -> dict[str, object]:
    """The columns that change, by the names of `_SAVE`."""
    return {
        "new_standing": one.standing.value,
        "new_languages": _codes(one.languages),
        "new_needs": _codes(one.needs),
        "new_capacity": one.capacity,
        "new_hours": one.hours,
        "new_duty": one.duty.value,
        "new_duty_until": maybe_ms(one.duty_until),
        "new_away_until": one.away_until.toordinal() if one.away_until else None,
        "new_deputy_id": one.deputy_id,
    }


def _codes(words: frozenset[Language] | frozenset[Need]) -> str:
    return " ".join(sorted(word.value for word in words))


def _volunteer(row: Any) -> Volunteer:
    return Volunteer(
        id=row.person_id,
        standing=Standing(row.standing),
        languages=frozenset(map(Language, row.languages.split())),
        needs=frozenset(map(Need, row.needs.split())),
        capacity=row.capacity,
        hours=row.hours,
        duty=Duty(row.duty),
        duty_until=None if row.duty_until is None else from_ms(row.duty_until),
        away_until=None if row.away_until is None else date.fromordinal(row.away_until),
        deputy_id=row.deputy_id,
        zone=row.zone,
        is_reachable=bool(row.is_reachable),
    )

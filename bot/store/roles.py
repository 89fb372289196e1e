"""Who may do what: granting a role, taking it back, and who holds one.

A turn learns its person's roles with everything else (`people.load`). The alias is a pseudonym for the audit, made at
random when the role is granted; with the row goes the only link from it to a person.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, delete, exists, literal, select, update

from bot.model.person import Role
from bot.store.moment import from_ms, to_ms
from bot.store.tables import address
from bot.store.tables import on_call as on_call_table
from bot.store.tables import role as role_table
from bot.store.unit import Unit
from bot.store.upsert import for_both

_ALIAS_BYTES: Final = 4
RESTING: Final = "resting "  # before the name of a role: nobody has it, until it is theirs again
_GRANT = for_both(role_table, lambda insert: insert.on_conflict_do_nothing())
_REVOKE = delete(role_table).where(
    role_table.c.person_id == bindparam("who"), role_table.c.role == bindparam("which")
)
_OFF_CALL = delete(on_call_table).where(on_call_table.c.person_id == bindparam("who"))
_NAMED = select(role_table.c.person_id, role_table.c.alias).where(role_table.c.role == bindparam("which"))
_HOLDERS = (
    select(role_table.c.person_id)
    .where(role_table.c.role == bindparam("which"))
    .order_by(role_table.c.granted_on, role_table.c.alias)
)
_ALIAS = select(role_table.c.alias).where(
    role_table.c.person_id == bindparam("who"), role_table.c.role == bindparam("which")
)
_HOLDER = select(role_table.c.person_id).where(
    role_table.c.alias == bindparam("called"), role_table.c.role == bindparam("which")
)
_REST = (
    update(role_table)
    .where(role_table.c.person_id == bindparam("who"), role_table.c.role.in_([one.value for one in Role]))
    .values(role=literal(RESTING).concat(role_table.c.role), elevated_until=None)
)
_RESTORE = tuple(
    update(role_table)
    .where(role_table.c.person_id == bindparam("who"), role_table.c.role == f"{RESTING}{one.value}")
    .values(role=one.value, rested_at=None)
    for one in Role
)
_OUTLIVED = delete(role_table).where(
    role_table.c.person_id == bindparam("who"), role_table.c.role == bindparam("rested")
)


def is_resting() -> ColumnElement[bool]:
    """Whether a role rests."""
    return role_table.c.role.startswith(RESTING, autoescape=True)


_SINCE = (
    update(role_table)
    .where(role_table.c.person_id == bindparam("who"), is_resting())
    .values(rested_at=bindparam("now"))
)
_RESTING = (
    select(
        role_table,
        exists()
        .where(address.c.person_id == role_table.c.person_id, address.c.rekeyed_at.is_not(None))
        .label("is_there"),
    )
    .where(is_resting())
    .order_by(role_table.c.person_id, role_table.c.role)
)
_OWN_RESTING = select(role_table.c.role).where(role_table.c.person_id == bindparam("who"), is_resting())


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """A role that nobody has for now, who had it, and since when another phone answered at an address of theirs.

    `is_there`: one still does; else that address was taken off since.
    """

    person_id: int
    role: Role
    alias: str
    since: datetime
    is_there: bool


async def grant(unit: Unit, person_id: int, role: Role, *, today: date) -> None:
    """This person has the role from the next turn on; whoever has it already keeps it as it is.

    Where it rested it is a new one: whoever grants it has made sure of them.
    """
    await unit.change(_OUTLIVED, {"who": person_id, "rested": f"{RESTING}{role.value}"})
    row = {
        "person_id": person_id,
        "role": role.value,
        "alias": unit.keyring.entropy(_ALIAS_BYTES).hex(),
        "granted_on": today.toordinal(),
        "secret_sealed": None,
        "used_step": None,
        "elevated_until": None,
        "tries": 0,
        "tries_since": None,
        "rested_at": None,
    }
    await unit.change(_GRANT, row)


async def revoke(unit: Unit, person_id: int, role: Role) -> bool:
    """This person no longer has the role; whether they had it. What they were in the middle of ends by itself.

    With an organizer's role go the hours in which they are on call.
    """
    if role is Role.ORGANIZER:
        await unit.change(_OFF_CALL, {"who": person_id})
    return await unit.change(_REVOKE, {"who": person_id, "which": role.value}) > 0


async def alias_of(unit: Unit, person_id: int, role: Role) -> str | None:
    """What the audit and the desk call the holder of a role; None for whoever has it not."""
    rows = await unit.fetch(_ALIAS, {"who": person_id, "which": role.value})
    return str(rows[0].alias) if rows else None


async def holder_of(unit: Unit, alias: str, role: Role) -> int | None:
    """Who holds a role under that alias."""
    rows = await unit.fetch(_HOLDER, {"called": alias, "which": role.value})
    return int(rows[0].person_id) if rows else None


async def aliases(unit: Unit, role: Role) -> dict[int, str]:
    """What the audit calls each of those who have a role."""
    return {row.person_id: str(row.alias) for row in await unit.fetch(_NAMED, {"which": role.value})}


async def holders(unit: Unit, role: Role) -> list[int]:
    """The people who have a role, the one who has it longest first."""
    return [row.person_id for row in await unit.fetch(_HOLDERS, {"which": role.value})]


async def rest(unit: Unit, person_id: int, *, now: datetime) -> None:
    """None of this person's roles holds until `restore`; their names and secrets are kept with them.

    What rests already rests since now: each other phone is another one to be sure of.
    """
    await unit.change(_REST, {"who": person_id})
    await unit.change(_SINCE, {"who": person_id, "now": to_ms(now)})


async def restore(unit: Unit, person_id: int) -> None:
    """The roles that rest are this person's again."""
    for statement in _RESTORE:
        await unit.change(statement, {"who": person_id})


async def resting(unit: Unit) -> list[Resting]:
    """Every role that rests; of one person one after the other, an organizer's before a volunteer's."""
    return [
        Resting(
            person_id=row.person_id,
            role=_of(row.role),
            alias=row.alias,
            since=from_ms(row.rested_at),
            is_there=bool(row.is_there),
        )
        for row in await unit.fetch(_RESTING)
    ]


async def resting_of(unit: Unit, person_id: int) -> frozenset[Role]:
    """The roles of this person that rest."""
    return frozenset(_of(row.role) for row in await unit.fetch(_OWN_RESTING, {"who": person_id}))


def _of(resting: str) -> Role:
    return Role(resting.removeprefix(RESTING))

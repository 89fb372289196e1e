"""Codes that people tell each other by another way: a newcomer to whoever vouches, a deputy to whoever is away.

Only a blind index of one is kept, so it cannot be shown again, and for a week. Who tries codes has a limit on wrong
ones, the same as for codes of the app; a wrong, an old and a used code all look alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update

from bot.model.volunteer import Standing
from bot.store import owner
from bot.store.moment import to_ms
from bot.store.proof import TRIES, WINDOW
from bot.store.tables import role as role_table
from bot.store.tables import volunteer as volunteer_table
from bot.store.unit import Unit

DIGITS: Final = 6
LASTS: Final = timedelta(days=7)
_PLACE: Final = "spoken"

_SPEAK = (
    update(volunteer_table)
    .where(volunteer_table.c.person_id == bindparam("who"))
    .values(spoken_tag=bindparam("tagged"), spoken_at=bindparam("at"))
)
_FIND = select(volunteer_table.c.person_id, volunteer_table.c.standing, volunteer_table.c.invited_by).where(
    volunteer_table.c.spoken_tag == bindparam("tagged"), volunteer_table.c.spoken_at > bindparam("since")
)
_HAS_SPOKEN = select(volunteer_table.c.person_id).where(
    volunteer_table.c.person_id == bindparam("who"), volunteer_table.c.spoken_tag.is_not(None)
)
_INVITED = (
    update(volunteer_table)
    .where(volunteer_table.c.person_id == bindparam("who"))
    .values(invited_by=bindparam("inviter"))
)
_TRIES = (
    select(role_table.c.role, role_table.c.tries, role_table.c.tries_since)
    .where(role_table.c.person_id == bindparam("who"))
    .order_by(role_table.c.role)
).with_for_update()
_TRIED = (
    update(role_table)
    .where(role_table.c.person_id == bindparam("who"), role_table.c.role == bindparam("which"))
    .values(tries=bindparam("tried"), tries_since=bindparam("since"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Whose code it is, and who invited them if nobody vouched for them yet."""

    person_id: int
    standing: Standing
    invited_by: int | None


async def give(unit: Unit, person_id: int, *, now: datetime) -> str:
    """A new code for this volunteer or newcomer, in place of the one before. Example: 048213."""
    code = _fresh(unit)
    while await _speaker(unit, code, now=now):
        code = _fresh(unit)
    await unit.change(_SPEAK, {"who": person_id, "tagged": _tag(unit, code), "at": to_ms(now)})
    return code


async def has_given(unit: Unit, person_id: int) -> bool:
    """Whether this person was ever shown a code that is not used up."""
    return bool(await unit.fetch(_HAS_SPOKEN, {"who": person_id}))


async def use_up(unit: Unit, person_id: int) -> None:
    """Their code works no more."""
    await unit.change(_SPEAK, {"who": person_id, "tagged": None, "at": None})


async def invited(unit: Unit, person_id: int, *, by: int | None) -> None:
    """Remember which organizer invited a newcomer, or forget it."""
    await unit.change(_INVITED, {"who": person_id, "inviter": by})


async def heard(unit: Unit, listener_id: int, *, code: str, now: datetime) -> Speaker | None:
    """Whose code that is, for a volunteer or organizer who was told it; None also once they had too many wrong ones.

    Nobody's, their own, and one they may not use are for the caller to count as `missed`.
    """
    if await _recent(unit, listener_id, now) >= TRIES:
        return None
    return await _speaker(unit, code, now=now)


async def missed(unit: Unit, listener_id: int, *, now: datetime) -> bool:
    """They typed a code that was not right; whether it was one too many, so that none counts for a while."""
    recent = await _recent(unit, listener_id, now)
    rows = await unit.fetch(_TRIES, {"who": listener_id})
    if rows and recent < TRIES:
        began = rows[0].tries_since if recent else to_ms(now)
        await unit.change(
            _TRIED, {"who": listener_id, "which": rows[0].role, "tried": recent + 1, "since": began}
        )
    return bool(rows) and recent + 1 >= TRIES


async def _recent(unit: Unit, listener_id: int, now: datetime) -> int:
    rows = await unit.fetch(_TRIES, {"who": listener_id})
    if not rows:
        return TRIES  # no role, no try
    since = rows[0].tries_since
    return int(rows[0].tries) if since is not None and since > to_ms(now - WINDOW) else 0


async def _speaker(unit: Unit, code: str, *, now: datetime) -> Speaker | None:
    values = {"tagged": _tag(unit, code), "since": to_ms(now - LASTS)}
    rows = await unit.fetch(_FIND, values)
    if not rows:
        return None
    row = rows[0]
    return Speaker(person_id=row.person_id, standing=Standing(row.standing), invited_by=row.invited_by)


def _fresh(unit: Unit) -> str:
    number = int.from_bytes(unit.keyring.entropy(8), "big") % 10**DIGITS
    return f"{number:0{DIGITS}}"


def _tag(unit: Unit, code: str) -> bytes:
    return unit.tag(owner.INVITE, _PLACE, code)

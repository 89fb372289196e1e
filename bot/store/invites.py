"""Invitations: a payload that only its tag is kept of, and the secret its holder proves a code of to take the role.

One is used once: whoever redeems it deletes it, and only one can. Three wrong codes burn it. Used, burned and expired
ones are gone, and look like a payload that never was one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.model.kept import DataClass
from bot.model.person import Role
from bot.model.retention import lifetime
from bot.store import owner
from bot.store.crypto import place_of, totp_step
from bot.store.moment import from_ms, to_ms
from bot.store.proof import Enrolment
from bot.store.tables import invite as invite_table
from bot.store.unit import Unit

TRIES: Final = 3
STALE: Final = timedelta(days=5)  # of the seven it has

_live = invite_table.c.made_at > bindparam("since")
_ADD = insert(invite_table)
_FIND = select(invite_table.c.id, invite_table.c.role).where(invite_table.c.tag == bindparam("tagged"), _live)
_TAKE = select(invite_table).where(invite_table.c.id == bindparam("which"), _live).with_for_update()
_TRIED = (
    update(invite_table).where(invite_table.c.id == bindparam("which")).values(tries=invite_table.c.tries + 1)
)
_REMOVE = delete(invite_table).where(invite_table.c.id == bindparam("which"))
_TAKE_BACK = delete(invite_table).where(invite_table.c.made_by == bindparam("whose"))
_STALE = select(func.count()).select_from(invite_table).where(invite_table.c.made_at <= bindparam("before"))
_TRIES = select(func.coalesce(func.sum(invite_table.c.tries), 0)).where(_live)
_SECRETS = (
    select(invite_table).where(invite_table.c.role == bindparam("of"), _live).order_by(invite_table.c.made_at)
)
_OPEN = select(func.count()).select_from(invite_table).where(invite_table.c.role == bindparam("of"), _live)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An invitation that was used: by whom it was made, where an organizer made it in chat."""

    made_by: int | None


class Refusal(StrEnum):
    """Why an invitation was not redeemed."""

    WRONG = "wrong"  # the code is not right; it can be tried again
    GONE = "gone"  # there is none any more
    BURNED = "burned"  # this was the last wrong code there could be


async def make(
    unit: Unit, role: Role, *, payload: str, secret: bytes, now: datetime, made_by: int | None = None
) -> None:
    """Invite whoever brings `payload`, for an organizer with a code of `secret`, to a role.

    `made_by`: the organizer who invites, where that happens in chat.
    """
    id_ = unit.ids.random()
    keys = await unit.keyring.keys_for([owner.SERVICE])
    row = {
        "id": id_,
        "role": role.value,
        "tag": unit.tag(owner.INVITE, payload),
        "secret_sealed": unit.seal(secret, keys[owner.SERVICE], place=_place(id_)),
        "tries": 0,
        "made_at": to_ms(now),
        "made_by": made_by,
    }
    await unit.change(_ADD, row)


async def find(unit: Unit, payload: str, *, now: datetime) -> tuple[int, Role] | None:
    """The open invitation of that payload, and the role it is to."""
    rows = await unit.fetch(_FIND, {"tagged": unit.tag(owner.INVITE, payload), "since": _since(now)})
    return (int(rows[0].id), Role(rows[0].role)) if rows else None


async def secrets(unit: Unit, role: Role, *, now: datetime) -> list[tuple[datetime, bytes]]:
    """When each open invitation to a role was made, and its secret: for the terminal, which has no payload."""
    rows = await unit.fetch(_SECRETS, {"of": role.value, "since": _since(now)})
    key = (await unit.keyring.keys_for([owner.SERVICE]))[owner.SERVICE]
    return [(from_ms(row.made_at), key.opened(row.secret_sealed, place=_place(row.id))) for row in rows]


async def count_open(unit: Unit, role: Role, *, now: datetime) -> int:
    """How many people could still join with this role."""
    return int((await unit.fetch(_OPEN, {"of": role.value, "since": _since(now)}))[0][0])


async def wrong_codes(unit: Unit, *, now: datetime) -> int:
    """How many wrong codes were tried on invitations that are still open."""
    return int((await unit.fetch(_TRIES, {"since": _since(now)}))[0][0])


async def take_back(unit: Unit, *, made_by: int) -> None:
    """Whoever somebody invited in chat, and who did not come yet, comes no more."""
    await unit.change(_TAKE_BACK, {"whose": made_by})


async def are_stale(unit: Unit, *, now: datetime) -> bool:
    """Whether an invitation has not been used for so long that it is about to end."""
    return bool((await unit.fetch(_STALE, {"before": to_ms(now - STALE)}))[0][0])


async def redeem(unit: Unit, invite_id: int, *, code: str, now: datetime) -> tuple[Role, Enrolment] | Refusal:
    """The role and what its holder proves it with from now on, for the right code, once."""
    rows = await unit.fetch(_TAKE, {"which": invite_id, "since": _since(now)})
    if not rows:
        return Refusal.GONE
    keys = await unit.keyring.keys_for([owner.SERVICE])
    secret = keys[owner.SERVICE].opened(rows[0].secret_sealed, place=_place(invite_id))
    step = totp_step(secret, code, seconds=int(now.timestamp()))
    if step is None and rows[0].tries + 1 < TRIES:
        await unit.change(_TRIED, {"which": invite_id})
        return Refusal.WRONG
    removed = await unit.change(_REMOVE, {"which": invite_id})
    if step is None or not removed:
        return Refusal.BURNED if removed else Refusal.GONE
    return Role(rows[0].role), Enrolment(secret=secret, step=step)


async def accept(unit: Unit, invite_id: int, *, now: datetime) -> Accepted | None:
    """Use an invitation to volunteer, once and without a code; None if there is none any more."""
    rows = await unit.fetch(_TAKE, {"which": invite_id, "since": _since(now)})
    if not rows or rows[0].role != Role.VOLUNTEER.value:
        return None
    removed = await unit.change(_REMOVE, {"which": invite_id})
    return Accepted(made_by=rows[0].made_by) if removed else None


def _since(now: datetime) -> int:
    return to_ms(now - lifetime(DataClass.INVITE))


def _place(invite_id: int) -> bytes:
    return place_of("invite.secret_sealed", row=invite_id, owner=owner.SERVICE)

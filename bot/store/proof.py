"""The second factor of a role: codes of a secret enrolled at joining, each taken once, with a limit on guesses.

The secret is sealed under its person's key. A right code elevates its person for a while. Called by actions, and by
the console where a sealed bot is opened.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import bindparam, or_, select, update

from bot.model.person import Role
from bot.store import owner
from bot.store.crypto import place_of, totp_step
from bot.store.moment import to_ms
from bot.store.tables import role as role_table
from bot.store.unit import Unit

TRIES: Final = 5
WINDOW: Final = timedelta(minutes=15)  # for that many tries
ELEVATED: Final = timedelta(minutes=15)

_ours = (role_table.c.person_id == bindparam("who"), role_table.c.role == Role.ORGANIZER.value)
_ONE = select(role_table).where(*_ours).with_for_update()
_EVERY = (
    select(role_table).where(role_table.c.role == Role.ORGANIZER.value).order_by(role_table.c.person_id)
).with_for_update()
_ENROL = (
    update(role_table).where(*_ours).values(secret_sealed=bindparam("sealed"), used_step=bindparam("step"))
)
_USE = (
    update(role_table)
    .where(*_ours, or_(role_table.c.used_step.is_(None), role_table.c.used_step < bindparam("step")))
    .values(used_step=bindparam("step"), elevated_until=bindparam("until"), tries=0, tries_since=None)
)
_TRIED = update(role_table).where(*_ours).values(tries=bindparam("tried"), tries_since=bindparam("since"))
_ELEVATED = select(role_table.c.person_id).where(*_ours, role_table.c.elevated_until > bindparam("now"))


class Proof(StrEnum):
    """What a code proves."""

    PROVEN = "proven"
    WRONG = "wrong"  # another code, or one that was used
    TOO_MANY = "too_many"  # nothing is looked at for a while


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A secret, and the step of the code that enrolled it: it and those before it are used."""

    secret: bytes
    step: int


async def enrol(unit: Unit, person_id: int, enrolment: Enrolment) -> None:
    """An organizer proves themselves with this secret from now on."""
    name = owner.of_person(person_id)
    keys = await unit.keyring.keys_for([name])
    sealed = unit.seal(enrolment.secret, keys[name], place=_place(person_id))
    await unit.change(_ENROL, {"who": person_id, "sealed": sealed, "step": enrolment.step})


async def prove(unit: Unit, person_id: int, *, code: str, now: datetime) -> Proof:
    """Take a code of an organizer; a right one elevates them."""
    rows = await unit.fetch(_ONE, {"who": person_id})
    if not rows:
        return Proof.WRONG
    row, since = rows[0], to_ms(now - WINDOW)
    recent = row.tries if row.tries_since is not None and row.tries_since > since else 0
    if recent >= TRIES:
        return Proof.TOO_MANY
    if await _is_right(unit, row, code, now):
        return Proof.PROVEN
    began = row.tries_since if recent else to_ms(now)
    await unit.change(_TRIED, {"who": person_id, "tried": recent + 1, "since": began})
    return Proof.WRONG


async def prover(unit: Unit, *, code: str, now: datetime, besides: Collection[int]) -> int | None:
    """The organizer, `besides` those given, whose unused code this is; it is used then."""
    for row in await unit.fetch(_EVERY):
        if row.person_id not in besides and await _is_right(unit, row, code, now):
            return int(row.person_id)
    return None


async def is_elevated(unit: Unit, person_id: int, *, now: datetime) -> bool:
    """Whether an organizer has proven themselves a short while ago."""
    return bool(await unit.fetch(_ELEVATED, {"who": person_id, "now": to_ms(now)}))


async def _is_right(unit: Unit, row: Any, code: str, now: datetime) -> bool:
    """Whether this is a code of the row's secret that was not used yet; it is from now on."""
    name = owner.of_person(row.person_id)
    key = (await unit.keyring.keys_for([name])).get(name)
    if key is None or row.secret_sealed is None:
        return False
    secret = key.opened(row.secret_sealed, place=_place(row.person_id))
    step = totp_step(secret, code, seconds=int(now.timestamp()))
    values = {"who": row.person_id, "step": step, "until": to_ms(now + ELEVATED)}
    return step is not None and await unit.change(_USE, values) > 0


def _place(person_id: int) -> bytes:
    return place_of("role.secret_sealed", row=person_id, owner=owner.of_person(person_id))

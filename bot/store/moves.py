"""Codes that bring a conversation into another app: one per person, good once, and nothing moves before their own yes.

Only a blind index of one is kept, so it cannot be shown again, and for an hour. A wrong, an old and a used code all
look alike; of whoever wrote several wrong ones none is looked at until the hour is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, exists, func, or_, select, update

from bot.model.kept import DataClass
from bot.model.person import Platform
from bot.model.retention import lifetime
from bot.store import owner
from bot.store.moment import to_ms
from bot.store.tables import case, consent, move, person, role, signature
from bot.store.unit import Unit
from bot.store.upsert import for_both

GOOD: Final = timedelta(minutes=15)  # a code can be written
TRIES: Final = 5
LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that another could be read for, digits first
LENGTH: Final = 8
_CHANCE_BYTES: Final = 5

_MAKE: Final = for_both(
    move,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[move.c.person_id],
        set_={
            name: insert.excluded[name]
            for name in ("id", "tag", "goes_to", "made_at", "claimed_by", "agreed")
        },
    ),
)
_MISSED: Final = for_both(
    move,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[move.c.person_id], set_={"tries": move.c.tries + 1}
    ),
)
_OLD: Final = delete(move).where(move.c.person_id == bindparam("who"), move.c.made_at <= bindparam("before"))
_TRIES: Final = select(move.c.tries).where(move.c.person_id == bindparam("who"))
_FIND: Final = select(move.c.id).where(
    move.c.tag == bindparam("tagged"),
    move.c.goes_to == bindparam("here"),
    move.c.made_at > bindparam("since"),
    move.c.person_id != bindparam("who"),
    or_(move.c.claimed_by.is_(None), move.c.claimed_by == bindparam("who")),
)
_CLAIM: Final = (
    update(move)
    .where(
        move.c.id == bindparam("which"),
        move.c.made_at > bindparam("since"),
        move.c.person_id != bindparam("who"),
        or_(move.c.claimed_by.is_(None), move.c.claimed_by == bindparam("who")),
    )
    .values(claimed_by=bindparam("who"))
    .returning(move.c.person_id, move.c.goes_to)
)
_AGREE: Final = (
    update(move)
    .where(
        move.c.id == bindparam("which"),
        move.c.person_id == bindparam("who"),
        move.c.claimed_by.is_not(None),
        move.c.agreed.is_(False),
        move.c.made_at > bindparam("since"),
    )
    .values(agreed=True)
    .returning(move.c.claimed_by, move.c.goes_to)
)
_TAKE: Final = (
    delete(move)
    .where(move.c.id == bindparam("which"), move.c.claimed_by == bindparam("who"), move.c.agreed.is_(True))
    .returning(move.c.person_id)
)
_DROP: Final = (
    delete(move)
    .where(move.c.person_id == bindparam("who"), move.c.agreed.is_(False))
    .returning(move.c.claimed_by)
)
_HAS_OWN: Final = select(
    or_(
        exists().where(case.c.person_id == bindparam("who")),
        exists().where(role.c.person_id == bindparam("who")),
        exists().where(consent.c.subject == person.c.subject),
        exists().where(signature.c.subject == person.c.subject),
        person.c.onboarded,
    ).label("found")
).where(person.c.id == bindparam("who"))
_SWEEP: Final = delete(move).where(move.c.made_at < bindparam("before"))
OLDEST: Final = (select(func.min(move.c.made_at)).scalar_subquery().label(DataClass.MOVE),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A code that was written: by or for whom, depending on who asks, and in which app."""

    person_id: int
    goes_to: Platform


def new_code(unit: Unit) -> str:
    """Eight letters and digits that nobody can guess, a digit at the end. Example: "K3FQ7MX2"."""
    number = int.from_bytes(unit.keyring.entropy(_CHANCE_BYTES), "big")
    letters = [LETTERS[number >> 5 * place & 31] for place in range(LENGTH - 1)]
    return "".join([*letters, LETTERS[number >> 5 * (LENGTH - 1) & 7]])


async def make(unit: Unit, person_id: int, *, code: str, to: Platform, now: datetime) -> None:
    """From now on this code brings the person's conversation to `to`, and no other one of theirs does."""
    await _forget_old(unit, person_id, now)
    tag = unit.tag(owner.MOVE, code)
    await unit.change(_MAKE, _row(unit, person_id, now) | {"tag": tag, "goes_to": to.value})


async def find(unit: Unit, code: str, *, by: int, here: Platform, now: datetime) -> int | None:
    """The move that a code written `here` begins; none for a wrong one, which is counted against whoever wrote it."""
    await _forget_old(unit, by, now)
    tries = await unit.fetch(_TRIES, {"who": by})
    if tries and tries[0].tries >= TRIES:
        return None
    values = {"tagged": unit.tag(owner.MOVE, code), "here": here.value, "who": by, "since": to_ms(now - GOOD)}
    rows = await unit.fetch(_FIND, values)
    if rows:
        return int(rows[0].id)
    await unit.change(_MISSED, _row(unit, by, now) | {"tries": 1})
    return None


async def claim(unit: Unit, move_id: int, *, by: int, now: datetime) -> Claim | None:
    """Whose conversation would come, now that this person wrote the code; none if it is over, or somebody was first."""
    values = {"which": move_id, "who": by, "since": to_ms(now - GOOD)}
    return _claim(await unit.fetch(_CLAIM, values), "person_id")


async def agree(unit: Unit, move_id: int, *, person_id: int, now: datetime) -> Claim | None:
    """Who wrote the code, now that the person says it was they; none if that is over."""
    since = to_ms(now - lifetime(DataClass.MOVE))
    return _claim(
        await unit.fetch(_AGREE, {"which": move_id, "who": person_id, "since": since}), "claimed_by"
    )


async def take(unit: Unit, move_id: int, *, by: int) -> int | None:
    """Whose conversation comes to whoever wrote the code, once; none before they agreed, and ever after."""
    rows = await unit.fetch(_TAKE, {"which": move_id, "who": by})
    return int(rows[0].person_id) if rows else None


async def drop(unit: Unit, person_id: int) -> int | None:
    """The code of this person is good for nothing any more; who wrote it already, if anybody."""
    rows = await unit.fetch(_DROP, {"who": person_id})
    return int(rows[0].claimed_by) if rows and rows[0].claimed_by is not None else None


async def has_own(unit: Unit, person_id: int) -> bool:
    """Whether anything is kept of this person that they would miss."""
    return bool((await unit.fetch(_HAS_OWN, {"who": person_id}))[0].found)


async def sweep(unit: Unit, *, now: datetime) -> Mapping[DataClass, int]:
    """Remove what has lived its time."""
    removed = await unit.change(_SWEEP, {"before": to_ms(now - lifetime(DataClass.MOVE))})
    return {DataClass.MOVE: removed}


async def _forget_old(unit: Unit, person_id: int, now: datetime) -> None:
    await unit.change(_OLD, {"who": person_id, "before": to_ms(now - lifetime(DataClass.MOVE))})


def _row(unit: Unit, person_id: int, now: datetime) -> dict[str, object]:
    return {
        "person_id": person_id,
        "id": unit.ids.random(),
        "tag": None,
        "goes_to": None,
        "made_at": to_ms(now),
        "claimed_by": None,
        "agreed": False,
        "tries": 0,
    }


def _claim(rows: Any, column: str) -> Claim | None:
    if not rows:
        return None
    return Claim(person_id=int(getattr(rows[0], column)), goes_to=Platform(rows[0].goes_to))

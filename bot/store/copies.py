"""Everybody's copy of a notice: made and put into the outbox a page at a time, each ending in exactly one fate.

A person has one copy, whatever purposes they share with the notice. It is pending until its fate is written, and that
is written once. What waits in the outbox is a reference: the words are put in when it leaves. Called by broadcast and
deliver; what is left of copies in the end is in `copy_counts`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, delete, exists, func, insert, or_, select, union_all, update

from bot.model.notice import End, Fate, Notice
from bot.model.outgoing import Priority
from bot.model.person import Platform
from bot.store.consents import is_current
from bot.store.link import PerDialect
from bot.store.moment import from_ms, maybe_ms, to_ms
from bot.store.padded import padded
from bot.store.tables import address, consent, notice_copy, notice_purpose, outbox, person
from bot.store.unit import Unit
from bot.store.upsert import for_both

_OF_IT: Final = notice_copy.c.notice_id == bindparam("which")
_IS_PENDING: Final = notice_copy.c.fate == Fate.PENDING.value
_IDS: Final[BindParameter[int]] = bindparam("ids", expanding=True)

_AIM: Final = (
    select(notice_purpose)
    .where(notice_purpose.c.notice_id == bindparam("which"), notice_purpose.c.is_done.is_(False))
    .order_by(notice_purpose.c.purpose)
    .limit(1)
)
_AGREED: Final = (
    select(consent.c.subject.label("place"), person.c.id)
    .join(person, person.c.subject == consent.c.subject)
    .where(
        consent.c.purpose == bindparam("to"),
        consent.c.withdrawn_on.is_(None),
        consent.c.subject > bindparam("reached"),
        is_current(consent),
    )
    .order_by(consent.c.subject)
    .limit(bindparam("page"))
)
_GOT_THE_FIRST: Final = (
    select(notice_copy.c.person_id.label("place"), notice_copy.c.person_id.label("id"))
    .where(_OF_IT, notice_copy.c.fate == Fate.DELIVERED.value, notice_copy.c.person_id > bindparam("reached"))
    .order_by(notice_copy.c.person_id)
    .limit(bindparam("page"))
)
_ADD: Final = for_both(notice_copy, lambda insert: insert.on_conflict_do_nothing())
_REACHED: Final = (
    update(notice_purpose)
    .where(notice_purpose.c.notice_id == bindparam("which"), notice_purpose.c.purpose == bindparam("to"))
    .values(reached=bindparam("place"), is_done=bindparam("all_of_them"))
)
_ALL_REACHED: Final = (
    update(notice_purpose).where(notice_purpose.c.notice_id == bindparam("which")).values(is_done=True)
)
_IN_OUTBOX: Final = outbox.c.notice_id == bindparam("which")
_ROOM: Final = (
    select(address.c.platform, func.count().label("rows"))
    .join(outbox, outbox.c.address_id == address.c.id)
    .where(_IN_OUTBOX, or_(outbox.c.due_at <= bindparam("now"), outbox.c.sending))
    .group_by(address.c.platform)
)
_WHERE: Final = address.alias("where")
_THERE: Final = (
    select(address.c.id)
    .where(address.c.person_id == notice_copy.c.person_id, address.c.reachable)
    .order_by(address.c.later.desc(), address.c.id)
    .limit(1)
)
_WAITING: Final = (
    select(notice_copy.c.person_id, person.c.zone, _WHERE.c.id.label("address_id"), _WHERE.c.platform)
    .join(person, person.c.id == notice_copy.c.person_id)
    .outerjoin(_WHERE, _WHERE.c.id == _THERE.scalar_subquery())
    .where(_OF_IT, notice_copy.c.due_at <= bindparam("now"))
    .order_by(notice_copy.c.due_at)
    .limit(bindparam("page"))
)
_NEXT: Final = union_all(
    select(func.min(notice_copy.c.due_at).label("at")).where(_OF_IT),
    select(func.min(outbox.c.due_at)).where(_IN_OUTBOX),
)
_ENQUEUE: Final = insert(outbox)
_PUT_OFF: Final = (
    update(notice_copy).where(_OF_IT, notice_copy.c.person_id.in_(_IDS)).values(due_at=bindparam("until"))
)
_SETTLE: Final = (
    update(notice_copy)
    .where(_OF_IT, notice_copy.c.person_id.in_(_IDS), _IS_PENDING)
    .values(fate=bindparam("became"), reason=bindparam("why"), due_at=None)
)
_ANY_PENDING: Final = select(exists().where(_OF_IT, _IS_PENDING).label("found"))
_LEFT: Final = (
    select(outbox.c.id)
    .where(outbox.c.notice_id == bindparam("which"), outbox.c.sending.is_(False))
    .limit(bindparam("page"))
)
_NOT_QUEUED: Final = (
    select(notice_copy.c.person_id)
    .where(
        _OF_IT,
        _IS_PENDING,
        or_(
            notice_copy.c.due_at.is_not(None),
            ~exists().where(
                outbox.c.person_id == notice_copy.c.person_id, outbox.c.notice_id == notice_copy.c.notice_id
            ),
        ),
    )
    .limit(bindparam("page"))
)


def _take_out(left: Any) -> Any:
    """Rows that nobody is sending; one that is being claimed meanwhile stays its sender's."""
    return (
        delete(outbox)
        .where(outbox.c.id.in_(left.scalar_subquery()), outbox.c.sending.is_(False))
        .returning(outbox.c.person_id)
    )


_TAKE_OUT: Final = PerDialect(
    sqlite=_take_out(_LEFT), postgresql=_take_out(_LEFT.with_for_update(skip_locked=True))
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A copy that may go into the outbox: whose it is, and where they can be reached, if anywhere."""

    person_id: int
    address_id: int | None
    platform: Platform | None
    zone: str | None


async def spread(unit: Unit, one: Notice, *, limit: int, now: datetime) -> bool:
    """Make the next copies, at most `limit`, in an order that tells nothing; whether there may be more to make.

    It goes on where it stopped, whatever happened meanwhile; nobody gets a second copy.
    """
    aims = await unit.fetch(_AIM, {"which": one.id})
    if not aims:
        return False
    (aim,) = aims
    statement, of = (_AGREED, one.id) if one.corrects is None else (_GOT_THE_FIRST, one.corrects)
    values = {"which": of, "to": aim.purpose, "reached": aim.reached, "page": limit}
    found = await unit.fetch(statement, values)
    if found:
        fresh = {"notice_id": one.id, "fate": Fate.PENDING.value, "reason": None, "due_at": to_ms(now)}
        await unit.change(_ADD, [fresh | {"person_id": row.id} for row in found])
    is_done = len(found) < limit
    if is_done and one.corrects is not None:
        await unit.change(_ALL_REACHED, {"which": one.id})
    else:
        place = found[-1].place if found else aim.reached
        await unit.change(
            _REACHED, {"which": one.id, "to": aim.purpose, "place": place, "all_of_them": is_done}
        )
    return True


async def in_outbox(unit: Unit, notice_id: int, *, now: datetime) -> dict[Platform, int]:
    """How many copies wait in the outbox for nothing but their turn, or are being sent, where there are any."""
    found = await unit.fetch(_ROOM, {"which": notice_id, "now": to_ms(now)})
    return {Platform(row.platform): row.rows for row in found}


async def waiting(unit: Unit, notice_id: int, *, limit: int, now: datetime) -> list[Waiting]:
    """Copies that may go into the outbox now, those that wait longest first."""
    rows = await unit.fetch(_WAITING, {"which": notice_id, "page": limit, "now": to_ms(now)})
    return [
        Waiting(row.person_id, row.address_id, row.platform and Platform(row.platform), row.zone)
        for row in rows
    ]


async def next_due(unit: Unit, notice_id: int) -> datetime | None:
    """When the next copy may go into the outbox, or leave it; none if all have their fate."""
    found = [row.at for row in await unit.fetch(_NEXT, {"which": notice_id}) if row.at is not None]
    return from_ms(min(found)) if found else None


async def put_off(unit: Unit, notice_id: int, person_ids: Collection[int], *, until: datetime) -> None:
    """Have these copies wait until then."""
    values = {"which": notice_id, "ids": padded(sorted(person_ids)), "until": to_ms(until)}
    await unit.change(_PUT_OFF, values)


async def enqueue(unit: Unit, one: Notice, addresses: Mapping[int, int], *, now: datetime) -> None:
    """Put copies into the outbox, by person where they go: references that hold no words."""
    if not addresses:
        return
    row = {
        "owed": False,
        "body": None,
        "priority": int(Priority.EMERGENCY if one.is_emergency else Priority.NOTICE),
        "sending": False,
        "attempts": 0,
        "due_at": to_ms(now),
        "resent": False,
        "useless_after": maybe_ms(one.useless_after),
        "created_at": to_ms(now),
        "notice_id": one.id,
    }
    rows = [
        row | {"id": unit.ids.ordered(now), "person_id": person_id, "address_id": address_id}
        for person_id, address_id in addresses.items()
    ]
    await unit.change(_ENQUEUE, rows)
    values = {"which": one.id, "ids": padded(sorted(addresses)), "until": None}
    await unit.change(_PUT_OFF, values)


async def settle(unit: Unit, ends: Sequence[End]) -> None:
    """Write how copies end; one that has its fate keeps it."""
    in_order = sorted(ends, key=_same_end)
    for (notice_id, fate, reason), some in groupby(in_order, key=_same_end):
        ids = padded([one.person_id for one in some])
        await unit.change(_SETTLE, {"which": notice_id, "ids": ids, "became": fate, "why": reason or None})


async def drop(unit: Unit, notice_id: int, fate: Fate, *, limit: int) -> bool:
    """End up to `limit` of the copies that nobody is sending; whether there may be more of them."""
    taken = await unit.fetch(_TAKE_OUT, {"which": notice_id, "page": limit})
    rows = [*taken, *await unit.fetch(_NOT_QUEUED, {"which": notice_id, "page": limit})]
    await settle(
        unit, [End(notice_id=notice_id, person_id=id_, fate=fate) for id_ in {row.person_id for row in rows}]
    )
    return len(rows) >= limit


async def any_pending(unit: Unit, notice_id: int) -> bool:
    """Whether a copy has no fate yet."""
    return bool((await unit.fetch(_ANY_PENDING, {"which": notice_id}))[0].found)


def _same_end(end: End) -> tuple[int, str, str]:
    return end.notice_id, end.fate.value, end.reason or ""

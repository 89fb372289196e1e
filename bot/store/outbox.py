"""The outbox: every call to a platform that is still to be made, sealed, in order per address.

`claim` decides what may leave now; `settle` writes what became of it. A row that is being sent has the end of its
lease as its due time, so a crashed sender's rows come back by themselves. Called by process and deliver.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from bot.model.limit import LIMITS
from bot.model.notice import End
from bot.model.outgoing import DeleteMessages, Priority, SendChart, SendFile, SendMedia, SendMessage
from bot.model.person import Platform
from bot.model.queue import Delivery, Ending, Keep, MessageRef, NewOutbox, Settlement
from bot.store import departure, parcel, refs
from bot.store.link import Dialect
from bot.store.moment import from_ms, to_ms
from bot.store.padded import padded
from bot.store.tables import Flag, outbox
from bot.store.unit import Unit

_ADD = insert(outbox)
_REMOVE = (
    delete(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .returning(outbox.c.id, outbox.c.owed, outbox.c.keep)
)
_AGAIN = (
    update(outbox)
    .where(outbox.c.id == bindparam("which"))
    .values(
        sending=False,
        due_at=bindparam("at"),
        attempts=outbox.c.attempts + 1,
        resent=or_(outbox.c.resent, bindparam("ambiguous", type_=Flag)),
    )
)
_PUT_BACK = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(sending=False, due_at=bindparam("now"))
)
_HIDE = (
    update(outbox)
    .where(
        outbox.c.address_id == bindparam("which"),
        outbox.c.owed.is_(False),
        outbox.c.priority == int(Priority.REPLY),
    )
    .values(keep=Keep.HIDDEN.value)
)
_RELEASE = update(outbox).where(outbox.c.sending).values(sending=False, resent=True, due_at=bindparam("now"))
_EXPIRED = (
    delete(outbox)
    .where(outbox.c.created_at < bindparam("before"), ~outbox.c.sending, outbox.c.notice_id.is_(None))
    .returning(outbox.c.id, outbox.c.person_id, outbox.c.sender_id, outbox.c.priority, outbox.c.owed)
)
_DEPTH = select(outbox.c.priority, func.count().label("rows")).group_by(outbox.c.priority)
_OLDEST_DUE = select(func.min(outbox.c.due_at)).where(
    ~outbox.c.sending, outbox.c.notice_id.is_(None), ~departure.held(), ~departure.unanswered()
)


class Refusal(StrEnum):
    """Why a row left the outbox without being sent."""

    GUARD = "guard"  # what it was bound to no longer holds
    WIPED = "wiped"  # its time was up
    UNREADABLE = "unreadable"  # its key or its address is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that was removed unsent. `sender_id` is who is told so, if anybody; `end` is that of a copy of a notice."""

    id: int
    person_id: int
    sender_id: int | None
    priority: Priority
    refusal: Refusal
    end: End | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What may leave now, in order; the deliveries of one address are to be made one after the other."""

    deliveries: tuple[Delivery, ...] = ()
    refused: tuple[Refused, ...] = ()


async def add(unit: Unit, rows: Sequence[NewOutbox], *, now: datetime) -> None:
    """Put calls into the outbox; those to people forgotten in this unit are owed, under keys of their own."""
    if rows:
        await unit.change(_ADD, await parcel.packed(unit, rows, now=now))


async def claim(
    unit: Unit,
    *,
    now: datetime,
    lease: timedelta,
    limit: int,
    up_to: Priority = Priority.NOTICE,
    on: Platform | None = None,
) -> Claim:
    """Take up to `limit` due rows of at most this priority, `on` a platform; what a guard refuses goes and is told."""
    where = on.value if on else departure.EVERYWHERE
    values = {"now": to_ms(now), "page": limit, "up_to": int(up_to), "on": where}
    found = await unit.fetch(departure.READY, values)
    if not found:
        return Claim()
    keys = await unit.keyring.keys_for({name for row in found for name in parcel.owners_of(row)})
    opened = {row.id: parcel.unpacked(row, keys) if departure.holds(row) else None for row in found}
    lost = [row for row in found if opened[row.id] is None]
    refused = [replace(_refused(row, _why(row)), end=departure.end_of(row)) for row in lost]
    if refused:
        await remove(unit, [row.id for row in refused])
    taken = await _taken(unit, [one.id for one in opened.values() if one], now=now, lease=lease)
    return Claim(
        deliveries=tuple(one for one in opened.values() if one and one.id in taken), refused=tuple(refused)
    )


async def settle(unit: Unit, settlements: Sequence[Settlement], *, now: datetime) -> None:
    """Write how deliveries ended: sent and failed rows go with their bodies, the others wait for their time."""
    again = [_retry(one) for one in settlements if one.ending is Ending.RETRY]
    over = [one.delivery.id for one in settlements if one.ending is not Ending.RETRY]
    there = await remove(unit, over)
    if again:
        await unit.change(_AGAIN, again)
    sent = [one for one in settlements if one.ending is Ending.SENT and not one.delivery.owed]
    await refs.remember(unit, [ref for one in sent for ref in _refs(one, there, now)])
    for one in sent:
        if isinstance(one.delivery.payload, DeleteMessages):
            await refs.deleted(unit, one.delivery.address_id, one.delivery.payload.message_ids)


async def put_back(unit: Unit, ids: Sequence[int], *, now: datetime) -> None:
    """Claimed rows that were not tried after all; no attempt is counted."""
    if ids:
        await unit.change(_PUT_BACK, {"ids": padded(ids), "now": to_ms(now)})


async def release(unit: Unit, *, now: datetime) -> int:
    """After a start, rows a crash left in the middle of a call; how many. PostgreSQL waits for their leases."""
    if unit.dialect is Dialect.POSTGRESQL:
        return 0
    return await unit.change(_RELEASE, {"now": to_ms(now)})


async def expired(unit: Unit, *, before: datetime) -> list[Refused]:
    """Remove the rows made before a moment that are still not sent, and tell which."""
    rows = await unit.fetch(_EXPIRED, {"before": to_ms(before)})
    unit.doom(*[parcel.owner_of(row) for row in rows if row.owed])
    return [_refused(row, Refusal.WIPED) for row in rows]


async def hide(unit: Unit, address_id: int) -> None:
    """The replies still on their way to a chat that is being cleared: they will be deleted as soon as they are there.

    What is no reply (a check-in that waits for a pause to end, somebody's words) was never seen, and stays.
    """
    await unit.change(_HIDE, {"which": address_id})


async def remove(unit: Unit, ids: Sequence[int]) -> dict[int, Keep | None]:
    """Delete rows; what is to be remembered of each, as it stands on disk: it may have changed under way."""
    rows = await unit.fetch(_REMOVE, {"ids": padded(ids)}) if ids else ()
    unit.doom(*[parcel.owner_of(row) for row in rows if row.owed])
    return {row.id: Keep(row.keep) if row.keep else None for row in rows}


async def depth(unit: Unit) -> dict[Priority, int]:
    """How many rows wait or are on their way, per priority."""
    counts = {row.priority: row.rows for row in await unit.fetch(_DEPTH)}
    return {priority: counts.get(int(priority), 0) for priority in Priority}


async def oldest_due(unit: Unit) -> datetime | None:
    """When the row that waits longest became, or becomes, due; none if nothing waits."""
    value = (await unit.fetch(_OLDEST_DUE))[0][0]
    return None if value is None else from_ms(value)


async def _taken(unit: Unit, ids: Sequence[int], *, now: datetime, lease: timedelta) -> frozenset[int]:
    if not ids:
        return frozenset()
    values = {"ids": padded(ids), "lease_end": to_ms(now + lease), "now": to_ms(now)}
    return frozenset(row.id for row in await unit.fetch(departure.TAKE, values))


def _why(row: Any) -> Refusal:
    if row.body is None and row.notice_id is None:
        return Refusal.WIPED
    return Refusal.UNREADABLE if departure.holds(row) else Refusal.GUARD


def _refused(row: Any, refusal: Refusal) -> Refused:
    return Refused(
        id=row.id,
        person_id=row.person_id,
        sender_id=row.sender_id,
        priority=Priority(row.priority),
        refusal=refusal,
    )


def _retry(settlement: Settlement) -> dict[str, Any]:
    if settlement.at is None:
        raise ValueError("a retry needs a time")
    return {
        "which": settlement.delivery.id,
        "at": to_ms(settlement.at),
        "ambiguous": settlement.ambiguous,
    }


def _refs(settlement: Settlement, there: Mapping[int, Keep | None], now: datetime) -> list[MessageRef]:
    """What is remembered of a sent message: that it is the open screen, and that it is in the chat."""
    delivery, message_id = settlement.delivery, settlement.message_id
    if message_id is None or not isinstance(delivery.payload, SendMessage | SendFile | SendMedia | SendChart):
        return []
    protect = isinstance(delivery.payload, SendMessage | SendMedia | SendChart) and delivery.payload.protect
    return [
        MessageRef(
            address_id=delivery.address_id,
            person_id=delivery.person_id,
            platform=delivery.platform,
            message_id=message_id,
            keep=keep,
            sent_at=now,
        )
        for keep in _kept(delivery.platform, there.get(delivery.id), protect=protect)
    ]


def _kept(platform: Platform, keep: Keep | None, *, protect: bool) -> list[Keep]:
    """Why a message is remembered. What may not be forwarded is sensitive."""
    found = [Keep.SCREEN] if keep is Keep.SCREEN else []
    if LIMITS[platform].deletes:
        plain = Keep.SENSITIVE if protect else Keep.CHAT
        found.append(keep if keep in (Keep.SENSITIVE, Keep.HIDDEN) else plain)
    return found

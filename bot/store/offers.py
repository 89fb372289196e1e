"""Offers: whom a case was shown to, and what they said. One row a case and volunteer; it goes when the case ends."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, select, update

from bot.model.case import Offer, OfferState
from bot.store.moment import from_ms, to_ms
from bot.store.tables import offer as offer_table
from bot.store.unit import Unit
from bot.store.upsert import for_both

_MAKE = for_both(
    offer_table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[offer_table.c.case_id, offer_table.c.volunteer_id],
        set_={name: insert.excluded[name] for name in ("epoch", "state", "offered_at")},
        where=and_(
            offer_table.c.state != OfferState.PASSED.value, offer_table.c.state != OfferState.GIVEN_BACK.value
        ),
    ),
)
_OF_CASE = (
    select(offer_table)
    .where(offer_table.c.case_id == bindparam("which"))
    .order_by(offer_table.c.offered_at, offer_table.c.volunteer_id)
)
_OPEN_OF = (
    select(offer_table.c.case_id)
    .where(offer_table.c.volunteer_id == bindparam("whose"), offer_table.c.state == OfferState.OPEN.value)
    .order_by(offer_table.c.offered_at, offer_table.c.case_id)
)
_ANSWER = (
    update(offer_table)
    .where(
        offer_table.c.case_id == bindparam("which"),
        offer_table.c.volunteer_id == bindparam("whose"),
        offer_table.c.state != OfferState.GIVEN_BACK.value,
    )
    .values(state=bindparam("answer"))
)
_SETTLE = (
    update(offer_table)
    .where(offer_table.c.case_id == bindparam("which"), offer_table.c.state == OfferState.OPEN.value)
    .values(state=OfferState.TAKEN.value)
)
_FORGET = delete(offer_table).where(offer_table.c.case_id == bindparam("which"))


async def make(unit: Unit, case_id: int, volunteer_ids: Sequence[int], *, epoch: int, now: datetime) -> None:
    """The case is offered to these people; who has passed or given it back stays as they are."""
    rows = [
        {
            "case_id": case_id,
            "volunteer_id": volunteer_id,
            "epoch": epoch,
            "state": OfferState.OPEN.value,
            "offered_at": to_ms(now),
        }
        for volunteer_id in volunteer_ids
    ]
    if rows:
        await unit.change(_MAKE, rows)


async def of_case(unit: Unit, case_id: int) -> list[Offer]:
    """Whom a case was offered to, and what became of it."""
    return [
        Offer(
            volunteer_id=row.volunteer_id,
            state=OfferState(row.state),
            offered_at=from_ms(row.offered_at),
        )
        for row in await unit.fetch(_OF_CASE, {"which": case_id})
    ]


async def open_of(unit: Unit, volunteer_id: int) -> list[int]:
    """The cases that somebody was asked to take and has not answered."""
    return [row.case_id for row in await unit.fetch(_OPEN_OF, {"whose": volunteer_id})]


async def answer(unit: Unit, case_id: int, volunteer_id: int, *, state: OfferState) -> None:
    """What one volunteer said to it. Giving back is final."""
    await unit.change(_ANSWER, {"which": case_id, "whose": volunteer_id, "answer": state.value})


async def settle(unit: Unit, case_id: int) -> None:
    """Somebody has the case: nobody else is asked any more."""
    await unit.change(_SETTLE, {"which": case_id})


async def forget(unit: Unit, case_id: int) -> None:
    """The case has ended: whom it was offered to is nobody's business."""
    await unit.change(_FORGET, {"which": case_id})

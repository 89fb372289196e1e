"""Cases as they stand, and the few ways they change: each one conditional UPDATE, held to `model.case.FOLLOWS`.

Whoever comes second changes nothing and hears so. Called by actions (a person's or a volunteer's turn) and by the
case's own lane; whom a case is offered to is in `offers`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Update, bindparam, exists, select, update

from bot.model.case import FOLLOWS, Case, CaseState, Freed, Need, OfferState, Passed, Why
from bot.model.person import Language
from bot.store import case_day, lanes, offers
from bot.store.moment import day_of, from_ms, to_ms
from bot.store.tables import case as case_table
from bot.store.tables import offer as offer_table
from bot.store.unit import Unit
from bot.store.upsert import for_both

_OPENED = for_both(
    case_table,
    lambda insert: insert.on_conflict_do_nothing(
        index_elements=[case_table.c.person_id, case_table.c.need],
        index_where=case_table.c.closed_on.is_(None),
    ).returning(case_table.c.id),
)
_LOAD = select(case_table).where(case_table.c.id == bindparam("which"))
_OF_PERSON = (
    select(case_table)
    .where(case_table.c.person_id == bindparam("who"), case_table.c.closed_on.is_(None))
    .order_by(case_table.c.opened_at, case_table.c.id)
)
_OF_VOLUNTEER = (
    select(case_table)
    .where(case_table.c.volunteer_id == bindparam("who"), case_table.c.closed_on.is_(None))
    .order_by(case_table.c.claimed_at, case_table.c.id)
)
_OFFERED_TO_THEM = exists().where(
    offer_table.c.case_id == case_table.c.id,
    offer_table.c.volunteer_id == bindparam("whose"),
    offer_table.c.state == OfferState.OPEN.value,
)


def _becoming(state: CaseState, *more: CaseState) -> Update:
    """Becomes `state` if it may from where it is, or is one of `more`, and nobody changed its hands meanwhile."""
    before = sorted({*(one.value for one, after in FOLLOWS.items() if state in after), *more})
    return (
        update(case_table)
        .where(
            case_table.c.id == bindparam("which"),
            case_table.c.epoch == bindparam("at_epoch"),
            case_table.c.state.in_(before),
        )
        .values(state=state.value, changed_at=bindparam("now"))
    )


_SEARCH: Final = {
    state: _becoming(state, state).values(round=bindparam("search_round"), told_on=bindparam("day"))
    for state in (CaseState.WAITING, CaseState.OFFERED, CaseState.ESCALATED)
}
_CHANGE: Final = {state: _becoming(state) for state in CaseState}
_CLAIM = (
    update(case_table)
    .where(
        case_table.c.id == bindparam("which"),
        case_table.c.state.in_(
            sorted(one.value for one, after in FOLLOWS.items() if CaseState.CLAIMED in after)
        ),
        case_table.c.person_id != bindparam("whose"),
        _OFFERED_TO_THEM,
    )
    .values(
        state=CaseState.CLAIMED.value,
        epoch=case_table.c.epoch + 1,
        volunteer_id=bindparam("whose"),
        person_name=bindparam("calls_person"),
        volunteer_name=bindparam("calls_volunteer"),
        claimed_at=bindparam("now"),
        changed_at=bindparam("now"),
    )
    .returning(*case_table.c)
)
_FREE = _CHANGE[CaseState.HANDED_BACK].values(
    epoch=case_table.c.epoch + 1, volunteer_id=None, round=0, told_on=None
)
_CLOSE = _CHANGE[CaseState.CLOSED].values(closed_on=bindparam("today"), date_sealed=None)
_CLOSE_TALK = _CLOSE.values(person_id=bindparam("nobody"))  # so nobody reads there who said what of whom

_CLAIMED_AT = select(case_table.c.claimed_at).where(case_table.c.id == bindparam("which"))
_ANSWERED = (
    update(case_table)
    .where(case_table.c.id == bindparam("which"), case_table.c.answered_at.is_(None))
    .values(answered_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the sides of a line call each other: the person's name for the volunteer's eyes, and the other one."""

    person: str
    volunteer: str


async def open_case(
    unit: Unit, person_id: int, *, need: Need, language: Language, now: datetime, on: date | None = None
) -> Case | None:
    """A new case, on the day `on` where the need has one; None if an open one for this need is there already."""
    found = Case(
        id=unit.ids.random(),
        person_id=person_id,
        need=need,
        language=language,
        state=CaseState.WAITING,
        epoch=0,
        opened_at=now,
    )
    row = {
        "id": found.id,
        "person_id": person_id,
        "need": need.value,
        "language": language.value,
        "state": found.state.value,
        "epoch": found.epoch,
        "volunteer_id": None,
        "person_name": "",
        "volunteer_name": "",
        "round": 0,
        "told_on": None,
        "opened_at": to_ms(now),
        "claimed_at": None,
        "answered_at": None,
        "changed_at": to_ms(now),
        "closed_on": None,
        "date_sealed": await case_day.sealed(unit, found, on) if on else None,
    }
    return found if await unit.fetch(_OPENED, row) else None


async def load(unit: Unit, case_id: int) -> Case | None:
    """A case, open or closed; None if there is none of that id."""
    return next((read(row) for row in await unit.fetch(_LOAD, {"which": case_id})), None)


async def of_person(unit: Unit, person_id: int) -> list[Case]:
    """The open cases of a person, the oldest first."""
    return [read(row) for row in await unit.fetch(_OF_PERSON, {"who": person_id})]


async def of_volunteer(unit: Unit, person_id: int) -> list[Case]:
    """The open cases a volunteer has, the one they have longest first."""
    return [read(row) for row in await unit.fetch(_OF_VOLUNTEER, {"who": person_id})]


async def claim(unit: Unit, case_id: int, volunteer_id: int, *, names: Names, now: datetime) -> Case | None:
    """The case is theirs if it is open, offered to them and nobody's yet: the case as it is now, else None."""
    values = {
        "which": case_id,
        "whose": volunteer_id,
        "calls_person": names.person,
        "calls_volunteer": names.volunteer,
        "now": to_ms(now),
    }
    return next((read(row) for row in await unit.fetch(_CLAIM, values)), None)


async def change(unit: Unit, case: Case, state: CaseState, *, now: datetime) -> bool:
    """The case becomes `state`; False if it may not from where it is, or has changed hands since `case` was read."""
    values = {"which": case.id, "at_epoch": case.epoch, "now": to_ms(now)}
    return await unit.change(_CHANGE[state], values) == 1


async def search(unit: Unit, case: Case, *, now: datetime) -> bool:
    """Write how the search for somebody stands (`state`, `round`, `told_on`); False if somebody has it by now."""
    values = {
        "which": case.id,
        "at_epoch": case.epoch,
        "now": to_ms(now),
        "search_round": case.round,
        "day": case.told_on.toordinal() if case.told_on else None,
    }
    return await unit.change(_SEARCH[case.state], values) == 1


async def free(unit: Unit, case: Case, *, now: datetime) -> bool:
    """Its volunteer no longer has it, and nothing said at this epoch is delivered any more; False as in `change`.

    Put `Freed` into the case's lane in the same unit. The names stay, so that those drawn next are others.
    """
    values = {"which": case.id, "at_epoch": case.epoch, "now": to_ms(now)}
    return await unit.change(_FREE, values) == 1


async def free_all(unit: Unit, volunteer_id: int, *, why: Why, now: datetime) -> int:
    """A volunteer has no case any more, and is asked to take none: each is offered to others. How many they had."""
    held = await of_volunteer(unit, volunteer_id)
    for one in held:
        if await free(unit, one, now=now):
            await offers.answer(unit, one.id, volunteer_id, state=OfferState.GIVEN_BACK)
            await lanes.to_case(unit, one.id, Freed(epoch=one.epoch, why=why), now=now)
    for case_id in await offers.open_of(unit, volunteer_id):
        await offers.answer(unit, case_id, volunteer_id, state=OfferState.PASSED)
        await lanes.to_case(unit, case_id, Passed(volunteer_id=volunteer_id), now=now)
    return len(held)


async def claimed_at(unit: Unit, case: Case) -> datetime | None:
    """When whoever has it took it; None where nobody ever did."""
    rows = await unit.fetch(_CLAIMED_AT, {"which": case.id})
    return from_ms(rows[0].claimed_at) if rows and rows[0].claimed_at is not None else None


async def answered(unit: Unit, case: Case, *, now: datetime) -> bool:
    """Its volunteer has written; whether that is the first human word in this case."""
    return await unit.change(_ANSWERED, {"which": case.id, "now": to_ms(now)}) == 1


async def close(unit: Unit, case: Case, *, now: datetime) -> bool:
    """The case has ended; False if it has already, or has changed hands since `case` was read."""
    values = {
        "which": case.id,
        "at_epoch": case.epoch,
        "now": to_ms(now),
        "today": day_of(now).toordinal(),
    }
    if case.need is not Need.VERIFY:
        return await unit.change(_CLOSE, values) == 1
    return await unit.change(_CLOSE_TALK, {**values, "nobody": unit.ids.random()}) == 1


def read(row: Any) -> Case:
    """A row of the table as a case."""
    return Case(
        id=row.id,
        person_id=row.person_id,
        need=Need(row.need),
        language=Language(row.language),
        state=CaseState(row.state),
        epoch=row.epoch,
        volunteer_id=row.volunteer_id,
        person_name=row.person_name,
        volunteer_name=row.volunteer_name,
        round=row.round,
        told_on=None if row.told_on is None else date.fromordinal(row.told_on),
        opened_at=from_ms(row.opened_at),
    )

"""Executes the table of `model.retention`: one sweep per class, and the age of the oldest row of each.

An open event whose time is up loses its body but stays, so that its turn can tell the person; an undelivered call
stays in the same way, so that its claim is refused and told. Called by `pipeline.retention` and at start.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    ScalarSelect,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.model.consent import LASTING, NOTICE
from bot.model.kept import DataClass
from bot.model.queue import LaneKind
from bot.model.retention import lifetime
from bot.model.signature import WIPED, SignatureState
from bot.model.volunteer import Standing
from bot.store import doubts, drafts, expiries, flyers, moves, notice_life, own_key, owner, people, supports
from bot.store.ids import first_of
from bot.store.moment import day_of, from_ms, to_ms
from bot.store.padded import padded
from bot.store.tables import (
    audit,
    case,
    consent,
    dead_letter,
    inbox,
    invite,
    line_message,
    message_ref,
    offer,
    outbox,
    person,
    proposal,
    role,
    session,
    signature,
    timer,
    volunteer,
)
from bot.store.unit import Unit

_PAGE: Final = 500
_KEY_PAGES: Final = 8  # a sweep: a million keys are looked at once a day
_DAY: Final = timedelta(days=1)
_PERSON: Final = LaneKind.PERSON.value
_BEFORE: Final[BindParameter[int]] = bindparam("before")
_BOUND: Final[BindParameter[int]] = bindparam("bound")
_BY: Final[BindParameter[int]] = bindparam("by_day")

# What keeps a person whose time is up. A table family that needs the routing id adds its condition here.
_HOLDS: Final = (
    exists().where(timer.c.lane_kind == _PERSON, timer.c.lane_id == person.c.id),
    exists().where(
        inbox.c.handled_at.is_(None), inbox.c.lane_kind == _PERSON, inbox.c.lane_id == person.c.id
    ),
    exists().where(outbox.c.person_id == person.c.id, outbox.c.body.is_not(None)),
    exists().where(role.c.person_id == person.c.id),
    exists().where(
        consent.c.subject == person.c.subject,
        consent.c.withdrawn_on.is_(None),
        or_(consent.c.purpose.in_(LASTING), consent.c.purpose.startswith(NOTICE, autoescape=True)),
    ),
    exists().where(volunteer.c.person_id == person.c.id),
    exists().where(case.c.person_id == person.c.id, case.c.closed_on.is_(None)),
)
_IDLE: Final = select(person.c.id).where(person.c.seen_on <= _BY, ~or_(*_HOLDS)).limit(_PAGE)
_IS_THINKING: Final = signature.c.state == SignatureState.THINKING.value
_EXISTING: Final = select(person.c.id).where(person.c.id.in_(bindparam("ids", expanding=True)))


def _by_time(before: datetime) -> Mapping[str, int]:
    return {"before": to_ms(before)}


def _by_id(before: datetime) -> Mapping[str, int]:
    """Ids grow with time, so a bound on them spares the sweep the young rows."""
    return {"before": to_ms(before), "bound": first_of(before)}


def _by_day(before: datetime) -> Mapping[str, int]:
    return {"by_day": day_of(before).toordinal()}


_Values = Callable[[datetime], Mapping[str, int]]
_SWEEP: Final[Mapping[DataClass, tuple[Executable, _Values]]] = {
    DataClass.EVENT_BODY: (
        update(inbox)
        .where(inbox.c.handled_at.is_(None), inbox.c.body.is_not(None), inbox.c.received_at < _BEFORE)
        .values(body=None),
        _by_time,
    ),
    DataClass.EVENT_TAG: (delete(inbox).where(inbox.c.id < _BOUND, inbox.c.handled_at < _BEFORE), _by_id),
    DataClass.CALL_BODY: (
        update(outbox)
        .where(outbox.c.body.is_not(None), outbox.c.created_at < _BEFORE)
        .values(body=None, routing_sealed=None),
        _by_time,
    ),
    DataClass.MESSAGE_REF: (delete(message_ref).where(message_ref.c.sent_at < _BEFORE), _by_time),
    DataClass.LINE_MESSAGE: (delete(line_message).where(line_message.c.sent_at < _BEFORE), _by_time),
    DataClass.SESSION: (delete(session).where(session.c.updated_on <= _BY), _by_day),
    DataClass.NEWCOMER: (
        delete(volunteer).where(
            volunteer.c.standing == Standing.NEWCOMER.value, volunteer.c.joined_on <= _BY
        ),
        _by_day,
    ),
    DataClass.INVITE: (delete(invite).where(invite.c.made_at < _BEFORE), _by_time),
    DataClass.DEAD_BODY: (
        update(dead_letter)
        .where(dead_letter.c.body.is_not(None), or_(dead_letter.c.died_at < _BEFORE, expiries.OUTLIVED))
        .values(body=None),
        _by_time,
    ),
    DataClass.DEAD_LETTER: (delete(dead_letter).where(dead_letter.c.died_at < _BEFORE), _by_time),
    DataClass.PROPOSAL: (delete(proposal).where(proposal.c.made_at < _BEFORE), _by_time),
    DataClass.CONSENT: (delete(consent).where(consent.c.withdrawn_on <= _BY), _by_day),
    DataClass.CASE: (delete(case).where(case.c.closed_on <= _BY), _by_day),
    DataClass.OFFER: (delete(offer).where(offer.c.offered_at < _BEFORE), _by_time),
    DataClass.THINKING: (
        delete(signature).where(signature.c.agreed_on <= _BY, _IS_THINKING, signature.c.draft.is_(None)),
        _by_day,
    ),
}


def _first(column: ColumnElement[int], *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    """The value in the row with the smallest id: for what is written in the order of ids."""
    return (
        select(column).where(column.is_not(None), *conditions).order_by(column.table.c.id).limit(1)
    ).scalar_subquery()


def _least(column: ColumnElement[int], *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(func.min(column)).where(*conditions).scalar_subquery()


_OLDEST: Final = select(
    _least(inbox.c.received_at, inbox.c.handled_at.is_(None), inbox.c.body.is_not(None)).label(
        DataClass.EVENT_BODY
    ),
    _first(inbox.c.handled_at).label(DataClass.EVENT_TAG),
    _least(outbox.c.created_at, outbox.c.body.is_not(None)).label(DataClass.CALL_BODY),
    _least(message_ref.c.sent_at).label(DataClass.MESSAGE_REF),
    _least(line_message.c.sent_at).label(DataClass.LINE_MESSAGE),
    _least(session.c.updated_on).label(DataClass.SESSION),
    _least(person.c.seen_on).label(DataClass.PERSON),
    _least(role.c.granted_on).label(DataClass.ROLE),
    _least(volunteer.c.joined_on).label(DataClass.VOLUNTEER),
    _least(volunteer.c.joined_on, volunteer.c.standing == Standing.NEWCOMER.value).label(DataClass.NEWCOMER),
    _least(invite.c.made_at).label(DataClass.INVITE),
    _least(audit.c.day).label(DataClass.AUDIT),
    _least(timer.c.due_at).label(DataClass.TIMER),
    _least(dead_letter.c.died_at, dead_letter.c.body.is_not(None)).label(DataClass.DEAD_BODY),
    _least(dead_letter.c.died_at).label(DataClass.DEAD_LETTER),
    _least(proposal.c.made_at).label(DataClass.PROPOSAL),
    _least(consent.c.withdrawn_on).label(DataClass.CONSENT),
    _least(case.c.closed_on).label(DataClass.CASE),
    _least(offer.c.offered_at).label(DataClass.OFFER),
    _least(signature.c.agreed_on, _IS_THINKING).label(DataClass.THINKING),
    _least(signature.c.agreed_on, ~_IS_THINKING).label(DataClass.SIGNATURE),
    _least(signature.c.draft_at).label(DataClass.DRAFT),
    *(one for others in (notice_life, flyers, supports, doubts, moves) for one in others.OLDEST),
)
_IN_DAYS: Final = frozenset(
    {
        DataClass.SESSION,
        DataClass.PERSON,
        DataClass.ROLE,
        DataClass.VOLUNTEER,
        DataClass.NEWCOMER,
        DataClass.AUDIT,
        DataClass.CONSENT,
        DataClass.CASE,
        DataClass.THINKING,
        DataClass.SIGNATURE,
        *flyers.IN_DAYS,
        *supports.IN_DAYS,
        *doubts.IN_DAYS,
    }
)


async def sweep(unit: Unit, *, now: datetime) -> dict[DataClass, int]:
    """Remove what has lived its time; how many per class. What goes from the key file goes at once."""
    removed = {}
    for data, (statement, values) in _SWEEP.items():
        removed[data] = await unit.change(statement, values(now - lifetime(data)))
    removed[DataClass.PERSON] = await _forget_idle(unit, now)
    removed[DataClass.PERSON_KEY] = await _destroy_orphans(unit, now)
    today = day_of(now)
    removed[DataClass.DAY_KEY] = await unit.keyring.prune_days(today)
    removed[DataClass.MESSAGE_KEY] = await unit.keyring.prune(owner.MESSAGE, today)
    removed[DataClass.DRAFT] = await drafts.wipe(unit, before=now - WIPED)
    removed[DataClass.DRAFT_KEY] = await unit.keyring.prune(owner.DRAFT, today)
    for others in (notice_life, flyers, supports, doubts, moves, own_key):
        removed |= await others.sweep(unit, now=now)
    return removed


async def oldest(unit: Unit, *, now: datetime) -> dict[DataClass, float]:
    """The age in seconds of the oldest row per class; classes without rows are missing."""
    (row,) = await unit.fetch(_OLDEST)
    return {
        DataClass(name): _age(DataClass(name), value, now)
        for name, value in row._asdict().items()
        if value is not None
    }


async def _forget_idle(unit: Unit, now: datetime) -> int:
    """Forget who was not here for long and whom nothing open holds."""
    by_day, forgotten = _by_day(now - lifetime(DataClass.PERSON)), 0
    while ids := [row.id for row in await unit.fetch(_IDLE, by_day)]:
        await people.forget_all(unit, ids)
        forgotten += len(ids)
    return forgotten


async def _destroy_orphans(unit: Unit, now: datetime) -> int:
    """Destroy keys of people there are not: a crash, or a deletion that could not reach the key file."""
    destroyed = 0
    async for ids in unit.keyring.people_before(day_of(now) - _DAY, pages=_KEY_PAGES):
        existing = {row.id for row in await unit.fetch(_EXISTING, {"ids": padded(ids)})}
        orphans = [owner.of_person(id_) for id_ in ids if id_ not in existing]
        await unit.keyring.destroy(orphans)
        destroyed += len(orphans)
    return destroyed


def _age(data: DataClass, value: int, now: datetime) -> float:
    since = datetime.fromordinal(value).replace(tzinfo=UTC) if data in _IN_DAYS else from_ms(value)
    return max(0.0, (now - since).total_seconds())

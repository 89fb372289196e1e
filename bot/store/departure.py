"""Which outbox rows may leave now: the statements behind `outbox.claim`, one condition per rule.

A row waits while another row of its address is on its way, or an earlier one that is as urgent is put off; its
platform may be paused; its guard must hold, at the first send and at every resend. To add a guard, add a condition
to `_guard`.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Executable,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import case as case_of

from bot.model.case import HELD
from bot.model.notice import End, Fate, Stage
from bot.model.outgoing import Priority
from bot.model.queue import Keep
from bot.store import consents
from bot.store.link import PerDialect
from bot.store.moment import to_ms
from bot.store.pauses import EVERYTHING
from bot.store.tables import address, case, message_ref, notice, outbox, pause, person
from bot.store.unit import Unit

EVERYWHERE: Final = ""
_ON: BindParameter[str] = bindparam("on", type_=Text)  # a platform, or EVERYWHERE
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
UNREADABLE: Final = "unreadable"  # why a copy of a notice failed whose key or address is gone
_WAITS: Final = select(
    exists()
    .where(outbox.c.address_id == bindparam("which"), outbox.c.priority <= int(Priority.CHECK_IN))
    .label("found")
)
_UNSENT: Final = select(
    exists()
    .where(
        outbox.c.address_id == bindparam("which"),
        outbox.c.keep == Keep.SCREEN.value,
        outbox.c.sending.is_(False),
        outbox.c.resent.is_(False),
        ~exists().where(
            message_ref.c.address_id == bindparam("which"),
            message_ref.c.keep == Keep.SCREEN.value,
            message_ref.c.sent_at >= bindparam("since"),
        ),
    )
    .label("found")
)
_ADDRESSES = 1  # the namespace of addresses among PostgreSQL's advisory locks; the inbox's lanes are hashes

_CLAIMED: Final = (
    outbox.c.id,
    outbox.c.address_id,
    outbox.c.person_id,
    outbox.c.owed,
    outbox.c.asks,
    outbox.c.body,
    outbox.c.priority,
    outbox.c.sending,
    outbox.c.attempts,
    outbox.c.resent,
    outbox.c.keep,
    outbox.c.sender_id,
    outbox.c.case_id,
    outbox.c.line_id,
    outbox.c.draft,
    outbox.c.created_at,
    outbox.c.notice_id,
)


def _guard() -> ColumnElement[bool]:
    """What must still hold for a row to be sent at all: on a line, that the case is still in the same hands."""
    in_hand = exists().where(
        case.c.id == outbox.c.case_id,
        case.c.epoch == outbox.c.epoch,
        case.c.state.in_(sorted(state.value for state in HELD)),
    )
    return and_(
        or_(outbox.c.case_id.is_(None), in_hand),
        or_(outbox.c.useless_after.is_(None), outbox.c.useless_after > bindparam("now")),
        or_(outbox.c.body.is_not(None), outbox.c.notice_id.is_not(None)),
        consents.guarded(outbox.c.person_id, outbox.c.purpose),
    )


def _fate() -> ColumnElement[Any]:
    """What becomes of a copy of a notice now: it may leave while it is pending, else it is refused for this."""
    return case_of(
        (outbox.c.notice_id.is_(None), None),
        (func.coalesce(notice.c.stage, "") != Stage.SENDING.value, Fate.CANCELLED.value),
        (outbox.c.useless_after <= bindparam("now"), Fate.LATE.value),
        (~consents.agreed_to_any(outbox.c.person_id, outbox.c.notice_id), Fate.OPTED_OUT.value),
        (~address.c.reachable, Fate.BLOCKED.value),
        else_=Fate.PENDING.value,
    )


def _rests() -> ColumnElement[bool]:
    """Its notice is paused, or not yet going on."""
    return func.coalesce(notice.c.stage, "").in_([Stage.PAUSED.value, Stage.APPROVED.value])


def _blocked() -> ColumnElement[bool]:
    """Something of the same address goes first: it is on its way, or it is earlier, as urgent, and was put off.

    A row that was meant for later from the start holds nobody up; what asks another phone whose it is waits for none.
    """
    other = outbox.alias("other")
    return exists().where(
        other.c.address_id == outbox.c.address_id,
        other.c.due_at > bindparam("now"),
        other.c.id != outbox.c.id,
        or_(
            other.c.sending,
            and_(
                other.c.attempts > 0,
                other.c.id < outbox.c.id,
                other.c.priority <= outbox.c.priority,
                outbox.c.asks.is_not(True),
            ),
        ),
    )


def _is_for_them() -> ColumnElement[bool]:
    """Nothing goes to another phone at an address but the question who that is; what no guard lets pass is told."""
    return or_(address.c.rekeyed_at.is_(None), outbox.c.asks.is_(True), ~_guard())


def unanswered() -> ColumnElement[bool]:
    """It waits until it is known whose phone is at its address."""
    return outbox.c.address_id.in_(select(address.c.id).where(address.c.rekeyed_at.is_not(None)))


def _paused(platform: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(pause.c.scope == platform, pause.c.until > bindparam("now"))


def held() -> ColumnElement[bool]:
    """While the organizers hold everything, only replies leave."""
    everything = exists().where(pause.c.scope == EVERYTHING)
    return and_(outbox.c.priority > int(Priority.REPLY), everything)


def _ready() -> Select[Any]:
    platform = func.coalesce(address.c.platform, outbox.c.platform)
    return (
        select(
            *_CLAIMED,
            person.c.language,
            person.c.form,
            person.c.zone,
            _fate().label("fate"),
            platform.label("platform"),
            func.coalesce(outbox.c.routing_sealed, address.c.routing_sealed).label("routing_sealed"),
            _guard().label("holds"),
        )
        .select_from(outbox)
        .outerjoin(address, address.c.id == outbox.c.address_id)
        .outerjoin(notice, notice.c.id == outbox.c.notice_id)
        .outerjoin(person, person.c.id == outbox.c.person_id)
        .where(
            outbox.c.priority <= bindparam("up_to"),
            outbox.c.due_at <= bindparam("now"),
            or_(_ON == EVERYWHERE, platform == _ON),
            ~_paused(platform),
            ~held(),
            ~_rests(),
            ~_blocked(),
            _is_for_them(),
        )
        .order_by(outbox.c.priority, outbox.c.id)
        .limit(bindparam("page"))
    )


def _ready_and_ours() -> Select[Any]:
    """The same among several workers: rows and addresses that somebody is claiming are passed over."""
    ready = _ready().with_for_update(skip_locked=True, of=outbox).cte("ready")
    ours = func.pg_try_advisory_xact_lock(_ADDRESSES, func.hashint8(ready.c.address_id), type_=Boolean)
    return select(ready).where(ours).order_by(ready.c.priority, ready.c.id)


def _passed_over() -> ColumnElement[bool]:
    """An earlier row of the same address could leave too and is not among ours: another worker had it locked."""
    other = outbox.alias("other")
    return exists().where(
        other.c.address_id == outbox.c.address_id,
        other.c.due_at <= bindparam("now"),
        other.c.id < outbox.c.id,
        other.c.priority <= outbox.c.priority,
        other.c.id.not_in(_IDS),
        or_(outbox.c.asks.is_not(True), other.c.asks.is_(True)),
    )


def _take(*still: ColumnElement[bool]) -> Executable:
    return (
        update(outbox)
        .where(outbox.c.id.in_(_IDS), *still)
        .values(sending=True, due_at=bindparam("lease_end"), resent=or_(outbox.c.resent, outbox.c.sending))
        .returning(outbox.c.id)
    )


READY = PerDialect(sqlite=_ready(), postgresql=_ready_and_ours())

# Another worker may have taken something between READY's look and our lock on the address: look again.
TAKE = PerDialect(sqlite=_take(), postgresql=_take(~_blocked(), ~_passed_over()))


def holds(row: Any) -> bool:
    """What it was bound to; of a copy of a notice, that nothing stands against it."""
    return bool(row.holds) if row.notice_id is None else row.fate == Fate.PENDING


def end_of(row: Any) -> End | None:
    """How the copy ends that a refused row stands for; one that nobody can read has failed."""
    if row.notice_id is None:
        return None
    fate = Fate(row.fate)
    if fate is Fate.PENDING:
        return End(notice_id=row.notice_id, person_id=row.person_id, fate=Fate.FAILED, reason=UNREADABLE)
    return End(notice_id=row.notice_id, person_id=row.person_id, fate=fate)


async def waits_for(unit: Unit, address_id: int) -> bool:
    """Whether a call other than a notice is on its way to a chat, or waits to be."""
    return bool((await unit.fetch(_WAITS, {"which": address_id}))[0].found)


async def is_unsent(unit: Unit, address_id: int, *, since: datetime) -> bool:
    """Whether the question asked `since` then has not left for this chat yet; one that is on its way may have come."""
    found = await unit.fetch(_UNSENT, {"which": address_id, "since": to_ms(since)})
    return bool(found[0].found)

"""People and their addresses: what is known of them, and forgetting them. Called by process and actions.

Who is behind a routing id, and how a stranger becomes a person, is in `strangers`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, insert, or_, select, update

from bot.engine.session import Session
from bot.model.expiry import Expiry
from bot.model.person import Address, Form, Language, Person, Platform, Role
from bot.model.queue import LaneKind
from bot.store import addresses, copy_counts, expiries, owner, sessions, strangers
from bot.store.crypto import Key
from bot.store.moment import from_ms
from bot.store.padded import padded
from bot.store.roles import is_resting
from bot.store.tables import (
    address,
    case,
    consent,
    dead_letter,
    inbox,
    invite,
    line_message,
    message_ref,
    move,
    notice_answer,
    notice_copy,
    offer,
    on_call,
    outbox,
    person,
    removal,
    session,
    signature,
    timer,
    volunteer,
)
from bot.store.tables import role as role_table
from bot.store.unit import Unit

_PERSON = LaneKind.PERSON.value
_THEIRS = (_PERSON, LaneKind.HELD.value)
_OF_ADDRESS = ("platform", "routing_sealed", "reachable", "asked_at", "expiry", "own_expiry")
_LOAD = (
    select(
        person,
        address.c.id.label("address_id"),
        *(address.c[name] for name in _OF_ADDRESS),
        exists().where(role_table.c.person_id == person.c.id, is_resting()).label("rests"),
        session.c.body,
        *(
            exists()
            .where(role_table.c.person_id == person.c.id, role_table.c.role == one.value)
            .label(one.name)
            for one in Role
        ),
    )
    .select_from(person)
    .outerjoin(address, address.c.person_id == person.c.id)
    .outerjoin(session, session.c.person_id == person.c.id)
    .where(person.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(address.c.later.desc(), address.c.id)
)
_SAVE = (
    update(person)
    .where(person.c.id == bindparam("who"))
    .values(
        language=bindparam("new_language"),
        form=bindparam("new_form"),
        zone=bindparam("new_zone"),
        onboarded=bindparam("new_onboarded"),
        adult=bindparam("new_adult"),
    )
)
_TOUCH = (
    update(person).where(person.c.id.in_(bindparam("ids", expanding=True))).values(seen_on=bindparam("today"))
)
_REACHABLE = (
    update(address).where(address.c.id == bindparam("which")).values(reachable=bindparam("is_reachable"))
)


def _in(column: ColumnElement[int]) -> ColumnElement[bool]:
    return column.in_(bindparam("ids", expanding=True))


_THEIR_CASES = select(case.c.id).where(_in(case.c.person_id))

_THEIR_SUBJECTS = select(person.c.subject).where(_in(person.c.id))
_IS_DRAFT = signature.c.draft.is_not(None)
_DRAFTS = select(signature.c.draft).where(signature.c.subject.in_(_THEIR_SUBJECTS), _IS_DRAFT)
_FORGET = (
    delete(offer).where(or_(_in(offer.c.volunteer_id), offer.c.case_id.in_(_THEIR_CASES))),
    delete(timer).where(timer.c.lane_kind == LaneKind.CASE.value, timer.c.lane_id.in_(_THEIR_CASES)),
    delete(case).where(_in(case.c.person_id)),
    update(case).where(_in(case.c.volunteer_id)).values(volunteer_id=None),
    delete(line_message).where(_in(line_message.c.person_id)),
    delete(message_ref).where(_in(message_ref.c.person_id)),
    delete(outbox).where(_in(outbox.c.person_id), outbox.c.owed.is_(False)),
    update(outbox).where(_in(outbox.c.sender_id)).values(sender_id=None),
    delete(timer).where(timer.c.lane_kind == _PERSON, _in(timer.c.lane_id)),
    delete(dead_letter).where(dead_letter.c.lane_kind == _PERSON, _in(dead_letter.c.lane_id)),
    update(inbox)
    .where(inbox.c.lane_kind.in_(_THEIRS), _in(inbox.c.lane_id))
    .values(
        lane_kind=LaneKind.NOBODY.value,
        lane_id=inbox.c.id,
        body=None,
        handled_at=func.coalesce(inbox.c.handled_at, inbox.c.received_at),
    ),
    insert(removal).from_select(
        ["entry", "letter"],
        select(signature.c.entry, signature.c.letter).where(
            signature.c.subject.in_(_THEIR_SUBJECTS), signature.c.published.is_not(None)
        ),
    ),
    delete(signature).where(signature.c.subject.in_(_THEIR_SUBJECTS)),
    delete(consent).where(consent.c.subject.in_(_THEIR_SUBJECTS)),
    copy_counts.counted(_in(notice_copy.c.person_id)),
    delete(notice_copy).where(_in(notice_copy.c.person_id)),
    delete(notice_answer).where(_in(notice_answer.c.person_id)),
    delete(session).where(_in(session.c.person_id)),
    update(volunteer).where(_in(volunteer.c.deputy_id)).values(deputy_id=None),
    update(volunteer).where(_in(volunteer.c.invited_by)).values(invited_by=None),
    update(invite).where(_in(invite.c.made_by)).values(made_by=None),
    delete(volunteer).where(_in(volunteer.c.person_id)),
    delete(on_call).where(_in(on_call.c.person_id)),
    delete(move).where(or_(_in(move.c.person_id), _in(move.c.claimed_by))),
    delete(role_table).where(_in(role_table.c.person_id)),
    delete(address).where(_in(address.c.person_id)),
    delete(person).where(_in(person.c.id)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that a turn needs of a person; `addresses`: the one they moved to first. `unreachable` blocked the bot.

    `rekeyed`: the addresses where another phone answers, by when it was last asked who that is; `rests`: they have a
    role, and it rests because of that.
    """

    person: Person
    addresses: tuple[Address, ...]
    session: Session | None
    seen_on: date
    unreachable: frozenset[int] = frozenset()
    roles: frozenset[Role] = frozenset()
    rekeyed: Mapping[int, datetime] = field(default_factory=dict)
    rests: bool = False
    expiries: Mapping[int, Expiry] = field(default_factory=dict)


async def resolve(
    unit: Unit, platform: Platform, routing_ids: Iterable[str], *, today: date
) -> Mapping[str, int]:
    """The person behind each routing id, as `strangers.meet` has it."""
    return (await strangers.meet(unit, platform, routing_ids, today=today)).ids


async def load(unit: Unit, person_ids: Iterable[int]) -> dict[int, Known]:
    """What is known of each person, opened; who does not exist (any more) is missing.

    What can't be opened is left out: an address without its key, a session from a program with other words.
    """
    ids = sorted(set(person_ids))
    rows: dict[int, list[Any]] = {}
    if ids:
        for row in await unit.fetch(_LOAD, {"ids": padded(ids)}):
            rows.setdefault(row.id, []).append(row)
    keys = await unit.keyring.keys_for(map(owner.of_person, rows))
    return {id_: _known(id_, of_one, keys.get(owner.of_person(id_))) for id_, of_one in rows.items()}


async def save(unit: Unit, persons: Sequence[Person]) -> None:
    """Write people whose preferences changed."""
    rows = [
        {
            "who": one.id,
            "new_language": one.language.value if one.language else None,
            "new_form": one.form.value,
            "new_zone": one.zone,
            "new_onboarded": one.onboarded,
            "new_adult": one.adult,
        }
        for one in persons
    ]
    if rows:
        await unit.change(_SAVE, rows)


async def touch(unit: Unit, knowns: Iterable[Known], *, today: date) -> None:
    """Note that these people were here today; no statement for who was noted already."""
    ids = [known.person.id for known in knowns if known.seen_on < today]
    if ids:
        await unit.change(_TOUCH, {"ids": padded(ids), "today": today.toordinal()})


async def set_reachable(unit: Unit, address_id: int, *, reachable: bool) -> None:
    """Note that an address blocked the bot, or took it back."""
    await unit.change(_REACHABLE, {"which": address_id, "is_reachable": reachable})


async def forget(unit: Unit, person_id: int) -> None:
    """Delete every row of a person, and with the commit their key: older copies of the rows become noise.

    Rows put into the outbox for them later in this unit (the goodbye) are owed: under a key of their own.
    """
    await forget_all(unit, [person_id])


async def forget_all(unit: Unit, person_ids: Sequence[int]) -> None:
    """Forget several people at once. The events of theirs that are known stay known, as nobody's."""
    if not person_ids:
        return
    unit.forgotten.update(await addresses.of_people(unit, list(person_ids)))
    ids = {"ids": padded(person_ids)}
    unit.doom(*[owner.of_draft(row.draft) for row in await unit.fetch(_DRAFTS, ids)])
    for statement in _FORGET:
        await unit.change(statement, ids)
    unit.doom(*map(owner.of_person, person_ids))


def _known(id_: int, rows: Sequence[Any], key: Key | None) -> Known:
    first = rows[0]
    who = Person(
        id=id_,
        language=Language(first.language) if first.language else None,
        form=Form(first.form),
        zone=first.zone,
        onboarded=bool(first.onboarded),
        adult=None if first.adult is None else bool(first.adult),
    )
    return Known(
        person=who,
        addresses=tuple(found for row in rows if (found := addresses.opened(row, key))),
        session=sessions.opened(id_, first.body, key=key),
        seen_on=date.fromordinal(first.seen_on),
        unreachable=frozenset(row.address_id for row in rows if row.address_id and not row.reachable),
        roles=frozenset(one for one in Role if getattr(first, one.name)),
        rekeyed={row.address_id: from_ms(row.asked_at) for row in rows if row.asked_at is not None},
        rests=bool(first.rests),
        expiries={row.address_id: expiries.read(row) for row in rows if row.address_id},
    )

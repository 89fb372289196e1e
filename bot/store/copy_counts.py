"""Copies of notices as counts: whom one would reach, what became of one, and what is left when copies are wiped.

Of a person who is forgotten, and of everybody some days after a notice is past, a number stays and nothing else.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from bot.model.notice import BARE, Audience, Fate, Report
from bot.model.person import Language
from bot.store.consents import is_current
from bot.store.link import PerDialect
from bot.store.moment import to_ms
from bot.store.padded import padded
from bot.store.tables import address, consent, notice, notice_copy, notice_count, notice_purpose, person
from bot.store.tables.shape import Big
from bot.store.unit import Unit
from bot.store.upsert import for_both

_FIRST: Final[BindParameter[int]] = bindparam("first", type_=Big)
_REACHABLE: Final = exists().where(address.c.person_id == person.c.id, address.c.reachable)
_GOT_THE_FIRST: Final = exists().where(
    notice_copy.c.notice_id == _FIRST,
    notice_copy.c.person_id == person.c.id,
    notice_copy.c.fate == Fate.DELIVERED.value,
)
_WANT_IT: Final = (
    select(
        person.c.id,
        func.coalesce(person.c.language, Language.HEBREW.value).label("language"),
        consent.c.purpose,
    )
    .join(person, person.c.subject == consent.c.subject)
    .where(
        consent.c.purpose.in_(bindparam("purposes", expanding=True)),
        consent.c.withdrawn_on.is_(None),
        is_current(consent),
        _REACHABLE,
        or_(_FIRST.is_(None), _GOT_THE_FIRST),
    )
    .cte("want_it")
)
_AUDIENCE: Final = union_all(
    select(
        literal("language").label("kind"),
        _WANT_IT.c.language.label("name"),
        func.count(_WANT_IT.c.id.distinct()).label("people"),
    ).group_by(_WANT_IT.c.language),
    select(literal("purpose"), _WANT_IT.c.purpose, func.count()).group_by(_WANT_IT.c.purpose),
)
_REPORT: Final = union_all(
    select(
        notice_copy.c.fate.label("fate"),
        func.coalesce(notice_copy.c.reason, "").label("reason"),
        func.count().label("copies"),
    )
    .where(notice_copy.c.notice_id == bindparam("which"))
    .group_by(notice_copy.c.fate, notice_copy.c.reason),
    select(notice_count.c.fate, notice_count.c.reason, notice_count.c.copies).where(
        notice_count.c.notice_id == bindparam("which")
    ),
)
_UNREACHED: Final = select(
    exists()
    .where(notice_purpose.c.notice_id == bindparam("which"), notice_purpose.c.is_done.is_(False))
    .label("found")
)
_PAST: Final = notice_copy.c.notice_id.in_(select(notice.c.id).where(notice.c.over_at < bindparam("before")))
_WIPE: Final = delete(notice_copy).where(_PAST)


def counted(which: ColumnElement[bool]) -> PerDialect:
    """Copies become counts. One that has no fate when its person is forgotten was not wanted any more."""
    fate: ColumnElement[Any] = case(
        (notice_copy.c.fate == Fate.PENDING.value, Fate.OPTED_OUT.value), else_=notice_copy.c.fate
    )
    reason = func.coalesce(notice_copy.c.reason, "")
    counts = (
        select(
            notice_copy.c.notice_id, fate.label("fate"), reason.label("reason"), func.count().label("copies")
        )
        .where(which)
        .group_by(notice_copy.c.notice_id, fate, reason)
    )
    return for_both(
        notice_count,
        lambda insert: (
            into := insert.from_select(["notice_id", "fate", "reason", "copies"], counts)
        ).on_conflict_do_update(
            index_elements=[notice_count.c.notice_id, notice_count.c.fate, notice_count.c.reason],
            set_={"copies": notice_count.c.copies + into.excluded.copies},
        ),
    )


_COUNT: Final = counted(_PAST)


async def audience(unit: Unit, purposes: Collection[str], *, corrects: int | None = None) -> Audience:
    """Whom a notice for these purposes would reach now; of a correction, only who got the first one."""
    if not purposes:
        return Audience()
    rows = await unit.fetch(_AUDIENCE, {"purposes": padded(sorted(purposes)), "first": corrects})
    return Audience(
        languages={Language(row.name): row.people for row in rows if row.kind == "language"},
        purposes={row.name: row.people for row in rows if row.kind == "purpose"},
    )


async def report(unit: Unit, notice_id: int) -> Report:
    """What became of everybody's copy so far. The fates together are all there are."""
    fates, failures, bare = dict.fromkeys(Fate, 0), dict[str, int](), 0
    for row in await unit.fetch(_REPORT, {"which": notice_id}):
        fates[Fate(row.fate)] += row.copies
        if row.fate == Fate.FAILED:
            failures[row.reason] = failures.get(row.reason, 0) + row.copies
        bare += row.copies if row.reason == BARE else 0
    (unreached,) = await unit.fetch(_UNREACHED, {"which": notice_id})
    return Report(fates=fates, failures=failures, is_whole=not unreached.found, bare=bare)


async def wipe(unit: Unit, *, before: datetime) -> int:
    """Wipe the copies of notices that were past by then; how many. Their counts stay."""
    values = {"before": to_ms(before)}
    await unit.change(_COUNT, values)
    return await unit.change(_WIPE, values)

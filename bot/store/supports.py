"""Letters of support: taken in, read by one volunteer at a time, printed, wiped. Nothing leads to who wrote one.

Whoever wrote keeps a random receipt under their own key; here is its blind index only. What of them ends by itself is
swept here too; `retention` calls that.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Executable, bindparam, delete, func, insert, or_, select, update

from bot.model.kept import DataClass
from bot.model.retention import lifetime
from bot.model.support import LEASED, Fate, Reason, SupportLetter
from bot.store import codec, own_key, owner
from bot.store.crypto import Key, place_of
from bot.store.moment import day_of, to_ms
from bot.store.padded import padded
from bot.store.tables import addressee, support
from bot.store.unit import Unit

_TAG: Final = "support"
_WHICH: Final = support.c.receipt_tag == bindparam("tagged")
_HELD: Final = (support.c.lease == bindparam("held"), support.c.fate == Fate.WAITING.value)
_OF: Final = support.c.addressee_id == bindparam("of")
_ADD: Final = insert(support)
_FATE: Final = select(support.c.fate, support.c.reason).where(_WHICH)
_WITHDRAW: Final = (
    delete(support)
    .where(_WHICH, support.c.fate.in_([Fate.WAITING.value, Fate.ACCEPTED.value]))
    .returning(support.c.id)
)
_COUNT: Final = select(support.c.addressee_id, support.c.fate, func.count().label("many")).group_by(
    support.c.addressee_id, support.c.fate
)
_NEXT: Final = (
    select(support.c.id)
    .where(
        support.c.fate == Fate.WAITING.value,
        or_(support.c.leased_until.is_(None), support.c.leased_until < bindparam("now")),
        support.c.id.not_in(bindparam("skipped", expanding=True)),
    )
    .order_by(support.c.written_on, support.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_LEASE: Final = (
    update(support)
    .where(support.c.id == bindparam("one"))
    .values(lease=bindparam("new"), leased_until=bindparam("until"))
)
_READ: Final = select(support).where(*_HELD)
_DECIDE: Final = (
    update(support)
    .where(*_HELD)
    .values(fate=bindparam("said"), reason=bindparam("why"), lease=None, leased_until=None)
)
_WIPE: Final = _DECIDE.values(text_sealed=None).returning(support.c.id)
_RELEASE: Final = update(support).where(*_HELD).values(lease=None, leased_until=None)
_PRINTABLE: Final = support.c.fate.in_([Fate.ACCEPTED.value, Fate.TAKEN.value])
_READY: Final = select(support).where(_OF, _PRINTABLE).order_by(support.c.written_on, support.c.id)
_TAKE: Final = update(support).where(_OF, _PRINTABLE).values(fate=Fate.TAKEN.value, batch=bindparam("new"))
_SENT: Final = (
    update(support)
    .where(support.c.batch == bindparam("which"), support.c.fate == Fate.TAKEN.value)
    .values(fate=Fate.SENT.value, text_sealed=None, batch=None)
    .returning(support.c.id)
)
_TAKEN: Final = (
    select(support.c.id)
    .where(support.c.batch == bindparam("which"), support.c.fate == Fate.TAKEN.value)
    .limit(1)
)
_CLOSE: Final = (
    update(support)
    .where(_OF, support.c.text_sealed.is_not(None))
    .values(fate=Fate.CLOSED.value, text_sealed=None, lease=None, leased_until=None, batch=None)
    .returning(support.c.id)
)
_SWEEP: Final = {
    DataClass.ADDRESSEE: delete(addressee).where(addressee.c.ends_on <= bindparam("by_day")),
    DataClass.SUPPORT_FATE: delete(support).where(support.c.written_on <= bindparam("by_day")),
}
_LOSE: Final = (
    update(support)
    .where(support.c.text_sealed.is_not(None), support.c.written_on <= bindparam("by_day"))
    .values(fate=Fate.LOST.value, text_sealed=None, lease=None, leased_until=None, batch=None)
    .returning(support.c.id)
)
IN_DAYS: Final = frozenset({*_SWEEP, DataClass.SUPPORT_TEXT})
OLDEST: Final = (
    select(func.min(addressee.c.ends_on)).scalar_subquery().label(DataClass.ADDRESSEE),
    select(func.min(support.c.written_on))
    .where(support.c.text_sealed.is_not(None))
    .scalar_subquery()
    .label(DataClass.SUPPORT_TEXT),
    select(func.min(support.c.written_on)).scalar_subquery().label(DataClass.SUPPORT_FATE),
)


async def add(unit: Unit, addressee_id: int, *, text: str, signed: str, today: date) -> str:
    """Take in a letter; its receipt, which nothing here can be turned back into."""
    id_, receipt = unit.ids.random(), str(unit.ids.random())
    words = codec.values_to_bytes({"text": text, "signed": signed})
    row = {
        "id": id_,
        "receipt_tag": _tag(unit, receipt),
        "addressee_id": addressee_id,
        "fate": Fate.WAITING.value,
        "text_sealed": unit.seal(words, await own_key.made(unit, id_, today=today), place=_place(id_)),
        "written_on": today.toordinal(),
    }
    await unit.change(_ADD, row)
    return receipt


async def fate(unit: Unit, receipt: str) -> tuple[Fate, Reason | None]:
    """How far the letter of this receipt has come, and why; one that is not there any more is lost."""
    rows = await unit.fetch(_FATE, {"tagged": _tag(unit, receipt)})
    if not rows:
        return Fate.LOST, None
    return Fate(rows[0].fate), Reason(rows[0].reason) if rows[0].reason else None


async def withdraw(unit: Unit, receipt: str) -> bool:
    """Its writer takes it back; False once it is in a file, or over."""
    return bool(await _wiped(unit, _WITHDRAW, {"tagged": _tag(unit, receipt)}))


async def counts(unit: Unit) -> Mapping[tuple[int, Fate], int]:
    """How many letters there are, by whom they are to and how far they have come."""
    return Counter({(row.addressee_id, Fate(row.fate)): row.many for row in await unit.fetch(_COUNT)})


async def claim(unit: Unit, *, skipped: Collection[int], now: datetime) -> int | None:
    """The lease of the letter that waits longest and that nobody reads now, without those that were `skipped`."""
    rows = await unit.fetch(_NEXT, {"skipped": padded(sorted(skipped) or [0]), "now": to_ms(now)})
    if not rows:
        return None
    lease = unit.ids.random()
    await unit.change(_LEASE, {"one": rows[0].id, "new": lease, "until": to_ms(now + LEASED)})
    return lease


async def held(unit: Unit, lease: int) -> SupportLetter | None:
    """The letter of a lease, while it waits and nobody else took it over."""
    found = await _letters(unit, await unit.fetch(_READ, {"held": lease}))
    return found[0] if found else None


async def decide(unit: Unit, lease: int, *, said: Fate, why: Reason | None) -> bool:
    """What was read is accepted, returned or refused, once; the words stay only of what was accepted."""
    values = {"held": lease, "said": said.value, "why": why}
    if said is Fate.ACCEPTED:
        return bool(await unit.change(_DECIDE, values))
    return bool(await _wiped(unit, _WIPE, values))


async def release(unit: Unit, lease: int) -> None:
    """Somebody else may read it."""
    await unit.change(_RELEASE, {"held": lease})


async def take(unit: Unit, addressee_id: int) -> tuple[int, list[SupportLetter]]:
    """Everything that can be printed for somebody, as a numbered batch; any earlier one of theirs counts no more."""
    batch = unit.ids.random()
    found = await _letters(unit, await unit.fetch(_READY, {"of": addressee_id}))
    await unit.change(_TAKE, {"of": addressee_id, "new": batch})
    return batch, found


async def confirm(unit: Unit, batch: int) -> int:
    """The letters of this batch are printed: their words are wiped; how many there were."""
    return await _wiped(unit, _SENT, {"which": batch})


async def is_taken(unit: Unit, batch: int) -> bool:
    """Whether nobody has said yet that this batch is printed."""
    return bool(await unit.fetch(_TAKEN, {"which": batch}))


async def close(unit: Unit, addressee_id: int) -> int:
    """Nothing can be passed on to them any more: wipe what waits; how many there were."""
    return await _wiped(unit, _CLOSE, {"of": addressee_id})


async def sweep(unit: Unit, *, now: datetime) -> dict[DataClass, int]:
    """Remove what has lived its time; how many per class."""
    lost = await _wiped(unit, _LOSE, _by_day(DataClass.SUPPORT_TEXT, now))
    return {
        DataClass.SUPPORT_TEXT: lost,
        **{data: await unit.change(statement, _by_day(data, now)) for data, statement in _SWEEP.items()},
    }


def _by_day(data: DataClass, now: datetime) -> dict[str, int]:
    return {"by_day": day_of(now - lifetime(data)).toordinal()}


async def _wiped(unit: Unit, statement: Executable, values: Mapping[str, Any]) -> int:
    """Wipe the words of some letters, and with the commit their keys; how many there were."""
    gone = [row.id for row in await unit.fetch(statement, values)]
    own_key.doom(unit, gone)
    return len(gone)


def _tag(unit: Unit, receipt: str) -> bytes:
    return unit.tag(owner.RECEIPT, _TAG, receipt)


async def _letters(unit: Unit, rows: Sequence[Any]) -> list[SupportLetter]:
    keys = await own_key.of(unit, [row.id for row in rows])
    return [_letter(row, keys[row.id]) for row in rows if row.id in keys]


def _letter(row: Any, key: Key) -> SupportLetter:
    words = codec.values_from_bytes(key.opened(row.text_sealed, place=_place(row.id)))
    return SupportLetter(id=row.id, addressee=row.addressee_id, text=words["text"], signed=words["signed"])


def _place(letter_id: int) -> bytes:
    return place_of("support.text_sealed", row=letter_id, owner=owner.of_words(letter_id))

"""The ledger of consents: giving one, taking it back, and the one gate everything that needs one asks.

A record leads to its person by a random number only (`person.subject`), made at the first consent. `consented` is the
gate as a condition for statements that claim work; `may` the same question of a turn. Nothing is remembered outside
the database, so what was taken back stays taken back.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from bot.model.consent import Consent, ConsentText, Method, Standing
from bot.model.person import Language
from bot.store import owner
from bot.store.padded import padded
from bot.store.tables import consent, consent_text, notice_purpose, person
from bot.store.unit import Unit
from bot.store.upsert import for_both

_RECEIPT_LENGTH: Final = 12

_WHO: Final[BindParameter[int]] = bindparam("who")
_OURS = select(person.c.subject).where(person.c.id == _WHO).scalar_subquery()
_SUBJECT = select(person.c.subject).where(person.c.id == _WHO)
_NAME = update(person).where(person.c.id == _WHO, person.c.subject.is_(None)).values(subject=bindparam("new"))


def is_current(given: FromClause) -> ColumnElement[bool]:
    """A consent in this row is to the words as they are put now."""
    return exists().where(consent_text.c.purpose == given.c.purpose, consent_text.c.text == given.c.text)


_ALL = (
    select(consent, is_current(consent).label("is_current"))
    .where(consent.c.subject == _OURS)
    .order_by(consent.c.given_on, consent.c.id)
)
_ADD = insert(consent)
_WITHDRAW = (
    update(consent)
    .where(
        consent.c.subject == _OURS,
        consent.c.withdrawn_on.is_(None),
        consent.c.purpose.in_(bindparam("purposes", expanding=True)),
    )
    .values(withdrawn_on=bindparam("today"))
)
_TEXTS = select(consent_text)
_DROP_TEXT = delete(consent_text).where(
    consent_text.c.purpose == bindparam("of"), consent_text.c.text == bindparam("old")
)
_ADD_TEXT = for_both(consent_text, lambda insert: insert.on_conflict_do_nothing())


def given(person_id: ColumnElement[Any], purpose: ColumnElement[Any]) -> ColumnElement[bool]:
    """The person agreed to the purpose and did not take it back, be it to older words."""
    who, theirs = person.alias(), consent.alias()
    return exists().where(*_live(who, theirs, person_id, purpose))


def consented(person_id: ColumnElement[Any], purpose: ColumnElement[Any]) -> ColumnElement[bool]:
    """The person agreed to the purpose as it is put now, and did not take it back."""
    who, theirs, words = person.alias(), consent.alias(), consent_text.alias()
    return exists().where(
        *_live(who, theirs, person_id, purpose),
        words.c.purpose == theirs.c.purpose,
        words.c.text == theirs.c.text,
    )


def agreed_to_any(person_id: ColumnElement[Any], notice_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """The person agrees to a purpose of this notice, as it is put now."""
    who, theirs, words, aimed = person.alias(), consent.alias(), consent_text.alias(), notice_purpose.alias()
    return exists().where(
        aimed.c.notice_id == notice_id,
        *_live(who, theirs, person_id, aimed.c.purpose),
        words.c.purpose == theirs.c.purpose,
        words.c.text == theirs.c.text,
    )


def _live(
    who: Any, theirs: Any, person_id: ColumnElement[Any], purpose: ColumnElement[Any]
) -> tuple[ColumnElement[bool], ...]:
    return (
        who.c.id == person_id,
        theirs.c.subject == who.c.subject,
        theirs.c.purpose == purpose,
        theirs.c.withdrawn_on.is_(None),
    )


def guarded(person_id: ColumnElement[Any], purpose: ColumnElement[Any]) -> ColumnElement[bool]:
    """What is bound to a purpose may go out only with consent; what is bound to none always."""
    return or_(purpose.is_(None), consented(person_id, purpose))


_MAY = select(consented(_WHO, bindparam("which")).label("may"))


async def may(unit: Unit, person_id: int, purpose: str) -> bool:
    """Whether this person agrees to the purpose as it is put now."""
    return bool((await unit.fetch(_MAY, {"who": person_id, "which": purpose}))[0].may)


async def standing(unit: Unit, person_id: int, purpose: str) -> Standing:
    """How a purpose stands with this person."""
    return (await standings(unit, person_id)).get(purpose, Standing.NONE)


async def standings(unit: Unit, person_id: int) -> dict[str, Standing]:
    """How every purpose stands that this person was ever asked about and agreed to."""
    found: dict[str, Standing] = {}
    for row in await unit.fetch(_ALL, {"who": person_id}):
        if row.withdrawn_on is None:
            found[row.purpose] = Standing.GIVEN if row.is_current else Standing.CHANGED
        else:
            found.setdefault(row.purpose, Standing.WITHDRAWN)
    return found


async def of_person(unit: Unit, person_id: int) -> list[Consent]:
    """Everything this person agreed to, the oldest first; for a while also what they took back."""
    return [read(unit, row) for row in await unit.fetch(_ALL, {"who": person_id})]


async def give(unit: Unit, person_id: int, *, given: Consent) -> None:
    """Write down a consent. One to the same words is kept as it is; one to other words gives way."""
    subject = await subject_of(unit, person_id)
    live = [
        one
        for one in await of_person(unit, person_id)
        if one.purpose == given.purpose and one.withdrawn_on is None
    ]
    if any(one.text == given.text for one in live):
        return
    await withdraw(unit, person_id, purposes=[given.purpose], today=given.given_on)
    row = {
        "id": unit.ids.random(),
        "subject": subject,
        "purpose": given.purpose,
        "text": given.text,
        "language": given.language.value,
        "method": given.method.value,
        "given_on": given.given_on.toordinal(),
        "withdrawn_on": None,
    }
    await unit.change(_ADD, row)


async def withdraw(unit: Unit, person_id: int, *, purposes: Collection[str], today: date) -> int:
    """Take back what was given for these purposes; how many there were."""
    if not purposes:
        return 0
    values = {"who": person_id, "purposes": padded(sorted(purposes)), "today": today.toordinal()}
    return await unit.change(_WITHDRAW, values)


async def publish(unit: Unit, texts: Collection[ConsentText]) -> bool:
    """These are the words that are shown now: a consent to any others no longer counts. Whether that is a change."""
    wanted = {(one.purpose, one.text) for one in texts}
    there = {(row.purpose, row.text) for row in await unit.fetch(_TEXTS)}
    for purpose, text in sorted(there - wanted):
        await unit.change(_DROP_TEXT, {"of": purpose, "old": text})
    new = [{"purpose": purpose, "text": text} for purpose, text in sorted(wanted - there)]
    if new:
        await unit.change(_ADD_TEXT, new)
    return there != wanted


def read(unit: Unit, row: Any) -> Consent:
    """The consent in a row. Its receipt is made from its number: a receipt alone leads into no copied database."""
    return Consent(
        purpose=row.purpose,
        text=row.text,
        language=Language(row.language),
        method=Method(row.method),
        given_on=date.fromordinal(row.given_on),
        withdrawn_on=None if row.withdrawn_on is None else date.fromordinal(row.withdrawn_on),
        receipt=unit.tag(owner.RECEIPT, str(row.id)).hex()[:_RECEIPT_LENGTH],
    )


async def subject_of(unit: Unit, person_id: int) -> int:
    """The number that leads from this person to their consents, made if there is none."""
    await unit.change(_NAME, {"who": person_id, "new": unit.ids.random()})
    return int((await unit.fetch(_SUBJECT, {"who": person_id}))[0].subject)

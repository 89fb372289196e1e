"""Signatures: who stands, or thinks of standing, under which letter, and what is sealed of it.

A row leads to its person by the same random number as a consent (`person.subject`). No function here knows a name.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select, update

from bot.model.letter import PublicForm
from bot.model.signature import Signature, SignatureState, Verified
from bot.store import consents, drafts
from bot.store.moment import from_ms, to_ms
from bot.store.padded import padded
from bot.store.tables import person, removal, signature
from bot.store.unit import Unit

_ALL: Final = (
    select(signature)
    .join(person, person.c.subject == signature.c.subject)
    .where(person.c.id == bindparam("who"))
    .order_by(signature.c.agreed_on, signature.c.id)
)
_ADD: Final = insert(signature)
_TO_REMOVE: Final = insert(removal).from_select(
    ["entry", "letter"],
    select(signature.c.entry, signature.c.letter).where(
        signature.c.id.in_(bindparam("ids", expanding=True)), signature.c.published.is_not(None)
    ),
)
_REMOVE: Final = delete(signature).where(signature.c.id.in_(bindparam("ids", expanding=True)))
_SIGN: Final = (
    update(signature)
    .where(signature.c.id == bindparam("which"))
    .values(
        state=SignatureState.SIGNED.value,
        sealed=bindparam("box"),
        entry=bindparam("named"),
        agreed_on=bindparam("today"),
        called=bindparam("by"),
    )
)
_ALLOW: Final = update(signature).where(signature.c.id == bindparam("which")).values(ask_again=True)
_FORBID: Final = (
    update(signature)
    .where(
        signature.c.subject
        == select(person.c.subject).where(person.c.id == bindparam("who")).scalar_subquery()
    )
    .values(ask_again=False, quiet=True)
)
_HEAR: Final = (
    update(signature)
    .where(signature.c.id.in_(bindparam("ids", expanding=True)), signature.c.quiet.is_(True))
    .values(quiet=False)
)
_IS_OUTDATED: Final = (
    signature.c.letter == bindparam("which"),
    signature.c.text != bindparam("now"),
    signature.c.ask_again.is_(True),
)
_OUTDATED: Final = (
    select(person.c.id, person.c.zone)
    .join(signature, signature.c.subject == person.c.subject)
    .where(*_IS_OUTDATED)
    .order_by(person.c.id)
)
_ASKED: Final = update(signature).where(*_IS_OUTDATED).values(ask_again=False)


async def of_person(unit: Unit, person_id: int) -> list[Signature]:
    """Every letter this person stands or thinks of standing under."""
    return [_read(row) for row in await unit.fetch(_ALL, {"who": person_id})]


async def of_letter(unit: Unit, person_id: int, letter: str) -> dict[SignatureState, Signature]:
    """How this person stands to one letter: who changes a signature is in both states."""
    return {one.state: one for one in await of_person(unit, person_id) if one.letter == letter}


async def think(unit: Unit, person_id: int, *, wish: Signature) -> None:
    """Write down a first yes; an earlier one to the same letter gives way."""
    before = (await of_letter(unit, person_id, wish.letter)).get(SignatureState.THINKING)
    await remove(unit, [before] if before else [])
    row = {
        "id": wish.id,
        "subject": await consents.subject_of(unit, person_id),
        "letter": wish.letter,
        "text": wish.text,
        "form": wish.form.value,
        "state": SignatureState.THINKING.value,
        "ready_at": to_ms(wish.ready_at),
        "agreed_on": wish.agreed_on.toordinal(),
        "draft": None,
        "draft_at": None,
        "draft_sealed": None,
        "entry": None,
        "sealed": None,
        "ask_again": None,
        "called": None,
        "fresh": None,
        "published": None,
        "quiet": None,
        "verified": None,
    }
    await unit.change(_ADD, row)


async def sign(unit: Unit, person_id: int, *, signed: Signature, sealed: bytes) -> None:
    """The second yes: what is sealed stands instead of whatever this person had under the letter before.

    It is asked at a final call as that one was, and has no fresh yes yet; what could not be confirmed is asked at the
    next call. Nothing of what the letter team said of that one is said of this one.
    """
    before = (await of_letter(unit, person_id, signed.letter)).get(SignatureState.SIGNED)
    await remove(unit, [before] if before else [])
    await drafts.end(unit, signed)
    values = {
        "which": signed.id,
        "box": sealed,
        "named": signed.entry,
        "today": signed.agreed_on.toordinal(),
        "by": before.called if before and _goes_on(before, signed) else None,
    }
    await unit.change(_SIGN, values)


def _goes_on(before: Signature, signed: Signature) -> bool:
    return before.text == signed.text and before.verified is not Verified.NO


async def allow(unit: Unit, one: Signature) -> None:
    """This person may be asked once more when the letter has changed."""
    await unit.change(_ALLOW, {"which": one.id})


async def forbid(unit: Unit, person_id: int) -> None:
    """This person stopped everything: they are asked nothing about what they signed, and hear nothing of it."""
    await unit.change(_FORBID, {"who": person_id})


async def hear(unit: Unit, found: Sequence[Signature]) -> None:
    """The person of these looks at them: from now on they hear of a publication."""
    await unit.change(_HEAR, {"ids": padded([one.id for one in found])})


async def to_ask_again(unit: Unit, letter: str, *, text: str) -> list[tuple[int, str | None]]:
    """Whom the change of `letter` to `text`, its fingerprint, concerns and who may be asked again, with their zone.

    Each is found once.
    """
    values = {"which": letter, "now": text}
    found = [(int(row.id), row.zone) for row in await unit.fetch(_OUTDATED, values)]
    if found:
        await unit.change(_ASKED, values)
    return found


async def remove(unit: Unit, found: Sequence[Signature]) -> None:
    """These are gone, with what was sealed and with the name that was being typed; what is out has to be taken off."""
    for one in found:
        await drafts.end(unit, one)
    if found:
        ids = padded([one.id for one in found])
        await unit.change(_TO_REMOVE, {"ids": ids})
        await unit.change(_REMOVE, {"ids": ids})


def _read(row: Any) -> Signature:
    return Signature(
        id=row.id,
        letter=row.letter,
        text=row.text,
        form=PublicForm(row.form),
        state=SignatureState(row.state),
        ready_at=from_ms(row.ready_at),
        agreed_on=date.fromordinal(row.agreed_on),
        draft=row.draft,
        draft_at=None if row.draft_at is None else from_ms(row.draft_at),
        entry=row.entry,
        called=row.called,
        fresh=row.fresh,
        published=row.published,
        verified=None if row.verified is None else Verified(row.verified),
    )

"""What the letter team knows of a signature: asked, agreed to a talk, yes or no. It stands at what is sealed.

Nothing here says who of the team it was, or why; no name is known. Only what has not been published is verified.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select, update

from bot.model.case import Freed, Need, OfferState, Passed, Why
from bot.model.letter import PublicForm
from bot.model.signature import SignatureState, Verified
from bot.store import cases, lanes, offers, publications
from bot.store.padded import padded
from bot.store.tables import person, signature
from bot.store.unit import Unit

_NAMED: Final = (
    *publications.SIGNED,
    signature.c.letter == bindparam("of"),
    signature.c.text == bindparam("words"),
    signature.c.form != PublicForm.COUNTED.value,
    signature.c.published.is_(None),
)
_COUNT: Final = (
    select(signature.c.verified, func.count().label("many"))
    .join(person, person.c.subject == signature.c.subject)
    .where(*_NAMED)
    .group_by(signature.c.verified)
)
_TO_ASK: Final = (
    select(signature.c.id, person.c.id.label("person_id"), person.c.zone)
    .join(person, person.c.subject == signature.c.subject)
    .where(*_NAMED, signature.c.verified.is_(None), signature.c.quiet.is_not(True), person.c.adult.is_(True))
    .order_by(person.c.id)
)
_ASK: Final = (
    update(signature)
    .where(signature.c.id.in_(bindparam("ids", expanding=True)))
    .values(verified=Verified.ASKED.value)
)
_THEIRS: Final = (
    signature.c.subject == select(person.c.subject).where(person.c.id == bindparam("who")).scalar_subquery(),
    signature.c.state == SignatureState.SIGNED.value,
    signature.c.published.is_(None),
)
_STANDING: Final = select(signature.c.verified, signature.c.quiet).where(
    *_THEIRS, signature.c.verified.is_not(None)
)
_AGREE: Final = (
    update(signature)
    .where(*_THEIRS, signature.c.verified == Verified.ASKED.value)
    .values(verified=Verified.AGREED.value)
)
_TALKED: Final = update(signature).where(
    *_THEIRS, signature.c.verified.in_([one.value for one in Verified if one is not Verified.ASKED])
)
_RECORD: Final = {
    Verified.YES: _TALKED.values(verified=Verified.YES.value),
    Verified.NO: _TALKED.values(verified=Verified.NO.value, fresh=None),
}


async def counts(unit: Unit, letter: str, text: str) -> Mapping[Verified | None, int]:
    """How many stand under these words with a name, by how far the letter team came; None: they were not asked."""
    rows = await unit.fetch(_COUNT, {"of": letter, "words": text})
    return Counter({Verified(row.verified) if row.verified else None: row.many for row in rows})


async def ask(unit: Unit, letter: str, text: str) -> list[tuple[int, str | None]]:
    """Whoever was not asked yet is from now on: who they are, and their zone. Nobody who stopped everything."""
    rows = await unit.fetch(_TO_ASK, {"of": letter, "words": text})
    if rows:
        await unit.change(_ASK, {"ids": padded([row.id for row in rows])})
    return [(row.person_id, row.zone) for row in rows]


async def heard(unit: Unit, person_id: int) -> frozenset[Verified]:
    """How far it came with what this person signed, where they hear of it: not while they have stopped everything."""
    rows = await unit.fetch(_STANDING, {"who": person_id})
    return frozenset(Verified(row.verified) for row in rows if not row.quiet)


async def is_awaited(unit: Unit, person_id: int) -> bool:
    """Whether this person agreed to a talk after which nobody has said yes or no yet."""
    rows = await unit.fetch(_STANDING, {"who": person_id})
    return any(row.verified == Verified.AGREED.value for row in rows)


async def agree(unit: Unit, person_id: int) -> bool:
    """They would talk about whatever they were asked about; False where that is nothing any more."""
    return bool(await unit.change(_AGREE, {"who": person_id}))


async def record(unit: Unit, person_id: int, *, said: Verified) -> bool:
    """Yes or no, after the talk; False where nothing is there any more that it was about.

    A no also ends the fresh yes to a publication that is under way.
    """
    return bool(await unit.change(_RECORD[said], {"who": person_id}))


async def free(unit: Unit, volunteer_id: int, *, now: datetime) -> None:
    """This volunteer is of the letter team no more: their talks are offered to others of it, and none to them."""
    for one in await cases.of_volunteer(unit, volunteer_id):
        if one.need is Need.VERIFY and await cases.free(unit, one, now=now):
            await offers.answer(unit, one.id, volunteer_id, state=OfferState.GIVEN_BACK)
            await lanes.to_case(unit, one.id, Freed(epoch=one.epoch, why=Why.REVOKED), now=now)
    for case_id in await offers.open_of(unit, volunteer_id):
        offered = await cases.load(unit, case_id)
        if offered and offered.need is Need.VERIFY:
            await offers.answer(unit, case_id, volunteer_id, state=OfferState.PASSED)
            await lanes.to_case(unit, case_id, Passed(volunteer_id=volunteer_id), now=now)

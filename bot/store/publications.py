"""Publications: called, closed, published, and whose lines stand in them. What is contested is one conditional UPDATE.

Who is asked, and who said a fresh yes, is noted at the signature; no name is known here, and none can be read.
"""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, case, exists, func, insert, literal_column, or_, select, update

from bot.engine.event import Raised
from bot.model.letter import PublicForm
from bot.model.publication import FOLLOWS, OPEN, Asked, Publication, Stage
from bot.model.signature import SignatureState, Verified
from bot.store import consents, lanes
from bot.store.moment import from_ms, to_ms
from bot.store.tables import person, publication, removal, signature
from bot.store.unit import Unit

_ADD: Final = insert(publication)
_ONE: Final = select(publication).where(publication.c.id == bindparam("which"))
_RUNNING: Final = select(publication).where(
    publication.c.letter == bindparam("of"), publication.c.ended_on.is_(None)
)
_MOVE: Final = (
    update(publication)
    .where(publication.c.id == bindparam("which"), publication.c.stage == bindparam("before"))
    .values(stage=bindparam("after"), ended_on=bindparam("ended"))
)
_PURPOSE: Final = case(
    (signature.c.form == PublicForm.COUNTED.value, literal_column("'letter_count'")),
    else_=literal_column("'letter_name'"),
)
SIGNED: Final = (
    person.c.subject == signature.c.subject,
    signature.c.state == SignatureState.SIGNED.value,
    consents.given(person.c.id, _PURPOSE),
)
_IS_NOT_REFUSED: Final = or_(signature.c.verified.is_(None), signature.c.verified != Verified.NO.value)
_STANDS: Final = (*SIGNED, _IS_NOT_REFUSED)
_SIGNED: Final = (
    select(signature.c.form, func.count())
    .join(person, person.c.subject == signature.c.subject)
    .where(*_STANDS, signature.c.letter == bindparam("of"), signature.c.text == bindparam("words"))
    .group_by(signature.c.form)
)
_TO_ASK: Final = (
    select(signature.c.id, person.c.id.label("person_id"))
    .join(person, person.c.subject == signature.c.subject)
    .where(*_STANDS, signature.c.letter == bindparam("of"), signature.c.text == bindparam("words"))
    .order_by(signature.c.id)
)
_ASK: Final = (
    update(signature).where(signature.c.id == bindparam("which")).values(called=bindparam("by"), fresh=None)
)
_ASKED: Final = (
    select(
        signature.c.id,
        signature.c.form,
        signature.c.fresh,
        signature.c.quiet,
        person.c.id.label("person_id"),
    )
    .join(person, person.c.subject == signature.c.subject)
    .where(*_STANDS, signature.c.called == bindparam("by"))
    .order_by(signature.c.id)
)
_CONFIRM: Final = (
    update(signature)
    .where(
        signature.c.id == bindparam("which"),
        signature.c.state == SignatureState.SIGNED.value,
        signature.c.called == bindparam("by"),
        _IS_NOT_REFUSED,
        exists().where(
            publication.c.id == bindparam("by"),
            publication.c.stage == Stage.CALLING.value,
            publication.c.closes_at > bindparam("now"),
            publication.c.text == signature.c.text,
        ),
    )
    .values(fresh=bindparam("by"))
)
_DECLINE: Final = update(signature).where(signature.c.id == bindparam("which")).values(fresh=None)
_LINES: Final = (
    select(signature.c.entry, signature.c.sealed)
    .join(person, person.c.subject == signature.c.subject)
    .join(publication, publication.c.id == signature.c.fresh)
    .where(*_STANDS, publication.c.id == bindparam("by"), publication.c.text == signature.c.text)
    .order_by(signature.c.entry)
)
_PUBLISHED: Final = (
    update(signature)
    .where(signature.c.fresh == bindparam("by"), _IS_NOT_REFUSED)
    .values(published=bindparam("by"))
)
_REMOVALS: Final = (
    select(removal.c.entry)
    .where(
        removal.c.letter == bindparam("of"), or_(removal.c.told.is_(None), removal.c.told == bindparam("by"))
    )
    .order_by(removal.c.entry)
)
_TOLD: Final = (
    update(removal)
    .where(removal.c.letter == bindparam("of"), removal.c.told.is_(None))
    .values(told=bindparam("by"))
)


async def open_one(unit: Unit, *, letter: str, text: str, closes_at: datetime, now: datetime) -> Publication:
    """Begin a publication of these words. One of a letter at a time: a second one fails the turn."""
    made = Publication(
        id=unit.ids.ordered(now), letter=letter, text=text, stage=Stage.CALLING, closes_at=closes_at
    )
    row = {
        "id": made.id,
        "letter": letter,
        "text": text,
        "stage": made.stage.value,
        "closes_at": to_ms(closes_at),
        "ended_on": None,
    }
    await unit.change(_ADD, row)
    return made


async def load(unit: Unit, publication_id: int) -> Publication | None:
    """One publication, ended or not."""
    rows = await unit.fetch(_ONE, {"which": publication_id})
    return _read(rows[0]) if rows else None


async def running(unit: Unit, letter: str) -> Publication | None:
    """The publication of a letter that is neither published nor called off."""
    rows = await unit.fetch(_RUNNING, {"of": letter})
    return _read(rows[0]) if rows else None


async def move(unit: Unit, one: Publication, stage: Stage, *, today: date) -> bool:
    """Take it to the next stage; False where that does not follow, or it is not any more where it was."""
    if stage not in FOLLOWS[one.stage]:
        return False
    values: dict[str, Any] = {"which": one.id, "before": one.stage.value, "after": stage.value}
    values["ended"] = None if stage in OPEN else today.toordinal()
    return bool(await unit.change(_MOVE, values))


async def signed(unit: Unit, letter: str, text: str) -> dict[PublicForm, int]:
    """How many stand under these words of a letter, by what is public of them."""
    found = dict.fromkeys(PublicForm, 0)
    rows = await unit.fetch(_SIGNED, {"of": letter, "words": text})
    return found | {PublicForm(form): count for form, count in rows}


async def ask(unit: Unit, one: Publication) -> None:
    """Note that everybody who stands under these words is asked once more."""
    rows = await unit.fetch(_TO_ASK, {"of": one.letter, "words": one.text})
    if rows:
        await unit.change(_ASK, [{"which": row.id, "by": one.id} for row in rows])


async def confirm(unit: Unit, one: Publication, signature_id: int, *, now: datetime) -> bool:
    """A fresh yes; False where the call is over, is for other words, or did not ask this signature."""
    return bool(await unit.change(_CONFIRM, {"which": signature_id, "by": one.id, "now": to_ms(now)}))


async def decline(unit: Unit, signature_id: int) -> None:
    """No fresh yes, or none any more."""
    await unit.change(_DECLINE, {"which": signature_id})


async def asked(unit: Unit, one: Publication) -> dict[int, Asked]:
    """Who is asked and still stands, by person."""
    return {
        row.person_id: Asked(
            form=PublicForm(row.form), is_fresh=row.fresh == one.id, is_quiet=bool(row.quiet)
        )
        for row in await unit.fetch(_ASKED, {"by": one.id})
    }


async def tell(unit: Unit, one: Publication, *, flow: str, now: datetime, fresh: bool | None = None) -> int:
    """Raise the prompt `flow` for those who are asked, all or by whether they said a fresh yes; how many there are.

    Whoever stopped everything is none of them: nothing comes to them by itself.
    """
    there = [
        person_id
        for person_id, answer in (await asked(unit, one)).items()
        if not answer.is_quiet and fresh in (None, answer.is_fresh)
    ]
    told = Raised(flow=flow, subject=str(one.id))
    await lanes.to_people(unit, [(person_id, told) for person_id in there], now=now)
    return len(there)


async def lines(unit: Unit, one: Publication) -> dict[str, bytes]:
    """What would be published now: the sealed lines by their random names. A withdrawal takes its line out at once."""
    return {row.entry: row.sealed for row in await unit.fetch(_LINES, {"by": one.id})}


async def removals(unit: Unit, one: Publication) -> list[str]:
    """The names of published lines that were withdrawn, and that no earlier publication told."""
    return [row.entry for row in await unit.fetch(_REMOVALS, {"of": one.letter, "by": one.id})]


async def publish(unit: Unit, one: Publication, *, today: date) -> bool:
    """It is published: its lines are, and what was to be removed is told with it. False where it was not closed."""
    if not await move(unit, one, Stage.PUBLISHED, today=today):
        return False
    await unit.change(_PUBLISHED, {"by": one.id})
    await unit.change(_TOLD, {"of": one.letter, "by": one.id})
    return True


def _read(row: Any) -> Publication:
    return Publication(
        id=row.id,
        letter=row.letter,
        text=row.text,
        stage=Stage(row.stage),
        closes_at=from_ms(row.closes_at),
    )

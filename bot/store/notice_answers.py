"""Who comes: numbers, and until it begins, what each person said, so that it can be changed and counts once.

Their own answer is sealed under their key, at one length, and wiped when it begins; the numbers stay with the notice.
Called by actions, and by the sweep.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, exists, func, or_, select

from bot.model.notice import Answer, Fate, Stage
from bot.model.notice_code import CODES, remainder_of
from bot.store import owner
from bot.store.crypto import place_of
from bot.store.moment import to_ms
from bot.store.tables import notice, notice_answer, notice_copy, notice_reply
from bot.store.unit import Unit
from bot.store.upsert import for_both

COUNTED: Final = (Answer.COMING, Answer.CANT)
_LENGTH: Final = max(len(answer) for answer in Answer)
_THEIRS: Final = (
    notice_answer.c.notice_id == bindparam("which"),
    notice_answer.c.person_id == bindparam("who"),
)
_ONE: Final = select(notice_answer.c.answer_sealed).where(*_THEIRS)
_HAS_COPY: Final = select(
    exists()
    .where(notice_copy.c.notice_id == bindparam("which"), notice_copy.c.person_id == bindparam("who"))
    .label("found")
)
_PUT: Final = for_both(
    notice_answer,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[notice_answer.c.notice_id, notice_answer.c.person_id],
        set_={"answer_sealed": insert.excluded.answer_sealed, "until": insert.excluded.until},
    ),
)
_COUNT: Final = for_both(
    notice_reply,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[notice_reply.c.notice_id, notice_reply.c.answer],
        set_={"people": notice_reply.c.people + insert.excluded.people},
    ),
)
_COUNTS: Final = select(notice_reply).where(notice_reply.c.notice_id == bindparam("which"))
_CORRECTED: Final = select(func.max(notice.c.id)).where(
    notice.c.corrects == bindparam("which"), notice.c.stage != Stage.DRAFT.value
)
_LATELY: Final = (
    select(func.max(notice.c.id))
    .join(notice_copy, notice_copy.c.notice_id == notice.c.id)
    .where(
        notice_copy.c.person_id == bindparam("who"),
        notice_copy.c.fate == Fate.DELIVERED.value,
        or_(notice.c.ended_at.is_(None), notice.c.ended_at > bindparam("since")),
    )
)
_CODED: Final = select(func.max(notice.c.id)).where(notice.c.serial % CODES == bindparam("rest"))
_CODED_FOR: Final = _CODED.where(
    exists().where(notice_copy.c.notice_id == notice.c.id, notice_copy.c.person_id == bindparam("who"))
)
_WIPE: Final = delete(notice_answer).where(notice_answer.c.until < bindparam("before"))


async def has_copy(unit: Unit, notice_id: int, person_id: int) -> bool:
    """Whether this notice is for this person, and that is still known."""
    return bool((await unit.fetch(_HAS_COPY, {"which": notice_id, "who": person_id}))[0].found)


async def lately(unit: Unit, person_id: int, *, since: datetime) -> int | None:
    """The last notice that this person got, where it was still being sent then."""
    newest = (await unit.fetch(_LATELY, {"who": person_id, "since": to_ms(since)}))[0][0]
    return None if newest is None else int(newest)


async def coded(unit: Unit, code: str, person_id: int, *, in_team: bool) -> int | None:
    """The last notice of that code that this person has a copy of; whoever prepares notices may have seen any."""
    rest = remainder_of(code)
    if rest is None:
        return None
    statement, who = (_CODED, {}) if in_team else (_CODED_FOR, {"who": person_id})
    found = (await unit.fetch(statement, {"rest": rest} | who))[0][0]
    return None if found is None else int(found)


async def newest(unit: Unit, notice_id: int) -> int:
    """What holds now of what this notice said: its last correction, and of that, or the notice itself."""
    while (later := (await unit.fetch(_CORRECTED, {"which": notice_id}))[0][0]) is not None:
        notice_id = int(later)
    return notice_id


async def said(unit: Unit, notice_id: int, person_id: int) -> Answer | None:
    """What this person said, if anything."""
    rows = await unit.fetch(_ONE, {"which": notice_id, "who": person_id})
    if not rows:
        return None
    name = owner.of_person(person_id)
    key = (await unit.keyring.keys_for([name]))[name]
    opened: bytes = key.opened(rows[0].answer_sealed, place=_place(notice_id, person_id))
    return Answer(opened.decode().strip())


async def say(unit: Unit, notice_id: int, person_id: int, *, answer: Answer, until: datetime) -> None:
    """Count an answer instead of the one before; the same one again changes nothing."""
    before = await said(unit, notice_id, person_id)
    if before is answer:
        return
    name = owner.of_person(person_id)
    key = (await unit.keyring.keys_for([name]))[name]
    sealed = unit.seal(answer.ljust(_LENGTH).encode(), key, place=_place(notice_id, person_id))
    row: dict[str, Any] = {"notice_id": notice_id, "person_id": person_id}
    await unit.change(_PUT, row | {"answer_sealed": sealed, "until": to_ms(until)})
    await count(unit, notice_id, answer)
    if before:
        await count(unit, notice_id, before, by=-1)


async def count(unit: Unit, notice_id: int, answer: Answer, *, by: int = 1) -> None:
    """Let a number go up, or down."""
    await unit.change(_COUNT, {"notice_id": notice_id, "answer": answer.value, "people": by})


async def counts(unit: Unit, notice_id: int) -> dict[Answer, int]:
    """How many said what."""
    rows = await unit.fetch(_COUNTS, {"which": notice_id})
    return dict.fromkeys(COUNTED, 0) | {Answer(row.answer): row.people for row in rows}


async def wipe(unit: Unit, *, before: datetime) -> int:
    """Wipe what people said to what had begun by then; how many answers. The numbers stay."""
    return await unit.change(_WIPE, {"before": to_ms(before)})


def _place(notice_id: int, person_id: int) -> bytes:
    return place_of("notice_answer.answer_sealed", row=notice_id, owner=owner.of_person(person_id))

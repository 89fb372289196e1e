"""What people say is wrong with facts: a fact, a day and perhaps a sentence; nothing leads to who said it."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select

from bot.model.doubt import MOST, Doubt
from bot.model.kept import DataClass
from bot.model.retention import lifetime
from bot.store import own_key, owner
from bot.store.crypto import place_of
from bot.store.moment import day_of
from bot.store.padded import padded
from bot.store.tables import card_doubt
from bot.store.unit import Unit

_ADD: Final = insert(card_doubt)
_OF: Final = (
    select(card_doubt)
    .where(card_doubt.c.content == bindparam("which"))
    .order_by(card_doubt.c.said_on, card_doubt.c.id)
)
_COUNT: Final = select(card_doubt.c.content, func.count().label("many")).group_by(card_doubt.c.content)
_END: Final = (
    delete(card_doubt)
    .where(card_doubt.c.id.in_(bindparam("ids", expanding=True)))
    .returning(card_doubt.c.id, card_doubt.c.text_sealed)
)
_SWEEP: Final = (
    delete(card_doubt)
    .where(card_doubt.c.said_on <= bindparam("by_day"))
    .returning(card_doubt.c.id, card_doubt.c.text_sealed)
)
IN_DAYS: Final = frozenset({DataClass.CARD_DOUBT})
OLDEST: Final = (select(func.min(card_doubt.c.said_on)).scalar_subquery().label(DataClass.CARD_DOUBT),)


async def add(unit: Unit, content: str, *, words: str, today: date) -> bool:
    """Somebody said that this content of a card is wrong; False where as much waits already as is looked at."""
    if (await counts(unit)).get(content, 0) >= MOST:
        return False
    id_ = unit.ids.random()
    key = await own_key.made(unit, id_, today=today) if words else None
    sealed = unit.seal(words.encode(), key, place=_place(id_)) if key else None
    row = {"id": id_, "content": content, "said_on": today.toordinal(), "text_sealed": sealed}
    await unit.change(_ADD, row)
    return True


async def counts(unit: Unit) -> Mapping[str, int]:
    """How often each content was said to be wrong, and nobody has looked yet."""
    return Counter({row.content: row.many for row in await unit.fetch(_COUNT)})


async def of(unit: Unit, content: str) -> list[Doubt]:
    """What was said about it, the oldest day first."""
    rows = await unit.fetch(_OF, {"which": content})
    keys = await own_key.of(unit, [row.id for row in rows if row.text_sealed])
    return [
        Doubt(
            id=row.id,
            content=row.content,
            words=keys[row.id].opened(row.text_sealed, place=_place(row.id)).decode()
            if row.id in keys
            else "",
        )
        for row in rows
    ]


async def end(unit: Unit, ids: Collection[int]) -> int:
    """Somebody looked at these: nothing of them stays; how many there were."""
    rows = await unit.fetch(_END, {"ids": padded(sorted(ids) or [0])})
    own_key.doom(unit, [row.id for row in rows if row.text_sealed])
    return len(rows)


async def sweep(unit: Unit, *, now: datetime) -> dict[DataClass, int]:
    """Remove what has lived its time; how many."""
    by_day = day_of(now - lifetime(DataClass.CARD_DOUBT)).toordinal()
    rows = await unit.fetch(_SWEEP, {"by_day": by_day})
    own_key.doom(unit, [row.id for row in rows if row.text_sealed])
    return {DataClass.CARD_DOUBT: len(rows)}


def _place(doubt_id: int) -> bytes:
    return place_of("card_doubt.text_sealed", row=doubt_id, owner=owner.of_words(doubt_id))

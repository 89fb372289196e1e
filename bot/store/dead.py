"""Dead letters: rows that could not be handled, with the class of the error and nothing of its text.

The sealed body is moved over as it is, for an operator to look at, and goes after its own short time; one that may hold
a name is not.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, case, func, insert, null, or_, select

from bot.model.queue import Cause, DeadLetter, Lane, LaneKind
from bot.store.moment import from_ms, to_ms
from bot.store.tables import dead_letter, inbox
from bot.store.tables.shape import Big, Words
from bot.store.unit import Unit

_WRITE = insert(dead_letter).from_select(
    ["row_id", "lane_kind", "lane_id", "cause", "error", "died_at", "day", "body"],
    select(
        inbox.c.id,
        inbox.c.lane_kind,
        inbox.c.lane_id,
        bindparam("why", type_=Words),
        bindparam("class", type_=Words),
        bindparam("at", type_=Big),
        inbox.c.day,
        case(
            (
                or_(bindparam("why", type_=Words) == Cause.EXPIRED.value, inbox.c.draft.is_not(None)),
                null(),
            ),
            else_=inbox.c.body,
        ),
    ).where(inbox.c.id == bindparam("which")),
)
_NEWEST = select(dead_letter).order_by(dead_letter.c.died_at.desc()).limit(bindparam("page"))
_DEPTH = select(func.count()).select_from(dead_letter)


async def write(unit: Unit, letters: Sequence[DeadLetter]) -> None:
    """Copy inbox rows to the dead letters; what has expired goes without its body. Called by `inbox.bury`."""
    rows = [
        {
            "which": letter.row_id,
            "why": letter.cause.value,
            "class": letter.error,
            "at": to_ms(letter.died_at),
        }
        for letter in letters
    ]
    if rows:
        await unit.change(_WRITE, rows)


async def newest(unit: Unit, *, limit: int) -> list[DeadLetter]:
    """The dead letters, the last one first."""
    return [_letter(row) for row in await unit.fetch(_NEWEST, {"page": limit})]


async def depth(unit: Unit) -> int:
    """How many dead letters there are."""
    return int((await unit.fetch(_DEPTH))[0][0])


def _letter(row: Any) -> DeadLetter:
    return DeadLetter(
        row_id=row.row_id,
        lane=Lane(kind=LaneKind(row.lane_kind), id=row.lane_id),
        cause=Cause(row.cause),
        error=row.error,
        died_at=from_ms(row.died_at),
    )

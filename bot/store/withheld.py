"""What organizers keep back, asked once a batch in one statement: the contents pulled, and whether all is held."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import literal, select, union_all

from bot.store.pauses import EVERYTHING
from bot.store.tables import card_pull, pause
from bot.store.unit import Unit

_PULLED: Final = "pulled"
_BOTH: Final = union_all(
    select(literal(_PULLED).label("what"), card_pull.c.content.label("value")),
    select(literal(EVERYTHING), pause.c.scope).where(pause.c.scope == EVERYTHING),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """`pulled` are contents of cards as `model.card.content_hash` has them; `is_held`: the bot is paused."""

    pulled: frozenset[str]
    is_held: bool


async def withheld(unit: Unit) -> Withheld:
    """What is kept back now."""
    rows = await unit.fetch(_BOTH)
    return Withheld(
        pulled=frozenset(row.value for row in rows if row.what == _PULLED),
        is_held=any(row.what == EVERYTHING for row in rows),
    )

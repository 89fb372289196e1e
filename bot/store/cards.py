"""Which cards were pulled out of service while the bot runs. About cards only, never about who read one.

A pull is of one content of one card: once the card says something else, and that was approved, it is served again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select

from bot.model.review import PullReason
from bot.store.moment import from_ms, to_ms
from bot.store.tables import card_pull
from bot.store.unit import Unit
from bot.store.upsert import for_both

_PUT: Final = for_both(
    card_pull,
    lambda insert: insert.on_conflict_do_nothing(index_elements=[card_pull.c.card, card_pull.c.content]),
)
_DELETE: Final = delete(card_pull).where(
    card_pull.c.card == bindparam("which"), card_pull.c.content == bindparam("what")
)
_CONTENTS: Final = select(card_pull.c.content)
_ALL: Final = select(card_pull).order_by(card_pull.c.pulled_at, card_pull.c.card)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """One content of a card that nobody is shown any more."""

    card: str
    content: str
    reason: PullReason
    pulled_at: datetime


async def pull(unit: Unit, card_id: str, content_hash: str, *, reason: PullReason, now: datetime) -> None:
    """Show this content to nobody from the next batch on; who pulled it first is right about why and when."""
    row = {"card": card_id, "content": content_hash, "reason": reason.value, "pulled_at": to_ms(now)}
    await unit.change(_PUT, row)


async def restore(unit: Unit, card_id: str, content_hash: str) -> bool:
    """Take a pull back; whether there was one."""
    return await unit.change(_DELETE, {"which": card_id, "what": content_hash}) > 0


async def pulled(unit: Unit) -> frozenset[str]:
    """The contents that are pulled, as `model.card.content_hash` has them. Asked once a batch."""
    return frozenset(row.content for row in await unit.fetch(_CONTENTS))


async def pulls(unit: Unit) -> tuple[Pull, ...]:
    """Every pull there is, the oldest first."""
    return tuple(
        Pull(
            card=row.card,
            content=row.content,
            reason=PullReason(row.reason),
            pulled_at=from_ms(row.pulled_at),
        )
        for row in await unit.fetch(_ALL)
    )

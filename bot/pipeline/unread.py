"""An answer to a question that nobody can have read yet: it was meant for the one before, and is told so.

Whoever hears nothing for a while sends their number again. While the bot or its platform was away, the second one would
answer the next question: agree to what was never read, or sign it.
"""

from datetime import datetime

from bot.engine.event import Event, Typed
from bot.model.person import Address
from bot.store import departure
from bot.store.moment import to_ms
from bot.store.people import Known
from bot.store.unit import Unit


async def is_unread(unit: Unit, event: Event, *, known: Known, here: Address, written: datetime) -> bool:
    """Whether these words, which came in at `written`, would answer a question that had not been put by then.

    It was asked later, or has not gone out to `here` at all. One whose sending is under way may have been read.
    """
    screen = known.session.screen if known.session else None
    if screen is None or not isinstance(event, Typed) or not (event.choice or screen.asks):
        return False
    return to_ms(written) < to_ms(screen.since) or await departure.is_unsent(
        unit, here.id, since=screen.since
    )

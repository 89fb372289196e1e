"""An answer to a question that nobody can have read yet: it was meant for the one before, and is told so.

Whoever hears nothing for a while sends their number again. While the bot or its platform was away, the second one would
answer the next question: agree to what was never read, or sign it.
"""

from datetime import datetime

from bot.actions.scene import Scene
from bot.engine.event import Event, Typed
from bot.store import departure
from bot.store.moment import to_ms
from bot.store.people import Known


async def is_unread(scene: Scene, event: Event, *, known: Known, written: datetime) -> bool:
    """Whether these words, which came in at `written`, would answer a question that had not been put by then.

    It was asked later, or has not gone out at all. One whose sending is under way may have been read; one that is asked
    since a time still to come was asked by a clock that was put back, and says nothing.
    """
    screen = known.session.screen if known.session else None
    if screen is None or not isinstance(event, Typed) or not (event.choice or screen.asks):
        return False
    if scene.here is None or scene.now < screen.since:
        return False
    is_earlier = to_ms(written) < to_ms(screen.since)
    return is_earlier or await departure.is_unsent(scene.unit, scene.here.id, since=screen.since)

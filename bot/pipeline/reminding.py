"""The one note at the end of the time to think about a letter, before the engine hears of it. Called by `turn`.

It comes only when the second yes can be said, and never at night or on a day of rest.
"""

from datetime import datetime

from bot.almanac import next_allowed
from bot.engine.event import Fired, Raised
from bot.model.gentle import NEVER
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.signature import NOTE, SignatureState, ready_from
from bot.store import signatures, timers
from bot.store.people import Known
from bot.store.unit import Unit


async def remind(unit: Unit, event: Fired, *, known: Known, now: datetime, zone: str) -> Raised | None:
    """The note, if it still means something; at a quiet time, and after a hard moment, it is put off."""
    letter = event.values.get("letter", "")
    found = await signatures.of_letter(unit, known.person.id, letter)
    one = found.get(SignatureState.THINKING)
    if one is None:
        return None
    until = known.session.gentle_until if known.session else NEVER
    allowed = next_allowed(
        max(now, ready_from(one.ready_at, gentle_until=until)), zone=known.person.zone or zone
    )
    if allowed <= now:
        return Raised(flow=NOTE, subject=letter)
    lane = Lane(kind=LaneKind.PERSON, id=known.person.id)
    again = Timer(lane=lane, kind=NOTE, due_at=allowed, version=event.version, values=event.values)
    await timers.put(unit, [again], now=now)
    return None

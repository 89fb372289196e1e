"""Notes about a letter: one at the end of the time to think, and one when its text has changed.

The same neutral words for both. A first yes sets the one, a start with another text the other; `turn` looks at it when
it is time: it comes only while there is something to answer, and never at night or on a day of rest.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.almanac import next_allowed
from bot.engine.event import Fired, Raised
from bot.model.gentle import NEVER
from bot.model.letter import Letter
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.signature import NOTE, SignatureState, note_of, ready_from
from bot.store import signatures, timers
from bot.store.people import Known
from bot.store.unit import Unit


async def remind(unit: Unit, event: Fired, *, known: Known, now: datetime, zone: str) -> Raised | None:
    """The note, if it still means something; at a quiet time, and after a hard moment, it is put off."""
    letter = event.values.get("letter", "")
    found = await signatures.of_letter(unit, known.person.id, letter)
    one = found.get(SignatureState.THINKING) or found.get(SignatureState.SIGNED)
    if one is None:
        return None
    until = known.session.gentle_until if known.session else NEVER
    allowed = next_allowed(
        max(now, ready_from(one.ready_at, gentle_until=until)), zone=known.person.zone or zone
    )
    if allowed <= now:
        return Raised(flow=NOTE, subject=letter)
    lane = Lane(kind=LaneKind.PERSON, id=known.person.id)
    again = Timer(lane=lane, kind=event.timer, due_at=allowed, version=event.version, values=event.values)
    await timers.put(unit, [again], now=now)
    return None


async def ask_again(unit: Unit, letters: Iterable[Letter], *, now: datetime, zone: str) -> int:
    """Let everybody who allowed it know, once, that what they signed reads differently now; how many."""
    notes = [
        Timer(
            lane=Lane(kind=LaneKind.PERSON, id=who),
            kind=note_of(letter.id),
            due_at=next_allowed(now, zone=theirs or zone),
            version=letter.fingerprint,
            values={"letter": letter.id},
        )
        for letter in letters
        for who, theirs in await signatures.to_ask_again(unit, letter.id, text=letter.fingerprint)
    ]
    await timers.put(unit, notes, now=now)
    return len(notes)

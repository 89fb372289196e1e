"""Notes about a letter: at the end of the time to think, when its text has changed, and from the letter team.

The same neutral words for all. A first yes sets the one, a start with another text the other; `turn` looks at it when
it is time: it comes only while there is something to answer, and never at night or on a day of rest.
An organizer hears here, too, that nobody answered what they asked the others.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.almanac import next_allowed
from bot.engine.event import Fired, Raised
from bot.model.gentle import NEVER
from bot.model.letter import STANDS, Letter
from bot.model.proposal import UNANSWERED
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.signature import (
    NOTE,
    TALK,
    UNCONFIRMED,
    SignatureState,
    Verified,
    is_note,
    note_of,
    ready_from,
)
from bot.model.topic import OVER, YEARLY
from bot.pipeline import beforehand
from bot.pipeline.yearly import ask_yearly, tell_yearly
from bot.store import proposals, signatures, timers, verifying
from bot.store.people import Known
from bot.store.unit import Unit

_ABOUT: Final = {TALK: Verified.ASKED, UNCONFIRMED: Verified.NO}


def is_asked_for(timer: str) -> bool:
    """Whether a timer of a person comes to something they asked for: about a letter, notices, or a second yes."""
    return (
        is_note(timer)
        or timer in (*_ABOUT, STANDS, YEARLY, OVER, UNANSWERED)
        or beforehand.is_reminder(timer)
    )


async def asked_for(unit: Unit, event: Fired, *, known: Known, now: datetime, zone: str) -> Raised | None:
    """What such a timer comes to, if anything."""
    if beforehand.is_reminder(event.timer):
        return await beforehand.remind(unit, event, known.person.id, now=now)
    if event.timer in (YEARLY, OVER):
        return await ask_yearly(unit, event, known=known, now=now, zone=zone)
    if event.timer == STANDS:
        return await tell_yearly(unit, event, known=known, now=now, zone=zone)
    if event.timer == UNANSWERED:
        return await unanswered(unit, event)
    if is_note(event.timer):
        return await remind(unit, event, known=known, now=now, zone=zone)
    return await verify(unit, event, known=known, now=now, zone=zone)


async def unanswered(unit: Unit, event: Fired) -> Raised | None:
    """For an organizer, at the end of the half hour: that what they asked for had no second yes, and no no."""
    which = event.values["id"]
    is_over = await proposals.is_unanswered(unit, int(which))
    return Raised(flow=UNANSWERED, subject=which) if is_over else None


async def verify(unit: Unit, event: Fired, *, known: Known, now: datetime, zone: str) -> Raised | None:
    """The letter team's question, or that they could not confirm; neither comes to whoever stopped everything.

    In the week after a hard moment, at night and on a day of rest it is put off.
    """
    if _ABOUT[event.timer] not in await verifying.heard(unit, known.person.id):
        return None
    until = known.session.gentle_until if known.session else NEVER
    calm = now if until == NEVER else datetime.combine(until + timedelta(days=1), time(), tzinfo=UTC)
    allowed = next_allowed(max(now, calm), zone=known.person.zone or zone)
    if allowed <= now:
        return Raised(flow=event.timer, subject="")
    lane = Lane(kind=LaneKind.PERSON, id=known.person.id)
    again = Timer(lane=lane, kind=event.timer, due_at=allowed, version=event.version)
    await timers.put(unit, [again], now=now)
    return None


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

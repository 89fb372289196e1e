"""Once a year, whoever has notices and never writes is asked whether they may go on; without an answer they end.

A consent to notices keeps the way to its person, and nobody is kept for ever by a press of long ago. Two timers of the
person, looked at by `turn` when they are due: one asks, one looks whether there was an answer. Who signed a letter is
told once a year that it stands, by a timer of its own; their silence ends nothing, it was entrusted.
"""

from datetime import date, datetime, time
from typing import Final

from bot.almanac import local, next_allowed
from bot.engine.event import Fired, Raised
from bot.model.consent import NOTICE
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.signature import SignatureState
from bot.model.topic import ANSWER, OVER, YEAR, YEARLY
from bot.store import consents, signatures, timers
from bot.store.people import Known
from bot.store.unit import Unit

_NOON: Final = time(12)


async def ask_yearly(unit: Unit, event: Fired, *, known: Known, now: datetime, zone: str) -> Raised | None:
    """What comes of one of these timers: the question, the word that notices ended, or nothing yet.

    Whoever wrote or pressed anything is asked a year after that. Nothing comes at night or on a day of rest.
    """
    theirs = known.person.zone or zone
    purposes = await _live(unit, known)
    asked = date.fromisoformat(event.values.get("asked") or date.min.isoformat())
    again = known.seen_on + YEAR
    is_over = event.timer == OVER and known.seen_on < asked
    if not purposes:
        return None
    if not is_over and now.date() < again:
        due_at = next_allowed(local(again, _NOON, zone=theirs), zone=theirs)
        await timers.put(unit, [_timer(known, YEARLY, due_at=due_at)], now=now)
        return None
    if (allowed := next_allowed(now, zone=theirs)) > now:
        await timers.put(unit, [_timer(known, event.timer, due_at=allowed, asked=asked)], now=now)
        return None
    if is_over:
        await consents.withdraw(unit, known.person.id, purposes=purposes, today=now.date())
        return Raised(flow=OVER, subject=OVER)
    await timers.put(unit, [_timer(known, OVER, due_at=now + ANSWER, asked=now.date())], now=now)
    return Raised(flow=YEARLY, subject=YEARLY)


async def tell_yearly(unit: Unit, event: Fired, *, known: Known, now: datetime, zone: str) -> Raised | None:
    """The note that what was signed still stands, if it does and nothing was heard for a year; the next is set."""
    mine = await signatures.of_person(unit, known.person.id)
    if all(one.state is not SignatureState.SIGNED for one in mine):
        return None
    theirs = known.person.zone or zone
    again = known.seen_on + YEAR
    is_due = now.date() >= again
    due_at = next_allowed(now if is_due else local(again, _NOON, zone=theirs), zone=theirs)
    comes = is_due and due_at <= now
    next_at = next_allowed(now + YEAR, zone=theirs) if comes else due_at
    await timers.put(unit, [_timer(known, event.timer, due_at=next_at)], now=now)
    return Raised(flow=event.timer, subject=event.timer) if comes else None


async def _live(unit: Unit, known: Known) -> list[str]:
    found = await consents.of_person(unit, known.person.id)
    return [one.purpose for one in found if one.withdrawn_on is None and one.purpose.startswith(NOTICE)]


def _timer(known: Known, kind: str, *, due_at: datetime, asked: date = date.min) -> Timer:
    lane = Lane(kind=LaneKind.PERSON, id=known.person.id)
    return Timer(lane=lane, kind=kind, due_at=due_at, version=kind, values={"asked": asked.isoformat()})

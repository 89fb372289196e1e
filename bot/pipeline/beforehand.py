"""The reminder that somebody asked for under a notice: when and where it begins, as the newest correction says.

It was asked for at this time, so it comes at night too; not once it has begun, and not where it was called off.
"""

from datetime import datetime

from bot.actions.notice import BEFORE, LATEST, REMINDER, REMINDER_THERE
from bot.engine.event import Fired, Raised
from bot.model.queue import Lane, LaneKind, Timer
from bot.store import notice_answers, notices, timers
from bot.store.unit import Unit


def is_reminder(timer: str) -> bool:
    """Whether a timer of this kind comes to a reminder."""
    return timer.partition(":")[0] == REMINDER


async def remind(unit: Unit, event: Fired, person_id: int, *, now: datetime) -> Raised | None:
    """The reminder, if there is still something to be reminded of; where that is later now, the reminder is as well."""
    newest = await notice_answers.newest(unit, int(event.values["notice"]))
    content = await notices.content_of(unit, newest)
    if content is None or content.called_off or content.starts_at is None or content.starts_at <= now:
        return None
    later = content.starts_at - BEFORE
    if later <= now + LATEST:
        values = {"at": content.starts_at.isoformat(), "place": content.place}
        return Raised(flow=REMINDER_THERE if content.place else REMINDER, subject=str(newest), values=values)
    again = Timer(
        lane=Lane(kind=LaneKind.PERSON, id=person_id),
        kind=event.timer,
        due_at=later,
        version=event.version,
        values=event.values,
        purpose=event.values["purpose"],
    )
    await timers.put(unit, [again], now=now)
    return None

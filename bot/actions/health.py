"""How the bot does, on one screen that nobody has to be an engineer to read: what comes in, goes out, and is cleared.

All of it is asked of the tables, so that it is true for every worker; times are rough, and no row is shown.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.kept import DataClass
from bot.model.person import Platform
from bot.model.queue import Cause
from bot.model.retention import BY_CLASS
from bot.store import alerts, audit, inbox, memo, outbox, pauses, retention, vitals
from bot.store.unit import Unit

NAMED: Final = (pauses.FLOOD, pauses.CHALLENGED)  # of other reasons the log says more
REFUSED: Final = "refused"
NO_ALERT: Final = "alert_none"
DAY: Final = timedelta(days=1)
LATE: Final = timedelta(minutes=2)  # a timer that nobody saw to for so long
SLACK: Final = timedelta(hours=1)  # a dozen sweeps
IN_DAYS: Final = timedelta(days=7)  # what lives for longer is counted in whole days
_SPANS: Final = (
    (timedelta(days=1), "age_days"),
    (timedelta(hours=1), "age_hours"),
    (timedelta(minutes=2), "span_minutes"),
)


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The figures. Outcomes: `well`; else a platform takes nothing until `until`, named with its reason in `held`.

    `challenged`: somebody can end that by solving a captcha. `held`: only time, or whoever is at the machine.
    """
    unit, now = scene.unit, scene.now
    values = await _platforms(unit, now) | await _queues(unit, now) | await _cleared(unit, now)
    values["alerts"] = await told(unit, now)
    values["audit"] = "audit_broken" if await audit.breach(unit) else "audit_whole"
    standing = await pauses.active(unit, now=now)
    held = [one for name, one in sorted(standing.items()) if name in set(Platform)]
    if not held:
        return Outcome(name="well", values=values)
    values["held"] = " ".join(
        f"held_{one.scope}_{one.reason if one.reason in NAMED else REFUSED}" for one in held
    )
    values["until"] = max(one.until for one in held).isoformat()
    is_challenged = any(one.reason == pauses.CHALLENGED for one in held)
    return Outcome(name="challenged" if is_challenged else "held", values=values)


async def told(unit: Unit, now: datetime) -> str:
    """The alerts of the last day, as words."""
    kinds = await alerts.kinds_since(unit, now - DAY)
    return " ".join(f"alert_{kind}" for kind in kinds) or NO_ALERT


async def _platforms(unit: Unit, now: datetime) -> dict[str, str]:
    """For how long each of them has been silent."""
    heard = await vitals.last_heard(unit)
    return {platform.value: _span(heard.get(platform), now) for platform in Platform}


async def _queues(unit: Unit, now: datetime) -> dict[str, str]:
    """What waits to be handled, to go out (but for notices) or to come about, and what was given up."""
    lost, depth = await vitals.given_up(unit), await outbox.depth(unit)
    return {
        "inbox": str(await inbox.depth(unit) - 1),  # without this turn's own row
        "outbox": str(sum(rows for what, rows in depth.items() if not what.is_notice)),
        "outbox_age": _span(await outbox.oldest_due(unit), now, never="dash"),
        "timers": str(await vitals.late_timers(unit, before=now - LATE)),
        "dead": str(sum(lost.values())),
        **{f"dead_{cause}": str(lost[cause]) for cause in Cause},
    }


async def _cleared(unit: Unit, now: datetime) -> dict[str, str]:
    """Whether what was promised to go is gone."""
    swept = await memo.get(unit, vitals.SWEPT)
    ages = await retention.oldest(unit, now=now)
    return {
        "swept": _span(datetime.fromisoformat(swept) if swept else None, now),
        "overdue": str(sum(_is_overdue(data, age) for data, age in ages.items())),
    }


def _is_overdue(data: DataClass, age: float) -> bool:
    """Whether the oldest row of a class should be gone; what may stay for a reason is not judged by its age."""
    kept = BY_CLASS[data]
    if kept.ttl is None or kept.unless:
        return False
    slack = SLACK + (DAY if kept.ttl > IN_DAYS else timedelta())
    return age > (kept.ttl + slack).total_seconds()


def _span(since: datetime | None, now: datetime, *, never: str = "span_never") -> str:
    """How long ago, roughly."""
    if since is None:
        return never
    return next((name for age, name in _SPANS if now - since >= age), "span_now")

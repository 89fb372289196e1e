"""Notes that ask how somebody is: setting them, showing them, calling them off and taking that back.

Each is a timer that fires only with consent; what happens then is in `pipeline.checking`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.actions.scene import Scene
from bot.almanac import local, next_allowed
from bot.engine.event import Outcome
from bot.model.checkin import HOUR, MOST, Part, Rhythm, days, kind_of, planned_for
from bot.model.consent import Purpose
from bot.model.queue import Lane, LaneKind, Timer
from bot.store import timers

_JITTER: Final = 5  # minutes at most, so that the time of a note says little
_DAY: Final = timedelta(days=1)


async def plan(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Set notes by `rhythm` in `part` of the day, around `day` (ISO 8601) where none is named.

    Outcomes: `set` with `next`; `past` where no day of it is ahead; `full` where that would be too many.
    """
    rhythm, clock = Rhythm(inputs["rhythm"] or Rhythm.AROUND), HOUR[Part(inputs["part"])]
    zone = _zone(scene)
    about = date.fromisoformat(inputs["day"]) if inputs.get("day") else None
    found = days(rhythm, today=scene.now.astimezone(ZoneInfo(zone)).date(), about=about)
    moments = {next_allowed(local(day, clock, zone=zone), zone=zone) for day in found}
    if not moments:
        return Outcome(name="past")
    return await _set(scene, moments)


async def later(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Set one note for a day later. Outcomes: as of `plan`."""
    moment = next_allowed(scene.now + _DAY, zone=_zone(scene))
    return await _set(scene, [moment])


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The note after the one named `at`, in a circle. Outcomes: `some` with `at`, `next` and `count`; `none`."""
    found = await _found(scene)
    if not found:
        return Outcome(name="none")
    kinds = list(found)
    place = kinds.index(inputs["at"]) + 1 if inputs["at"] in kinds else 0
    kind = kinds[place % len(kinds)]
    values = {"at": kind, "next": found[kind].isoformat(), "count": str(len(kinds))}
    return Outcome(name="some", values=values)


async def cancel(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The note `at` does not come. Outcome: `cancelled`."""
    await timers.cancel(
        scene.unit, _lane(scene), [kind for kind in await _found(scene) if kind == inputs["at"]]
    )
    return Outcome(name="cancelled", values={"at": ""})


async def cancel_all(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """No note comes any more. Outcome: `cancelled` with what there `was`, to take it back."""
    kinds = list(await _found(scene))
    await timers.cancel(scene.unit, _lane(scene), kinds)
    scene.counts["checkin.cancelled"] += len(kinds)
    return Outcome(name="cancelled", values={"was": " ".join(kinds), "at": ""})


async def undo(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Set again what `was` set and is still ahead. Outcome: `done`."""
    moments = [planned_for(kind) for kind in inputs["was"].split()]
    await _set(scene, [moment for moment in moments if moment and moment > scene.now])
    return Outcome(name="done", values={"was": ""})


async def _set(scene: Scene, moments: Iterable[datetime]) -> Outcome:
    """Put a timer for each, a few minutes off."""
    wanted, standing = sorted(moments), await _found(scene)
    if len({*standing, *map(kind_of, wanted)}) > MOST:
        return Outcome(name="full")
    jitter = timedelta(minutes=scene.unit.keyring.entropy(1)[0] % _JITTER)
    planned = [
        Timer(
            lane=_lane(scene),
            kind=kind_of(moment),
            due_at=moment + jitter,
            version=kind_of(moment),
            purpose=Purpose.CHECKIN,
        )
        for moment in wanted
    ]
    await timers.put(scene.unit, planned, now=scene.now)
    scene.counts["checkin.set"] += len(planned)
    return Outcome(name="set", values={"next": wanted[0].isoformat() if wanted else ""})


async def _found(scene: Scene) -> dict[str, datetime]:
    """For when each note that is set is planned, by its timer's kind, the next one first."""
    kinds = await timers.of_lane(scene.unit, _lane(scene))
    planned = {kind: moment for kind in kinds if (moment := planned_for(kind))}
    return dict(sorted(planned.items(), key=lambda pair: pair[1]))


def _lane(scene: Scene) -> Lane:
    return Lane(kind=LaneKind.PERSON, id=scene.person.id)


def _zone(scene: Scene) -> str:
    return scene.person.zone or scene.zone

"""Notes that ask how somebody is: setting them, showing them, calling them off and taking that back.

Each is a timer that fires only with consent; what happens then is in `pipeline.checking`.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.actions.scene import Scene
from bot.almanac import local, next_allowed
from bot.engine.event import Outcome
from bot.model.checkin import HOUR, LOOK, MOST, Manner, Part, Rhythm, days, kind_of, planned_for
from bot.model.consent import Purpose
from bot.model.queue import Lane, LaneKind, Timer
from bot.store import timers

_JITTER: Final = 5  # minutes at most, so that the time of a note says little
_DAY: Final = timedelta(days=1)


async def plan(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Set notes by `rhythm` in `part` of the day, around `day` (ISO 8601) where none is named, as `Manner` reads it.

    Outcomes: `set` with `next`; `past` where no day of it is ahead; `full` where that would be too many.
    """
    rhythm, clock = Rhythm(inputs["rhythm"] or Rhythm.AROUND), HOUR[Part(inputs["part"])]
    zone, manner = _zone(scene), Manner.of(inputs)
    about = date.fromisoformat(inputs["day"]) if inputs.get("day") else None
    found = days(rhythm, today=scene.now.astimezone(ZoneInfo(zone)).date(), about=about)
    moments = {_allowed(scene, local(day, clock, zone=zone), manner) for day in found}
    if not moments:
        return Outcome(name="past")
    return await _set(scene, dict.fromkeys(moments, manner))


async def later(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Set one note for a day later. Outcomes: as of `plan`.

    In the manner of the one that came, as long as its look stands: for a day. Later than that, in the quieter one.
    """
    looks = (one for one in await timers.all_of_lane(scene.unit, _lane(scene)) if one.kind == LOOK)
    look_ = next(looks, None)
    manner = Manner.of(look_.values if look_ else {})
    return await _set(scene, {_allowed(scene, scene.now + _DAY, manner): manner})


async def opened(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """A note is opened. Outcomes: `gentle` in the week after a hard moment, else `ordinary`."""
    return Outcome(name="gentle" if scene.is_gentle else "ordinary")


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The note after the one named `at`, in a circle. Outcomes: `some` with `at`, `next` and `count`; `none`."""
    found = await _found(scene)
    if not found:
        return Outcome(name="none")
    kinds = list(found)
    place = kinds.index(inputs["at"]) + 1 if inputs["at"] in kinds else 0
    kind = kinds[place % len(kinds)]
    values = {"at": kind, "next": _planned(kind).isoformat(), "count": str(len(kinds))}
    return Outcome(name="some", values=values)


async def cancel(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The note `at` does not come. Outcome: `cancelled`."""
    await timers.cancel(
        scene.unit, _lane(scene), [kind for kind in await _found(scene) if kind == inputs["at"]]
    )
    return Outcome(name="cancelled", values={"at": ""})


async def cancel_all(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """No note comes any more. Outcome: `cancelled` with what there `was`, to take it back."""
    found = await _found(scene)
    await timers.cancel(scene.unit, _lane(scene), list(found))
    scene.counts.update("checkin.cancelled" for _ in found)
    was = [f"{kind}/{manner.greeting}/{manner.rest}" for kind, manner in found.items()]
    return Outcome(name="cancelled", values={"was": " ".join(was), "at": ""})


async def undo(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Set again what `was` set and is still ahead. Outcomes: `done`, `past` where nothing is."""
    was = [one.split("/") for one in inputs["was"].split()]
    manners = {
        _planned(kind): Manner.of({"greeting": greeting, "rest": rest}) for kind, greeting, rest in was
    }
    ahead = {moment: manner for moment, manner in manners.items() if moment > scene.now}
    await _set(scene, ahead)
    return Outcome(name="done" if ahead else "past", values={"was": ""})


async def _set(scene: Scene, manners: Mapping[datetime, Manner]) -> Outcome:
    """Put a timer for each moment, a few minutes off."""
    wanted, standing = sorted(manners), await _found(scene)
    if len({*standing, *map(kind_of, wanted)}) > MOST:
        return Outcome(name="full")
    jitter = timedelta(minutes=scene.unit.keyring.entropy(1)[0] % _JITTER)
    planned = [
        Timer(
            lane=_lane(scene),
            kind=kind_of(moment),
            due_at=moment + jitter,
            version=kind_of(moment),
            values=manners[moment].values,
            purpose=Purpose.CHECKIN,
        )
        for moment in wanted
    ]
    await timers.put(scene.unit, planned, now=scene.now)
    scene.counts["checkin.set"] += len(planned)
    return Outcome(name="set", values={"next": wanted[0].isoformat() if wanted else ""})


async def _found(scene: Scene) -> dict[str, Manner]:
    """How each note that is set comes, by its timer's kind, the next one first."""
    found = await timers.all_of_lane(scene.unit, _lane(scene))
    notes = {one.kind: Manner.of(one.values) for one in found if planned_for(one.kind)}
    return dict(sorted(notes.items(), key=lambda pair: _planned(pair[0])))


def _planned(kind: str) -> datetime:
    """For when a note of that kind, known to be one, is planned."""
    planned = planned_for(kind)
    if planned is None:
        raise ValueError(f"{kind} is no note")
    return planned


def _allowed(scene: Scene, moment: datetime, manner: Manner) -> datetime:
    return next_allowed(moment, zone=_zone(scene), allows_rest_days=manner.allows_rest_days)


def _lane(scene: Scene) -> Lane:
    return Lane(kind=LaneKind.PERSON, id=scene.person.id)


def _zone(scene: Scene) -> str:
    return scene.person.zone or scene.zone

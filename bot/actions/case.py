"""Asking for a human being, and calling that off. What comes of a case is decided in its own lane.

No consent is a condition here. Who is under eighteen is not offered to volunteers by the bot (CONTENT F8).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from bot.actions.scene import Scene
from bot.engine.event import Led, Outcome, Raised
from bot.engine.need import LINE
from bot.model.case import HELD, Case, Need, Opened
from bot.model.person import Language
from bot.model.queue import Lane, LaneKind
from bot.model.search import A_DAY, Round, first_round, fitting
from bot.model.volunteer import next_present
from bot.store import case_day, caseload, cases, lanes, offers, timers, volunteers

_FOR_MINORS: Final = frozenset({Need.ORGANIZE, Need.URGENT})
_JITTER: Final = 6  # seconds at most, so that the time of an alert says little about what raised it


async def open_case(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Look for somebody who helps with `need`, about the day `date` where there is one (ISO 8601).

    Outcomes: `asked` somebody who is there now; `later` from the `next` shift on; `unknown` where no shift is known;
    all with `by`, when the person hears at the latest, and with `case`, as `already`. Or `there`, on an open line that
    they are led to; or `minor`.
    """
    need, who = Need(inputs["need"]), scene.person.id
    if scene.person.adult is False and need not in _FOR_MINORS:
        return Outcome(name="minor")
    day = date.fromisoformat(inputs["date"]) if inputs.get("date") else None
    language = scene.person.language or Language.HEBREW
    found = await cases.open_case(scene.unit, who, need=need, language=language, now=scene.now, on=day)
    if found is None:
        standing = next(case for case in await cases.of_person(scene.unit, who) if case.need is need)
        return await _stands(scene, standing, day)
    jitter = timedelta(seconds=1 + scene.unit.keyring.entropy(1)[0] % _JITTER)
    await lanes.to_case(scene.unit, found.id, Opened(), now=scene.now, due_at=scene.now + jitter)
    scene.counts[f"case.opened.{need}"] += 1
    by = scene.now + scene.patience.of(need).told
    return await _prospect(scene, found, {"case": str(found.id), "by": by.isoformat()})


async def _stands(scene: Scene, case: Case, day: date | None) -> Outcome:
    """Somebody asks again, now about this `day` if they named one: for a person who is there the line opens."""
    if day:
        await case_day.change(scene.unit, case, day)
    if case.state not in HELD:
        return Outcome(name="already", values={"case": str(case.id)})
    led = Led(flow=LINE, step="again", answers={"case": str(case.id), "who": case.volunteer_name})
    await lanes.to_person(scene.unit, scene.person.id, led, now=scene.now)
    return Outcome(name="there")


async def _prospect(scene: Scene, case: Case, values: Mapping[str, str]) -> Outcome:
    """Who is there now, or when somebody is."""
    if first_round(case, is_minor=scene.person.adult is False) is Round.ORGANIZERS:
        return Outcome(name="asked", values=values)
    everyone, busy = await volunteers.everyone(scene.unit), await caseload.busy(scene.unit)
    apart = await caseload.apart(scene.unit, case.person_id)
    spent = await caseload.spent(scene.unit, since=scene.now - A_DAY, limit=scene.claims_a_day)
    could = [one for one in everyone if one.id not in apart]
    asked = [one for one in could if one.id not in spent]
    if fitting(case, asked, busy=busy, now=scene.now, zone=scene.zone):
        return Outcome(name="asked", values=values)
    shift = next_present(could, scene.now, need=case.need, language=case.language, zone=scene.zone)
    if shift is None or shift <= scene.now:
        return Outcome(name="unknown", values=values)
    return Outcome(name="later", values={**values, "next": shift.isoformat()})


async def stop(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End the search for `case`. Outcomes: `stopped`, or `gone` where it has ended or somebody has it by now."""
    found = await cases.load(scene.unit, int(inputs["case"] or 0))
    if found is None or found.person_id != scene.person.id or found.volunteer_id is not None:
        return Outcome(name="gone")
    return Outcome(name="stopped" if await _end(scene, found) else "gone")


async def end_all(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End every case of the person, or of one `need`; whoever was beside them is told. Outcomes: `ended`, `none`."""
    need = inputs.get("need")
    found = [one for one in await cases.of_person(scene.unit, scene.person.id) if need in (None, one.need)]
    for case in found:
        if await _end(scene, case) and case.volunteer_id is not None:
            event = Raised(flow="ended", subject=str(case.id), values={"who": case.person_name})
            await lanes.to_person(scene.unit, case.volunteer_id, event, now=scene.now)
    return Outcome(name="ended" if found else "none")


async def _end(scene: Scene, case: Case) -> bool:
    """Close it, with all that was still to come of it."""
    if not await cases.close(scene.unit, case, now=scene.now):
        return False
    lane = Lane(kind=LaneKind.CASE, id=case.id)
    await timers.cancel(scene.unit, lane, list(await timers.of_lane(scene.unit, lane)))
    await offers.forget(scene.unit, case.id)
    return True

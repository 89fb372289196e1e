"""Who waits for which kind of help, and who is on duty for it: numbers by kind, nothing that tells anybody apart."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Final

from bot.actions import note
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.audit import Act, Thing
from bot.model.case import Case, Need, Opened
from bot.model.person import Language
from bot.model.search import LONGER, WAITS, within
from bot.model.volunteer import present
from bot.store import caseload, counters, lanes, volunteers

MONTH: Final = timedelta(days=30)
FIRST_WORD: Final = "case.first_word"
_AGES: Final = ((timedelta(days=1), "age_days"), (timedelta(hours=1), "age_hours"))


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """For each need how many wait, and how long about; how many people there are on lines. Outcome: `seen`."""
    waiting = await caseload.waiting(scene.unit)
    values = {"lines": str(len(await caseload.held(scene.unit)))}
    for need in Need:
        ours = [case for case in waiting if case.need is need]
        values[f"{need}_waits"] = str(len(ours))
        values[f"{need}_age"] = age_of(ours, scene.now)
    return Outcome(name="seen", values=values)


async def present_now(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """For each need how many are on duty in each language, and how the last month was. Outcome: `seen`."""
    there = present(await volunteers.everyone(scene.unit), scene.now, zone=scene.zone)
    on_call = await volunteers.on_call(scene.unit, now=scene.now, zone=scene.zone)
    values = {"present": str(len(there)), "on_call": str(len(on_call))}
    for need, language in product(Need, Language):
        able = [one for one in there if need in one.needs and language in one.languages]
        values[f"{need}_{language}"] = str(len(able))
    return Outcome(name="seen", values=values | await _lately(scene))


async def ask_again(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Have every case that waits looked at again, the oldest first. Outcomes: `asked`, `none`."""
    waiting = await caseload.waiting(scene.unit)
    if waiting:
        await note.act(scene, Act.PAGE, thing=Thing.CASE)
    for case in waiting:
        await lanes.to_case(scene.unit, case.id, Opened(), now=scene.now)
    return Outcome(name="asked" if waiting else "none")


async def _lately(scene: Scene) -> dict[str, str]:
    """The last month: median and 95th percentile of the wait for a human word, and what went back or up."""
    counted = await counters.since(scene.unit, (scene.now - MONTH).date())
    waits = {name: counted.get(f"{FIRST_WORD}.{name}", 0) for name in (*WAITS, LONGER)}
    freed = sum(value for name, value in counted.items() if name.startswith("case.handed_back."))
    return {
        "half": within(waits, 0.5) or "none",
        "most": within(waits, 0.95) or "none",
        "handed_back": str(freed),
        "escalated": str(counted.get("case.escalated", 0)),
    }


def age_of(cases: Sequence[Case], now: datetime) -> str:
    """How long the first of them has waited, roughly: no moment can be told from it."""
    opened = min((case.opened_at for case in cases), default=None)
    if opened is None:
        return "age_none"
    return next((name for age, name in _AGES if now - opened >= age), "age_minutes")

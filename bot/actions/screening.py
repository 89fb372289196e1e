"""Reading letters of support before they are printed, by volunteers of the letter team: one at a time, oldest first.

A letter that is being read is nobody else's for half an hour. Who read it is written nowhere, nor who wrote it.
"""

from collections.abc import Mapping
from typing import Final

from bot.actions.duty import verifies
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.support import Fate, Reason
from bot.store import supports

NO_TEAM: Final = Outcome(name="not_on_it")


async def next_one(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The letter of `lease`, or the next one that nobody reads. Outcomes: `shown`, `none`, `not_on_it`."""
    if not await verifies(scene):
        return NO_TEAM
    lease = int(inputs["lease"] or 0)
    letter = await supports.held(scene.unit, lease) if lease else None
    if letter is None:
        skipped = [int(one) for one in inputs["skipped"].split()]
        lease = await supports.claim(scene.unit, skipped=skipped, now=scene.now) or 0
        letter = await supports.held(scene.unit, lease) if lease else None
    if letter is None:
        return Outcome(name="none", values={"lease": "", "skipped": ""})
    scene.attached = "\n".join(filter(None, (letter.text, letter.signed))).encode()
    return Outcome(name="shown", values={"lease": str(lease)})


async def skip(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Leave it to somebody else. Outcome: `done`."""
    letter = await supports.held(scene.unit, int(inputs["lease"] or 0))
    if letter is None:
        return Outcome(name="done", values={"lease": ""})
    await supports.release(scene.unit, int(inputs["lease"]))
    return Outcome(name="done", values={"lease": "", "skipped": f"{inputs['skipped']} {letter.id}".strip()})


async def decide(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Accept, return or refuse it: `said` and `why`. Outcomes: `done`; `over`, where it is not theirs to decide."""
    if not await verifies(scene):
        return NO_TEAM
    said, why = Fate(inputs["said"]), Reason(inputs["why"]) if inputs["why"] else None
    done = await supports.decide(scene.unit, int(inputs["lease"] or 0), said=said, why=why)
    if done:
        scene.counts[f"support.{said}"] += 1
    return Outcome(name="done" if done else "over", values={"lease": "", "why": ""})

"""Asking for a human being, and calling the search off. What comes of a case is decided in its own lane."""

from collections.abc import Mapping

from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.case import Need, Opened
from bot.model.person import Language
from bot.store import cases, lanes, offers


async def open_case(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Look for somebody who helps with `need`. Outcomes: `opened`, `already`, both with the `case`."""
    need, who = Need(inputs["need"]), scene.person.id
    language = scene.person.language or Language.HEBREW
    found = await cases.open_case(scene.unit, who, need=need, language=language, now=scene.now)
    if found is None:
        standing = next(case for case in await cases.of_person(scene.unit, who) if case.need is need)
        return Outcome(name="already", values={"case": str(standing.id)})
    await lanes.to_case(scene.unit, found.id, Opened(), now=scene.now)
    return Outcome(name="opened", values={"case": str(found.id)})


async def stop(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End the search for `case`. Outcomes: `stopped`, or `gone` where it has ended or somebody has it by now."""
    found = await cases.load(scene.unit, int(inputs["case"] or 0))
    if found is None or found.person_id != scene.person.id or found.volunteer_id is not None:
        return Outcome(name="gone")
    if not await cases.close(scene.unit, found, now=scene.now):
        return Outcome(name="gone")
    await offers.forget(scene.unit, found.id)
    return Outcome(name="stopped")

"""Topics: wanting notices of one, ending one or all of them, and taking that back. Each is a consent of its own.

What ended comes back only by agreeing anew, which one press on the question that says so does (decision 77).
"""

from collections.abc import Collection, Mapping
from typing import Final

from bot.actions import consent
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.consent import Standing
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.topic import EVERYWHERE, OVER, YEAR, YEARLY, purpose, shown_for, topic_of
from bot.store import consents, timers

LIVE: Final = (Standing.GIVEN, Standing.CHANGED)


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """What is `on`. Outcomes: `some`, `none`; `changed` where anything was agreed to in `older` words."""
    found = await standings(scene)
    values = {
        "on": " ".join(_those(found, Standing.GIVEN)),
        "older": " ".join(_those(found, Standing.CHANGED)),
    }
    if values["older"]:
        return Outcome(name="changed", values=values)
    return Outcome(name="some" if values["on"] else "none", values=values)


async def choose(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Somebody would like to know of `topic`, in `area` where it is parted.

    Outcomes: `ask` with `what` is asked and what it is `about`; `area` where one is to be chosen first; `on` where it
    is on already, also by wanting the topic everywhere; `gone`.
    """
    topic = scene.topics.topics.get(inputs["topic"])
    if topic is None:
        return Outcome(name="gone")
    values = {"kind": purpose(topic.id), "about": f"about_{topic.id}"}
    if topic.areas and not inputs["area"]:
        return Outcome(name="area", values=values)
    what = purpose(topic.id, inputs["area"] or None)
    if what not in topic.purposes:
        return Outcome(name="gone")
    found = await standings(scene)
    for one in (what, purpose(topic.id, EVERYWHERE)):
        if found.get(one) is Standing.GIVEN:
            return Outcome(name="on", values={**values, "what": one})
    return Outcome(name="ask", values={**values, "what": what})


async def give(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Agree to `what`, in the words of the step `shown`.

    Outcomes: `given`, `given_area` where its topic has areas, `gone`.
    """
    topic = scene.topics.of(inputs["what"])
    if topic is None:
        return Outcome(name="gone")
    await _agree(scene, [inputs["what"]], shown=inputs["shown"])
    return Outcome(name="given_area" if topic.areas else "given", values={"area": ""})


async def off(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End `topic` in all its areas, or the purposes in `what`. Outcomes: `off` with what there `was`, `absent`."""
    named = inputs.get("what", "").split()
    found = await standings(scene)
    ended = [one for one in found if one in named or topic_of(one) == inputs.get("topic")]
    return await _end(scene, found, ended)


async def off_all(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End every topic. Outcomes: as of `off`."""
    found = await standings(scene)
    return await _end(scene, found, found)


async def undo(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Agree anew to what `was` on, in the words of the step `shown`. Outcomes: `given`, `gone` where nothing is."""
    was = [one for one in inputs["was"].split() if scene.topics.of(one)]
    await _agree(scene, was, shown=inputs["shown"])
    return Outcome(name="given" if was else "gone", values={"was": ""})


async def standings(scene: Scene) -> dict[str, Standing]:
    """How each topic stands that this person agrees to, in the order they are listed in."""
    found = await consents.standings(scene.unit, scene.person.id)
    return {one: found[one] for one in scene.topics.purposes if found.get(one) in LIVE}


async def _agree(scene: Scene, purposes: Collection[str], *, shown: str) -> None:
    for one in purposes:
        await consent.give(scene, {"purpose": one, "shown": shown_for(shown, one)})
    lane, due_at = Lane(kind=LaneKind.PERSON, id=scene.person.id), scene.now + YEAR
    yearly = [Timer(lane=lane, kind=YEARLY, due_at=due_at, version=YEARLY)] if purposes else []
    await timers.put(scene.unit, yearly, now=scene.now)


async def _end(scene: Scene, found: Mapping[str, Standing], ended: Collection[str]) -> Outcome:
    """What was agreed to in older words did not come any more: it goes too, and is nothing that can be undone."""
    await consents.withdraw(scene.unit, scene.person.id, purposes=ended, today=scene.now.date())
    scene.counts.update(f"consent.{one}.withdrawn" for one in ended)
    if not set(found) - set(ended):
        lane = Lane(kind=LaneKind.PERSON, id=scene.person.id)
        await timers.cancel(scene.unit, lane, [YEARLY, OVER])
    was = [one for one in ended if found[one] is Standing.GIVEN]
    return Outcome(name="off" if was else "absent", values={"was": " ".join(was)})


def _those(found: Mapping[str, Standing], standing: Standing) -> list[str]:
    return [one for one, its in found.items() if its is standing]

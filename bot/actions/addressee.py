"""Who in prison can be written to, for organizers: naming takes two of them, ending one; and the pages to print.

A file can be had again until somebody says that it is printed; then its letters are wiped, and their writers hear it.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from bot.actions import note
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.i18n.hidden import hidden_in
from bot.model.audit import Act, Thing
from bot.model.limit import LIMITS
from bot.model.proposal import Proposal
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.support import LONGEST_NAME, UNCONFIRMED, Agreed, Fate, Given
from bot.store import addressees, supports, timers

TIMER: Final = "printed"  # the prompt that runs it, beside whatever is open


async def next_one(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The one after `addressee`, in a circle, with numbers of letters. Outcomes: `live`, `ended`, `none`."""
    there = await addressees.everyone(scene.unit)
    if not there:
        return Outcome(name="none", values={"addressee": ""})
    ids = [str(one.id) for one in there]
    place = ids.index(inputs["addressee"]) + 1 if inputs["addressee"] in ids else 0
    one = there[place % len(there)]
    counted = await supports.counts(scene.unit)
    values = {
        "addressee": str(one.id),
        "called": one.name,
        "given": one.given.value,
        "ends": one.ends_on.isoformat(),
        "waiting": str(counted.get((one.id, Fate.WAITING), 0)),
        "ready": str(counted.get((one.id, Fate.ACCEPTED), 0)),
        "taken": str(counted.get((one.id, Fate.TAKEN), 0)),
    }
    return Outcome(name="live" if one.is_live(scene.now.date()) else "ended", values=values)


async def check(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The `name` and how long they can be written to, in `days`. Outcomes: `fit` with `called` and `ends`; `unfit`."""
    name = " ".join(inputs["name"].split())
    if not 0 < len(name) <= LONGEST_NAME or hidden_in(name):
        return Outcome(name="unfit", values={"name": ""})
    ends = scene.now.date() + timedelta(days=int(inputs["days"]))
    return Outcome(name="fit", values={"called": name, "name": "", "ends": ends.isoformat()})


async def what_is_named(scene: Scene, inputs: Mapping[str, str]) -> Mapping[str, str] | None:
    """Who would be named, how and when they agreed, up to which day; None where that is past."""
    if not inputs["called"] or date.fromisoformat(inputs["ends"]) <= scene.now.date():
        return None
    given, agreed = Given(inputs["given"]), Agreed(inputs["agreed"])
    return {"called": inputs["called"], "given": given.value, "agreed": agreed.value, "ends": inputs["ends"]}


async def name(scene: Scene, one: Proposal) -> None:
    """They can be written to from now on."""
    given, agreed = Given(one.inputs["given"]), Agreed(one.inputs["agreed"])
    ends_on = date.fromisoformat(one.inputs["ends"])
    await note.act(scene, Act.MAKE, thing=Thing.SUPPORT)
    await addressees.add(scene.unit, one.inputs["called"], given=given, agreed=agreed, ends_on=ends_on)


async def close(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Nobody writes to `addressee` any more, and what waits for them is wiped. Outcomes: `closed`, `already`."""
    which = int(inputs["addressee"] or 0)
    ended = await addressees.close(scene.unit, which, today=scene.now.date())
    wiped = await supports.close(scene.unit, which)
    if not ended and not wiped:
        return Outcome(name="already")
    await note.act(scene, Act.RETIRE, thing=Thing.SUPPORT)
    return Outcome(name="closed")


async def printed_for(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Pages of all that is accepted for `addressee`, also of what an earlier file had.

    Outcomes: `drawn` with its
    `batch`, `nothing`, `no_files`: they can't be sent here.
    """
    if scene.here is None or not LIMITS[scene.here.platform].files:
        return Outcome(name="no_files")
    batch, found = await supports.take(scene.unit, int(inputs["addressee"] or 0))
    if not found:
        return Outcome(name="nothing")
    await note.act(scene, Act.EXPORT, thing=Thing.SUPPORT)
    scene.attached = json.dumps([[one.text, one.signed] for one in found]).encode()
    due_at, values = scene.now + UNCONFIRMED, {"batch": str(batch)}
    lane = Lane(kind=LaneKind.PERSON, id=scene.person.id)
    timer = Timer(lane=lane, kind=TIMER, due_at=due_at, version=str(batch), values=values)
    await timers.put(scene.unit, [timer], now=scene.now)
    return Outcome(name="drawn", values=values)


async def confirm(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The pages of `batch` are printed. Outcomes: `wiped`; `gone`, where a newer file was made, or it was said."""
    many = await supports.confirm(scene.unit, int(inputs["batch"] or 0))
    if not many:
        return Outcome(name="gone", values={"batch": ""})
    await note.act(scene, Act.CONFIRM, thing=Thing.SUPPORT)
    scene.counts["support.sent"] += many
    return Outcome(name="wiped", values={"batch": ""})


async def unconfirmed(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """A week after a file was made. Outcomes: `still` open, `over`."""
    there = await supports.is_taken(scene.unit, int(inputs["batch"] or 0))
    return Outcome(name="still" if there else "over")

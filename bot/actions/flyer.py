"""What organizers do with flyers: make one, look at how often they were opened, have one drawn, end one.

One organizer is enough: a flyer leads to the same first screen as any other way here. Each act is in the audit.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.actions import invitation, note
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.audit import Act, Thing
from bot.model.flyer import LONGEST_NAME, Flyer, Order
from bot.model.limit import LIMITS
from bot.model.person import Language
from bot.store import flyers

NOTHING: Final = {"code": ""}


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """How many there are, as `live` and `ended`. Outcomes: `some`, `none`."""
    found, today = await flyers.everyone(scene.unit), scene.now.date()
    live = sum(one.is_live(today) for one in found)
    values = {"live": str(live), "ended": str(len(found) - live), **NOTHING}
    return Outcome(name="some" if found else "none", values=values)


async def make(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """A new one of this `name`, in use for `days`. Outcomes: `made` with its `code`; `unfit`: no name, or too long."""
    name, today = " ".join(inputs["name"].split()), scene.now.date()
    if not 0 < len(name) <= LONGEST_NAME:
        return Outcome(name="unfit", values={"name": ""})
    ends_on = today + timedelta(days=int(inputs["days"]))
    await note.act(scene, Act.MAKE, thing=Thing.FLYER)
    made = await flyers.make(scene.unit, name, today=today, ends_on=ends_on)
    return Outcome(name="made", values={"code": made.code, "name": ""})


async def next_one(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The one after `code`, the newest first and again after the oldest. Outcomes: `live`, `ended`, `none`.

    With its `code`, `name`, the days it `made` and `ends`, and how often it was opened, as `scans`.
    """
    found = await flyers.everyone(scene.unit)
    if not found:
        return Outcome(name="none", values=NOTHING)
    at = next((place for place, one in enumerate(found) if one.code == inputs["code"]), -1)
    one = found[(at + 1) % len(found)]
    scans = (await flyers.scans(scene.unit)).get(one.code, 0)
    values = {
        "code": one.code,
        "called": one.name,
        "made": one.made_on.isoformat(),
        "ends": one.ends_on.isoformat(),
        "scans": str(scans),
    }
    return Outcome(name="live" if one.is_live(scene.now.date()) else "ended", values=values)


async def draw(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Have `code` drawn in `languages`. Outcomes: `drawn`, `gone`, `no_files`: they can't be sent here, `unnamed`."""
    if scene.here is None or not LIMITS[scene.here.platform].files:
        return Outcome(name="no_files")
    one = await _live(scene, inputs["code"])
    if one is None:
        return Outcome(name="gone")
    link = await invitation.link(scene, one.payload)
    if link is None:
        return Outcome(name="unnamed")
    order = Order(link=link, languages=tuple(map(Language, inputs["languages"].split())))
    scene.attached = order.written()
    return Outcome(name="drawn")


async def retire(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End `code` today. Outcomes: `retired`, `already`."""
    if not await flyers.retire(scene.unit, inputs["code"], today=scene.now.date()):
        return Outcome(name="already")
    await note.act(scene, Act.RETIRE, thing=Thing.FLYER)
    return Outcome(name="retired")


async def _live(scene: Scene, code: str) -> Flyer | None:
    found, today = await flyers.everyone(scene.unit), scene.now.date()
    return next((one for one in found if one.code == code and one.is_live(today)), None)

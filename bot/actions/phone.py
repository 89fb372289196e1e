"""Whoever of the team has another phone: their role rests until two organizers have made sure that it is theirs.

They are known here by the alias of their role. Saying that it is not theirs is the safe direction, and takes one.
"""

from collections.abc import Mapping

from bot.actions import duty, note
from bot.actions.scene import Scene
from bot.engine.event import Outcome, Recognised
from bot.model.audit import Act, Thing
from bot.model.person import Role
from bot.model.proposal import Proposal
from bot.store import invites, lanes, rekeyed, roles, volunteers
from bot.store.roles import Resting
from bot.store.unit import Unit

THINGS: Mapping[Role, Thing] = {Role.VOLUNTEER: Thing.VOLUNTEER, Role.ORGANIZER: Thing.ORGANIZER}


async def everyone(unit: Unit) -> list[Resting]:
    """Who waits, each once: by the organizer's role, where both rest."""
    found: dict[int, Resting] = {}
    for one in await roles.resting(unit):
        found.setdefault(one.person_id, one)
    return list(found.values())


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Who waits after `phone`, in a circle. Outcomes: `waits`, `left` (with `phone`, `role`, `since`); `none`."""
    there = await everyone(scene.unit)
    if not there:
        return Outcome(name="none")
    names = [one.alias for one in there]
    place = names.index(inputs["phone"]) + 1 if inputs["phone"] in names else 0
    one = there[place % len(there)]
    values = {"phone": one.alias, "role": one.role.value, "since": one.since.isoformat()}
    return Outcome(name="waits" if one.is_there else "left", values=values)


async def what_is_confirmed(scene: Scene, inputs: Mapping[str, str]) -> Mapping[str, str] | None:
    """Whose phone, and since when another one answers: with each new one it is something else."""
    one = await _called(scene, inputs["phone"])
    return {"phone": one.alias, "role": one.role.value, "since": one.since.isoformat()} if one else None


async def confirm(scene: Scene, proposal: Proposal) -> None:
    """Two made sure that the phone is theirs: so are their roles, and what waited goes on."""
    if one := await _called(scene, proposal.inputs["phone"]):
        await note.act(scene, Act.RESTORE, thing=THINGS[one.role])
        await let_back(scene, one)


async def let_back(scene: Scene, one: Resting) -> None:
    """The roles are theirs again; what was held is delivered, and what they wrote is handled."""
    await roles.restore(scene.unit, one.person_id)
    await rekeyed.settle(scene.unit, one.person_id, now=scene.now)
    if found := await volunteers.load(scene.unit, one.person_id):
        await duty.settle(scene, found, was_on_duty=False)
    await lanes.to_person(scene.unit, one.person_id, Recognised(), now=scene.now)


async def take(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Take the roles of `phone` back, as they would be without another phone. Outcomes: `taken`, `gone`."""
    one = await _called(scene, inputs["phone"])
    if one is None:
        return Outcome(name="gone")
    await note.act(scene, Act.REVOKE, thing=THINGS[one.role])
    await roles.restore(scene.unit, one.person_id)
    await duty.end(scene.unit, one.person_id, now=scene.now)
    await roles.revoke(scene.unit, one.person_id, Role.ORGANIZER)
    await invites.take_back(scene.unit, made_by=one.person_id)
    return Outcome(name="taken")


async def _called(scene: Scene, alias: str) -> Resting | None:
    return next((one for one in await everyone(scene.unit) if one.alias == alias), None)

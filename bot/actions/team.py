"""The organizers among themselves: who they are to the audit, taking a role back, and leaving.

All of it is the safe direction: one of them is enough, and it happens at once. Whose role is taken is not told by the
bot, because it may be that their phone is in other hands.
"""

from collections.abc import Mapping

from bot.actions import note
from bot.actions.scene import Scene
from bot.engine.event import Alert, Outcome
from bot.model.audit import Act, Thing
from bot.model.case import Why
from bot.model.person import Role
from bot.store import cases, invites, roles


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Who is on the team, as `me` and `others`. Outcomes: `several`, `alone`."""
    named = await roles.aliases(scene.unit, Role.ORGANIZER)
    mine = named.pop(scene.person.id)
    values = {
        "me": mine,
        "others": ", ".join(sorted(named.values())),
        "invites": str(await invites.count_open(scene.unit, Role.ORGANIZER, now=scene.now)),
        "tries": str(await invites.wrong_codes(scene.unit, now=scene.now)),
    }
    return Outcome(name="several" if named else "alone", values=values)


async def find(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The organizer of the `name` that was typed, as `peer`. Outcomes: `found`, `own`, `unknown`."""
    typed = "".join(inputs["name"].split()).strip(".\u200e\u200f").casefold()
    named = await roles.aliases(scene.unit, Role.ORGANIZER)
    if typed == named[scene.person.id]:
        return Outcome(name="own")
    return (
        Outcome(name="found", values={"peer": typed}) if typed in named.values() else Outcome(name="unknown")
    )


async def revoke(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Take the role from `peer`, from this moment on; they are beside nobody then. Outcomes: `revoked`, `already`."""
    named = await roles.aliases(scene.unit, Role.ORGANIZER)
    if inputs["peer"] == named[scene.person.id]:
        return Outcome(name="already")
    who = await roles.holder_of(scene.unit, inputs["peer"], Role.ORGANIZER)
    if who is None or not await roles.revoke(scene.unit, who, Role.ORGANIZER):
        return Outcome(name="already")
    await cases.free_all(scene.unit, who, why=Why.REVOKED, now=scene.now)
    await note.act(scene, Act.REVOKE, thing=Thing.ORGANIZER)
    await note.tell(scene, Alert.TEAM)
    return Outcome(name="revoked")


async def leave(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Be no organizer any more; who does not volunteer either is beside nobody then. Outcome: `left`."""
    await note.act(scene, Act.LEAVE, thing=Thing.ORGANIZER)
    await roles.revoke(scene.unit, scene.person.id, Role.ORGANIZER)
    if Role.VOLUNTEER not in scene.roles:
        await cases.free_all(scene.unit, scene.person.id, why=Why.REVOKED, now=scene.now)
    await note.tell(scene, Alert.TEAM)
    return Outcome(name="left")

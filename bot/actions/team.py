"""The organizers among themselves: who they are to the audit, taking a role back, and leaving.

All of it is the safe direction: one of them is enough, and it happens at once. Whose role is taken hears a sentence
that names none, because their phone may be in other hands; so what the desk showed them leaves their chat as well.
"""

from collections.abc import Mapping
from typing import Final

from bot.actions import note
from bot.actions.scene import Scene
from bot.engine.alert import Alert
from bot.engine.event import Outcome, Raised
from bot.model.audit import Act, Thing
from bot.model.case import Why
from bot.model.limit import DELETABLE
from bot.model.person import Role
from bot.store import cases, invites, lanes, refs, roles

ALONE: Final = 2  # of so many one is left


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
    """Take the role from `peer`, from this moment on; they are beside nobody then.

    Of two who do it to each other at the same moment one is the first, and the other one's turn comes to nothing.
    Outcomes: `revoked`; `alone` where nobody else is left; `already`.
    """
    named = await roles.aliases(scene.unit, Role.ORGANIZER)
    if inputs["peer"] == named[scene.person.id]:
        return Outcome(name="already")
    who = await roles.holder_of(scene.unit, inputs["peer"], Role.ORGANIZER)
    if who is None or not await roles.revoke(scene.unit, who, Role.ORGANIZER):
        return Outcome(name="already")
    await cases.free_all(scene.unit, who, why=Why.REVOKED, now=scene.now)
    await invites.take_back(scene.unit, made_by=who)
    await note.act(scene, Act.REVOKE, thing=Thing.ORGANIZER)
    await part(scene, who)
    await note.tell(scene, Alert.TEAM)
    return Outcome(name="revoked" if len(named) > ALONE else "alone")


async def part(scene: Scene, who: int) -> None:
    """Somebody was taken a role: they hear that something changed, and what it showed them leaves their chat now."""
    await refs.hasten(scene.unit, who, since=scene.now - DELETABLE, now=scene.now)
    await lanes.to_person(scene.unit, who, Raised(flow="parted", subject=""), now=scene.now)


async def leave(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Be no organizer any more; who does not volunteer either is beside nobody then. Outcome: `left`."""
    await note.act(scene, Act.LEAVE, thing=Thing.ORGANIZER)
    await roles.revoke(scene.unit, scene.person.id, Role.ORGANIZER)
    if Role.VOLUNTEER not in scene.roles:
        await cases.free_all(scene.unit, scene.person.id, why=Why.REVOKED, now=scene.now)
    await note.tell(scene, Alert.TEAM)
    return Outcome(name="left")

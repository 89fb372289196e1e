"""What organizers decide about volunteers: inviting, trusting, letting verify, revoking; and their own hours on call.

A volunteer is known here by the alias of their role and nothing else. Each act is in the audit.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.actions import duty, invitation, note
from bot.actions.scene import Scene
from bot.actions.team import part
from bot.engine.event import Outcome, Raised
from bot.model.audit import Act, Thing
from bot.model.case import Need
from bot.model.hours import Quarter, toggled
from bot.model.person import Role
from bot.model.volunteer import Standing, Volunteer, present
from bot.store import cases, invites, lanes, roles, verifying, volunteers

NOBODY: Final = "\u2013"


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Who volunteers, by alias, as `trusted` and `new`; how many are on duty or wait. Outcome: `shown`."""
    everyone = await volunteers.everyone(scene.unit)
    named = await roles.aliases(scene.unit, Role.VOLUNTEER)
    by_standing = {
        standing: sorted(named[one.id] for one in everyone if one.standing is standing and one.id in named)
        for standing in Standing
    }
    values = {
        "trusted": ", ".join(by_standing[Standing.FULL]) or NOBODY,
        "new": ", ".join(by_standing[Standing.PROBATION]) or NOBODY,
        "waiting": str(sum(one.standing is Standing.NEWCOMER for one in everyone)),
        "present": str(len(present(everyone, scene.now, zone=scene.zone))),
        "invites": str(await invites.count_open(scene.unit, Role.VOLUNTEER, now=scene.now)),
    }
    return Outcome(name="shown", values=values)


async def invite(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """An invitation to volunteer. Outcomes: `link` with `link`; `payload` with `payload` where no name is known."""
    await note.act(scene, Act.INVITE, thing=Thing.VOLUNTEER)
    made = await invitation.make(scene, Role.VOLUNTEER, made_by=scene.person.id)
    if made.link is None:
        return Outcome(name="payload", values={"payload": made.payload})
    return Outcome(name="link", values={"link": made.link})


async def find(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The volunteer of the typed `name`. Outcomes: `probation`, `full`, with `alias`, `needs`, `lines`; `unknown`."""
    alias = "".join(inputs["name"].split()).strip(".\u200e\u200f").casefold()
    found = await _called(scene, alias)
    if found is None:
        return Outcome(name="unknown")
    lines = len(await cases.of_volunteer(scene.unit, found.id))
    values = {"alias": alias, "needs": _needs(found), "lines": str(lines)}
    return Outcome(name=found.standing.value, values=values)


async def lift(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End the probation of `alias`. Outcomes: `lifted`, `gone`."""
    found = await _called(scene, inputs["alias"])
    if found is None or found.standing is not Standing.PROBATION:
        return Outcome(name="gone")
    await note.act(scene, Act.LIFT, thing=Thing.VOLUNTEER)
    await volunteers.save(scene.unit, replace(found, standing=Standing.FULL))
    await lanes.to_person(scene.unit, found.id, Raised(flow="lifted", subject=""), now=scene.now)
    return Outcome(name="lifted")


async def verify(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Let `alias` verify from now on, and tell them, or no more. Outcomes: `done` with `needs`, `gone`."""
    found = await _called(scene, inputs["alias"])
    if found is None:
        return Outcome(name="gone")
    changed = replace(found, needs=found.needs ^ {Need.VERIFY})
    await note.act(scene, Act.VERIFY, thing=Thing.VOLUNTEER)
    await volunteers.save(scene.unit, changed)
    if Need.VERIFY in found.needs:
        await verifying.free(scene.unit, found.id, now=scene.now)
    else:
        await lanes.to_person(scene.unit, found.id, Raised(flow="verifier", subject=""), now=scene.now)
        await duty.offer_again(scene.unit, changed, now=scene.now)
    return Outcome(name="done", values={"needs": _needs(changed)})


async def revoke(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End the volunteering of `alias`, at once: no word of theirs is delivered now. Outcomes: `revoked`, `gone`."""
    found = await _called(scene, inputs["alias"])
    if found is None:
        return Outcome(name="gone")
    await note.act(scene, Act.REVOKE, thing=Thing.VOLUNTEER)
    await duty.end(scene.unit, found.id, now=scene.now)
    await part(scene, found.id)
    return Outcome(name="revoked")


async def on_call(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The `hours` in which this organizer is on call. Outcome: `shown`."""
    hours = await volunteers.hours_on_call(scene.unit, scene.person.id)
    return Outcome(name="shown", values={"hours": str(hours)})


async def toggle_on_call(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Be on call in `quarter` on `days` from now on, or no more. Outcome: `done`."""
    if Role.ORGANIZER not in scene.roles:
        raise LookupError("not an organizer")
    before, days = await volunteers.hours_on_call(scene.unit, scene.person.id), inputs["days"].split()
    hours = toggled(before, map(int, days), quarter=Quarter[inputs["quarter"].upper()])
    await volunteers.set_on_call(scene.unit, scene.person.id, hours=hours)
    return Outcome(name="done", values={"hours": str(hours)})


async def _called(scene: Scene, alias: str) -> Volunteer | None:
    """The volunteer of that alias. Raises LookupError for whoever may not ask."""
    if Role.ORGANIZER not in scene.roles:
        raise LookupError("not an organizer")
    who = await roles.holder_of(scene.unit, alias, Role.VOLUNTEER)
    return await volunteers.load(scene.unit, who) if who else None


def _needs(volunteer: Volunteer) -> str:
    return " ".join(one.value for one in Need if one in volunteer.needs) or "none"

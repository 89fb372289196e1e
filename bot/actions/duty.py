"""Being on duty: by the hours of the week or by hand, what happens when it begins, and what when it ends for good.

A timer in the volunteer's own lane notes each next change, so that whoever waits is offered again when somebody comes.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.case import Need, Opened, Why
from bot.model.consent import Purpose, Standing
from bot.model.person import Role
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.volunteer import Duty, Volunteer, by_hand_until, is_away, is_on_duty, next_change
from bot.store import caseload, cases, consents, lanes, roles, timers, volunteers
from bot.store.unit import Unit

TIMER: Final = "turns"  # the prompt that runs it, beside whatever is open


async def own(scene: Scene) -> Volunteer:
    """The volunteer whose turn it is. Raises LookupError for who is none."""
    found = await volunteers.load(scene.unit, scene.person.id)
    if found is None or Role.VOLUNTEER not in scene.roles:
        raise LookupError("not a volunteer")
    return found


async def verifies(scene: Scene) -> bool:
    """Whether whoever's turn it is volunteers for the letter team."""
    found = await volunteers.load(scene.unit, scene.person.id)
    return found is not None and Need.VERIFY in found.needs and Role.VOLUNTEER in scene.roles


async def has_to_agree(scene: Scene) -> bool:
    """Whether the conduct has changed since they agreed to it, or they took that back."""
    found = await consents.standing(scene.unit, scene.person.id, Purpose.CONDUCT)
    return found in (Standing.CHANGED, Standing.WITHDRAWN)


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Whether they are on duty.

    Outcomes: `away`; `on`, `off` with `until`; `on_open`, `off_open` without an end; `to_agree` as of `has_to_agree`.
    """
    found = await own(scene)
    if await has_to_agree(scene):
        return Outcome(name="to_agree")
    if is_away(found, scene.now, zone=scene.zone) and found.away_until:
        return Outcome(name="away", values={"until": found.away_until.isoformat()})
    name = "on" if is_on_duty(found, scene.now, zone=scene.zone) else "off"
    until = next_change(found, scene.now, zone=scene.zone)
    return Outcome(name=name, values={"until": until.isoformat()}) if until else Outcome(name=f"{name}_open")


async def change(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Go on `duty` or off it by hand, or follow the `hours` again; who was away is back. Outcome: `done`."""
    found, duty = await own(scene), Duty(inputs["duty"])
    until = None if duty is Duty.HOURS else by_hand_until(found, scene.now, zone=scene.zone)
    await settle(scene, replace(found, duty=duty, duty_until=until, away_until=None, deputy_id=None))
    return Outcome(name="done")


async def turns(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Their duty begins or ends by itself. Outcome: `done`."""
    await settle(scene, await own(scene), was_on_duty=False)
    return Outcome(name="done")


async def off(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """No offers until they go on duty again; whoever they accompany stays with them. Outcome: `done`."""
    await settle(scene, replace(await own(scene), duty=Duty.OFF, duty_until=None))
    return Outcome(name="done")


async def rest(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """No offers until they go on duty again; whoever they accompany is offered to others. Outcome: `done`."""
    await free(scene.unit, scene.person.id, why=Why.AWAY, now=scene.now)
    await settle(scene, replace(await own(scene), duty=Duty.OFF, duty_until=None))
    return Outcome(name="done")


async def settle(scene: Scene, changed: Volunteer, *, was_on_duty: bool | None = None) -> None:
    """Write a volunteer; note the next change of their duty; let who waits be offered where it begins now."""
    before = await volunteers.load(scene.unit, changed.id)
    if was_on_duty is None:
        was_on_duty = before is not None and is_on_duty(before, scene.now, zone=scene.zone)
    await volunteers.save(scene.unit, changed)
    lane = Lane(kind=LaneKind.PERSON, id=changed.id)
    await timers.cancel(scene.unit, lane, [TIMER])
    if at := next_change(changed, scene.now, zone=scene.zone):
        timer = Timer(lane=lane, kind=TIMER, due_at=at, version=at.isoformat())
        await timers.put(scene.unit, [timer], now=scene.now)
    if is_on_duty(changed, scene.now, zone=scene.zone) and not was_on_duty:
        await offer_again(scene.unit, changed, now=scene.now)


async def free(unit: Unit, volunteer_id: int, *, why: Why, now: datetime) -> None:
    """Nobody is accompanied by them any more: each case is offered again, its old words are not delivered."""
    await cases.free_all(unit, volunteer_id, why=why, now=now)


async def end(unit: Unit, volunteer_id: int, *, now: datetime) -> None:
    """They volunteer no more, at once."""
    await free(unit, volunteer_id, why=Why.REVOKED, now=now)
    await roles.revoke(unit, volunteer_id, Role.VOLUNTEER)
    await volunteers.remove(unit, volunteer_id)
    await consents.withdraw(unit, volunteer_id, purposes=[Purpose.CONDUCT], today=now.date())
    await timers.cancel(unit, Lane(kind=LaneKind.PERSON, id=volunteer_id), [TIMER])


async def offer_again(unit: Unit, volunteer: Volunteer, *, now: datetime) -> None:
    """Whoever waits and could be theirs is looked at once more, the longest waiting first."""
    for case in await caseload.waiting(unit):
        if case.need in volunteer.needs and case.language in volunteer.languages:
            await lanes.to_case(unit, case.id, Opened(), now=now)

"""Joining as a volunteer: an invitation that is used once, the conduct that is agreed to, and being vouched for.

Nothing is kept of whoever does not come that far; the role is granted by whoever vouches, with a code that the newcomer
tells them by another way.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.actions import note
from bot.actions.role import FORGOTTEN, digits
from bot.actions.scene import Scene
from bot.engine.alert import Alert
from bot.engine.event import Outcome, Raised
from bot.model.audit import Act, Thing
from bot.model.consent import Purpose
from bot.model.person import Language, Role
from bot.model.volunteer import ON_PROBATION, Standing, Volunteer
from bot.store import audit, consents, invites, lanes, roles, spoken, volunteers


async def enter(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Use the invitation `invite`, for an adult. Outcomes: `entered`, `gone`."""
    if await volunteers.load(scene.unit, scene.person.id):
        return Outcome(name="entered")
    found = await invites.accept(scene.unit, int(inputs["invite"] or 0), now=scene.now)
    if found is None or not scene.person.adult:
        return Outcome(name="gone")
    newcomer = Volunteer(
        id=scene.person.id,
        standing=Standing.NEWCOMER,
        languages=frozenset({scene.person.language or Language.HEBREW}),
        needs=frozenset(),
        capacity=ON_PROBATION,
    )
    await volunteers.add(scene.unit, newcomer, today=scene.now.date())
    await spoken.invited(scene.unit, scene.person.id, by=found.made_by)
    return Outcome(name="entered")


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """How far this person is. Outcomes: `stranger`, `to_agree`, `waiting`, `volunteer`."""
    found = await volunteers.load(scene.unit, scene.person.id)
    if found is None:
        return Outcome(name="stranger")
    if not await consents.may(scene.unit, scene.person.id, Purpose.CONDUCT):
        return Outcome(name="to_agree")
    return Outcome(name="waiting" if found.standing is Standing.NEWCOMER else "volunteer")


async def wait(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """A newcomer's new `code`; the first one lets the organizers know. Outcomes: `waiting`, `gone`."""
    found = await volunteers.load(scene.unit, scene.person.id)
    if found is None or found.standing is not Standing.NEWCOMER:
        return Outcome(name="gone")
    if not await spoken.has_given(scene.unit, scene.person.id):
        asked = await roles.holders(scene.unit, Role.ORGANIZER)
        events = [(id_, Raised(flow="newcomer", subject="")) for id_ in asked if id_ != scene.person.id]
        await lanes.to_people(scene.unit, events, now=scene.now)
    return Outcome(name="waiting", values={"code": await spoken.give(scene.unit, found.id, now=scene.now)})


async def turn_back(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """A newcomer does not go on; nothing of it is kept. Outcomes: `done`, `volunteer` for whoever is one already."""
    found = await volunteers.load(scene.unit, scene.person.id)
    if found and found.standing is not Standing.NEWCOMER:
        return Outcome(name="volunteer")
    if found:
        await volunteers.remove(scene.unit, scene.person.id)
        await consents.withdraw(
            scene.unit, scene.person.id, purposes=[Purpose.CONDUCT], today=scene.now.date()
        )
    return Outcome(name="done")


async def vouch(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Let in the newcomer who told the `code`: on probation, with the role. Outcomes: `vouched` with `alias`, `wrong`.

    Whoever invited them cannot be the one who vouches; whoever is on probation cannot vouch at all.
    """
    unit, who = scene.unit, scene.person.id
    found = await spoken.heard(unit, who, code=digits(inputs["code"]), now=scene.now)
    newcomer = await volunteers.load(unit, found.person_id) if found else None
    agreed = newcomer is not None and await consents.may(unit, newcomer.id, Purpose.CONDUCT)
    refused = found is None or newcomer is None or not agreed or who in (found.person_id, found.invited_by)
    if (
        refused
        or newcomer is None
        or newcomer.standing is not Standing.NEWCOMER
        or not await _may_vouch(scene)
    ):
        if await spoken.missed(unit, who, now=scene.now):
            await note.tell(scene, Alert.CODES, rarely=True)
        return Outcome(name="wrong", values=FORGOTTEN)
    today = scene.now.date()
    await volunteers.save(unit, replace(newcomer, standing=Standing.PROBATION))
    await spoken.use_up(unit, newcomer.id)
    await spoken.invited(unit, newcomer.id, by=None)
    await roles.grant(unit, newcomer.id, Role.VOLUNTEER, today=today)
    await audit.write(unit, actor=await _alias(scene), act=Act.VOUCH, thing=Thing.VOLUNTEER, today=today)
    await lanes.to_person(unit, newcomer.id, Raised(flow="welcomed", subject=""), now=scene.now)
    alias = await roles.alias_of(unit, newcomer.id, Role.VOLUNTEER)
    return Outcome(name="vouched", values={**FORGOTTEN, "alias": alias or ""})


async def _may_vouch(scene: Scene) -> bool:
    if Role.ORGANIZER in scene.roles:
        return True
    own = await volunteers.load(scene.unit, scene.person.id)
    return own is not None and own.standing is Standing.FULL and Role.VOLUNTEER in scene.roles


async def _alias(scene: Scene) -> str:
    """What the audit calls whoever vouches."""
    held = Role.ORGANIZER if Role.ORGANIZER in scene.roles else Role.VOLUNTEER
    return await roles.alias_of(scene.unit, scene.person.id, held) or ""

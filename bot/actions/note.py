"""Privileged acts: the gate before them, a line in the audit, and a note to the organizers whom it concerns."""

from collections.abc import Awaitable, Callable, Mapping

from bot.actions.scene import Scene
from bot.engine.alert import Alert, Alerted
from bot.engine.event import Outcome
from bot.model.audit import Act, Thing
from bot.model.person import Role
from bot.store import alerts, audit, lanes, roles

Action = Callable[[Scene, Mapping[str, str]], Awaitable[Outcome]]


def for_organizers(action: Action) -> Action:
    """The action, for organizers. Whoever is none fails the turn: no flow leads them here but by mistake."""

    async def gated(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
        await audit.alias_of(scene.unit, scene.person.id)
        return await action(scene, inputs)

    return gated


async def act(scene: Scene, done: Act, *, thing: Thing = Thing.BOT) -> None:
    """Write down that this organizer did it. Raises LookupError for who is none: then nothing is done.

    Acts are written one after the other, so it is asked again behind the one before, which may have taken this role.
    """
    actor = await audit.alias_of(scene.unit, scene.person.id)
    await audit.write(scene.unit, actor=actor, act=done, thing=thing, today=scene.now.date())
    await audit.alias_of(scene.unit, scene.person.id)


async def tell(scene: Scene, alert: Alert, *, rarely: bool = False) -> None:
    """Let every other organizer know: each time, where it is about the team itself, or `rarely`, once an hour."""
    others = [one for one in await roles.holders(scene.unit, Role.ORGANIZER) if one != scene.person.id]
    is_due = bool(others) and await alerts.raise_one(scene.unit, alert, now=scene.now)
    if rarely and not is_due:
        return
    await lanes.to_people(scene.unit, [(one, Alerted(alert=alert)) for one in others], now=scene.now)

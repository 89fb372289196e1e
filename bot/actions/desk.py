"""What organizers do: look how the bot is, pause it, open it again, seal it. Each act is in the audit.

Whoever is no organizer does not get here, because the flow is not there for them; if a flow were wrong about that,
`alias_of` fails the turn.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.audit import Act, Thing
from bot.model.person import Role
from bot.store import alerts, audit, dead, inbox, pauses, proof, roles

REASON: Final = "organizer"
DAY: Final = timedelta(days=1)


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """How the bot is. Outcomes: `open`, `paused`, both with `waiting`, `dead`, `alerts` and `organizers` to show."""
    values = {
        "waiting": str(await inbox.depth(scene.unit) - 1),  # without this turn's own row
        "dead": str(await dead.depth(scene.unit)),
        "alerts": str(await alerts.count_since(scene.unit, scene.now - DAY)),
        "organizers": str(len(await roles.holders(scene.unit, Role.ORGANIZER))),
    }
    is_paused = await pauses.held(scene.unit, pauses.EVERYTHING)
    return Outcome(name="paused" if is_paused else "open", values=values)


async def pause(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Hold everything the bot says by itself, and answer nobody for now. Outcomes: `paused`, `already`."""
    if await pauses.held(scene.unit, pauses.EVERYTHING):
        return Outcome(name="already")
    await _note(scene, Act.PAUSE)
    await pauses.hold(scene.unit, pauses.EVERYTHING, reason=REASON)
    return Outcome(name="paused")


async def resume(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End the pause; takes a code proven shortly before. Outcomes: `resumed`, `already`, `unproven`."""
    if not await proof.is_elevated(scene.unit, scene.person.id, now=scene.now):
        return Outcome(name="unproven")
    if not await pauses.held(scene.unit, pauses.EVERYTHING):
        return Outcome(name="already")
    await _note(scene, Act.RESUME)
    await pauses.resume(scene.unit, pauses.EVERYTHING)
    return Outcome(name="resumed")


async def seal(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Have every process of the bot end within a second; none starts until it is unsealed. Outcome: `sealed`."""
    await _note(scene, Act.SEAL)
    await pauses.hold(scene.unit, pauses.SEALED, reason=REASON)
    return Outcome(name="sealed")


async def _note(scene: Scene, act: Act) -> None:
    actor = await audit.alias_of(scene.unit, scene.person.id)
    await audit.write(scene.unit, actor=actor, act=act, thing=Thing.BOT, today=scene.now.date())

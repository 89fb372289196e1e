"""Something to pass on: the bot's own link, without anything in it that says who passed it on."""

from collections.abc import Mapping

from bot.actions import invitation
from bot.actions.scene import Scene
from bot.engine.event import Outcome


async def link(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Bring the link. Outcomes: `there`, and `unnamed` where the bot's own name is not known."""
    found = await invitation.link(scene)
    scene.attached = found.encode() if found else None
    return Outcome(name="there" if found else "unnamed")

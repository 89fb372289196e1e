"""What organizers do: look how the bot is, pause it, open it again, seal it, pull a card. Each act is in the audit.

Whoever is no organizer does not get here, because the flow is not there for them; if a flow were wrong about that,
`alias_of` fails the turn.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.actions import note
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.audit import Act, Thing
from bot.model.person import Role
from bot.model.review import PullReason
from bot.store import alerts, cards, dead, inbox, invites, pauses, proof, proposals, roles

REASON: Final = "organizer"
DAY: Final = timedelta(days=1)


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """How the bot is. Outcomes: `open`, `paused`, both with `waiting`, `dead`, `alerts` and `organizers` to show."""
    told = await alerts.kinds_since(scene.unit, scene.now - DAY)
    values = {
        "waiting": str(await inbox.depth(scene.unit) - 1),  # without this turn's own row
        "dead": str(await dead.depth(scene.unit)),
        "alerts": " ".join(f"alert_{kind}" for kind in told) or "alert_none",
        "invites": str(await invites.count_open(scene.unit, Role.ORGANIZER, now=scene.now)),
        "proposals": str(len(await proposals.all_open(scene.unit, now=scene.now))),
        "organizers": str(len(await roles.holders(scene.unit, Role.ORGANIZER))),
    }
    is_paused = await pauses.held(scene.unit, pauses.EVERYTHING)
    return Outcome(name="paused" if is_paused else "open", values=values)


async def pause(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Hold everything the bot says by itself, and answer nobody for now. Outcomes: `paused`, `already`."""
    if await pauses.held(scene.unit, pauses.EVERYTHING):
        return Outcome(name="already")
    await note.act(scene, Act.PAUSE)
    await pauses.hold(scene.unit, pauses.EVERYTHING, reason=REASON)
    return Outcome(name="paused")


async def resume(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End the pause; takes a code proven shortly before. Outcomes: `resumed`, `already`, `unproven`."""
    if not await proof.is_elevated(scene.unit, scene.person.id, now=scene.now):
        return Outcome(name="unproven")
    if not await pauses.held(scene.unit, pauses.EVERYTHING):
        return Outcome(name="already")
    await note.act(scene, Act.RESUME)
    await pauses.resume(scene.unit, pauses.EVERYTHING)
    return Outcome(name="resumed")


async def seal(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Have every process of the bot end within a second; none starts until it is unsealed. Outcome: `sealed`."""
    await note.act(scene, Act.SEAL)
    await pauses.hold(scene.unit, pauses.SEALED, reason=REASON)
    return Outcome(name="sealed")


async def list_cards(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The names of the cards that could be pulled, as `cards`. Outcome: `listed`."""
    gone = await cards.pulled(scene.unit)
    names = [name for name, one in scene.cards.items() if not one.card.always and one.content not in gone]
    return Outcome(name="listed", values={"cards": ", ".join(sorted(names))})


async def find(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The card of the `name` that was typed, as `card`. Outcomes: `found`, `unknown`, `fixed` (it always shows)."""
    typed = "_".join(inputs["name"].strip(" .\u200e\u200f").casefold().split())
    one = next((one for name, one in scene.cards.items() if name.casefold() == typed), None)
    if one is None or one.content in await cards.pulled(scene.unit):
        return Outcome(name="unknown")
    return Outcome(name="fixed") if one.card.always else Outcome(name="found", values={"card": one.card.id})


async def pull(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Show `card`, as it reads now, to nobody from the next batch on. Outcomes: `pulled`, `already` (or gone)."""
    one = scene.cards.get(inputs["card"])
    if one is None or one.content in await cards.pulled(scene.unit):
        return Outcome(name="already")
    await note.act(scene, Act.PULL, thing=Thing.CARD)
    reason = PullReason(inputs["reason"])
    await cards.pull(scene.unit, one.card.id, one.content, reason=reason, now=scene.now)
    return Outcome(name="pulled")

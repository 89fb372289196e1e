"""What organizers do: look how the bot is, pause it, open it again, seal it, pull a card. Each act is in the audit.

Whoever is no organizer does not get here, because the flow is not there for them; if a flow were wrong about that,
`alias_of` fails the turn.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from bot.actions import doubt, health, note, phone, waits
from bot.actions.roster import NOBODY
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.audit import Act, Thing
from bot.model.review import PullReason, Review, due, expired
from bot.model.review import Standing as CardStanding
from bot.model.volunteer import Standing
from bot.store import cards, caseload, doubts, notices, pauses, proof, proposals, volunteers

REASON: Final = "organizer"
SOON: Final = timedelta(days=14)


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """What needs somebody now. Outcomes: `quiet`; with numbers `busy`, and `phones` where one waits to be confirmed.

    All with whether the bot is open, as `state`.
    """
    waiting = await caseload.waiting(scene.unit)
    numbers = {
        "waits": len(waiting),
        "newcomers": sum(one.standing is Standing.NEWCOMER for one in await volunteers.everyone(scene.unit)),
        "proposals": len(await proposals.all_open(scene.unit, now=scene.now)),
        "notices": len(await notices.running(scene.unit)),
        "cards": len(await _past_their_time(scene)),
        "doubts": len(await doubt.doubted(scene.unit, scene.cards)),
        "phones": len(await phone.everyone(scene.unit)),
    }
    alerts = await health.told(scene.unit, scene.now)
    is_paused = await pauses.held(scene.unit, pauses.EVERYTHING)
    values = {name: str(number) for name, number in numbers.items()} | {
        "state": "bot_paused" if is_paused else "bot_open",
        "age": waits.age_of(waiting, scene.now) if waiting else "dash",
        "alerts": alerts,
    }
    is_quiet = not any(numbers.values()) and alerts == health.NO_ALERT and not is_paused
    busy = "phones" if numbers["phones"] else "busy"
    return Outcome(name="quiet" if is_quiet else busy, values=values)


async def brakes(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Whether everything is held. Outcomes: `open`, `paused`."""
    return Outcome(name="paused" if await pauses.held(scene.unit, pauses.EVERYTHING) else "open")


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


async def look_at_cards(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The names of the cards that are `expired`, `due` soon and `pulled`; how many are no more than drafts. `seen`."""
    today = scene.now.date()
    gone = await cards.pulled(scene.unit)
    standing = {name: one.standing(today, pulled=gone) for name, one in scene.cards.items()}
    of = {
        state: sorted(name for name, found in standing.items() if found is state)
        for state in (CardStanding.EXPIRED, CardStanding.PULLED)
    }
    soon = [one.card.id for one in due(scene.cards, today=today, within=SOON) if one.content not in gone]
    counts = await doubts.counts(scene.unit)
    said = await doubt.doubted(scene.unit, scene.cards)
    values = {
        "doubted": _names([f"{one.card.id} ({counts[one.content]})" for one in said]),
        "expired": _names(of[CardStanding.EXPIRED]),
        "pulled": _names(of[CardStanding.PULLED]),
        "due": _names(soon),
        "drafts": str(sum(found in (CardStanding.DRAFT, CardStanding.STALE) for found in standing.values())),
    }
    return Outcome(name="seen", values=values)


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
    await doubts.end(scene.unit, [each.id for each in await doubts.of(scene.unit, one.content)])
    return Outcome(name="pulled")


async def _past_their_time(scene: Scene) -> Sequence[Review]:
    """The cards that were approved once and are shown to nobody until they are looked at again."""
    return expired(scene.cards, today=scene.now.date(), pulled=await cards.pulled(scene.unit))


def _names(names: Sequence[str]) -> str:
    return ", ".join(names) or NOBODY

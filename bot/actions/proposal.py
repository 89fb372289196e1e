"""What takes two organizers: one proposes, another one approves, each with a code proven shortly before.

An approved act is done in the approver's turn. Refusing is the safe direction and takes no code. The others hear of a
proposal, and its proposer of how it ended, by prompts with fixed words.
"""

import base64
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.actions import note
from bot.actions.scene import Scene
from bot.engine.event import Outcome, Raised
from bot.model.audit import Act, Thing
from bot.model.person import Role
from bot.model.proposal import Deed, Proposal, Verdict, Vote
from bot.store import audit, invites, lanes, memo, proof, proposals, roles
from bot.store.crypto import TOTP_BYTES

PAYLOAD_BYTES: Final = 16
NAME_MEMO: Final = "telegram_name"
SHORT: Final = 8
ALONE: Final = 2  # who is not that many can't ask each other


async def next_one(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The open proposal after that of `id`, in a circle. Outcomes: `open`, `own`, `none`."""
    mine = await audit.alias_of(scene.unit, scene.person.id)
    there = await proposals.all_open(scene.unit, now=scene.now)
    if not there:
        return Outcome(name="none")
    ids = [str(one.id) for one in there]
    place = ids.index(inputs["id"]) + 1 if inputs["id"] in ids else 0
    one = there[place % len(there)]
    values = {
        "id": str(one.id),
        "content": one.content,
        "short": one.content[:SHORT],
        "deed": one.deed.value,
        "who": one.proposer,
        "until": one.ends_at.isoformat(),
    }
    return Outcome(name="own" if one.proposer == mine else "open", values=values)


async def act(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Do what `wish` says. Outcomes: those of `propose`, `approve` and `refuse`."""
    return await WISHES[inputs["wish"]](scene, inputs)


async def propose(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Ask for another organizer. Outcomes: `proposed`, `already`, `alone`, `unproven`."""
    if not await proof.is_elevated(scene.unit, scene.person.id, now=scene.now):
        return Outcome(name="unproven")
    if len(await roles.holders(scene.unit, Role.ORGANIZER)) < ALONE:
        return Outcome(name="alone")
    if await proposals.all_open(scene.unit, now=scene.now):
        return Outcome(name="already")
    await note.act(scene, Act.PROPOSE, thing=Thing.ORGANIZER)
    mine = await audit.alias_of(scene.unit, scene.person.id)
    made = await proposals.propose(scene.unit, Deed.ADD_ORGANIZER, proposer=mine, now=scene.now)
    others = [one for one in await roles.holders(scene.unit, Role.ORGANIZER) if one != scene.person.id]
    asked = Raised(flow="proposed", subject=str(made.id))
    await lanes.to_people(scene.unit, [(one, asked) for one in others], now=scene.now)
    return Outcome(name="proposed")


async def approve(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Say the second yes to `id` as `content` was shown; it is done then. Outcomes: `approved`, `gone`, `unproven`."""
    if not await proof.is_elevated(scene.unit, scene.person.id, now=scene.now):
        return Outcome(name="unproven")
    one = await _decided(scene, inputs, Verdict.APPROVED)
    if one is None:
        return Outcome(name="gone")
    await note.act(scene, Act.APPROVE, thing=Thing.ORGANIZER)
    await _invite(scene, one)
    return Outcome(name="approved")


async def refuse(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Say no to `id`, or take one's own back. Outcomes: `refused`, `gone`."""
    one = await _decided(scene, inputs, Verdict.REFUSED)
    if one is None:
        return Outcome(name="gone")
    await note.act(scene, Act.REFUSE, thing=Thing.ORGANIZER)
    if (proposer := await _proposer(scene, one)) not in (None, scene.person.id):
        told = Raised(flow="declined", subject=str(one.id))
        await lanes.to_people(scene.unit, [(proposer, told)], now=scene.now)
    return Outcome(name="refused")


WISHES: Final[Mapping[str, Callable[[Scene, Mapping[str, str]], Awaitable[Outcome]]]] = {
    "propose": propose,
    "approve": approve,
    "refuse": refuse,
}


async def _decided(scene: Scene, inputs: Mapping[str, str], verdict: Verdict) -> Proposal | None:
    mine = await audit.alias_of(scene.unit, scene.person.id)
    vote = Vote(verdict=verdict, by=mine, content=inputs["content"])
    return await proposals.decide(scene.unit, int(inputs["id"] or 0), vote=vote, now=scene.now)


async def _proposer(scene: Scene, one: Proposal) -> int | None:
    named = await roles.aliases(scene.unit, Role.ORGANIZER)
    return next((person_id for person_id, alias in named.items() if alias == one.proposer), None)


async def _invite(scene: Scene, one: Proposal) -> None:
    """The invitation; its link goes to whoever proposed it in chat, else to whoever approved. Its key stays sealed."""
    raw = scene.unit.keyring.entropy(PAYLOAD_BYTES)
    payload = base64.b32encode(raw).decode().rstrip("=").lower()
    secret = scene.unit.keyring.entropy(TOTP_BYTES)
    await invites.make(scene.unit, Role.ORGANIZER, payload=payload, secret=secret, now=scene.now)
    await note.act(scene, Act.INVITE, thing=Thing.ORGANIZER)
    name = await memo.get(scene.unit, f"{NAME_MEMO}/{scene.unit.bot}")
    link = f"https://t.me/{name}?start={payload}" if name else f"/start {payload}"
    whom = await _proposer(scene, one) or scene.person.id
    sent = Raised(flow="invitation", subject=str(one.id), values={"link": link})
    await lanes.to_person(scene.unit, whom, sent, now=scene.now)

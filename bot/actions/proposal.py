"""What takes two organizers: one proposes, another one approves, each with a code proven shortly before.

An approved act is done in the approver's turn. Refusing is the safe direction and takes no code. The others hear of a
proposal, and its proposer of how it ended, by prompts with fixed words; that nobody answered is told by a timer.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.actions import note
from bot.actions.deed import DOINGS, proposer, thing_of
from bot.actions.scene import Scene
from bot.engine.event import Outcome, Raised
from bot.model.audit import Act
from bot.model.person import Language, Role
from bot.model.proposal import UNANSWERED, Deed, Proposal, Verdict, Vote
from bot.model.queue import Lane, LaneKind, Timer
from bot.store import audit, lanes, proof, proposals, roles, timers

SHORT: Final = 8
ALONE: Final = 2  # who is not that many can't ask each other


async def next_one(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The open proposal after that of `id`, in a circle.

    Outcomes: its deed, `own`; `changed`, `own_changed` where a yes would not do what was asked any more; `none`.
    """
    mine = await audit.alias_of(scene.unit, scene.person.id)
    there = await proposals.all_open(scene.unit, now=scene.now)
    if not there:
        return Outcome(name="none")
    ids = [str(one.id) for one in there]
    place = ids.index(inputs["id"]) + 1 if inputs["id"] in ids else 0
    one = there[place % len(there)]
    values = dict(one.inputs) | {
        "id": str(one.id),
        "content": one.content,
        "short": one.inputs.get("bundle", one.content)[:SHORT],  # a file has the number that its keeper sees
        "deed": one.deed.value,
        "who": one.proposer,
        "until": one.ends_at.isoformat(),
    }
    if title := scene.letters.get(values.get("letter", "")):
        values["title"] = title.titles[scene.person.language or Language.HEBREW]
    is_mine, stands = one.proposer == mine, await _still_does(scene, one)
    if not stands:
        return Outcome(name="own_changed" if is_mine else "changed", values=values)
    return Outcome(name="own" if is_mine else one.deed.value, values=values)


async def look_later(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Whether what a note was about, `id`, can still be answered. Outcomes: `waits` with `until`; `over`."""
    one = await _there(scene, inputs["id"])
    return Outcome(name="waits", values={"until": one.ends_at.isoformat()}) if one else Outcome(name="over")


async def act(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Do what `wish` says. Outcomes: those of `propose`, `approve` and `refuse`."""
    return await WISHES[inputs["wish"]](scene, inputs)


async def propose(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Ask another organizer for the `deed`. Outcomes: `proposed`, `already`, `alone`, `gone`, `unproven`."""
    if not await proof.is_elevated(scene.unit, scene.person.id, now=scene.now):
        return Outcome(name="unproven")
    if len(await roles.holders(scene.unit, Role.ORGANIZER)) < ALONE:
        return Outcome(name="alone")
    deed, mine = Deed(inputs["deed"]), await audit.alias_of(scene.unit, scene.person.id)
    await _give_way(scene, deed, mine)
    if await proposals.all_open(scene.unit, now=scene.now):
        return Outcome(name="already")
    content = await DOINGS[deed].content(scene, inputs)
    if content is None:
        return Outcome(name="gone")
    await note.act(scene, Act.PROPOSE, thing=thing_of(deed, content))
    made = await proposals.propose(scene.unit, deed, proposer=mine, now=scene.now, inputs=content)
    others = [one for one in await roles.holders(scene.unit, Role.ORGANIZER) if one != scene.person.id]
    asked = Raised(flow="proposed", subject=str(made.id))
    await lanes.to_people(scene.unit, [(one, asked) for one in others], now=scene.now)
    ends = Timer(
        lane=Lane(kind=LaneKind.PERSON, id=scene.person.id),
        kind=UNANSWERED,
        due_at=made.ends_at,
        version=UNANSWERED,
        values={"id": str(made.id)},
    )
    await timers.put(scene.unit, [ends], now=scene.now)
    return Outcome(name="proposed")


async def approve(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Say the second yes to `id` as `content` was shown; it is done then.

    Outcomes: `approved`, or what the deed says instead; `gone`, `unproven`.
    """
    if not await _stands(scene, inputs):
        return Outcome(name="gone")
    if not await proof.is_elevated(scene.unit, scene.person.id, now=scene.now):
        return Outcome(name="unproven")
    one = await _decided(scene, inputs, Verdict.APPROVED)
    if one is None:
        return Outcome(name="gone")
    doing = DOINGS[one.deed]
    await note.act(scene, Act.APPROVE, thing=thing_of(one.deed, one.inputs))
    await doing.do(scene, one)
    if asked := await proposer(scene, one):
        told = Raised(flow=doing.told, subject=one.inputs.get(doing.about, str(one.id)))
        await lanes.to_person(scene.unit, asked, told, now=scene.now)
    return Outcome(name=doing.outcome)


async def refuse(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Say no to `id`, or take one's own back. Outcomes: `refused`, `gone`."""
    one = await _decided(scene, inputs, Verdict.REFUSED)
    if one is None:
        return Outcome(name="gone")
    await note.act(scene, Act.REFUSE, thing=thing_of(one.deed, one.inputs))
    asked = await proposer(scene, one)
    if asked not in (None, scene.person.id):
        told = Raised(flow="declined", subject=str(one.id))
        await lanes.to_person(scene.unit, asked, told, now=scene.now)
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


async def _stands(scene: Scene, inputs: Mapping[str, str]) -> bool:
    """Whether what was asked for would still do the same."""
    one = await _there(scene, inputs["id"])
    return one is not None and await _still_does(scene, one)


async def _still_does(scene: Scene, one: Proposal) -> bool:
    return await DOINGS[one.deed].content(scene, one.inputs) == one.inputs


async def _give_way(scene: Scene, deed: Deed, mine: str) -> None:
    """What this organizer asked for, and has changed since, is taken back: nobody could say yes to it any more."""
    for one in await proposals.all_open(scene.unit, now=scene.now):
        if one.deed is deed and one.proposer == mine and not await _still_does(scene, one):
            vote = Vote(verdict=Verdict.REFUSED, by=mine, content=one.content)
            await proposals.decide(scene.unit, one.id, vote=vote, now=scene.now)
            await note.act(scene, Act.REFUSE, thing=thing_of(deed, one.inputs))


async def _there(scene: Scene, id: str) -> Proposal | None:
    """The proposal of that id, while it is open."""
    there = await proposals.all_open(scene.unit, now=scene.now)
    return next((one for one in there if str(one.id) == id), None)

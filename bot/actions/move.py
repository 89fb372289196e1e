"""Going on in another app: a code made here and written there, and each side asked about itself.

Nothing of one side is shown or told on the other before its own person said yes where the code was made. Then the
side where it was written ends as "delete my data" ends it, and its address joins the first side.
"""

from collections.abc import Mapping
from typing import Final

from bot.actions import invitation, privacy
from bot.actions.note import Action
from bot.actions.scene import Scene
from bot.engine.event import Led, Outcome, Raised
from bot.engine.need import MOVE_IN, MOVED
from bot.model.person import Address, Platform, Role
from bot.store import lanes, memo, moves, proof, rekeyed, roles, sides

ASKED: Final = "move_asked"
OTHER: Final = {Platform.TELEGRAM: Platform.SIGNAL, Platform.SIGNAL: Platform.TELEGRAM}


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Which sides there are. Outcomes with `there`: `alone`, `prove` (a code of the app first), `first`, `later`."""
    if scene.here is None:
        return Outcome(name="nowhere")
    there = {"there": OTHER[scene.here.platform].value, "here": scene.here.platform.value}
    if len(scene.addresses) > 1:
        is_later = scene.addresses[0].id == scene.here.id
        return Outcome(name="later" if is_later else "first", values=there)
    must_prove = Role.ORGANIZER in scene.roles and not await proof.is_elevated(
        scene.unit, scene.person.id, now=scene.now
    )
    return Outcome(name="prove" if must_prove else "alone", values=there)


async def make(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """A code for the other app, and how to get there. Outcomes with `code`: `linked` with `link`, `made`."""
    there = Platform(inputs["there"])
    code = moves.new_code(scene.unit)
    await moves.make(scene.unit, scene.person.id, code=code, to=there, now=scene.now)
    values = {"code": f"{code[:4]}-{code[4:]}"}
    if link := await _link(scene, there):
        return Outcome(name="linked", values=values | {"link": link})
    return Outcome(name="made", values=values)


async def drop(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The code is good for nothing any more; whoever wrote it is told. Outcome: `dropped`."""
    await _refuse(scene)
    return Outcome(name="dropped", values={"code": "", "link": ""})


async def enter(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """A right code was written here. Outcomes: `known` (there is something here already), else as `claim`."""
    if len(scene.addresses) > 1:
        return Outcome(name="both")
    if await moves.has_own(scene.unit, scene.person.id):
        return Outcome(name="known")
    return await claim(scene, inputs)


async def claim(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Ask on the other side whether it was they. Outcomes: `asked` with `there`, `gone`."""
    found = await moves.claim(scene.unit, int(inputs["move"]), by=scene.person.id, now=scene.now)
    if found is None:
        return Outcome(name="gone")
    question = Raised(flow=ASKED, subject=inputs["move"], values={"there": found.goes_to.value})
    await lanes.to_person(scene.unit, found.person_id, question, now=scene.now)
    return Outcome(name="asked", values={"there": OTHER[found.goes_to].value})


async def agree(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """It was they: the side where the code was written hands itself over. Outcomes: `agreed`, `gone`."""
    found = await moves.agree(scene.unit, int(inputs["move"]), person_id=scene.person.id, now=scene.now)
    if found is None:
        return Outcome(name="gone")
    answers = {"move": inputs["move"], "clear": inputs["clear"]}
    await lanes.to_person(
        scene.unit, found.person_id, Led(flow=MOVE_IN, step="arrive", answers=answers), now=scene.now
    )
    return Outcome(name="agreed")


async def refuse(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """It was somebody else: the code is good for nothing. Outcome: `refused`."""
    await _refuse(scene)
    return Outcome(name="refused")


async def arrive(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """This side ends, and its address joins the other, which speaks here from now on. Outcomes: `arrived`, `gone`."""
    here = scene.here
    to = await moves.take(scene.unit, int(inputs["move"]), by=scene.person.id) if here else None
    if here is None or to is None:
        return Outcome(name="gone")
    await privacy.delete(scene, {})
    await sides.hand_over(scene.unit, here, to=to)
    answers = {"clear": inputs["clear"], "here": here.platform.value, "there": OTHER[here.platform].value}
    await lanes.to_person(scene.unit, to, Led(flow=MOVED, answers=answers), now=scene.now)
    scene.handed_over = True
    return Outcome(name="arrived")


async def settle(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """What becomes of the first side. Outcomes: `kept`, `cleared`, `waits` (something is on its way there)."""
    if inputs["clear"] != "yes":
        return Outcome(name="kept")
    return Outcome(name="cleared" if await _taken_off(scene, Platform(inputs["there"])) else "waits")


async def take_off(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Take the side in that app off, its chat cleared.

    Outcomes: `done`, `doubted` (another phone answered there), `rests` (and there is a role); `waits`; `gone`.
    """
    platform = Platform(inputs["which"])
    side = _side(scene, platform)
    if len(scene.addresses) < 2 or side is None:
        return Outcome(name="gone")
    is_doubted = await rekeyed.is_asked(scene.unit, side.id)
    if not await _taken_off(scene, platform):
        return Outcome(name="waits")
    if not is_doubted:
        return Outcome(name="done")
    return Outcome(name="rests" if await roles.resting_of(scene.unit, scene.person.id) else "doubted")


async def _taken_off(scene: Scene, platform: Platform) -> bool:
    side = _side(scene, platform)
    if side is None or not await sides.can_go(scene.unit, side):
        return False
    scene.left.append(side)
    return True


def _side(scene: Scene, platform: Platform) -> Address | None:
    return next((one for one in scene.addresses if one.platform is platform), None)


async def _refuse(scene: Scene) -> None:
    """No code of this person is good any more; whoever wrote one already hears that nothing moved."""
    wrote = await moves.drop(scene.unit, scene.person.id)
    if wrote is not None:
        await lanes.to_person(scene.unit, wrote, Led(flow=MOVE_IN, step="refused"), now=scene.now)


async def _link(scene: Scene, there: Platform) -> str | None:
    """Where the bot is in that app; None where it is not known."""
    if there is Platform.TELEGRAM:
        return await invitation.link(scene)
    return await memo.get(scene.unit, memo.LINK)


ACTIONS: Final[Mapping[str, Action]] = {
    "move.look": look,
    "move.make": make,
    "move.drop": drop,
    "move.enter": enter,
    "move.claim": claim,
    "move.agree": agree,
    "move.refuse": refuse,
    "move.arrive": arrive,
    "move.settle": settle,
    "move.take_off": take_off,
}

"""Single cases, as organizers see them: what for, how long, where it stands; nobody behind them, and no word of theirs.

Who waits can be called for, and a line can be given to somebody else. Both are the safe direction, so one organizer is
enough; each act is in the audit. A case that changed since it was shown is left as it is.
"""

from collections.abc import Mapping, Sequence

from bot.actions import note
from bot.actions.scene import Scene
from bot.actions.waits import age_of
from bot.engine.event import Led, Outcome
from bot.engine.need import LINE
from bot.model.audit import Act, Thing
from bot.model.case import HELD, Case, Freed, OfferState, Paged, Why
from bot.model.person import Role
from bot.store import caseload, cases, lanes, offers, roles

GONE = Outcome(name="gone")


async def next_waiting(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The case after `case` that nobody has, in a circle, the longest waiting first. Outcomes: `one`, `none`."""
    there = await caseload.waiting(scene.unit)
    one = _after(there, inputs["case"])
    if one is None:
        return Outcome(name="none")
    states = [offer.state for offer in await offers.of_case(scene.unit, one.id)]
    values = {
        "asked": str(states.count(OfferState.OPEN)),
        "passed": str(states.count(OfferState.PASSED) + states.count(OfferState.GIVEN_BACK)),
        "of": str(len(there)),
    }
    return Outcome(name="one", values=_values(scene, one) | values)


async def page(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Have whoever could take `case` asked now: volunteers, or with `whom` the organizers on call. `paged`, `gone`."""
    case = await cases.load(scene.unit, int(inputs["case"]))
    if case is None or case not in await caseload.waiting(scene.unit):
        return GONE
    await note.act(scene, Act.PAGE, thing=Thing.CASE)
    event = Paged(on_call=inputs["whom"] == Role.ORGANIZER)
    await lanes.to_case(scene.unit, case.id, event, now=scene.now)
    return Outcome(name="paged")


async def next_line(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The case after `case` that somebody has, of the volunteer `whose` where one is named. Outcomes: `one`, `none`."""
    there = await caseload.held(scene.unit)
    named = await _aliases(scene)
    if whose := inputs["whose"]:
        there = [one for one in there if named.get(one.volunteer_id or 0) == whose]
    one = _after(there, inputs["case"])
    if one is None:
        return Outcome(name="none")
    values = {"alias": named.get(one.volunteer_id or 0, ""), "epoch": str(one.epoch), "of": str(len(there))}
    return Outcome(name="one", values=_values(scene, one) | values)


async def move(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Take `case`, at the `epoch` that was shown, from whoever has it, and look for somebody else. `moved`, `gone`.

    Both hear it by the words that there are for it; nothing that was said at that epoch is delivered any more.
    """
    case = await cases.load(scene.unit, int(inputs["case"]))
    if case is None or case.state not in HELD or str(case.epoch) != inputs["epoch"]:
        return GONE
    if not await cases.free(scene.unit, case, now=scene.now):
        return GONE
    await note.act(scene, Act.MOVE, thing=Thing.CASE)
    if (had := case.volunteer_id) is not None:
        await offers.answer(scene.unit, case.id, had, state=OfferState.GIVEN_BACK)
        led = Led(
            flow=LINE, step="changed_volunteer", answers={"case": str(case.id), "who": case.person_name}
        )
        await lanes.to_person(scene.unit, had, led, now=scene.now)
    await lanes.to_case(scene.unit, case.id, Freed(epoch=case.epoch, why=Why.MOVED), now=scene.now)
    return Outcome(name="moved")


def _after(there: Sequence[Case], case_id: str) -> Case | None:
    """The one behind the case of that id, in a circle; the first where that one is not among them."""
    ids = [str(one.id) for one in there]
    place = ids.index(case_id) + 1 if case_id in ids else 0
    return there[place % len(there)] if there else None


def _values(scene: Scene, case: Case) -> dict[str, str]:
    return {
        "case": str(case.id),
        "need": case.need.value,
        "language": case.language.value,
        "age": age_of([case], scene.now),
        "state": f"case_{case.state}",
    }


async def _aliases(scene: Scene) -> Mapping[int, str]:
    """What the desk calls whoever could have a case; who organizes and volunteers is a volunteer here."""
    return await roles.aliases(scene.unit, Role.ORGANIZER) | await roles.aliases(scene.unit, Role.VOLUNTEER)

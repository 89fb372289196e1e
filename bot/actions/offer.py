"""What is answered to an offer. Accepting is one conditional UPDATE: of all who accept at once, one has the case."""

from collections.abc import Mapping

from bot.actions.duty import verifies
from bot.actions.scene import Scene
from bot.engine.event import Led, Outcome, Raised
from bot.engine.need import LINE
from bot.model.case import FOLLOWS, Case, CaseState, Need, OfferState, Paged, Passed
from bot.model.person import Role
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.search import A_DAY, CLAIM, SEARCH, two_names, wait_class
from bot.store import caseload, cases, lanes, offers, pauses, people, timers, volunteers
from bot.store.cases import Names


async def accept(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Take `case`: both sides are led to the line.

    Outcomes: `accepted`; `full`, or `enough` for one day, and others are asked at once; `taken` (by another, or over);
    `held` while everything is, and the question comes once more.
    """
    case = await cases.load(scene.unit, int(inputs["case"]))
    if case is None or not await _can_be_theirs(scene, case):
        return Outcome(name="taken")
    if await pauses.held(scene.unit, pauses.EVERYTHING):
        await _ask_again(scene, case, flow=inputs["flow"])
        return Outcome(name="held")
    held = await cases.of_volunteer(scene.unit, scene.person.id)
    if refusal := await _refusal(scene, held):
        await _leave_to_others(scene, case.id)
        return refusal
    found = await _claimed(scene, case, held)
    if found is None:
        return Outcome(name="taken")
    await offers.answer(scene.unit, found.id, scene.person.id, state=OfferState.ACCEPTED)
    await offers.settle(scene.unit, found.id)
    await _connect(scene, found)
    scene.counts["case.claimed"] += 1
    scene.counts[f"case.wait.{wait_class(scene.now - found.opened_at)}"] += 1
    return Outcome(name="accepted")


async def pass_on(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Not take `case`. Others are asked, and nobody learns of it. Outcome: `passed`."""
    _hold(bool(scene.roles))
    case_id = int(inputs["case"])
    await offers.answer(scene.unit, case_id, scene.person.id, state=OfferState.PASSED)
    await lanes.to_case(scene.unit, case_id, Passed(volunteer_id=scene.person.id), now=scene.now)
    return Outcome(name="passed")


async def page(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Have everybody asked about `case` once more, and whoever wants that too, later on. Outcome: `paged`."""
    _hold(Role.ORGANIZER in scene.roles)
    case_id = int(inputs["case"])
    await offers.answer(scene.unit, case_id, scene.person.id, state=OfferState.LATER)
    await lanes.to_case(scene.unit, case_id, Paged(), now=scene.now)
    return Outcome(name="paged")


async def _can_be_theirs(scene: Scene, case: Case) -> bool:
    """Whether nobody has it, and its person is not under eighteen by now: then only organizers can be beside them.

    A talk about a letter is for whoever is of the letter team still.
    """
    if case.need is Need.VERIFY and not await verifies(scene):
        return False
    known = (await people.load(scene.unit, [case.person_id])).get(case.person_id)
    is_minor = known is not None and known.person.adult is False
    return CaseState.CLAIMED in FOLLOWS[case.state] and (not is_minor or Role.ORGANIZER in scene.roles)


async def _ask_again(scene: Scene, case: Case, *, flow: str) -> None:
    """The same question, with the same buttons."""
    values = {"need": case.need.value, "language": case.language.value}
    raised = Raised(flow=flow, subject=str(case.id), values=values)
    await lanes.to_person(scene.unit, scene.person.id, raised, now=scene.now)


async def _refusal(scene: Scene, held: list[Case]) -> Outcome | None:
    """Why they can take nobody now; None where they can."""
    if await _has_enough(scene):
        return Outcome(name="enough")
    volunteer = await volunteers.load(scene.unit, scene.person.id)
    return Outcome(name="full") if volunteer and len(held) >= volunteer.room else None


async def _has_enough(scene: Scene) -> bool:
    """Whether they took as many cases in a day as one volunteer can; organizers, who come last, can always."""
    spent = await caseload.spent(scene.unit, since=scene.now - A_DAY, limit=scene.claims_a_day)
    return scene.person.id in spent and Role.ORGANIZER not in scene.roles


async def _leave_to_others(scene: Scene, case_id: int) -> None:
    """They can be asked about it again another day; meanwhile nobody waits for their answer."""
    await offers.answer(scene.unit, case_id, scene.person.id, state=OfferState.LATER)
    await lanes.to_case(scene.unit, case_id, Passed(volunteer_id=scene.person.id), now=scene.now)


def _hold(may: bool) -> None:
    """Whoever lacks the role does not get here; if a flow were wrong about that, the turn fails: LookupError."""
    if not may:
        raise LookupError("not on the team")


async def _claimed(scene: Scene, case: Case, held: list[Case]) -> Case | None:
    """The case as theirs, under two names that no other open case of either side has; None if they came too late."""
    others = [*held, *await cases.of_person(scene.unit, case.person_id)]
    taken = {name for one in others for name in (one.person_name, one.volunteer_name)}
    person, volunteer = two_names(scene.names, taken=taken, entropy=scene.unit.keyring.entropy)
    names = Names(person=person, volunteer=volunteer)
    return await cases.claim(scene.unit, case.id, scene.person.id, names=names, now=scene.now)


async def _connect(scene: Scene, case: Case) -> None:
    """Lead both to the line; if that fails, the timer of the claim has the case offered again."""
    lane = Lane(kind=LaneKind.CASE, id=case.id)
    await timers.cancel(scene.unit, lane, [SEARCH])
    due_at = scene.now + scene.patience.of(case.need).everybody
    await timers.put(
        scene.unit, [Timer(lane=lane, kind=CLAIM, due_at=due_at, version=str(case.epoch))], now=scene.now
    )
    led = [
        (who, Led(flow=LINE, step=step, answers={"case": str(case.id), "who": name}))
        for who, name, step in (
            (case.person_id, case.volunteer_name, ""),
            (scene.person.id, case.person_name, "enter"),  # who pressed comes to it whatever else is open
        )
    ]
    await lanes.to_people(scene.unit, led, now=scene.now)

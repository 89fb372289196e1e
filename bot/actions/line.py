"""What either side of a case can do with the line between them, beside writing on it: that is in `carry`.

`who` is whom the question named that is answered: it is not done to somebody who came in their place.
"""

from collections.abc import Mapping
from typing import Final

from bot.actions.end import End, await_word, end_of
from bot.actions.scene import Scene
from bot.engine.event import Led, Outcome, Raised
from bot.engine.need import LINE
from bot.model.case import HELD, CaseState, Freed, OfferState, Side, Why
from bot.model.consent import Purpose, Standing
from bot.model.search import CLAIM
from bot.model.silence import SILENCE
from bot.store import case_day, cases, consents, lanes, offers, timers

GONE: Final = Outcome(name="gone")
_AGREED: Final = (Standing.GIVEN, Standing.CHANGED)  # to the words of the question, be they others by now


async def enter(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Be on the line of `case`.

    Outcomes: `person`, `volunteer`, or in a talk about a letter `signatory`, `verifier`; with `who`, `need`. Or `gone`.
    """
    end = await end_of(scene, inputs["case"])
    if end is None:
        return GONE
    if end.side is Side.PERSON and end.case.state is CaseState.CLAIMED:
        await _connected(scene, end)
        await await_word(scene, end, of=Side.PERSON)
    await lanes.to_people(scene.unit, await _days(scene, end), now=scene.now)
    return _at(end)


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """At which side of `case` somebody is. Outcomes: as of `line.enter`."""
    end = await end_of(scene, inputs["case"])
    return _at(end) if end else GONE


async def pick(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The lines somebody has. Outcomes: `one`, with `case` and `who`; `several`, each is asked about; `none`.

    With `every`, a single one is asked about, too.
    """
    who = scene.person.id
    found = [
        one
        for one in (*await cases.of_person(scene.unit, who), *await cases.of_volunteer(scene.unit, who))
        if one.state in HELD
    ]
    ends = [End(case=one, side=side, other=0) for one in found if (side := one.side(who))]
    values = {"case": str(ends[0].case.id), "who": ends[0].who} if len(ends) == 1 else {}
    if len(ends) != 1 or inputs.get("every"):
        for end in ends:
            asked = Raised(flow="line_open", subject=str(end.case.id), values=_at(end).values)
            await lanes.to_people(scene.unit, [(who, asked), *await _days(scene, end)], now=scene.now)
    name = {0: "none", 1: "one"}.get(len(ends), "several")
    return Outcome(name=name, values=values)


async def switch(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Open the line of `case` on top of what is open, at `step` where it says so. Outcomes: `opened`, `gone`."""
    step = inputs.get("step", "")
    end = await end_of(scene, inputs["case"], who=inputs.get("who", "") if step else "")
    if end is None:
        return GONE
    step = step or ("enter" if end.case.state is CaseState.CLAIMED else "again")
    led = Led(flow=LINE, step=step, answers={"case": str(end.case.id), "who": end.who})
    await lanes.to_person(scene.unit, scene.person.id, led, now=scene.now)
    return Outcome(name="opened")


async def pause(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Take a break: the other side is told, nobody is reminded until somebody writes. Outcomes: `paused`, `gone`."""
    end = await end_of(scene, inputs["case"], who=inputs.get("who", ""))
    if end is None:
        return GONE
    if end.case.state is CaseState.CLAIMED:
        await _connected(scene, end)
    await cases.change(scene.unit, end.case, CaseState.PAUSED, now=scene.now)
    await await_word(scene, end, of=Side.VOLUNTEER)
    await _tell(scene, end, "line_paused")
    return Outcome(name="paused")


async def wait(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The person gives a silent volunteer more time. Outcomes: `waiting`, `gone`."""
    end = await end_of(scene, inputs["case"], who=inputs.get("who", ""))
    if end is None:
        return GONE
    await await_word(scene, end, of=Side.PERSON)
    return Outcome(name="waiting")


async def close(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End the case; the other side is told.

    Outcomes: who closed it, as of `line.enter`; `gone`.
    """
    end = await end_of(scene, inputs["case"], who=inputs.get("who", ""))
    if end is None or not await cases.close(scene.unit, end.case, now=scene.now):
        return GONE
    await timers.cancel(scene.unit, end.lane, [CLAIM, SILENCE])
    await offers.forget(scene.unit, end.case.id)
    part = _part(end)
    await _lead(scene, end, "ended_talk" if part == "verifier" else f"ended_{end.side.other}")
    scene.counts[f"case.closed.{end.side}"] += 1
    return Outcome(name=part)


async def other(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The person wants somebody else, without a reason. Outcomes: `looking`, `gone`."""
    end = await end_of(scene, inputs["case"], who=inputs.get("who", ""))
    if end is None or end.side is not Side.PERSON:
        return GONE
    await _free(scene, end, Why.OTHER)
    await _lead(scene, end, "changed_volunteer")
    return Outcome(name="looking")


async def hand_back(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The volunteer gives the case back, for a `reason` that is only counted. Outcomes: `given`, `gone`."""
    end = await end_of(scene, inputs["case"], who=inputs.get("who", ""))
    if end is None or end.side is not Side.VOLUNTEER:
        return GONE
    await _free(scene, end, Why.HANDED_BACK)
    scene.counts[f"case.handed_back.{inputs['reason']}"] += 1
    return Outcome(name="given")


async def propose(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Ask the other side whether both give each other a contact; never in a talk. Outcomes: `asked`, `gone`."""
    end = await end_of(scene, inputs["case"], who=inputs.get("who", ""))
    if end is None or end.is_talk:
        return GONE
    await _lead(scene, end, "exchange_asked")
    return Outcome(name="asked")


async def agree(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Both want to: each types what they choose to give. Outcomes: `agreed`; `back` if it was taken back; `gone`."""
    end = await end_of(scene, inputs["case"], who=inputs.get("who", ""))
    if end is None:
        return GONE
    if await consents.standing(scene.unit, end.other, Purpose.CONTACT) not in _AGREED:
        return Outcome(name="back")
    await _lead(scene, end, "exchange_type")
    return Outcome(name="agreed")


async def _connected(scene: Scene, end: End) -> None:
    await cases.change(scene.unit, end.case, CaseState.CONNECTED, now=scene.now)
    await timers.cancel(scene.unit, end.lane, [CLAIM])


async def _free(scene: Scene, end: End, why: Why) -> None:
    """The volunteer no longer has the case, and it never comes back to them."""
    if end.case.volunteer_id is None or not await cases.free(scene.unit, end.case, now=scene.now):
        return
    await timers.cancel(scene.unit, end.lane, [CLAIM, SILENCE])
    await offers.answer(scene.unit, end.case.id, end.case.volunteer_id, state=OfferState.GIVEN_BACK)
    await lanes.to_case(scene.unit, end.case.id, Freed(epoch=end.case.epoch, why=why), now=scene.now)


async def _tell(scene: Scene, end: End, flow: str) -> None:
    """Say something to the other side, beside whatever is open there."""
    values = {"who": end.case.name_for(end.side.other)}
    raised = Raised(flow=flow, subject=str(end.case.id), values=values)
    await lanes.to_person(scene.unit, end.other, raised, now=scene.now)


async def _lead(scene: Scene, end: End, step: str) -> None:
    """Take the other side to a step of the line."""
    values = {"case": str(end.case.id), "who": end.case.name_for(end.side.other)}
    await lanes.to_person(scene.unit, end.other, Led(flow=LINE, step=step, answers=values), now=scene.now)


async def _days(scene: Scene, end: End) -> list[tuple[int, Raised]]:
    """The day a case is about, for whoever is beside its person: told, and kept in no session of theirs."""
    day = await case_day.of(scene.unit, end.case) if end.side is Side.VOLUNTEER else None
    if day is None:
        return []
    values = {"who": end.who, "day": day.isoformat()}
    return [(scene.person.id, Raised(flow="line_day", subject=str(end.case.id), values=values))]


def _part(end: End) -> str:
    """What somebody is here: the steps of a talk about a letter are others."""
    if end.is_talk:
        return "signatory" if end.side is Side.PERSON else "verifier"
    return end.side.value


def _at(end: End) -> Outcome:
    return Outcome(name=_part(end), values={"who": end.who, "need": end.case.need.value})

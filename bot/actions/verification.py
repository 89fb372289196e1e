"""Talks of the letter team with whoever signed, before a letter is published: asking, agreeing, and yes or no after.

Organizers see numbers; the volunteer sees no name, and what they say is one word at what is sealed. Silence takes
nobody out of a publication, a no does.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.actions import note
from bot.actions.duty import own, verifies
from bot.actions.end import end_of
from bot.actions.letter import is_current, is_wanted
from bot.actions.scene import Scene
from bot.almanac import next_allowed
from bot.engine.event import Outcome
from bot.model.audit import Act, Thing
from bot.model.case import Need, Side
from bot.model.letter import Letter
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.signature import TALK, UNCONFIRMED, SignatureState, Verified
from bot.store import people, signatures, timers, verifying, volunteers

OVER: Final = Outcome(name="over")
_SAID: Final = {"yes": Verified.YES, "no": Verified.NO}


async def count(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """How far the talks about `letter` are, and how big the `team` is. Outcomes: `counted`, `gone`."""
    letter = _letter(scene, inputs["letter"])
    if letter is None:
        return Outcome(name="gone")
    found = await verifying.counts(scene.unit, letter.id, letter.fingerprint)
    values = {
        "confirmed": found.get(Verified.YES, 0),
        "refused": found.get(Verified.NO, 0),
        "open": found.get(Verified.ASKED, 0) + found.get(Verified.AGREED, 0),
        "unasked": found.get(None, 0),
        "team": await _team(scene),
    }
    return Outcome(name="counted", values={name: str(value) for name, value in values.items()})


async def ask(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Whoever stands under `letter` with a name is asked, once, whether they would talk with the letter team.

    Outcomes: `asked`; `nobody`, where nobody is of that team; `none`, who could be asked; `gone`.
    """
    letter = _letter(scene, inputs["letter"])
    if letter is None:
        return Outcome(name="gone")
    if not await _team(scene):
        return Outcome(name="nobody")
    found = await verifying.ask(scene.unit, letter.id, letter.fingerprint)
    await note.act(scene, Act.VERIFY, thing=Thing.LETTER)
    notes = [_note(scene, person_id, TALK, zone=zone) for person_id, zone in found]
    await timers.put(scene.unit, notes, now=scene.now)
    return Outcome(name="asked" if found else "none")


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """What this person is asked. Outcomes: `asked`; `gentle`, in the week after a hard moment; `over`."""
    if not await _is_asked(scene):
        return OVER
    return Outcome(name="gentle" if scene.is_gentle else "asked")


async def agree(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """They would talk; the case is opened by `case.open`. Outcomes: `agreed`, and as of `look`: `gentle`, `over`."""
    found = await look(scene, inputs)
    if found.name != "asked":
        return found
    await verifying.agree(scene.unit, scene.person.id)
    return Outcome(name="agreed")


async def told(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Whether that it could not be confirmed still holds when it is read. Outcomes: `unconfirmed`, `over`."""
    mine = await signatures.of_person(scene.unit, scene.person.id)
    return Outcome(name="unconfirmed") if any(one.verified is Verified.NO for one in mine) else OVER


async def record(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """After a talk on the line of `case`: `said` is `yes` or `no`, and can be corrected while the line is open.

    Outcomes: `yes`, `no`; `changed`, where what it was about was signed anew, taken back or published; `gone`.
    """
    end = await end_of(scene, inputs["case"], who=inputs["who"])
    if end is None or end.side is not Side.VOLUNTEER or not end.is_talk or not await verifies(scene):
        return Outcome(name="gone")
    said = _SAID[inputs["said"]]
    if not await verifying.record(scene.unit, end.other, said=said):
        return Outcome(name="changed")
    if said is Verified.YES:
        await timers.cancel(scene.unit, Lane(kind=LaneKind.PERSON, id=end.other), [UNCONFIRMED])
    else:
        known = (await people.load(scene.unit, [end.other]))[end.other]
        word = _note(scene, end.other, UNCONFIRMED, zone=known.person.zone)
        await timers.put(scene.unit, [word], now=scene.now)
    scene.counts[f"letter.verified.{said}"] += 1
    return Outcome(name=said.value)


async def step_back(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """A volunteer does not want to be of the letter team. Outcome: `done`."""
    found = await own(scene)
    await volunteers.save(scene.unit, replace(found, needs=found.needs - {Need.VERIFY}))
    await verifying.free(scene.unit, found.id, now=scene.now)
    return Outcome(name="done")


async def _is_asked(scene: Scene) -> bool:
    if scene.person.adult is not True:
        return False
    asked = [
        one
        for one in await signatures.of_person(scene.unit, scene.person.id)
        if one.state is SignatureState.SIGNED and await is_wanted(scene, one) and not one.published
    ]
    return any([await is_current(scene, one) for one in asked])


async def _team(scene: Scene) -> int:
    """How many volunteers can have such a talk."""
    everyone = await volunteers.everyone(scene.unit)
    return sum(one.may_help and Need.VERIFY in one.needs for one in everyone)


def _note(scene: Scene, person_id: int, kind: str, *, zone: str | None) -> Timer:
    """What comes to somebody by day: their own turn looks whether it still means something."""
    due_at = next_allowed(scene.now, zone=zone or scene.zone)
    lane = Lane(kind=LaneKind.PERSON, id=person_id)
    return Timer(lane=lane, kind=kind, due_at=due_at, version=str(scene.unit.ids.random()))


def _letter(scene: Scene, letter_id: str) -> Letter | None:
    found = scene.letters.get(letter_id)
    return found if found and found.is_offered(scene.policy) and scene.keeper else None

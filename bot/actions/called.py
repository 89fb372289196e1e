"""The final call, for somebody who signed: what they are asked, and their fresh yes, or no, to these very words."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.actions.letter import is_current
from bot.actions.publishing import open_call
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.letter import Letter, PublicForm
from bot.model.person import Language
from bot.model.publication import Publication
from bot.model.signature import Signature, SignatureState, Verified
from bot.store import publications, signatures


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A call that is open to somebody."""

    publication: Publication
    letter: Letter
    signature: Signature


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """What this person is asked at the call of `publication`, or at one that is open to them where none is named.

    Outcomes: `asked`, or `counted` who has no name in it; `confirmed`; `gentle`, who is asked nothing in the week after
    a hard moment; `unconfirmed`, where the letter team could not confirm it; `over`. All but the last with `form`.
    """
    call = await _open(scene, inputs)
    if call is None:
        return Outcome(name="over")
    values = {
        "subject": str(call.publication.id),
        "letter": call.letter.id,
        "title": call.letter.titles[scene.person.language or Language.HEBREW],
        "form": f"form_{call.signature.form}",
        "closes": call.publication.closes_at.isoformat(),
    }
    if call.signature.verified is Verified.NO:
        return Outcome(name="unconfirmed", values=values)
    if call.signature.fresh == call.publication.id:
        return Outcome(name="confirmed", values=values)
    if scene.is_gentle:
        return Outcome(name="gentle", values=values)
    return Outcome(name="counted" if call.signature.form is PublicForm.COUNTED else "asked", values=values)


async def confirm(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """A fresh yes to these very words. Outcomes: `confirmed`; `gentle`, as above; `over`."""
    call = await _open(scene, inputs)
    if call is None:
        return Outcome(name="over")
    if scene.is_gentle:
        return Outcome(name="gentle")
    if not await publications.confirm(scene.unit, call.publication, call.signature.id, now=scene.now):
        return Outcome(name="over")
    scene.counts["letter.fresh"] += 1
    return Outcome(name="confirmed")


async def decline(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """No, not at this publication; a yes that was said to it ends. Outcomes: `declined`, `over`."""
    call = await _open(scene, inputs)
    if call is None:
        return Outcome(name="over")
    await publications.decline(scene.unit, call.signature.id)
    return Outcome(name="declined")


async def _open(scene: Scene, inputs: Mapping[str, str]) -> _Call | None:
    if scene.person.adult is not True:
        return None
    for signed in await signatures.of_person(scene.unit, scene.person.id):
        one = await open_call(scene, signed) if signed.state is SignatureState.SIGNED else None
        if one and inputs["publication"] in ("", str(one.id)) and await is_current(scene, signed):
            return _Call(publication=one, letter=scene.letters[one.letter], signature=signed)
    return None

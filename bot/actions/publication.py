"""How far the publication of a letter is, for organizers: numbers and a hash, no names; calling it off; the file."""

from collections.abc import Mapping
from typing import Final

from bot.actions import note
from bot.actions.publishing import bundle, lane_of, load, words_of
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.audit import Act, Thing
from bot.model.bundle import bundle_hash
from bot.model.letter import Letter, PublicForm
from bot.model.person import Language
from bot.model.publication import CLOSING, Stage
from bot.store import publications, timers

SHORT: Final = 8


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """How far the letter after `letter` is, in a circle. Outcomes: `idle`, `calling`, `closed`, `stale`, `none`."""
    letter = _next(scene, inputs["letter"])
    if letter is None:
        return Outcome(name="none")
    one = await publications.running(scene.unit, letter.id)
    if one and one.text != letter.fingerprint:
        return Outcome(name="stale", values=_titled(scene, letter) | {"publication": str(one.id)})
    if one is None:
        there = await publications.signed(scene.unit, letter.id, letter.fingerprint)
        return Outcome(name="idle", values=_titled(scene, letter) | _counted(there))
    asked = await publications.asked(scene.unit, one)
    said_yes = [answer.form for answer in asked.values() if answer.is_fresh]
    values = _titled(scene, letter) | _counted({form: said_yes.count(form) for form in PublicForm})
    values |= {"publication": str(one.id), "asked": str(len(asked)), "closes": one.closes_at.isoformat()}
    if one.stage is Stage.CLOSED:
        values["short"] = bundle_hash(await bundle(scene, one, letter=letter))[:SHORT]
    return Outcome(name=one.stage.value, values=values)


async def call_off(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End `publication` unpublished; one organizer is enough for the safe direction. Outcomes: `called_off`, `gone`."""
    one, today = await load(scene, inputs["publication"]), scene.now.date()
    if one is None or not await publications.move(scene.unit, one, Stage.CALLED_OFF, today=today):
        return Outcome(name="gone")
    await note.act(scene, Act.CALL_OFF, thing=Thing.LETTER)
    await timers.cancel(scene.unit, lane_of(one), [CLOSING])
    await publications.tell(scene.unit, one, flow="called_off", now=scene.now)
    return Outcome(name="called_off")


async def file(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The file of a published `publication` as it is by now, attached. Outcomes: `file` with `short`, `gone`."""
    one = await load(scene, inputs["publication"])
    letter = None if one is None else words_of(scene, one)
    if one is None or letter is None or one.stage is not Stage.PUBLISHED:
        return Outcome(name="gone")
    await note.act(scene, Act.EXPORT, thing=Thing.LETTER)
    scene.attached = await bundle(scene, one, letter=letter)
    return Outcome(name="file", values={"short": bundle_hash(scene.attached)[:SHORT]})


def _next(scene: Scene, letter_id: str) -> Letter | None:
    there = [one for one in scene.letters.values() if one.is_offered(scene.policy)]
    ids = [one.id for one in there]
    place = ids.index(letter_id) + 1 if letter_id in ids else 0
    return there[place % len(there)] if there and scene.keeper else None


def _titled(scene: Scene, letter: Letter) -> dict[str, str]:
    title = letter.titles[scene.person.language or Language.HEBREW]
    return {"letter": letter.id, "title": title, "version": str(letter.version)}


def _counted(counts: Mapping[PublicForm, int]) -> dict[str, str]:
    return {form.value: str(counts.get(form, 0)) for form in PublicForm}

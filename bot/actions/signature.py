"""The second yes: the name as it will stand, read once, and sealed at the moment it is confirmed.

A name exists in the turn that reads it and on the screen that shows it. Meanwhile all of it is under a key of its own
(`store.drafts`), which is destroyed with the yes, with a no, or within the hour.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.actions.letter import call_off, clear, end_consents, end_talk, is_current, is_open
from bot.actions.scene import Scene
from bot.engine.event import Led, Outcome
from bot.engine.need import LINE
from bot.model.consent import Consent, Method, Purpose
from bot.model.incoming import Text
from bot.model.letter import STANDS, Entry, PublicForm
from bot.model.person import Language
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.signature import Signature, SignatureState, Verified, ready_from
from bot.model.signed_name import NameFault, initialled, read_name
from bot.model.topic import YEAR
from bot.store import consents, drafts, lanes, signatures, timers
from bot.store.sealing import seal

_ENTRY_BYTES: Final = 16


async def ask(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Begin the second yes to `letter`.

    Outcomes: `name`, from here on what is written is under its own key; `counted`, who is asked for none, both with
    the `title`; `early`, `changed`, `closed`.
    """
    one = await _ready(scene, inputs["letter"])
    if isinstance(one, str):
        return Outcome(name=one)
    title = {"title": scene.letters[one.letter].titles[scene.person.language or Language.HEBREW]}
    if one.form is PublicForm.COUNTED:
        return Outcome(name="counted", values=title)
    for other in await signatures.of_person(scene.unit, scene.person.id):
        await drafts.end(scene.unit, other)
    await drafts.begin(scene.unit, one, now=scene.now)
    return Outcome(name="name", values=title)


async def read(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Read what was written as the line of `letter` in `language`, and show every line as it will appear.

    Outcomes: `shown`; `fault` with the name of its words; `gone`, the hour is over; `early`, `changed`, `closed`.
    """
    one = await _ready(scene, inputs["letter"])
    if isinstance(one, str):
        return Outcome(name=one)
    if one.draft is None:
        return Outcome(name="gone")
    heard = scene.heard.happening if scene.heard else None
    name = read_name(heard.text if isinstance(heard, Text) else "")
    if isinstance(name, NameFault):
        return Outcome(name="fault", values={"fault": f"fault_{name}"})
    line = initialled(name) if one.form is PublicForm.INITIAL else name
    he, _ = await drafts.read(scene.unit, one)
    lines = (he, line) if Language(inputs["language"]) is Language.ENGLISH else (line, "")
    if not await drafts.write(scene.unit, one, lines, now=scene.now):
        return Outcome(name="gone")
    scene.draft, scene.attached = one.draft, "\n".join(filter(None, lines)).encode()
    return Outcome(name="shown")


async def give_up(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The name is not confirmed now: it is wiped, the first yes stays. Outcome: `done`."""
    for one in await signatures.of_person(scene.unit, scene.person.id):
        await drafts.end(scene.unit, one)
    await clear(scene)
    return Outcome(name="done")


async def sign(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The second yes to `letter`, in the words of the step `shown`; sealed in this turn.

    Outcomes: `signed` with the `receipt`; `again`, where what stood there before had been published; `gone` where no
    name is there any more; `early`, `changed`, `closed`.
    """
    one = await _ready(scene, inputs["letter"])
    if isinstance(one, str):
        return Outcome(name=one)
    he, en = await drafts.read(scene.unit, one) if one.draft else ("", "")
    if scene.keeper is None or bool(he) is (one.form is PublicForm.COUNTED):
        return Outcome(name="gone")
    entry = Entry(
        id=scene.unit.keyring.entropy(_ENTRY_BYTES).hex(),
        letter=one.letter,
        fingerprint=one.text,
        form=one.form,
        he=he,
        en=en,
    )
    signed = replace(one, entry=entry.id, agreed_on=scene.now.date())
    before = (await signatures.of_letter(scene.unit, scene.person.id, one.letter)).get(SignatureState.SIGNED)
    await signatures.sign(scene.unit, scene.person.id, signed=signed, sealed=seal(scene.keeper, entry))
    await _agree(scene, one.purpose, shown=inputs["shown"])
    await call_off(scene, [one.letter])
    await _tell_yearly(scene)
    if talk := await end_talk(scene, [before] if before else []):
        led = Led(flow=LINE, step="talk_off", answers={"case": str(talk.id), "who": talk.volunteer_name})
        await lanes.to_person(scene.unit, scene.person.id, led, now=scene.now)
    await clear(scene)
    name = "again" if before and before.published else "signed"
    return Outcome(name=name, values={"receipt": await _receipt(scene, one.purpose)})


async def allow(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Who signed `letter` may be asked once more when it has changed. Outcome: `done`."""
    found = await signatures.of_letter(scene.unit, scene.person.id, inputs["letter"])
    if one := found.get(SignatureState.SIGNED):
        await signatures.allow(scene.unit, one)
    return Outcome(name="done")


async def anew(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Let who signed `letter` write the name again, in the form they thought about.

    Outcomes: `name`; `hard`, in the week after a hard moment; `closed`.
    """
    if scene.is_gentle:
        return Outcome(name="hard")
    found = await signatures.of_letter(scene.unit, scene.person.id, inputs["letter"])
    signed = found.get(SignatureState.SIGNED)
    if signed is None or signed.form is PublicForm.COUNTED or signed.verified is Verified.NO:
        return Outcome(name="closed")
    if not await is_current(scene, signed):
        return Outcome(name="closed")
    wish = replace(
        signed, id=scene.unit.ids.random(), state=SignatureState.THINKING, agreed_on=scene.now.date()
    )
    await signatures.think(scene.unit, scene.person.id, wish=wish)
    return Outcome(name="name")


async def _ready(scene: Scene, letter: str) -> Signature | str:
    """The first yes a second one may follow; else why not."""
    one = (await signatures.of_letter(scene.unit, scene.person.id, letter)).get(SignatureState.THINKING)
    if one is None or not is_open(scene, letter) or scene.person.adult is not True:
        return "closed"
    if not await is_current(scene, one):
        return "changed"
    ready = ready_from(one.ready_at, gentle_until=scene.gentle_until)
    return one if scene.now >= ready else "early"


async def _agree(scene: Scene, purpose: Purpose, *, shown: str) -> None:
    """Into the ledger; the other purpose ends unless another letter rests on it."""
    one = Consent(
        purpose=purpose,
        text=scene.texts[shown],
        language=scene.person.language or Language.HEBREW,
        method=Method.BUTTON if scene.pressed else Method.TYPED,
        given_on=scene.now.date(),
    )
    mine = await signatures.of_person(scene.unit, scene.person.id)
    await end_consents(scene, but={each.purpose for each in mine if each.state is SignatureState.SIGNED})
    await consents.give(scene.unit, scene.person.id, given=one)
    scene.counts[f"consent.{purpose}.given"] += 1


async def _tell_yearly(scene: Scene) -> None:
    """Whoever writes nothing for a year is told that it stands, and where it can be taken back."""
    lane = Lane(kind=LaneKind.PERSON, id=scene.person.id)
    timer = Timer(lane=lane, kind=STANDS, due_at=scene.now + YEAR, version=STANDS)
    await timers.put(scene.unit, [timer], now=scene.now)


async def _receipt(scene: Scene, purpose: Purpose) -> str:
    found = await consents.of_person(scene.unit, scene.person.id)
    return next(one.receipt for one in found if one.purpose == purpose and one.withdrawn_on is None)

"""The public letter: which there are, reading one, the first yes with its time to think, and taking back.

What makes a name public is in `signature`. A letter is open only while a public key is set, its file offers it, and the
cards about the risks may be shown.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from bot.actions import case
from bot.actions.card import may_say
from bot.actions.consent import LETTER
from bot.actions.day import today_of
from bot.actions.publishing import open_call
from bot.actions.scene import Scene
from bot.almanac import next_allowed
from bot.engine.event import Outcome
from bot.model.case import HELD, Case, Need
from bot.model.consent import Purpose
from bot.model.letter import STANDS, Letter, LetterStatus, PublicForm
from bot.model.person import Language
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.signature import Signature, SignatureState, Verified, note_of, ready_from, time_to_think
from bot.store import cases, consents, refs, signatures, timers, verifying

_LATELY: Final = timedelta(hours=2)  # longer than a name and its second line can take
RISKS: Final = ("A5", "A45")  # without them nobody can weigh it


def is_open(scene: Scene, letter: str) -> bool:
    """Whether this letter can be joined now, by an adult."""
    found, today = scene.letters.get(letter), today_of(scene)
    if found is None or scene.keeper is None or not found.is_offered(scene.policy):
        return False
    return all(may_say(scene, card, today=today) for card in RISKS)


async def shelf(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The first letter, or the one after `after`, of those that can be joined and those this person has to do with.

    Where a note about one led here, it is that `letter`, and no other is in between. After a hard moment it is only
    those they have to do with.

    Outcomes: `one` or `many` with `letter` and `title`; `hard`, `closed`.
    """
    theirs = {one.letter for one in await signatures.of_person(scene.unit, scene.person.id)}
    ids = [id_ for id_ in scene.letters if id_ in theirs or (is_open(scene, id_) and not scene.is_hard)]
    if not ids:
        return Outcome(name="hard" if scene.is_hard else "closed")
    after, noted = inputs.get("after", ""), inputs.get("letter", "")
    place = ids.index(after) + 1 if after in ids else 0
    id_ = noted if noted in ids else ids[place % len(ids)]
    values = {"letter": id_, "title": scene.letters[id_].titles[_language(scene)]}
    return Outcome(name="many" if len(ids) > 1 and not noted else "one", values=values)


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """How the person stands to `letter`. After a hard moment it offers nobody to join, or to go on with it.

    Outcomes: `hard`, or `hard_thinking` for whoever said a first yes; `open`, or `draft` where its file says so;
    `thinking` until `ready`, then `ready`; `signed`; `changed` where they agreed to other words than there are now;
    `unconfirmed` where the letter team could not confirm it; `called` while a final call asks them, `called_too` where
    they think about a change as well, unless that is looked at `apart`; `wanted` where the letter team would talk with
    them; `published` once it stood in a publication; `closed`.
    """
    id_ = inputs["letter"]
    found = await signatures.of_letter(scene.unit, scene.person.id, id_)
    signed = found.get(SignatureState.SIGNED)
    one = found.get(SignatureState.THINKING) or signed
    if one is None:
        return Outcome(name="hard" if scene.is_hard else _door(scene, id_), values={"page": "0"})
    await signatures.hear(scene.unit, list(found.values()))
    ready = ready_from(one.ready_at, gentle_until=scene.gentle_until)
    title = scene.letters[id_].titles[_language(scene)] if id_ in scene.letters else id_
    values = {"page": "0", "title": title, "form": f"form_{one.form}", "ready": ready.isoformat()}
    if not await is_current(scene, one):
        return Outcome(name="changed", values=values)
    if one.state is SignatureState.SIGNED:
        return Outcome(name=await _signed(scene, one), values=values)
    if scene.is_hard:
        return Outcome(name="hard_thinking", values=values)
    if signed and not inputs.get("apart") and await open_call(scene, signed):
        return Outcome(name="called_too", values=values)
    return Outcome(name="thinking" if scene.now < ready else "ready", values=values)


async def weigh(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Whether somebody is led on to joining, or to changing how they joined, now. Outcomes: `open`, `hard`."""
    return Outcome(name="hard" if scene.is_hard else "open")


async def _signed(scene: Scene, one: Signature) -> str:
    if one.verified is Verified.NO:
        return "unconfirmed"
    if await open_call(scene, one):
        return "called"
    if one.published:
        return "published"
    return "wanted" if await is_wanted(scene, one) else "signed"


async def is_wanted(scene: Scene, one: Signature) -> bool:
    """Whether a talk about it is open to its person: asked, or agreed to and not come about."""
    if one.verified is not Verified.AGREED:
        return one.verified is Verified.ASKED
    return all(each.need is not Need.VERIFY for each in await cases.of_person(scene.unit, scene.person.id))


def _door(scene: Scene, letter: str) -> str:
    if not is_open(scene, letter):
        return "closed"
    return "draft" if scene.letters[letter].status is LetterStatus.DRAFT else "open"


async def is_current(scene: Scene, one: Signature) -> bool:
    """Whether a signature is to the letter, and where it counts also to the question, as they read now."""
    letter = scene.letters.get(one.letter)
    if letter is None or letter.fingerprint != one.text:
        return False
    return one.state is SignatureState.THINKING or await consents.may(
        scene.unit, scene.person.id, one.purpose
    )


async def page(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Show one page of `letter`, counted from `page`. Outcomes: `more`, `last`, `gone`; with `page`, the next one."""
    letter, at = scene.letters.get(inputs["letter"]), int(inputs["page"] or 0)
    pages = _paged(letter, _language(scene)) if letter else ()
    if at >= len(pages):
        return Outcome(name="gone", values={"page": "0"})
    scene.attached = pages[at].encode()
    values = {"page": str(at + 1), "pages": str(len(pages))}
    return Outcome(name="last" if at + 1 == len(pages) else "more", values=values)


def _paged(letter: Letter, language: Language) -> tuple[str, ...]:
    """The pages of a letter, its title above the first."""
    first, *others = letter.pages(language)
    return f"{letter.titles[language]}\n\n{first}", *others


async def think(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The first yes: to standing under `letter` in a `form`, said by whoever is bound as `duty` says.

    Outcomes: `set` with `ready`, when the second one can be said; `hard`, after a hard moment; `closed`.
    """
    id_ = inputs["letter"]
    if scene.is_hard:
        return Outcome(name="hard")
    if not is_open(scene, id_) or scene.person.adult is not True:
        return Outcome(name="closed")
    wish = Signature(
        id=scene.unit.ids.random(),
        letter=id_,
        text=scene.letters[id_].fingerprint,
        form=PublicForm(inputs["form"].removeprefix("form_")),
        state=SignatureState.THINKING,
        ready_at=scene.now + time_to_think(inputs["duty"], had_a_crisis=scene.is_gentle),
        agreed_on=scene.now.date(),
    )
    await signatures.think(scene.unit, scene.person.id, wish=wish)
    note = Timer(
        lane=_lane(scene),
        kind=note_of(id_),
        due_at=next_allowed(wish.ready_at, zone=scene.person.zone or scene.zone),
        version=str(wish.id),
        values={"letter": id_},
    )
    await timers.put(scene.unit, [note], now=scene.now)
    scene.counts["letter.thinking"] += 1
    return Outcome(name="set", values={"ready": wish.ready_at.isoformat(), "duty": ""})


async def drop(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """No to `letter`, before the second yes. Outcomes: `dropped`, or `kept` where an earlier signature stands."""
    found = await signatures.of_letter(scene.unit, scene.person.id, inputs["letter"])
    thinking = found.get(SignatureState.THINKING)
    await signatures.remove(scene.unit, [thinking] if thinking else [])
    if thinking and thinking.draft:
        await clear(scene)
    await call_off(scene, [inputs["letter"]])
    return Outcome(name="kept" if SignatureState.SIGNED in found else "dropped")


async def withdraw(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Take back what was agreed to about `letter`; no `letter`: about every one. Outcomes: `withdrawn`, `absent`.

    `published`, where what is taken back was published before; `talk_ended`, where a line about it has ended with it.
    """
    mine = await signatures.of_person(scene.unit, scene.person.id)
    gone = [one for one in mine if inputs.get("letter") in (None, "", one.letter)]
    await signatures.remove(scene.unit, gone)
    kept = {one.purpose for one in mine if one not in gone and one.state is SignatureState.SIGNED}
    ended = await end_consents(scene, but=kept)
    await call_off(scene, {one.letter for one in gone})
    talk = await end_talk(scene, gone)
    if any(one.published for one in gone):
        return Outcome(name="published")
    if talk:
        return Outcome(name="talk_ended")
    return Outcome(name="withdrawn" if gone or ended else "absent")


async def clear(scene: Scene) -> None:
    """What was said here about a name goes from the chat now, where the platform can: nobody can quote it any more."""
    await refs.hasten(scene.unit, scene.person.id, since=scene.now - _LATELY, now=scene.now)


async def end_consents(scene: Scene, *, but: Collection[Purpose]) -> int:
    """Withdraw what nothing rests on any more; how many."""
    ended = 0
    for purpose in LETTER:
        if purpose not in but and await consents.withdraw(
            scene.unit, scene.person.id, purposes=[purpose], today=scene.now.date()
        ):
            scene.counts[f"consent.{purpose}.withdrawn"] += 1
            ended += 1
    if not but:
        await timers.cancel(scene.unit, _lane(scene), [STANDS])
    return ended


async def call_off(scene: Scene, letters: Collection[str]) -> None:
    """No note comes about these letters; those about others stay."""
    await timers.cancel(scene.unit, _lane(scene), [note_of(letter) for letter in letters])


async def end_talk(scene: Scene, gone: Collection[Signature]) -> Case | None:
    """A talk with the letter team ends with what it was about; it, if there was a line: its volunteer is told."""
    is_about = any(one.verified not in (None, Verified.ASKED) for one in gone)
    if not is_about or await verifying.is_awaited(scene.unit, scene.person.id):
        return None
    open_ = await cases.of_person(scene.unit, scene.person.id)
    await case.end_all(scene, {"need": Need.VERIFY})
    return next((one for one in open_ if one.need is Need.VERIFY and one.state in HELD), None)


def _language(scene: Scene) -> Language:
    return scene.person.language or Language.HEBREW


def _lane(scene: Scene) -> Lane:
    return Lane(kind=LaneKind.PERSON, id=scene.person.id)

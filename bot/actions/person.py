"""What the bot knows of a person: the language and form they chose, the welcome read, and "eighteen or older"."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.actions import checkin, letter, support, topic
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.engine.walk import WAIT
from bot.i18n.zone import zone_named
from bot.model.checkin import LOOK
from bot.model.consent import Purpose, is_begun_by_the_bot
from bot.model.letter import STANDS
from bot.model.person import Form, Language, Role
from bot.model.proposal import UNANSWERED
from bot.model.queue import Lane, LaneKind
from bot.model.signature import TALK, UNCONFIRMED, is_note
from bot.store import consents, signatures, timers

_SAID: Final = {"yes": True, "no": False}
_STOPPED: Final = {(True, True): "both", (True, False): "notes", (False, True): "notices", (False, False): ""}
_STANDING: Final = (WAIT, LOOK, STANDS, TALK, UNCONFIRMED, UNANSWERED)  # timers that stopping cancels
_ADULT: Final = {True: "adult", False: "minor", None: "unknown"}


async def recognise(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Outcomes: `known` to who has read the welcome, `new` to everybody else."""
    return Outcome(name="known" if scene.person.onboarded else "new")


async def language(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Outcomes: the code of the language the person reads, `he` or `en`."""
    return Outcome(name=(scene.person.language or Language.HEBREW).value)


async def speaks(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Outcomes: `known`, or `unknown` where nothing has told yet which language the person reads."""
    return Outcome(name="known" if scene.person.language else "unknown")


async def set_language(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Speak `language` from now on. Outcome: `done`."""
    scene.person = replace(scene.person, language=Language(inputs["language"]))
    return Outcome(name="done")


async def set_form(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Address the person in `form` in Hebrew from now on. Outcome: `done`."""
    scene.person = replace(scene.person, form=Form(inputs["form"]))
    return Outcome(name="done")


async def adult(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Outcomes: what the person said of being eighteen or older, `adult` or `minor`, else `unknown`."""
    return Outcome(name=_ADULT[scene.person.adult])


async def set_adult(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Remember `adult`, `yes` or `no`; anything else forgets it. Outcomes: as of `person.adult`.

    Nobody under eighteen stands under a letter or gets notices: what they agreed to about these is taken back.
    """
    scene.person = replace(scene.person, adult=_SAID.get(inputs["adult"]))
    if scene.person.adult is False:
        await letter.withdraw(scene, {})
        await topic.off_all(scene, {})
    return await adult(scene, inputs)


async def set_zone(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Tell the time by the clocks of `zone`, an IANA name or the city in it. Outcomes: `done`, `unknown`."""
    found = zone_named(inputs["zone"])
    if found is None:
        return Outcome(name="unknown", values={"zone": ""})
    scene.person = replace(scene.person, zone=found)
    return Outcome(name="done", values={"zone": ""})


async def onboarded(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The welcome was read. Outcome: `done`."""
    scene.person = replace(scene.person, onboarded=True)
    return Outcome(name="done")


async def stop(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Everything the bot would have done by itself for this person is called off.

    Outcomes: `done`, or `taken_back` where they had agreed to something the bot begins; that is withdrawn; `notes`
    where notes were set as well, with what there `was`, `notices` where notices came, with those, and `both`; for a
    volunteer `volunteer`, who is asked what becomes of that.
    """
    lane = Lane(kind=LaneKind.PERSON, id=scene.person.id)
    notes = await checkin.cancel_all(scene, {})
    notes_of_letters = filter(is_note, await timers.of_lane(scene.unit, lane))
    await timers.cancel(scene.unit, lane, [*_STANDING, *notes_of_letters])
    await support.hush(scene)
    await signatures.forbid(scene.unit, scene.person.id)
    notices = (await topic.off_all(scene, {})).values["was"]
    ended = [
        one.purpose
        for one in await consents.of_person(scene.unit, scene.person.id)
        if one.withdrawn_on is None and is_begun_by_the_bot(one.purpose)
    ]
    await consents.withdraw(scene.unit, scene.person.id, purposes=ended, today=scene.now.date())
    scene.counts.update(f"consent.{purpose}.withdrawn" for purpose in ended)
    if Role.VOLUNTEER in scene.roles:
        return Outcome(name="volunteer")
    was = notes.values["was"] if Purpose.CHECKIN in ended else ""
    if name := _STOPPED[bool(was), bool(notices)]:
        return Outcome(name=name, values={"was": was, "notices": notices})
    return Outcome(name="taken_back" if ended else "done")

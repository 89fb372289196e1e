"""Consent: agreeing to one purpose, and taking it back. The words that were shown are written down as their hash."""

from collections.abc import Mapping
from typing import Final

from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.consent import NOTICE, Consent, Method, Purpose, Standing, version_of
from bot.model.person import Language
from bot.model.signature import SignatureState
from bot.store import consents, signatures

LETTER: Final = (Purpose.LETTER_NAME, Purpose.LETTER_COUNT)
_ELSEWHERE: Final = (Purpose.CONTACT, Purpose.CONDUCT)
SWITCHES: Final = (Purpose.BUDDY, Purpose.CHECKIN)  # those that /consents shows to everybody
_CHECKED: Final = {
    Standing.GIVEN: "given",
    Standing.CHANGED: "changed",
    Standing.NONE: "absent",
    Standing.WITHDRAWN: "absent",
}


async def give(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The person agreed to `purpose` in the words of the step `shown`. Outcome: `given`."""
    one = Consent(
        purpose=inputs["purpose"],
        text=scene.texts[inputs["shown"]],
        language=scene.person.language or Language.HEBREW,
        method=Method.BUTTON if scene.pressed else Method.TYPED,
        given_on=scene.now.date(),
    )
    await consents.give(scene.unit, scene.person.id, given=one)
    scene.counts[f"consent.{one.purpose}.given"] += 1
    return Outcome(name="given")


async def withdraw(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Take `purpose` back, from this moment on. Outcomes: `withdrawn`, `absent` where it was not given."""
    purpose, today = inputs["purpose"], scene.now.date()
    if not await consents.withdraw(scene.unit, scene.person.id, purposes=[purpose], today=today):
        return Outcome(name="absent")
    scene.counts[f"consent.{purpose}.withdrawn"] += 1
    return Outcome(name="withdrawn")


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """How each purpose that has a switch stands, by its name, the `letter` and the `notices`. Outcome: `seen`."""
    found = await consents.standings(scene.unit, scene.person.id)
    values = {one.value: f"is_{found.get(one, Standing.NONE)}" for one in SWITCHES}
    values["notices"] = f"is_{_of_notices(found)}"
    return Outcome(name="seen", values={**values, "letter": f"is_{await _of_letter(scene, found)}"})


def _of_notices(found: Mapping[str, Standing]) -> Standing:
    """How it stands with notices: whether any kind comes, and if none does whether any was agreed to."""
    those = {standing for purpose, standing in found.items() if purpose.startswith(NOTICE)}
    order = (Standing.GIVEN, Standing.CHANGED, Standing.WITHDRAWN)
    return next((standing for standing in order if standing in those), Standing.NONE)


async def _of_letter(scene: Scene, found: Mapping[str, Standing]) -> str:
    """How it stands with the letter: by name or by number, and before that a first yes."""
    standing = [found[one] for one in LETTER if one in found]
    if live := [one for one in standing if one is not Standing.WITHDRAWN]:
        return live[0].value
    if await signatures.of_person(scene.unit, scene.person.id):
        return SignatureState.THINKING.value
    return standing[0].value if standing else Standing.NONE.value


async def receipt(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The receipt after the one numbered `after`, in a circle: no name, no day.

    Outcomes: `found`, `none`; `contact`, `conduct` and `notice`, which are taken back elsewhere than at the switches.
    """
    live = [one for one in await consents.of_person(scene.unit, scene.person.id) if _has_receipt(one, scene)]
    if not live:
        return Outcome(name="none")
    numbers = [one.receipt for one in live]
    place = numbers.index(inputs["after"]) + 1 if inputs["after"] in numbers else 0
    one = live[place % len(live)]
    is_notice = one.purpose.startswith(NOTICE)
    values = {
        "receipt": one.receipt,
        "purpose": one.purpose if is_notice else f"consent_{one.purpose}",
        "version": version_of(one.text),
        "language": one.language.value,
        "month": one.given_on.replace(day=1).isoformat(),
    }
    name = one.purpose if one.purpose in _ELSEWHERE else "found"
    return Outcome(name="notice" if is_notice else name, values=values)


def _has_receipt(one: Consent, scene: Scene) -> bool:
    """What is in force, and can be named: of a topic that is gone nothing comes any more."""
    is_there = not one.purpose.startswith(NOTICE) or scene.topics.of(one.purpose) is not None
    return one.withdrawn_on is None and is_there


async def check(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Whether `purpose` may be acted on. Outcomes: `given`, `changed` (it was, to older words), `absent`."""
    found = await consents.standing(scene.unit, scene.person.id, inputs["purpose"])
    return Outcome(name=_CHECKED[found])

"""Roles: joining by invitation, and proving once more who one is before something that can't be undone."""

from collections.abc import Mapping
from typing import Final
from unicodedata import decimal

from bot.actions import note
from bot.actions.scene import Scene
from bot.engine.alert import Alert
from bot.engine.event import Outcome
from bot.model.audit import Act, Thing
from bot.store import audit, invites, proof, roles

FORGOTTEN: Final = {"code": ""}  # a code that was looked at does not stay in the session


async def join(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Take the role that `invite` invites to, with a `code` of its secret. Outcomes: `joined`, `wrong`, `gone`."""
    found = await invites.redeem(
        scene.unit, int(inputs["invite"]), code=digits(inputs["code"]), now=scene.now
    )
    if isinstance(found, invites.Refusal):
        return await _refused(scene, found)
    role, enrolment = found
    who, today = scene.person.id, scene.now.date()
    await roles.grant(scene.unit, who, role, today=today)
    await proof.enrol(scene.unit, who, enrolment)
    actor = await audit.alias_of(scene.unit, who)
    await audit.write(scene.unit, actor=actor, act=Act.JOIN, thing=Thing.ORGANIZER, today=today)
    await note.tell(scene, Alert.TEAM)
    return Outcome(name="joined", values=FORGOTTEN)


async def _refused(scene: Scene, refusal: invites.Refusal) -> Outcome:
    """One that was burned looks like one that is gone; organizers are told."""
    if refusal is not invites.Refusal.BURNED:
        return Outcome(name=refusal.value, values=FORGOTTEN)
    await note.tell(scene, Alert.INVITE)
    return Outcome(name="gone", values=FORGOTTEN)


async def step_up(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Prove a fresh `code`; of too many wrong ones the others are told. Outcomes: `proven`, `wrong`, `too_many`."""
    found = await proof.prove(scene.unit, scene.person.id, code=digits(inputs["code"]), now=scene.now)
    if found is proof.Proof.TOO_MANY:
        await note.tell(scene, Alert.CODES, rarely=True)
    return Outcome(name=found.value, values=FORGOTTEN)


async def elevated(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Whether a code was proven a short while ago. Outcomes: `yes`, `no`."""
    is_elevated = await proof.is_elevated(scene.unit, scene.person.id, now=scene.now)
    return Outcome(name="yes" if is_elevated else "no")


def digits(text: str) -> str:
    """The digits of a code, however it was typed."""
    return "".join(str(decimal(letter)) for letter in text if letter.isdecimal())

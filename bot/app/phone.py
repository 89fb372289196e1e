"""Somebody of the team has another phone, and too few organizers are left to say that it is theirs: the machine does.

With two organizers or more a terminal alone confirms nobody, so that nobody with the machine takes a role unseen.
"""

from bot.actions import phone
from bot.actions.scene import Scene
from bot.app.house import opened
from bot.app.invite import ALONE
from bot.app.world import World
from bot.model.audit import CONSOLE, Act
from bot.model.exit import ExpectedError
from bot.model.person import Person, Role
from bot.settings import Settings
from bot.store import audit, roles
from bot.store.roles import Resting
from bot.store.unit import Unit

NOBODY = "Nobody of the team waits for a phone to be confirmed."


class TwoOrganizers(ExpectedError):
    """There are two organizers who can confirm a phone."""

    advice = "One of them writes /phones in the chat, and another one says the second yes."


class NotWaiting(ExpectedError):
    """Nobody of that name waits for a phone to be confirmed."""

    advice = "`bot invite phone` without a name shows who does."


async def waiting_phones(settings: Settings, world: World | None = None) -> list[str]:
    """Who waits, a line each."""
    world = world or World()
    async with opened(settings, world) as db, db.reading() as unit:
        there = await phone.everyone(unit)
    return [f"{one.alias}  {one.role}  since {one.since:%Y-%m-%d %H:%M} UTC" for one in there] or [NOBODY]


async def confirm_phone(settings: Settings, name: str, *, world: World | None = None) -> None:
    """The other phone is theirs. Raises TwoOrganizers, NotWaiting."""
    world = world or World()
    async with opened(settings, world) as db, db.unit() as unit:
        if len(await roles.holders(unit, Role.ORGANIZER)) >= ALONE:
            raise TwoOrganizers
        scene = _scene(unit, world)
        one = next((one for one in await phone.everyone(unit) if one.alias == name), None)
        if one is None:
            raise NotWaiting
        await _confirm(scene, one)
        await unit.commit()


async def _confirm(scene: Scene, one: Resting) -> None:
    thing, today = phone.THINGS[one.role], scene.now.date()
    await audit.write(scene.unit, actor=CONSOLE, act=Act.RESTORE, thing=thing, today=today)
    await phone.let_back(scene, one)


def _scene(unit: Unit, world: World) -> Scene:
    """Of nobody: a terminal is no person."""
    return Scene(unit=unit, person=Person(id=0), addresses=(), now=world.clock.now())

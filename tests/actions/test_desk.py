"""What organizers do, and that nobody else can."""

import pytest

from bot.actions import ACTIONS, desk
from bot.actions.scene import Scene
from bot.model.person import Role
from bot.store import audit, pauses, roles
from tests.store.shelf import NOW

ACTS = ("desk.pause", "desk.seal")


async def _organizer(scene: Scene) -> Scene:
    await roles.grant(scene.unit, scene.person.id, Role.ORGANIZER, today=NOW.date())
    return scene


@pytest.mark.parametrize("role", [None, Role.VOLUNTEER])
@pytest.mark.parametrize("act", ACTS)
async def test_nobody_else_can_do_it(scene: Scene, act: str, role: Role | None) -> None:
    """Even if a flow led there by mistake, the turn fails and nothing is held."""
    if role:
        await roles.grant(scene.unit, scene.person.id, role, today=NOW.date())
    with pytest.raises(LookupError):
        await ACTIONS[act](scene, {})

    assert await pauses.held(scene.unit, pauses.EVERYTHING) is None
    assert await pauses.held(scene.unit, pauses.SEALED) is None


async def test_nobody_else_can_resume(scene: Scene) -> None:
    """Who proved nothing ends no pause."""
    await pauses.hold(scene.unit, pauses.EVERYTHING, reason="organizer")

    assert (await desk.resume(scene, {})).name == "unproven"
    assert await pauses.held(scene.unit, pauses.EVERYTHING)


async def test_pausing_twice_is_one_pause(scene: Scene) -> None:
    """And one act in the audit, under the alias of who did it."""
    await _organizer(scene)
    ends = [(await desk.pause(scene, {})).name for _ in range(2)]
    (entry,) = await audit.entries(scene.unit)

    assert ends == ["paused", "already"]
    assert (entry.act, entry.actor) == ("pause", await audit.alias_of(scene.unit, scene.person.id))


async def test_a_seal_is_on_disk_with_its_act(scene: Scene) -> None:
    """Both or neither."""
    await _organizer(scene)

    assert (await desk.seal(scene, {})).name == "sealed"
    assert await pauses.held(scene.unit, pauses.SEALED) == "organizer"
    assert [entry.act for entry in await audit.entries(scene.unit)] == ["seal"]

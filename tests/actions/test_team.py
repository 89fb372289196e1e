"""The organizers among themselves: who they are to the audit, taking a role back, leaving."""

from datetime import timedelta

import pytest

from bot.actions import ACTIONS, privacy, role, team
from bot.actions.scene import Scene
from bot.engine.alert import Alert, Alerted
from bot.engine.event import Raised
from bot.model.hours import ALWAYS, NEVER
from bot.model.person import Platform, Role
from bot.store import audit, codec, inbox, invites, people, roles, volunteers
from tests.store.shelf import NOW

PEER = "2002"
THIRD = "3003"


@pytest.fixture
async def peer(scene: Scene) -> int:
    """Somebody else who writes to the bot."""
    return (await people.resolve(scene.unit, Platform.TELEGRAM, [PEER], today=NOW.date()))[PEER]


async def _organizers(scene: Scene, *others: int) -> dict[int, str]:
    """What the audit calls them."""
    for one in (scene.person.id, *others):
        await roles.grant(scene.unit, one, Role.ORGANIZER, today=NOW.date())
    scene.roles = frozenset({Role.ORGANIZER})
    return await roles.aliases(scene.unit, Role.ORGANIZER)


async def _told(scene: Scene) -> list[tuple[int, Alert]]:
    """Who gets which note."""
    rows = await inbox.claim(scene.unit, now=NOW, limit=9)
    events = [(row.lane.id, codec.event_from_bytes(row.body or b"")) for row in rows]
    return sorted((who, event.alert) for who, event in events if isinstance(event, Alerted))


async def _acts(scene: Scene) -> list[str]:
    return [f"{one.actor} {one.act} {one.thing}" for one in await audit.entries(scene.unit)]


async def test_an_organizer_sees_the_names_of_the_audit(scene: Scene, peer: int) -> None:
    """Their own and the others'; nothing else says who is who."""
    named = await _organizers(scene, peer)
    await invites.make(scene.unit, Role.ORGANIZER, payload="a" * 26, secret=b"s" * 20, now=NOW)
    seen = await team.look(scene, {})
    await roles.revoke(scene.unit, peer, Role.ORGANIZER)
    alone = await team.look(scene, {})

    assert (seen.name, alone.name) == ("several", "alone")
    assert seen.values == {"me": named[scene.person.id], "others": named[peer], "invites": "1", "tries": "0"}
    assert alone.values["others"] == ""


async def test_somebody_is_found_by_the_name_of_the_audit(scene: Scene, peer: int) -> None:
    """However it is typed; oneself is not somebody else."""
    named = await _organizers(scene, peer)
    ends = [
        await team.find(scene, {"name": typed})
        for typed in (f" {named[peer].upper()}.", named[scene.person.id], "nobody")
    ]

    assert [one.name for one in ends] == ["found", "own", "unknown"]
    assert ends[0].values == {"peer": named[peer]}


async def test_one_organizer_takes_a_role_back_at_once(scene: Scene, peer: int) -> None:
    """The others get a note; whoever lost the role hears that something has changed, and no word of a role."""
    third = (await people.resolve(scene.unit, Platform.TELEGRAM, [THIRD], today=NOW.date()))[THIRD]
    named = await _organizers(scene, peer, third)
    ends = [(await team.revoke(scene, {"peer": named[peer]})).name for _ in range(2)]
    rows = await inbox.claim(scene.unit, now=NOW, limit=9)

    assert ends == ["revoked", "already"]
    assert set(await roles.holders(scene.unit, Role.ORGANIZER)) == {scene.person.id, third}
    assert await _acts(scene) == [f"{named[scene.person.id]} revoke organizer"]
    assert {row.lane.id: codec.event_from_bytes(row.body or b"") for row in rows} == {
        third: Alerted(alert=Alert.TEAM),
        peer: Raised(flow="parted", subject=""),
    }


async def test_a_wrong_code_too_many_is_told_to_the_others_once_an_hour(scene: Scene, peer: int) -> None:
    """A phone in other hands is noticed before a code is guessed."""
    await _organizers(scene, peer)
    ends = [(await role.step_up(scene, {"code": "1"})).name for _ in range(8)]

    assert ends == ["wrong"] * 5 + ["too_many"] * 3
    assert await _told(scene) == [(peer, Alert.CODES)]


async def test_nobody_takes_their_own_role_by_mistake(scene: Scene) -> None:
    """Leaving is another step, with words of its own."""
    named = await _organizers(scene)

    assert (await team.revoke(scene, {"peer": named[scene.person.id]})).name == "already"
    assert await roles.holders(scene.unit, Role.ORGANIZER) == [scene.person.id]


async def test_who_leaves_is_no_organizer_any_more(scene: Scene, peer: int) -> None:
    """It is in the audit under the name they had, and the others get a note."""
    named = await _organizers(scene, peer)

    assert (await team.leave(scene, {})).name == "left"
    assert await roles.holders(scene.unit, Role.ORGANIZER) == [peer]
    assert await _acts(scene) == [f"{named[scene.person.id]} leave organizer"]
    assert await _told(scene) == [(peer, Alert.TEAM)]


@pytest.mark.parametrize("ending", ["revoke", "leave"])
async def test_hours_on_call_are_kept_as_long_as_somebody_organizes(
    scene: Scene, peer: int, ending: str
) -> None:
    """They end with the role, however that ends; those of the others stay."""
    named = await _organizers(scene, peer)
    for one in (scene.person.id, peer):
        await volunteers.set_on_call(scene.unit, one, hours=ALWAYS)
    await (team.leave(scene, {}) if ending == "leave" else team.revoke(scene, {"peer": named[peer]}))
    gone, stays = (scene.person.id, peer) if ending == "leave" else (peer, scene.person.id)

    assert await volunteers.hours_on_call(scene.unit, gone) == NEVER
    assert await volunteers.hours_on_call(scene.unit, stays) == ALWAYS


async def test_an_organizer_who_deletes_everything_leaves_the_team(scene: Scene, peer: int) -> None:
    """The audit knows that a role ended, though not whose."""
    named = await _organizers(scene, peer)
    await privacy.delete(scene, {})

    assert await _acts(scene) == [f"{named[scene.person.id]} leave organizer"]
    assert await _told(scene) == [(peer, Alert.TEAM)]


async def test_an_invitation_that_wrong_codes_end_is_told_to_organizers(scene: Scene, peer: int) -> None:
    """Whoever typed them hears what they would hear of any that is gone."""
    await roles.grant(scene.unit, peer, Role.ORGANIZER, today=NOW.date())
    await invites.make(scene.unit, Role.ORGANIZER, payload="a" * 26, secret=b"s" * 20, now=NOW)
    found = await invites.find(scene.unit, "a" * 26, now=NOW)
    assert found
    ends = [await role.join(scene, {"invite": str(found[0]), "code": "1"}) for _ in range(4)]

    assert [one.name for one in ends] == ["wrong", "wrong", "gone", "gone"]
    assert await _told(scene) == [(peer, Alert.INVITE)]


async def test_wrong_codes_are_counted_while_an_invitation_is_open(scene: Scene) -> None:
    """And one that nobody uses is noticed before it ends."""
    await invites.make(scene.unit, Role.ORGANIZER, payload="a" * 26, secret=b"s" * 20, now=NOW)
    found = await invites.find(scene.unit, "a" * 26, now=NOW)
    assert found
    await role.join(scene, {"invite": str(found[0]), "code": "1"})
    days = (4, 5)

    assert await invites.wrong_codes(scene.unit, now=NOW) == 1
    assert [await invites.are_stale(scene.unit, now=NOW + timedelta(days=one)) for one in days] == [
        False,
        True,
    ]


@pytest.mark.parametrize("act", ["team.look", "team.find", "team.revoke", "team.leave"])
async def test_nobody_else_can_do_any_of_it(scene: Scene, peer: int, act: str) -> None:
    """Even if a flow led there by mistake, the turn fails and everybody keeps their role."""
    await roles.grant(scene.unit, peer, Role.ORGANIZER, today=NOW.date())
    await roles.grant(scene.unit, scene.person.id, Role.VOLUNTEER, today=NOW.date())
    (alias,) = (await roles.aliases(scene.unit, Role.ORGANIZER)).values()
    with pytest.raises(LookupError):
        await ACTIONS[act](scene, {"name": alias, "peer": alias})

    assert await roles.holders(scene.unit, Role.ORGANIZER) == [peer]

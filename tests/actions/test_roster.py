"""What organizers decide about volunteers; each act leaves a line in the audit, and nobody else may."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest

from bot.actions import Action, invitation, roster
from bot.actions.scene import Scene
from bot.engine.event import Raised
from bot.model.case import Need
from bot.model.hours import Quarter, slot
from bot.model.person import Platform, Role
from bot.model.queue import Keep, MessageRef
from bot.model.volunteer import Standing
from bot.store import audit, codec, inbox, invites, memo, people, refs, roles, volunteers
from bot.store.db import Database
from tests.store.shelf import NOW, meet
from tests.volunteer import enlisted


@pytest.fixture
async def scene(db: Database) -> AsyncIterator[Scene]:
    """The turn of an organizer."""
    (known,) = await meet(db, "9")
    async with db.unit() as unit:
        await roles.grant(unit, known.person.id, Role.ORGANIZER, today=NOW.date())
        await unit.commit()
    for number, standing in (("1", Standing.FULL), ("2", Standing.PROBATION)):
        (one,) = await meet(db, number)
        await enlisted(db, one.person.id, now=NOW, standing=standing)
    async with db.unit() as unit:
        given = frozenset({Role.ORGANIZER})
        yield Scene(unit=unit, person=known.person, addresses=known.addresses, now=NOW, roles=given)


async def _alias(scene: Scene, standing: Standing) -> str:
    everyone = await volunteers.everyone(scene.unit)
    who = next(one.id for one in everyone if one.standing is standing)
    return (await roles.alias_of(scene.unit, who, Role.VOLUNTEER)) or ""


async def _acts(scene: Scene) -> list[tuple[str, str]]:
    return [(entry.act, entry.thing) for entry in await audit.entries(scene.unit)]


async def test_the_roster_names_aliases_and_nothing_else(scene: Scene) -> None:
    """By standing, with how many are on duty and how many wait."""
    full, new = [await _alias(scene, one) for one in (Standing.FULL, Standing.PROBATION)]
    shown = (await roster.look(scene, {})).values

    assert shown == {"trusted": full, "new": new, "present": "2", "waiting": "0", "invites": "0"}


async def test_an_invitation_made_in_chat_remembers_who_made_it(scene: Scene) -> None:
    """As a link where the bot's name is known, else as words for the bot."""
    plain = await roster.invite(scene, {})
    await memo.put(scene.unit, f"{invitation.NAME_MEMO}/{scene.unit.bot}", "a_bot")
    linked = await roster.invite(scene, {})
    found = await invites.find(scene.unit, linked.values["link"].partition("=")[2], now=NOW)

    assert found
    assert (plain.name, linked.name, found[1]) == ("payload", "link", Role.VOLUNTEER)
    assert await invites.accept(scene.unit, found[0], now=NOW) == invites.Accepted(made_by=scene.person.id)
    assert await invites.find(scene.unit, plain.values["payload"], now=NOW)
    assert await _acts(scene) == [("invite", "volunteer")] * 2


async def test_probation_is_lifted_once(scene: Scene) -> None:
    """Somebody trusted already, or gone, is not lifted."""
    alias = await _alias(scene, Standing.PROBATION)
    found = await roster.find(scene, {"name": f" {alias.upper()}. "})
    ends = [(await roster.lift(scene, {"alias": one})).name for one in (alias, alias, "nobody")]

    assert (found.name, found.values["alias"]) == ("probation", alias)
    assert ends == ["lifted", "gone", "gone"]
    assert (await roster.find(scene, {"name": alias})).name == "full"
    assert await _acts(scene) == [("lift", "volunteer")]


async def test_verifying_is_given_and_taken(scene: Scene) -> None:
    """To one alias at a time."""
    alias = await _alias(scene, Standing.FULL)
    seen = [(await roster.verify(scene, {"alias": alias})).values["needs"] for _ in range(2)]

    assert [Need.VERIFY in words.split() for words in seen] == [True, False]
    assert (await roster.verify(scene, {"alias": "nobody"})).name == "gone"


async def test_revoking_is_at_once_and_once(scene: Scene) -> None:
    """No role and no row is left."""
    alias = await _alias(scene, Standing.FULL)
    ends = [(await roster.revoke(scene, {"alias": alias})).name for _ in range(2)]

    assert ends == ["revoked", "gone"]
    assert (await roster.find(scene, {"name": alias})).name == "unknown"
    assert len(await volunteers.everyone(scene.unit)) == 1
    assert await _acts(scene) == [("revoke", "volunteer")]


async def test_who_is_revoked_hears_that_something_changed_and_no_word_of_a_role(scene: Scene) -> None:
    """What stands on their lines leaves their chat at once, where it was sensitive."""
    alias = await _alias(scene, Standing.FULL)
    who = await roles.holder_of(scene.unit, alias, Role.VOLUNTEER)
    assert who
    (address,) = (await people.load(scene.unit, [who]))[who].addresses
    said = [
        MessageRef(
            address_id=address.id,
            person_id=who,
            platform=Platform.TELEGRAM,
            message_id=keep.value,
            keep=keep,
            sent_at=NOW - timedelta(hours=1),
        )
        for keep in (Keep.SENSITIVE, Keep.CHAT)
    ]
    await refs.remember(scene.unit, said)
    await roster.revoke(scene, {"alias": alias})
    (row,) = await inbox.claim(scene.unit, now=NOW, limit=9)
    due = await refs.due(scene.unit, now=NOW, chats=9)

    assert (row.lane.id, codec.event_from_bytes(row.body or b"")) == (who, Raised(flow="parted", subject=""))
    assert [one.message_id for one in due.values()] == ["sensitive"]


async def test_an_organizer_sets_their_hours_on_call(scene: Scene) -> None:
    """A press adds, another one takes away."""
    before = (await roster.on_call(scene, {})).values
    inputs = {"days": "0 1", "quarter": "evening"}
    seen = [(await roster.toggle_on_call(scene, inputs)).values["hours"] for _ in range(2)]

    assert before == {"hours": "0"}
    assert seen == [str(slot(0, Quarter.EVENING) | slot(1, Quarter.EVENING)), "0"]


@pytest.mark.parametrize(
    ("act", "inputs"),
    [
        (roster.invite, {}),
        (roster.find, {"name": "x"}),
        (roster.lift, {"alias": "x"}),
        (roster.verify, {"alias": "x"}),
        (roster.revoke, {"alias": "x"}),
        (roster.toggle_on_call, {"days": "0", "quarter": "night"}),
    ],
)
@pytest.mark.parametrize("given", [frozenset(), frozenset({Role.VOLUNTEER})])
async def test_nobody_else_decides_anything(
    db: Database, act: Action, inputs: Mapping[str, str], given: frozenset[Role]
) -> None:
    """Even if a flow were wrong about who may be in it: the turn fails, and nothing is written."""
    (known,) = await meet(db, "1")
    async with db.unit() as unit:
        scene = Scene(unit=unit, person=known.person, addresses=(), now=NOW, roles=given)
        with pytest.raises(LookupError):
            await act(scene, inputs)
        assert await audit.entries(unit) == []
        assert await invites.count_open(unit, Role.VOLUNTEER, now=NOW) == 0

"""What organizers do with flyers; each act that changes something leaves a line in the audit."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import pytest

from bot.actions import flyer, invitation, share
from bot.actions.scene import Scene
from bot.model.flyer import SCANNED, Order
from bot.model.person import Language, Role
from bot.store import audit, counters, flyers, memo, roles
from bot.store.db import Database
from tests.store.shelf import NOW, meet

TODAY: Final = NOW.date()


@pytest.fixture
async def scene(db: Database) -> AsyncIterator[Scene]:
    """The turn of an organizer."""
    (known,) = await meet(db, "9")
    async with db.unit() as unit:
        await roles.grant(unit, known.person.id, Role.ORGANIZER, today=TODAY)
        given = frozenset({Role.ORGANIZER})
        here = known.addresses[0]
        yield Scene(
            unit=unit, person=known.person, addresses=known.addresses, now=NOW, roles=given, here=here
        )


async def _make(scene: Scene, name: str = "Station", *, days: int = 30) -> str:
    return (await flyer.make(scene, {"name": name, "days": str(days)})).values["code"]


async def _named(scene: Scene) -> None:
    await memo.put(scene.unit, f"{invitation.NAME_MEMO}/{scene.unit.bot}", "a_bot")


async def test_one_is_made_under_the_name_it_was_given(scene: Scene) -> None:
    """The name does not stay in the conversation; the act is in the audit."""
    outcome = await flyer.make(scene, {"name": " By   the station ", "days": "30"})
    (made,) = await flyers.everyone(scene.unit)

    assert outcome.values == {"code": made.code, "name": ""}
    assert (made.name, made.ends_on) == ("By the station", TODAY + timedelta(days=30))
    assert [(entry.act, entry.thing) for entry in await audit.entries(scene.unit)] == [("make", "flyer")]


@pytest.mark.parametrize("name", ["", " ", "x" * 41])
async def test_a_name_that_is_none_or_too_long_makes_nothing(scene: Scene, name: str) -> None:
    """It is asked again."""
    assert (await flyer.make(scene, {"name": name, "days": "30"})).name == "unfit"
    assert await flyers.everyone(scene.unit) == []
    assert await audit.entries(scene.unit) == []


async def test_they_are_counted_by_whether_they_are_in_use(scene: Scene) -> None:
    """Without any, that is said."""
    none = await flyer.look(scene, {})
    await _make(scene)
    await flyers.make(scene.unit, "Ended", today=TODAY - timedelta(days=9), ends_on=TODAY)
    some = await flyer.look(scene, {})

    assert (none.name, some.name) == ("none", "some")
    assert (some.values["live"], some.values["ended"]) == ("1", "1")


async def test_they_are_shown_one_after_the_other_and_again(scene: Scene) -> None:
    """With how often each was opened; one that has ended says so."""
    nothing = await flyer.next_one(scene, {"code": ""})
    newer = await _make(scene)
    older = await flyers.make(scene.unit, "Old", today=TODAY - timedelta(days=9), ends_on=TODAY)
    await counters.count(scene.unit, {f"{SCANNED}.{newer}": 7}, today=TODAY)
    seen = [await flyer.next_one(scene, {"code": code}) for code in ("", newer, older.code)]

    assert nothing.name == "none"
    assert [(one.name, one.values["code"]) for one in seen] == [
        ("live", newer),
        ("ended", older.code),
        ("live", newer),
    ]
    assert [one.values["scans"] for one in seen] == ["7", "0", "7"]


async def test_one_in_use_is_drawn_in_the_languages_asked_for(scene: Scene) -> None:
    """With the bot's own name in the link."""
    code = await _make(scene)
    await _named(scene)
    outcome = await flyer.draw(scene, {"code": code, "languages": "he en"})

    assert outcome.name == "drawn"
    assert Order.read(scene.attached or b"") == Order(
        link=f"https://t.me/a_bot?start=f_{code}", languages=(Language.HEBREW, Language.ENGLISH)
    )


async def test_without_the_bots_name_nothing_is_drawn(scene: Scene) -> None:
    """There is no link to print."""
    assert (await flyer.draw(scene, {"code": await _make(scene), "languages": "he"})).name == "unnamed"
    assert scene.attached is None


async def test_where_no_files_can_be_sent_that_is_said(scene: Scene) -> None:
    """Before anything is drawn."""
    code = await _make(scene)
    await _named(scene)
    scene.here = None

    assert (await flyer.draw(scene, {"code": code, "languages": "he"})).name == "no_files"


async def test_one_is_ended_once_and_not_drawn_any_more(scene: Scene) -> None:
    """Pressed twice it is ended once."""
    code = await _make(scene)
    await _named(scene)
    ended = [(await flyer.retire(scene, {"code": code})).name for _ in range(2)]

    assert ended == ["retired", "already"]
    assert (await flyer.draw(scene, {"code": code, "languages": "he"})).name == "gone"
    assert [entry.act for entry in await audit.entries(scene.unit)] == ["make", "retire"]


async def test_what_is_passed_on_names_nobody(scene: Scene) -> None:
    """The link is the bot's own, the same for everybody; without it there is nothing to pass on."""
    unnamed = await share.link(scene, {})
    await _named(scene)
    there = await share.link(scene, {})

    assert (unnamed.name, there.name) == ("unnamed", "there")
    assert scene.attached == b"https://t.me/a_bot"

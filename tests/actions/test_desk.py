"""What organizers do, and that nobody else can."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.actions import ACTIONS, desk
from bot.actions.roster import NOBODY
from bot.actions.scene import Scene
from bot.engine.alert import Alert
from bot.engine.parse import read_book
from bot.model.case import Need
from bot.model.person import Language, Role
from bot.model.proposal import Deed
from bot.model.review import PullReason, Review
from bot.model.volunteer import Standing, Volunteer
from bot.store import alerts, audit, cards, cases, pauses, proposals, roles, volunteers
from tests.cards import a_card, a_review, approved
from tests.store.shelf import NOW

HELPER: Final = Volunteer(
    id=0,
    standing=Standing.FULL,
    languages=frozenset({Language.HEBREW}),
    needs=frozenset(),
    capacity=1,
)
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


def _with_cards(scene: Scene) -> Scene:
    scene.cards = {"A1": a_review(a_card(id="A1")), "lines": a_review(a_card(id="lines", always=True))}
    return scene


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [("A1", "found"), (" a1. ", "found"), ("lines", "fixed"), ("A2", "unknown"), ("", "unknown")],
)
async def test_a_card_is_found_by_its_name(scene: Scene, typed: str, outcome: str) -> None:
    """However it is typed; what always shows can't be pulled."""
    found = await desk.find(_with_cards(scene), {"name": typed})

    assert found.name == outcome
    assert found.values == ({"card": "A1"} if outcome == "found" else {})


async def test_a_card_is_pulled_once_and_audited(scene: Scene) -> None:
    """It is gone from the list then, and the audit does not say which card it was."""
    await _organizer(_with_cards(scene))
    listed = [(await desk.list_cards(scene, {})).values["cards"]]
    ends = [(await desk.pull(scene, {"card": "A1", "reason": "wrong"})).name for _ in range(2)]
    listed.append((await desk.list_cards(scene, {})).values["cards"])
    (pull,) = await cards.pulls(scene.unit)
    (entry,) = await audit.entries(scene.unit)

    assert (ends, listed) == (["pulled", "already"], ["A1", ""])
    assert (pull.card, pull.reason) == ("A1", PullReason.WRONG)
    assert (entry.act, entry.thing) == ("pull", "card")
    assert (await desk.find(scene, {"name": "A1"})).name == "unknown"


async def test_a_card_that_went_with_a_deploy_needs_no_pull(scene: Scene) -> None:
    """Whoever had just looked at it hears that nobody is shown it, and not that something broke."""
    await _organizer(_with_cards(scene))

    assert (await desk.pull(scene, {"card": "A0", "reason": "wrong"})).name == "already"
    assert await cards.pulls(scene.unit) == ()


async def test_nobody_else_can_pull(scene: Scene) -> None:
    """As with every act."""
    with pytest.raises(LookupError):
        await desk.pull(_with_cards(scene), {"card": "A1", "reason": "wrong"})

    assert await cards.pulls(scene.unit) == ()


async def test_a_seal_is_on_disk_with_its_act(scene: Scene) -> None:
    """Both or neither."""
    await _organizer(scene)

    assert (await desk.seal(scene, {})).name == "sealed"
    assert await pauses.held(scene.unit, pauses.SEALED) == "organizer"
    assert [entry.act for entry in await audit.entries(scene.unit)] == ["seal"]


def _signed(name: str, days: int) -> Review:
    """A card that everybody signed, whose time ends in so many days."""
    return approved(
        a_card(id=name, review_by=NOW.date() + timedelta(days=days)), on=NOW.date() - timedelta(days=20)
    )


async def test_nothing_needs_anybody(scene: Scene) -> None:
    """The first screen of a quiet day has no list."""
    assert (await desk.look(scene, {})).name == "quiet"


async def test_the_desk_says_what_was_told(scene: Scene) -> None:
    """By kind, of the last day, the newest first."""
    seen = [await desk.look(scene, {})]
    for alert, hours in ((Alert.KEYS, 25), (Alert.INVITE, 2), (Alert.SWEEP, 1)):
        await alerts.raise_one(scene.unit, alert, now=NOW - timedelta(hours=hours))
    seen.append(await desk.look(scene, {}))

    assert [one.name for one in seen] == ["quiet", "busy"]
    assert [one.values["alerts"] for one in seen] == ["alert_none", "alert_sweep alert_invite"]


async def test_who_waits_needs_somebody(scene: Scene) -> None:
    """How many, and for how long the first of them has."""
    opened = NOW - timedelta(hours=2)
    await cases.open_case(scene.unit, scene.person.id, need=Need.LEGAL, language=Language.HEBREW, now=opened)
    seen = await desk.look(scene, {})

    assert (seen.name, seen.values["waits"], seen.values["age"]) == ("busy", "1", "age_hours")


async def test_a_newcomer_a_second_yes_and_an_old_card_need_somebody(scene: Scene) -> None:
    """Each by itself."""
    scene.cards = {"A1": _signed("A1", -1)}
    await proposals.propose(scene.unit, Deed.ADD_ORGANIZER, proposer="console", now=NOW)
    newcomer = replace(HELPER, id=scene.person.id, standing=Standing.NEWCOMER)
    await volunteers.add(scene.unit, newcomer, today=NOW.date())
    seen = (await desk.look(scene, {})).values

    assert [seen[name] for name in ("newcomers", "proposals", "cards")] == ["1", "1", "1"]


async def test_a_pause_is_on_the_first_screen(scene: Scene) -> None:
    """It needs somebody for as long as it lasts, and the brakes open then."""
    ends = [(await desk.brakes(scene, {})).name]
    await pauses.hold(scene.unit, pauses.EVERYTHING, reason="organizer")
    seen = await desk.look(scene, {})
    ends.append((await desk.brakes(scene, {})).name)

    assert (seen.name, seen.values["state"]) == ("busy", "bot_paused")
    assert ends == ["open", "paused"]


async def test_cards_are_listed_by_what_they_wait_for(scene: Scene) -> None:
    """Past their time, about to be, pulled, and not approved; a pulled one is nothing else beside."""
    ends = {"A1": -1, "A2": 13, "A3": 15, "A4": 13}
    scene.cards = {name: _signed(name, days) for name, days in ends.items()} | {
        "A5": a_review(a_card(id="A5"))
    }
    await cards.pull(scene.unit, "A4", scene.cards["A4"].content, reason=PullReason.LAW, now=NOW)
    seen = (await desk.look_at_cards(scene, {})).values

    assert seen == {"expired": "A1", "due": "A2", "pulled": "A4", "drafts": "1", "doubted": NOBODY}


def test_every_alert_has_a_word_on_the_desk() -> None:
    """Beside the sentence that is sent."""
    phrases = read_book(Path(__file__).parents[2] / "flows").phrases

    assert [one for one in (*Alert, "none") if f"words.alert_{one}" not in phrases] == []

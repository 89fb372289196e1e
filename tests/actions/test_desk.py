"""What organizers do, and that nobody else can."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions import ACTIONS, desk
from bot.actions.scene import Scene
from bot.engine.event import Alert
from bot.engine.parse import read_book
from bot.model.person import Role
from bot.model.review import PullReason
from bot.store import alerts, audit, cards, pauses, roles
from tests.cards import a_card, a_review
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


async def test_the_desk_says_what_was_told(scene: Scene) -> None:
    """By kind, of the last day, the newest first."""
    seen = [(await desk.look(scene, {})).values["alerts"]]
    for alert, hours in ((Alert.KEYS, 25), (Alert.INVITE, 2), (Alert.SWEEP, 1)):
        await alerts.raise_one(scene.unit, alert, now=NOW - timedelta(hours=hours))
    seen.append((await desk.look(scene, {})).values["alerts"])

    assert seen == ["alert_none", "alert_sweep alert_invite"]


def test_every_alert_has_a_word_on_the_desk() -> None:
    """Beside the sentence that is sent."""
    phrases = read_book(Path(__file__).parents[2] / "flows").phrases

    assert [one for one in (*Alert, "none") if f"words.alert_{one}" not in phrases] == []

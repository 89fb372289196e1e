"""What a person can ask about their own data."""

import json
from dataclasses import replace

import pytest

from bot.actions import ACTIONS
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.person import Platform
from bot.store import inbox
from tests.store.shelf import NOW, event


async def test_deleting_is_decided_at_once_and_done_with_the_turn(scene: Scene) -> None:
    """The rows and the key go when the turn is written, after the goodbye is sealed."""
    outcome = await ACTIONS["person.delete"](scene, {})

    assert outcome == Outcome(name="done")
    assert scene.forgotten


async def test_a_chat_is_cleared_with_the_turn(scene: Scene) -> None:
    """What the bot may delete is deleted when the turn is written."""
    scene.here = scene.addresses[0]

    outcome = await ACTIONS["chat.hide"](scene, {})

    assert outcome == Outcome(name="done")
    assert scene.cleared


async def test_on_signal_only_what_the_bot_wrote_is_cleared(scene: Scene) -> None:
    """And it says no more than that."""
    scene.here = replace(scene.addresses[0], platform=Platform.SIGNAL)

    outcome = await ACTIONS["chat.hide"](scene, {})

    assert outcome == Outcome(name="own")
    assert scene.cleared


async def test_where_nothing_can_be_deleted_clearing_says_so(scene: Scene) -> None:
    """No promise where there is no such thing."""
    scene.here = None

    outcome = await ACTIONS["chat.hide"](scene, {})

    assert outcome == Outcome(name="unable")
    assert not scene.cleared


@pytest.mark.parametrize(
    ("platform", "outcome"), [(Platform.TELEGRAM, "file"), (Platform.SIGNAL, "file"), (None, "words")]
)
async def test_what_is_kept_is_collected_for_who_asks(
    scene: Scene, platform: Platform | None, outcome: str
) -> None:
    """In words, and as a file where one can be sent."""
    scene.here = replace(scene.addresses[0], platform=platform) if platform else None
    await inbox.add(scene.unit, [event(scene.person.id, "being asked")], now=NOW)

    found = await ACTIONS["person.collect"](scene, {})

    counts = dict.fromkeys(("messages", "timers", "waiting", "faults"), "0")
    assert found == Outcome(name=outcome, values={"first": "2026-11-24", "last": "2026-11-24", **counts})
    assert scene.attached is not None
    assert json.loads(scene.attached)["addresses"][0]["number"] == "1001"

"""What a person can ask about their own data."""

from bot.actions import ACTIONS
from bot.actions.scene import Scene
from bot.engine.event import Outcome


async def test_deleting_is_decided_at_once_and_done_with_the_turn(scene: Scene) -> None:
    """The rows and the key go when the turn is written, after the goodbye is sealed."""
    outcome = await ACTIONS["person.delete"](scene, {})

    assert outcome == Outcome(name="done")
    assert scene.forgotten

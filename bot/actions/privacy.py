"""What a person can ask about their own data."""

from collections.abc import Mapping

from bot.actions.scene import Scene
from bot.engine.event import Outcome


async def delete(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Every row of the person goes and their key is destroyed; only the goodbye still leaves. Outcome: `done`.

    The key goes last, after the goodbye is sealed under a key of its own: `pipeline.turn` sees to that.
    """
    scene.forgotten = True
    return Outcome(name="done")

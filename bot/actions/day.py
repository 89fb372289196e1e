"""How near a day is that somebody named. Nothing is kept of it."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.appeal import is_near


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """How near `day` (ISO 8601) is. Outcomes: `near` within forty-eight hours, `later`, `passed`."""
    day, today = date.fromisoformat(inputs["day"]), today_of(scene)
    if day < today:
        return Outcome(name="passed")
    return Outcome(name="near" if is_near(day, today=today) else "later")


def today_of(scene: Scene) -> date:
    """The date it is where the person is."""
    return scene.now.astimezone(ZoneInfo(scene.person.zone or scene.zone)).date()

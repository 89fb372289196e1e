"""What a running bot knows of its cards."""

from datetime import timedelta
from pathlib import Path

from bot.app.house import opened
from bot.app.pull import heard
from bot.app.world import World
from bot.store import counters
from tests.app.bots import migrated


async def test_doubts_are_counted_for_a_month(tmp_path: Path) -> None:
    """By card, for nobody in particular; older ones are left out."""
    settings, world = await migrated(tmp_path), World()
    today = world.clock.now().date()
    async with opened(settings, world) as db, db.unit() as unit:
        await counters.count(unit, {"card.A9.wrong": 2}, today=today)
        await counters.count(unit, {"card.A9.wrong": 1}, today=today - timedelta(days=30))
        await counters.count(unit, {"card.A9.wrong": 9}, today=today - timedelta(days=31))
        await unit.commit()

    known = await heard(settings, world)
    assert known.doubts("A9") == ["said to be wrong in the last 30 days: 3"]
    assert known.doubts("A6") == []

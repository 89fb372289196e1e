"""Looking at the audit from a terminal."""

from bot.app.house import opened
from bot.app.world import World
from bot.settings import Settings
from bot.store import audit


async def audited(settings: Settings) -> list[str]:
    """Every privileged act, one a line."""
    async with opened(settings, World()) as db, db.reading() as unit:
        found = await audit.entries(unit)
    return [f"{one.seq} {one.day.isoformat()} {one.actor} {one.act} {one.thing}" for one in found]


async def audit_breach(settings: Settings) -> str | None:
    """Where the chain of acts does not hold; None if it does."""
    async with opened(settings, World()) as db, db.reading() as unit:
        found = await audit.breach(unit)
    return f"Row {found.seq} is {found.how}." if found else None

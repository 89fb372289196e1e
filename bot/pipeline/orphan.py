"""A row in the lane of somebody who is gone: deleted, or gone on as somebody else in the very moment in which it came.

Who receives it in one worker cannot see what a turn in another one is about to commit. Called by process.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.model.person import Platform
from bot.pipeline.reading import Reading
from bot.ports import Transport
from bot.store import lanes, strangers
from bot.store.unit import Unit


async def over(
    unit: Unit, reading: Reading, *, transports: Mapping[Platform, Transport], now: datetime
) -> list[int]:
    """The row, if nothing comes of it: what other turns meant for who is gone goes with them.

    What a person wrote is handed on to who is behind its address by now, be that a stranger.
    """
    row = reading.row
    platform = Platform(row.origin) if reading.incoming else None
    routing_id = transports[platform].envelope(row.body).routing_id if platform and row.body else None
    if platform is None or routing_id is None:
        return [row.id]
    met = await strangers.meet(unit, platform, [routing_id], today=now.date())
    await lanes.hand_on(unit, row.id, to=met.ids[routing_id])
    return []

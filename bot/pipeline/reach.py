"""Who can be reached: noted per address, and a volunteer who blocked the bot everywhere leaves nobody waiting for them.

Called by process (the platform says so) and by deliver (a call met the block).
"""

from collections.abc import Mapping
from datetime import datetime

from bot.model.case import Why
from bot.store import cases, people, volunteers
from bot.store.unit import Unit


async def note(unit: Unit, reachable: Mapping[int, bool], *, now: datetime) -> None:
    """Note which addresses can be reached; whoever a lost volunteer accompanied is offered to others at once."""
    for address_id, is_reachable in reachable.items():
        await people.set_reachable(unit, address_id, reachable=is_reachable)
    lost = [address_id for address_id, is_reachable in reachable.items() if not is_reachable]
    for volunteer_id in await volunteers.out_of_reach(unit, lost):
        await cases.free_all(unit, volunteer_id, why=Why.UNREACHABLE, now=now)

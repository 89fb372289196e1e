"""The lane of a publication: when its call is over it is closed, and everybody who asked or was asked hears so.

Called by process for each row of such a lane. Who said nothing is left out, and is told once.
"""

from collections import Counter
from datetime import datetime

from bot.engine.event import Raised
from bot.model.person import Role
from bot.model.publication import Stage
from bot.store import lanes, publications, roles
from bot.store.unit import Unit


async def close(unit: Unit, publication_id: int, *, now: datetime) -> Counter[str]:
    """The call is over; what to count. One that was called off meanwhile stays so."""
    one = await publications.load(unit, publication_id)
    if (
        one is None
        or one.stage is not Stage.CALLING
        or not await publications.move(unit, one, Stage.CLOSED, today=now.date())
    ):
        return Counter()
    left_out = await publications.tell(unit, one, flow="left_out", now=now, fresh=False)
    desk = Raised(flow="proposed", subject=str(one.id))
    team = await roles.holders(unit, Role.ORGANIZER)
    await lanes.to_people(unit, [(person_id, desk) for person_id in team], now=now)
    return Counter({"letter.left_out": left_out})

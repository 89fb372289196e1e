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
    asked = await publications.asked(unit, one)
    out = [person_id for person_id, (_, is_fresh) in asked.items() if not is_fresh]
    told = Raised(flow="left_out", subject=str(one.id))
    desk = Raised(flow="proposed", subject=str(one.id))
    team = await roles.holders(unit, Role.ORGANIZER)
    events = [(person_id, told) for person_id in out] + [(person_id, desk) for person_id in team]
    await lanes.to_people(unit, events, now=now)
    return Counter({"letter.left_out": len(out)})

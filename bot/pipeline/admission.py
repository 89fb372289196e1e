"""What only the database can say of an event before the engine hears of it: whether a link is an open invitation.

Every payload of that shape is looked up, whether there is an invitation or not: the answer takes as long. The engine
knows no payload.
"""

import re
from datetime import datetime
from typing import Final

from bot.engine.event import Alerted, Carried, Event, Invited, Started, Typed
from bot.engine.need import INVITED
from bot.model.person import Address, Role
from bot.pipeline.relay import answering, arriving
from bot.store import invites
from bot.store.unit import Unit

PAYLOAD: Final = re.compile(r"[A-Za-z2-7]{26}")  # written by hand, it may begin with a capital


async def admitted(
    unit: Unit, event: Event | None, *, who: int, here: Address | None, roles: frozenset[Role], now: datetime
) -> Event | None:
    """`event`, or what it means where it brings an open invitation to somebody who has no such role yet.

    An alert to somebody who is no organizer any more means nothing; words from a line may have come too late for it.
    """
    if isinstance(event, Carried):
        return await arriving(unit, event, who, here=here, now=now)
    if isinstance(event, Typed) and event.reply_to and here:
        return await answering(unit, event, here) or event
    if isinstance(event, Alerted) and Role.ORGANIZER not in roles:
        return None
    if not isinstance(event, Started) or not PAYLOAD.fullmatch(event.payload):
        return event
    found = await invites.find(unit, event.payload.lower(), now=now)
    if found is None or found[1] in roles:
        return event
    return Invited(invite=str(found[0]), flow=INVITED[found[1]])

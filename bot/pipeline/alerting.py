"""How an alert reaches each organizer: a turn of their own, on a platform that works where they have one.

An alert about a platform is said on another. Who has only that one hears of it there, once it works again: then what
was the matter is over, and the words say so.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.engine.alert import Alert, Alerted
from bot.model.person import Address, Role
from bot.store import lanes, roles
from bot.store.people import Known
from bot.store.unit import Unit

THERE: Final[Mapping[Alert, Alert]] = {  # how it is said on the platform itself, where it can be said at all
    Alert.CHALLENGED: Alert.PLATFORM,
    Alert.DEAF: Alert.UNHEARD,
    Alert.AWAY: Alert.UNHEARD,
}


async def tell(unit: Unit, told: Alerted, *, now: datetime) -> None:
    """Let it happen to each organizer."""
    holders = await roles.holders(unit, Role.ORGANIZER)
    await lanes.to_people(unit, [(person_id, told) for person_id in holders], now=now)


def is_about(event: object, address: Address) -> bool:
    """Whether this is where what is wrong is."""
    return isinstance(event, Alerted) and event.about is address.platform


def heard(event: Alerted, known: Known, *, here: Address | None) -> Alerted | None:
    """The alert as it is said here; None to who is no organizer any more, or has been told otherwise.

    That a platform takes messages again, whoever has only that one sees.
    """
    if Role.ORGANIZER not in known.roles:
        return None
    if here is None or event.about is None:
        return event
    if here.platform is not event.about:
        return replace(event, alert=Alert.ELSEWHERE) if event.alert is Alert.PLATFORM else event
    if event.alert is Alert.SOLVED:
        return None
    return replace(event, alert=THERE.get(event.alert, event.alert))

"""What comes in from Signal, or does not: organizers hear of it, and that it is over. Asked by the watch.

What is the matter is known outside (the spooler is another process); here is only what was told of it.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.engine.alert import Alert, Alerted
from bot.model.person import Platform
from bot.pipeline import alerting
from bot.store import alerts
from bot.store.unit import Unit

TROUBLES: Final = (Alert.DEAF, Alert.AWAY, Alert.SPOOLER, Alert.FULL)
KNOWN: Final = timedelta(days=1)  # what was told longer ago nobody waits for any more
OVER: Final = Alerted(alert=Alert.HEARD, about=Platform.SIGNAL)


async def is_over(unit: Unit, found: Alert | None, *, now: datetime) -> bool:
    """Whether it comes in again, and organizers were told that it did not."""
    if found is not Alert.HEARD:
        return False
    return bool(set(TROUBLES) & set(await alerts.kinds_since(unit, now - KNOWN)))


async def put_right(unit: Unit, *, now: datetime) -> None:
    """Tell that it is over; of several workers that notice, one does."""
    told = [await alerts.put_right(unit, alerts.name_of(one, Platform.SIGNAL)) for one in TROUBLES]
    if any(told):
        await alerts.raise_one(unit, alerts.name_of(OVER.alert, OVER.about), now=now, every=timedelta())
        await alerting.tell(unit, OVER, now=now)

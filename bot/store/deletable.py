"""Until when a message can be deleted for everybody, and when a sensitive one is: by its platform. Asked by `refs`."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, bindparam, or_

from bot.model.limit import LIMITS
from bot.model.person import Platform
from bot.model.queue import Keep, MessageRef
from bot.store.moment import to_ms
from bot.store.tables import message_ref
from bot.store.unit import Unit

_CHANCE_BYTES: Final = 6
_MILLISECOND: Final = timedelta(milliseconds=1)

# Those that can still be deleted (see `since`), and those that are as old as a sensitive one that goes (see `aged`).
CAN_GO: Final = or_(
    *(
        and_(message_ref.c.platform == one.value, message_ref.c.sent_at > bindparam(f"since_{one}"))
        for one in Platform
    )
)
AGED: Final = or_(
    *(
        and_(message_ref.c.platform == one.value, message_ref.c.sent_at <= bindparam(f"aged_{one}"))
        for one in Platform
    )
)


def since(now: datetime) -> dict[str, int]:
    """When the oldest messages were sent that can still be deleted, on each platform."""
    return {f"since_{one}": to_ms(now - LIMITS[one].deletable) for one in Platform}


def aged(now: datetime) -> dict[str, int]:
    """When the youngest were sent that go because others of their chat do."""
    return {f"aged_{one}": to_ms(now - LIMITS[one].sensitive) for one in Platform}


def delete_at(unit: Unit, ref: MessageRef) -> datetime | None:
    """When a message goes. Chance decides, so that what is deleted when tells nothing of what was said when."""
    if ref.keep is Keep.HIDDEN:
        return ref.sent_at
    if ref.keep is not Keep.SENSITIVE:
        return None
    limits = LIMITS[ref.platform]
    chance = int.from_bytes(unit.keyring.entropy(_CHANCE_BYTES), "big") % (limits.spread // _MILLISECOND)
    return ref.sent_at + limits.sensitive + chance * _MILLISECOND

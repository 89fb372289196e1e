"""Codes that bring a conversation from another app, in what people write: bare, after the word for it, or in a link.

A code ends in a digit, so that hardly a word reads like one. Called by `understand`, which knows words, and by
`admission`, which asks the database.
"""

import re
from datetime import datetime
from typing import Final

from bot.engine.event import Event, Invited, Led, Typed
from bot.engine.need import MOVE_IN
from bot.i18n.normal import normalise
from bot.model.person import Address
from bot.store import moves
from bot.store.people import Known
from bot.store.unit import Unit

LINK: Final = "m_"
PAYLOAD: Final = re.compile(rf"{LINK}([a-z2-9]{{7}}[2-9])", re.IGNORECASE)
_WRITTEN: Final = re.compile(r"(?:(.+) )?([a-z2-9]{4}) ?([a-z2-9]{3}[2-9])")


def code_in(text: str) -> tuple[str, str] | None:
    """The words before what may be a code at the end of `text`, and that code. Example: ("move", "abcdefg2")."""
    found = _WRITTEN.fullmatch(normalise(text))
    return (found[1] or "", found[2] + found[3]) if found else None


async def brought(unit: Unit, code: str, *, here: Address, now: datetime) -> Event | None:
    """What a code means that is written `here`; None for a wrong one."""
    found = await moves.find(unit, code.upper(), by=here.person_id, here=here.platform, now=now)
    return None if found is None else Invited(invite=str(found), flow=MOVE_IN)


async def typed(unit: Unit, event: Typed, *, known: Known, here: Address, now: datetime) -> Event | None:
    """What a bare code means; a wrong one is called that where it looks like one, and no words are asked for."""
    found = code_in(event.text)
    if found is None or found[0]:
        return None
    right = await brought(unit, found[1], here=here, now=now)
    screen = known.session.screen if known.session else None
    is_meant = "-" in event.text and not (screen and screen.asks)
    return right or (refused() if is_meant else None)


def refused() -> Event:
    """What a wrong code leads to, where it cannot be meant as anything else."""
    return Led(flow=MOVE_IN, step="wrong")

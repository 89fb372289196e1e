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
_COPIED: Final = re.compile(r"(?<![\w-])(?=\S*[a-z])([a-z2-9]{4})-([a-z2-9]{3}[2-9])(?![\w-])", re.IGNORECASE)


def code_in(text: str) -> tuple[str, str] | None:
    """The words before what may be a code at the end of `text`, and that code. Example: ("move", "abcdefg2")."""
    found = _WRITTEN.fullmatch(normalise(text))
    return (found[1] or "", found[2] + found[3]) if found else None


async def brought(unit: Unit, code: str, *, here: Address, now: datetime) -> Event | None:
    """What a code means that is written `here`; None for a wrong one."""
    found = await moves.find(unit, code.upper(), by=here.person_id, here=here.platform, now=now)
    return None if found is None else Invited(invite=str(found), flow=MOVE_IN)


async def typed(unit: Unit, event: Typed, *, known: Known, here: Address, now: datetime) -> Event | None:
    """What a code means, bare or amid the words it came with, as whoever copies a message sends it.

    A wrong one is called that where it looks like one, and no words are asked for.
    """
    screen = known.session.screen if known.session else None
    asks = bool(screen and screen.asks)
    code = _bare(event.text) or ("" if asks else _copied(event.text))
    if not code:
        return None
    is_meant = "-" in event.text and not asks and (bool(_bare(event.text)) or code.isupper())
    return await brought(unit, code, here=here, now=now) or (refused() if is_meant else None)


def _bare(text: str) -> str:
    found = code_in(text)
    return found[1] if found and not found[0] else ""


def _copied(text: str) -> str:
    """The code in `text`, if it has one and no more."""
    found = {one[1] + one[2] for one in _COPIED.finditer(text)}
    return found.pop() if len(found) == 1 else ""


def refused() -> Event:
    """What a wrong code leads to, where it cannot be meant as anything else."""
    return Led(flow=MOVE_IN, step="wrong")

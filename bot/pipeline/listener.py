"""Who hears a turn, and what the turn has brought for them beside the words of its flow."""

from dataclasses import dataclass
from datetime import date

from bot.actions.scene import Dated, ShownNotice
from bot.model.chart import Figures
from bot.model.incoming import Press
from bot.model.limit import Limits
from bot.model.person import Platform, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who hears a turn: their voice, their platform and its limits, the press it answers and the last screen's message.

    `renews`: that message is to change in place.
    `pulled` are the contents of cards that may be shown to nobody any more. `figures`, `notice` and `dated` are what an
    action has brought for this turn.
    """

    voice: Voice
    platform: Platform
    limits: Limits
    today: date
    press: Press | None = None
    screen_message: str | None = None
    renews: bool = False
    attached: bytes | None = None
    figures: Figures | None = None
    notice: ShownNotice | None = None
    dated: Dated | None = None
    pulled: frozenset[str] = frozenset()

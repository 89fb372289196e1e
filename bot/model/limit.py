"""The platforms' limits as data; transports and the linter read them, nobody repeats them.

Sources: Telegram's Bot API description 10.0, its bot FAQ, and python-telegram-bot 22.8's constants.
"""

from dataclasses import dataclass
from typing import Final

from bot.model.person import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one message on a platform may hold. Lengths are UTF-16 units unless the name says bytes."""

    text: int
    buttons: int
    callback_bytes: int
    label: int


LIMITS: Final = {
    Platform.TELEGRAM: Limits(text=4096, buttons=100, callback_bytes=64, label=64),
    Platform.SIGNAL: Limits(text=2000, buttons=20, callback_bytes=64, label=64),
}

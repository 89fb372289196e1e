"""Signal's way in: the spooler's folder is read, hushed when the bot is sealed, and asked how long it is silent."""

import logging
from datetime import timedelta
from typing import Final

from bot.app.world import MachineClock
from bot.ports import Clock
from bot.settings import Settings
from bot.spool.folder import Folder
from bot.spool.pair import Pairs
from bot.spool.reader import SpoolListener
from bot.store.keyring import Keyring

LONG: Final = timedelta(days=1)  # of silence, after which organizers hear of it

log = logging.getLogger(__name__)


def listener(settings: Settings, keyring: Keyring, *, clock: Clock) -> SpoolListener:
    """What brings Signal's messages to the inbox."""
    folder = Folder(settings.signal_spool)
    return SpoolListener(folder, Pairs(folder, keyring, clock), clock)


def hush(settings: Settings) -> None:
    """Nobody will read what Signal brings: let Signal keep it. What the spooler has already is sealed, and waits."""
    try:
        Folder(settings.signal_spool).withdraw()
    except OSError as error:
        log.error("spool_not_hushed", extra={"action": "seal", "error": type(error).__name__})


def silence(settings: Settings) -> float | None:
    """Seconds since Signal's daemon last answered the spooler; None if it never did. Files carry the machine's time."""
    beaten = Folder(settings.signal_spool).beaten()
    return MachineClock().now().timestamp() - beaten if beaten is not None else None


def is_deaf(settings: Settings) -> bool:
    """Whether nobody has listened to Signal for so long that somebody has to look."""
    if settings.signal_rpc is None:
        return False
    since = Folder(settings.signal_spool).expected()
    return since is not None and MachineClock().now().timestamp() - since > LONG.total_seconds()

"""Signal's way in: the spooler's folder is read, hushed when the bot is sealed, and asked how long it is silent."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

from bot.app.world import MachineClock
from bot.engine.alert import Alert
from bot.model.finding import Finding
from bot.model.incoming import MediaRef
from bot.model.person import Platform
from bot.pipeline.ground import nowhere
from bot.ports import Clock, Discard
from bot.settings import Settings
from bot.spool.folder import Folder
from bot.spool.pair import Pairs
from bot.spool.reader import SpoolListener
from bot.spool.segment import has_room
from bot.store.keyring import Keyring
from bot.transports.signal.attachments import Attachments

LONG: Final = timedelta(minutes=10)  # of silence, after which organizers hear of it
STALE: Final = 90.0  # seconds without an answer, of which it wants one each quarter of a minute
FILES_FOR: Final = timedelta(hours=1)  # whatever they are
FIRST_SWEEP: Final = 300.0  # seconds after the start: what came while the bot was off is handled first
SWEEP: Final = 60.0  # seconds

log = logging.getLogger(__name__)


def listener(settings: Settings, keyring: Keyring, *, clock: Clock) -> SpoolListener:
    """What brings Signal's messages to the inbox."""
    folder, discard = Folder(settings.signal_spool), None
    if settings.signal_attachments:
        discard = Attachments(settings.signal_attachments).remove
    return SpoolListener(folder, Pairs(folder, keyring, clock), clock, discard=discard)


def discard(settings: Settings) -> Discard:
    """What removes a file that somebody sent on Signal, where the bot may see their folder."""
    if settings.signal_attachments is None:
        return nowhere
    attachments = Attachments(settings.signal_attachments)

    def away(file: MediaRef) -> None:
        if file.source is Platform.SIGNAL:
            attachments.remove(file.file.file_id)

    return away


async def clear_away(settings: Settings, *, first: float = FIRST_SWEEP) -> None:
    """Remove every file older than `FILES_FOR`, again and again until cancelled; files carry the machine's time."""
    if settings.signal_attachments is None:
        return
    attachments, pause = Attachments(settings.signal_attachments), first
    while True:
        await asyncio.sleep(pause)
        pause = SWEEP
        before = (MachineClock().now() - FILES_FOR).timestamp()
        try:
            removed = await asyncio.to_thread(attachments.sweep, before=before)
        except OSError as error:
            log.error("files_not_swept", extra={"action": "signal", "error": type(error).__name__})
        else:
            if removed:
                log.info("swept", extra={"action": "files", "count": removed})


def hush(settings: Settings) -> None:
    """Nobody will read what Signal brings: let Signal keep it. What the spooler has already is sealed, and waits."""
    try:
        Folder(settings.signal_spool).withdraw()
    except OSError as error:
        log.error("spool_not_hushed", extra={"action": "seal", "error": type(error).__name__})


def silence(settings: Settings) -> float | None:
    """Seconds since Signal's daemon last answered the spooler, or since it does not reach Signal; None if it never did.

    Files carry the machine's time.
    """
    folder = Folder(settings.signal_spool)
    known = [moment for moment in (folder.beaten(), folder.away()) if moment is not None]
    return _ago(min(known)) if known else None


def spooler(settings: Settings) -> Finding:
    """Whether one runs, and signal-cli answers it, for `bot doctor`."""
    name, folder = "signal spooler", Folder(settings.signal_spool)
    if not folder.is_written():
        advice = "Start `bot signal spool`, as the bot's user: nothing comes in without it (docs/signal.md)."
        return Finding(name=name, ok=False, detail="none runs", advice=advice)
    if folder.public() is None:
        return Finding(name=name, ok=True, detail="runs, and waits for the key that `bot run` gives it")
    beaten = folder.beaten()
    if beaten is None or _ago(beaten) > STALE:
        advice = "See what is said of signal-cli above, and the spooler's log; start signal-cli again."
        return Finding(name=name, ok=False, detail="runs, and signal-cli does not answer it", advice=advice)
    return Finding(name=name, ok=True, detail="runs, and signal-cli answers it")


def intake(settings: Settings) -> Alert | None:
    """What keeps Signal's messages from coming in for so long that somebody has to look; `HEARD` if nothing does.

    None where nobody here knows: the spooler is on another machine, or has not begun.
    """
    folder = Folder(settings.signal_spool)
    since = folder.expected() if settings.signal_rpc else None
    if since is None:
        return None
    if _ago(since) <= LONG.total_seconds():
        return _of_network(folder.away())
    is_spooled = folder.is_written()
    if not has_room(folder, is_spooled=is_spooled):
        return Alert.FULL
    return Alert.DEAF if is_spooled else Alert.SPOOLER


def _ago(moment: float) -> float:
    return MachineClock().now().timestamp() - moment


def _of_network(away: float | None) -> Alert | None:
    """The same, where signal-cli answers: of its network alone. One that has just gone may be back in a moment."""
    if away is None:
        return Alert.HEARD
    return Alert.AWAY if _ago(away) > LONG.total_seconds() else None

"""What lies on the disk beside the bot for Signal, for `bot doctor`: whose it is, and who else may look into it."""

import os
import stat
from pathlib import Path
from typing import Final

from bot.model.finding import Finding
from bot.settings import Settings
from bot.transports.signal.started import PROCESSES, started

OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
MOUNTS: Final = Path("/proc/mounts")
IN_MEMORY: Final = ("tmpfs", "ramfs")


def check(settings: Settings, *, mounts: Path = MOUNTS, processes: Path = PROCESSES) -> tuple[Finding, ...]:
    """Look at the spool's folder, signal-cli's own, and that of the files people send. Never raises."""
    start = started(settings.signal_rpc or "", processes=processes)
    found = [_spool(settings.signal_spool)]
    if start and start.folder:
        found.append(_account(start.folder))
    if start is None or not start.has("--ignore-attachments"):
        found.append(_attachments(settings.signal_attachments, mounts))
    return tuple(found)


def _spool(folder: Path) -> Finding:
    """Both processes have to write there, nobody else may read."""
    name, setting = "signal spool", "BOT_SIGNAL_SPOOL"
    if (mode := _mode(folder)) is None:
        return Finding(name=name, ok=True, detail="not there yet; `bot signal spool` or `bot run` makes it")
    if mode and not stat.S_ISDIR(mode):
        return Finding(name=name, ok=False, detail="not a folder", advice=f"Name another one as {setting}.")
    if mode & OTHERS:
        return Finding(
            name=name, ok=False, detail=_rights(mode), advice=f"chmod 0700, the folder of {setting}."
        )
    if not _is_ours(folder):
        advice = f"Run the bot and the spooler as one user: the owner of the folder of {setting}."
        return Finding(name=name, ok=False, detail="somebody else's", advice=advice)
    return Finding(name=name, ok=True, detail="closed to others")


def _account(folder: Path) -> Finding:
    """The account itself, and everybody who ever wrote: for its own user alone."""
    name, mode = "signal account folder", _mode(folder)
    if mode is None or not mode & OTHERS:
        return Finding(name=name, ok=True, detail="closed to others")
    return Finding(name=name, ok=False, detail=_rights(mode), advice="chmod 0700, the folder of `--config`.")


def _attachments(folder: Path | None, mounts: Path) -> Finding:
    name, setting = "signal attachments", "BOT_SIGNAL_ATTACHMENTS"
    if folder is None:
        advice = f"Name the folder as {setting}: signal-cli never removes what people send (docs/signal.md)."
        return Finding(name=name, ok=False, detail="nobody removes them", advice=advice)
    if not stat.S_ISDIR(_mode(folder) or 0):
        advice = f"{setting} has to be the folder itself, and the bot has to see it."
        return Finding(name=name, ok=False, detail="there is no such folder", advice=advice)
    if not _is_ours(folder):
        advice = f"Let the bot's group write into the folder of {setting} (docs/signal.md)."
        return Finding(name=name, ok=False, detail="the bot can't remove anything there", advice=advice)
    if (kind := _file_system(folder, mounts)) not in IN_MEMORY:
        advice = (
            "Put the folder into memory, as docs/signal.md shows: what is removed from a disk stays there."
        )
        return Finding(name=name, ok=False, detail=f"on {kind or 'a disk, most likely'}", advice=advice)
    return Finding(name=name, ok=True, detail="in memory, removed once handled")


def _mode(path: Path) -> int | None:
    """Kind and rights of what is there, itself and not what a link leads to; None: nothing, 0: it is hidden."""
    try:
        return path.lstat().st_mode
    except PermissionError:
        return 0
    except OSError:
        return None


def _is_ours(folder: Path) -> bool:
    """Whether this user may look, write and remove there."""
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=True)


def _rights(mode: int) -> str:
    return f"open to others ({stat.S_IMODE(mode):04o})"


def _file_system(folder: Path, mounts: Path) -> str:
    """The kind of the file system that a folder is on, by the longest mount above it; "" where nobody says."""
    place, found = folder.resolve(), ("", "")
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return ""
    for _, at, kind, *_ in lines:
        if place.is_relative_to(at) and len(at) >= len(found[0]):
            found = at, kind
    return found[1]

"""The files that signal-cli puts down and never removes: removed here, once the bot is done with them.

Only a plain file in the one folder is ever touched, by its name there: no link is followed, nothing above or below is
reached. What cannot be removed is told by the kind of error, never by a name.
"""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import orjson

from bot.model.incoming import Media
from bot.model.limit import is_carried
from bot.transports.signal.envelope import read

DEEPEST: Final = 20  # levels of a line in which a file may be named; a real one has six

log = logging.getLogger(__name__)


class Attachments:
    """The folder of BOT_SIGNAL_ATTACHMENTS."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def remove(self, name: str) -> bool:
        """Remove the file that goes by this id; whether there was one. Never raises."""
        try:
            with _opened(self._folder) as place:
                return _removed(place, name)
        except FileNotFoundError:  # it makes its folder with the first file
            return False
        except OSError as error:
            log.warning("file_not_removed", extra={"action": "signal", "error": type(error).__name__})
            return False

    def sweep(self, *, before: float) -> int:
        """Remove what was put down before a moment (seconds since 1970); how many. Raises OSError."""
        removed = 0
        with _opened(self._folder) as place, os.scandir(place) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # somebody else was faster
                    is_late = entry.stat(follow_symlinks=False).st_mtime < before
                    removed += is_late and _removed(place, entry.name)
        return removed


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """The folder itself, as it is now: whatever is put in its place meanwhile is not touched."""
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield place
    finally:
        os.close(place)


def _removed(place: int, name: str) -> bool:
    if "/" in name or "\0" in name or name in ("", ".", ".."):
        return False
    with suppress(FileNotFoundError):
        if stat.S_ISREG(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=place)
            return True
    return False


def leftovers(raw: bytes) -> list[str]:
    """The files of a line that nobody will ask for: all but the photo or voice message that can be passed on."""
    try:
        happening = read(raw).happening
    except ValueError:
        return []
    file = happening.file if isinstance(happening, Media) else None
    wanted = file.file_id if file and is_carried(file) else None
    return [name for name in _named(orjson.loads(raw)) if name != wanted]


def _named(part: object, depth: int = 0) -> Iterator[str]:
    """Every file that is named anywhere: beside the words, in what is quoted, in the preview of a link."""
    if depth > DEEPEST:
        return
    match part:
        case {"contentType": str(), "id": str(name)}:
            yield name
        case _:
            pass
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for one in inner:
        yield from _named(one, depth + 1)

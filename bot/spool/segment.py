"""The spooler's pen: sealed lines appended to one segment after the other.

A line is with the system when `append` returns, so that no death of this process loses it, and on the disk after the
next `sync`, so that no loss of power does. A segment is short-lived: it is whole after seconds, or as soon as the bot
gives another key, and the bot deletes it once it has read it. Called by `writer`, under its lock.
"""

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.spool.box import Seal
from bot.spool.folder import KEYS, Folder, Public, Segment

LARGEST: Final = 4 * 2**20  # bytes of one segment
LONGEST: Final = 5.0  # seconds from a segment's first line to its end
BALLAST: Final = 2**20  # bytes kept free for what is on its way when the disk is full
_BALLAST_FILE: Final = "ballast"


class NoKey(Exception):
    """The bot has given no key to seal to."""


def has_room(folder: Folder, *, is_spooled: bool) -> bool:
    """Whether there is room for what comes. A spooler gives its ballast up when there is none, and gets it back."""
    try:
        found = os.statvfs(folder.path)
    except OSError:
        return False
    is_tight = is_spooled and not (folder.path / _BALLAST_FILE).exists()
    return found.f_bavail * found.f_frsize >= BALLAST and not is_tight


@dataclass(slots=True, kw_only=True, eq=False)
class _Sheet:
    """The segment that is written, and under which key."""

    segment: Segment
    handle: int
    seal: Seal
    publication: tuple[int, int] | None
    began: float
    size: int = 0


class Pen:
    """Appends. `append` and `turn` belong to the event loop, `sync` to one thread beside it."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._sheet: _Sheet | None = None
        self._full: list[_Sheet] = []
        self._syncing = threading.Lock()  # a thread that nobody waits for any more may still be at it
        self.is_dirty = False

    def begin(self) -> None:
        """What a crash left open is whole now. Raises OSError."""
        for left in self._folder.segments():
            if left.is_open:
                self._folder.file(left).rename(self._folder.file(replace(left, is_open=False)))
        self.keep_room()

    def keep_room(self) -> None:
        """Have room for what may be on its way when the disk is full. Raises OSError."""
        file = self._folder.path / _BALLAST_FILE
        if not file.exists() or file.stat().st_size < BALLAST:
            self._folder.put(_BALLAST_FILE, bytes(BALLAST), durable=True)

    def make_room(self) -> None:
        """Give the room back that was kept free."""
        (self._folder.path / _BALLAST_FILE).unlink(missing_ok=True)

    def append(self, raws: Sequence[bytes]) -> None:
        """Write lines down, all or none. Raises OSError, NoKey."""
        sheet = self._sheet
        if sheet is None or sheet.size >= LARGEST or sheet.publication != self._folder.publication():
            sheet = self._turned()
        lines = b"".join([sheet.seal.sealed(raw) + b"\n" for raw in raws])
        _write(sheet, lines)
        self.is_dirty = True

    def turn(self) -> None:
        """End the segment if it has lasted long enough, or the bot has given another key."""
        sheet = self._sheet
        if sheet and (
            time.monotonic() - sheet.began >= LONGEST or sheet.publication != self._folder.publication()
        ):
            self.end()

    def end(self) -> None:
        """End the segment; it is whole after the next `sync`."""
        if self._sheet:
            self._full.append(self._sheet)
            self._sheet, self.is_dirty = None, True

    def sync(self) -> None:
        """All that was appended before is on the disk. Raises OSError; then the same is tried the next time."""
        with self._syncing:
            self.is_dirty = False
            try:
                self._sync()
            except OSError:
                self.is_dirty = True
                raise

    def _sync(self) -> None:
        if sheet := self._sheet:  # only here is a file closed, so that it is open still
            os.fsync(sheet.handle)
        while self._full:
            self._finish(self._full[0])
            del self._full[0]

    def _finish(self, sheet: _Sheet) -> None:
        os.fsync(sheet.handle)
        whole = replace(sheet.segment, is_open=False)
        self._folder.file(sheet.segment).rename(self._folder.file(whole))
        self._folder.sync()
        os.close(sheet.handle)

    def _turned(self) -> _Sheet:
        """A new segment under the newest key; between reading the key and making the file the bot gives no other."""
        self.end()
        with self._folder.locked(KEYS):
            publication, public = self._folder.publication(), self._folder.public()
            if public is None:
                raise NoKey
            sheet = self._begun(public, publication)
        self._sheet = sheet
        return sheet

    def _begun(self, public: Public, publication: tuple[int, int] | None) -> _Sheet:
        last = max((one.number for one in self._folder.segments()), default=0)
        segment = Segment(number=max(time.time_ns(), last + 1), key=public.name, is_open=True)
        handle = os.open(self._folder.file(segment), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        return _Sheet(
            segment=segment,
            handle=handle,
            seal=Seal(public.key),
            publication=publication,
            began=time.monotonic(),
        )


def _write(sheet: _Sheet, lines: bytes) -> None:
    """All of it or nothing: half a line would hide the one behind it."""
    done = 0
    try:
        while done < len(lines):
            done += os.write(sheet.handle, lines[done:])
    except OSError:
        os.ftruncate(sheet.handle, sheet.size)
        os.lseek(sheet.handle, sheet.size, os.SEEK_SET)
        raise
    sheet.size += len(lines)

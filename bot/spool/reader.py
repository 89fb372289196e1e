"""Takes what the spooler has written into the inbox, and only then lets go of it.

How far it is stands in a file of its own, written after `ingest` has returned: a crash in between brings the same lines
again, and the inbox holds each once. What cannot be opened goes into the inbox as it is, where nobody can read it
either: so it is counted, organizers are alerted, and the file is kept aside for a week.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.model.kept import DataClass
from bot.model.person import Platform
from bot.model.retention import lifetime
from bot.ports import Clock, Ingest
from bot.spool.box import PrivateHalf, Unreadable
from bot.spool.folder import ASIDE, READ, READER, WHOLE, Folder, Segment
from bot.spool.pair import Pairs
from bot.store.errors import StoreError
from bot.transports.signal.attachments import leftovers
from bot.transports.signal.parts import parts

LOOK: Final = 0.1  # seconds between two looks at the folder
PAUSE: Final = 1.0  # seconds after an error
OTHERS: Final = 2.0  # seconds until the next try, while another process reads this folder
MOST: Final = 100  # lines at once
MOST_BYTES: Final = 2**20
ASIDE_FOR: Final = lifetime(DataClass.SPOOL)
LOOK_ASIDE: Final = timedelta(hours=1)
LOST: Final = "lost"  # the ending of what needs a key that is not there
BROKEN: Final = "broken"  # of what no key opens

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Some lines of a segment, without their ends; `end` is the place behind them, `is_last` that no more will come."""

    lines: tuple[bytes, ...]
    end: int
    is_last: bool


class SpoolListener:
    """`ports.Listener` over a folder that `writer` fills. `discard` gets the files of a line that nobody will want."""

    def __init__(
        self,
        folder: Folder,
        pairs: Pairs,
        clock: Clock,
        *,
        discard: Callable[[str], object] | None = None,
    ) -> None:
        self._folder = folder
        self._pairs = pairs
        self._clock = clock
        self._discard = discard
        self._places: dict[int, int] = {}
        self._look_aside_at: datetime | None = None

    async def listen(self, ingest: Ingest) -> None:
        """Read until cancelled, as the one process that reads this folder."""
        self._folder.make()
        while True:
            with self._folder.held(READER) as ours:
                if ours:
                    await self._read_on(ingest)
            await asyncio.sleep(OTHERS)

    async def _read_on(self, ingest: Ingest) -> None:
        is_prepared = False
        while True:
            pause = LOOK
            try:
                if not is_prepared:
                    await self.prepare()
                    is_prepared = True
                while await self.once(ingest):  # noqa: ASYNC110 - another process writes, and tells nobody
                    await asyncio.sleep(0)
            # A loop of the pipeline: whatever fails, the lines stay where they are and are read again.
            except Exception as error:  # noqa: BLE001
                log.error("spool_failed", extra={"action": "spool", "error": type(error).__name__})
                pause = PAUSE
            await asyncio.sleep(pause)

    async def prepare(self) -> None:
        """Before the first look: keys, how far an earlier process came, another try at what a missing key put aside."""
        self._folder.make()
        self._places = _places(self._folder)
        await self._look_through_aside()  # first: a key that nothing needs is destroyed
        await self._pairs.prepare()

    async def once(self, ingest: Ingest) -> bool:
        """One portion of the oldest segment that has something; whether there may be more at once."""
        await self._pairs.renew()
        if self._look_aside_at and self._clock.now() >= self._look_aside_at:
            await self._look_through_aside()
        for segment in self._folder.segments():
            at = self._places.get(segment.number, 0)
            try:
                portion = read(self._folder.file(segment), at, is_open=segment.is_open)
            except FileNotFoundError:  # it became whole in this moment
                return True
            if portion.lines:
                await self._take(segment, portion.lines, ingest)
                self._keep_place(segment, portion.end)
            if portion.is_last:
                await self._let_go(segment)
            if portion.lines or portion.is_last:
                return True
        return False

    async def _take(self, segment: Segment, lines: Sequence[bytes], ingest: Ingest) -> None:
        half = await self._pairs.half(segment.key)
        raws, broken = [], []
        for line in lines:
            try:
                raws.append(_opened(line, half))
            except Unreadable:
                raws.append(line)
                broken.append(line)
        await self._bring(segment, lines, raws, ingest)
        if broken:
            self._put_aside(segment, broken, ending=LOST if half is None else BROKEN)

    async def _bring(
        self, segment: Segment, lines: Sequence[bytes], raws: Sequence[bytes], ingest: Ingest
    ) -> None:
        """Store them; one that the inbox will not have must not stand before all the others for ever."""
        whole = [part for raw in raws for part in parts(raw)]
        try:
            await ingest(Platform.SIGNAL, whole)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - a defect: which line is at fault is found by asking for each
            log.error("spool_refused", extra={"action": "spool", "error": type(error).__name__})
            if len(raws) > 1:
                for line, raw in zip(lines, raws, strict=True):
                    await self._bring(segment, [line], [raw], ingest)
                return
            await ingest(Platform.SIGNAL, lines)
            self._put_aside(segment, lines, ending=BROKEN)
        else:
            self._let_go_of_files(whole)

    def _let_go_of_files(self, raws: Sequence[bytes]) -> None:
        if self._discard:
            for name in (name for raw in raws for name in leftovers(raw)):
                self._discard(name)

    async def _let_go(self, segment: Segment) -> None:
        self._folder.file(segment).unlink(missing_ok=True)
        self._places.pop(segment.number, None)
        await self._pairs.drained(segment.key)

    def _keep_place(self, segment: Segment, place: int) -> None:
        self._places[segment.number] = place
        written = "".join(f"{number} {at}\n" for number, at in self._places.items())
        self._folder.put(READ, written.encode())

    def _put_aside(self, segment: Segment, lines: Sequence[bytes], *, ending: str) -> None:
        log.error("spool_unreadable", extra={"action": "spool", "count": len(lines)})
        file = self._folder.path / ASIDE / f"{segment.number:020d}.{segment.key}.{ending}"
        file.touch(mode=0o600)
        with file.open("ab") as aside:
            aside.writelines(line + b"\n" for line in lines)

    async def _look_through_aside(self) -> None:
        """What a restored key opens is read again; what has lain there for its time goes. Asked for hour by hour."""
        self._look_aside_at = self._clock.now() + LOOK_ASIDE
        for file in sorted((self._folder.path / ASIDE).iterdir()):
            segment = Segment.read(f"{file.stem}.{WHOLE}")
            if segment and file.suffix == f".{LOST}" and await self._pairs.half(segment.key):
                file.rename(self._folder.file(segment))
            elif self._clock.now().timestamp() - file.stat().st_mtime > ASIDE_FOR.total_seconds():
                file.unlink()


def read(file: Path, at: int, *, is_open: bool) -> Portion:
    """The lines from there on, a portion of them. The end of an open file may be half a line: that one waits."""
    lines: list[bytes] = []
    with file.open("rb") as content:
        content.seek(at)
        while len(lines) < MOST and content.tell() - at < MOST_BYTES:
            line = content.readline()
            if not line or (is_open and not line.endswith(b"\n")):
                break
            lines.append(line.rstrip(b"\n"))
            at_end = content.tell()
        end = at_end if lines else at
        is_last = not is_open and not content.read(1)
    return Portion(lines=tuple(line for line in lines if line), end=end, is_last=is_last)


def _opened(line: bytes, half: PrivateHalf | None) -> bytes:
    if half is None:
        raise Unreadable
    return half.opened(line)


def _places(folder: Folder) -> dict[int, int]:
    """How far each segment was read that is still there; a number is never given twice."""
    try:
        written = (folder.path / READ).read_text(encoding="ascii").split()
        known = dict(zip(map(int, written[::2]), map(int, written[1::2]), strict=True))
    except (OSError, ValueError):
        return {}
    return {one.number: known[one.number] for one in folder.segments() if one.number in known}

"""The spool's folder: which files lie in it, and who may touch which.

`public` is the key to seal to, written by the bot; `alive` is touched by the spooler while Signal's daemon answers it,
and `away` is there since that one reaches Signal no more;
a segment `NUMBER.KEY.open` is being written, `NUMBER.KEY.seg` is whole; `read` is how far the bot is; `aside/` holds
what it could not open. Locks are of the system (flock): a process that is killed lets go of them.
"""

import base64
import binascii
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OPEN: Final = "open"
WHOLE: Final = "seg"
PUBLIC: Final = "public"
ALIVE: Final = "alive"
AWAY: Final = "away"
PLACE: Final = "place"
READ: Final = "read"
ASIDE: Final = "aside"
SPOOLER: Final = "spooler.lock"
READER: Final = "reader.lock"
KEYS: Final = "key.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """A public key and its name, by which the bot finds the other half. Example: Public(name="3f9a", key=b"…")."""

    name: str
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Segment:
    """One file of lines under one key; a higher number is younger."""

    number: int
    key: str
    is_open: bool

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.number:020d}.{self.key}.{OPEN if self.is_open else WHOLE}"

    @classmethod
    def read(cls, name: str) -> "Segment | None":
        """The segment whose file has this name; None for any other file."""
        number, _, rest = name.partition(".")
        key, _, state = rest.partition(".")
        if not number.isdecimal() or not key.isalnum() or state not in {OPEN, WHOLE}:
            return None
        return cls(number=int(number), key=key, is_open=state == OPEN)


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder at `path`, and everything in it."""

    path: Path

    def make(self) -> None:
        """Have it, for its owner alone."""
        for path in (self.path, self.path / ASIDE):
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(0o700)

    def segments(self) -> list[Segment]:
        """All of them, oldest first."""
        with os.scandir(self.path) as entries:
            found = [Segment.read(entry.name) for entry in entries]
        return sorted(one for one in found if one)

    def file(self, segment: Segment) -> Path:
        """Where a segment is."""
        return self.path / segment.name

    def public(self) -> Public | None:
        """The key to seal to; None where the bot has not given one yet."""
        try:
            name, _, text = (self.path / PUBLIC).read_text(encoding="ascii").strip().partition(" ")
            key = base64.b64decode(text, validate=True)
        except (OSError, UnicodeDecodeError, binascii.Error):
            return None
        return Public(name=name, key=key) if name.isalnum() and len(key) == 32 else None

    def publish(self, public: Public) -> None:
        """Seal to this key from now on: on return no new segment is begun under another."""
        written = f"{public.name} {base64.b64encode(public.key).decode()}\n".encode()
        with self.locked(KEYS):
            self.put(PUBLIC, written, durable=True)

    def withdraw(self) -> None:
        """Take the key back: the spooler unsubscribes, and Signal keeps what comes."""
        if self.path.is_dir():
            with self.locked(KEYS):
                (self.path / PUBLIC).unlink(missing_ok=True)

    def publication(self) -> tuple[int, int] | None:
        """What changes whenever a key is given; None where there is none."""
        with suppress(OSError):
            found = (self.path / PUBLIC).stat()
            return found.st_ino, found.st_mtime_ns
        return None

    def put(self, name: str, content: bytes, *, durable: bool = False) -> None:
        """Have a file with this content, or what was there before: nothing between."""
        draft = self.path / f"{name}.new"
        try:
            _write(draft, content, durable=durable)
            draft.replace(self.path / name)
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise
        if durable:
            self.sync()

    def sync(self) -> None:
        """The names of the files are on the disk."""
        handle = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def beat(self) -> None:
        """The daemon has answered the spooler just now."""
        handle = os.open(self.path / ALIVE, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.utime(handle)
        finally:
            os.close(handle)

    def beaten(self) -> float | None:
        """When that was last, in seconds since 1970; None if never."""
        with suppress(OSError):
            return (self.path / ALIVE).stat().st_mtime
        return None

    def note_away(self, *, is_so: bool) -> None:
        """Signal's daemon does not reach Signal, from now on if it did before; or does."""
        if not is_so:
            (self.path / AWAY).unlink(missing_ok=True)
        elif self.away() is None:
            self.put(AWAY, b"")

    def away(self) -> float | None:
        """Since when it does not, in seconds since 1970; None if it does, as far as the spooler knows."""
        with suppress(OSError):
            return (self.path / AWAY).stat().st_mtime
        return None

    def expected(self) -> float | None:
        """The same, and where the spooler has never had an answer, when the bot first wanted one."""
        for name in (ALIVE, PLACE):
            with suppress(OSError):
                return (self.path / name).stat().st_mtime
        return None

    def is_written(self) -> bool:
        """Whether a spooler runs. One that starts at this very instant finds the lock taken, and looks again.

        It makes no file: whoever looks may be another user.
        """
        try:
            if not (self.path / SPOOLER).exists():
                return False
            with self.held(SPOOLER) as free:
                return not free
        except OSError:
            return False

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Alone with this lock; waits for whoever has it, which is never for long."""
        with _opened(self.path / name) as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    @contextmanager
    def held(self, name: str) -> Iterator[bool]:
        """Whether this process has the lock while the block lasts; another may have it."""
        with _opened(self.path / name) as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True


def _write(path: Path, content: bytes, *, durable: bool) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        if durable:
            file.flush()
            os.fsync(handle)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)

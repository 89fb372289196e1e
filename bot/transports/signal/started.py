"""How signal-cli was started, read from the table of processes: it tells nobody over its socket. For `check`.

Only what runs on this machine can be seen, and only where the system shows it: in another container, or on a system
without /proc, nothing is known, and that is said.
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

PROCESSES: Final = Path("/proc")
NAMES: Final = ("signal-cli", "org.asamk.signal.Main")
HERE: Final = ("127.0.0.1", "localhost", "::1")
PORT: Final = "localhost:7583"  # where `--tcp` listens if nothing follows it
FOLDER: Final = ("-d", "--data-dir", "-c", "--config")


@dataclass(frozen=True, slots=True)
class Started:
    """The words of its command line."""

    words: tuple[str, ...]

    def has(self, name: str) -> bool:
        """Whether an option was given."""
        return any(word == name or word.startswith(f"{name}=") for word in self.words)

    def value(self, *names: str, default: str) -> str:
        """What was given with an option, as `--name value` or `--name=value`."""
        for word, following in zip(self.words, (*self.words[1:], ""), strict=True):
            name, equals, value = word.partition("=")
            if name in names and (equals or not following.startswith("-")):
                return (value if equals else following) or default
        return default

    @property
    def folder(self) -> Path | None:
        """Where its account lies; None where that was left to it."""
        given = self.value(*FOLDER, default="")
        return Path(given) if given.startswith("/") else None


def started(endpoint: str, *, processes: Path = PROCESSES) -> Started | None:
    """How the one that listens there was started; None where that can't be seen. It may block for a moment."""
    place = urlsplit(endpoint)
    if place.scheme == "unix":
        return _of_process(processes / str(_listening(place.path)))
    if place.hostname not in HERE:
        return None
    found = (one for one in map(_of_process, _all(processes)) if one and _port(one) == place.port)
    return next(found, None)


def _listening(path: str) -> int:
    """The process at the other end of a socket; 0 where there is none that can be seen from here."""
    with suppress(OSError, AttributeError), socket.socket(socket.AF_UNIX) as one:
        one.connect(path)
        pid: int
        pid, _, _ = struct.unpack("3i", one.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return pid
    return 0


def _all(processes: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (one for one in processes.iterdir() if one.name.isdecimal())


def _of_process(process: Path) -> Started | None:
    """Its command line, if it is a signal-cli."""
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return None
    is_one = "daemon" in words and any(name in word for word in words for name in NAMES)
    return Started(tuple(words[:-1])) if is_one else None


def _port(found: Started) -> int | None:
    if not found.has("--tcp"):
        return None
    port = found.value("--tcp", default=PORT).rpartition(":")[2]
    return int(port) if port.isdecimal() else None

"""A PostgreSQL cluster of our own for a test run: made from the machine's binaries, gone afterwards.

It listens on a Unix socket in its own directory only, and never runs as root. Making a database takes a third of a
second, so tests share one and empty it.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NoReturn

import pytest

from tests.lacking import lacking

_HOMES: Final = "/usr/lib/postgresql"
_OTHERS: Final = ("postgres", "nobody")


class Cluster:
    """A running cluster; `url` names one of its databases."""

    def __init__(self, binaries: Path, directory: Path) -> None:
        self._binaries = binaries
        self._directory = directory
        self._serial = 0

    def start(self) -> None:
        """Make the cluster and start it; it does not wait for the disk, nothing in it is worth keeping."""
        self._run("initdb", "-D", "data", "-U", "bot", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        options = f"-c listen_addresses='' -k '{self._directory}' -c fsync=off -c max_connections=50"
        self._run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", options, "start")

    def stop(self) -> None:
        """Stop it at once."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    def create(self) -> str:
        """A new database; its name."""
        self._serial += 1
        name = f"d{self._serial}"
        self._run("createdb", "-h", str(self._directory), "-U", "bot", "-T", "template0", name)
        return name

    def empty(self, name: str, tables: Iterable[str]) -> None:
        """Remove every row."""
        quoted = ", ".join(f'"{table}"' for table in tables)
        self._ask(name, f"TRUNCATE {quoted}")

    def drop(self, name: str) -> None:
        """Remove a database."""
        self._ask("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def kill_connections(self, name: str) -> None:
        """Break every connection to a database, as a restart of the server does."""
        statement = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608
        self._ask("postgres", statement)

    def dump(self, name: str, *, into: Path) -> Path:
        """A database as `pg_dump` writes it."""
        command = [str(self._binaries / "pg_dump"), "-h", str(self._directory), "-U", "bot", name]
        with into.open("wb") as file:
            subprocess.run([*_as_somebody(), *command], check=True, stdout=file, cwd=self._directory)
        return into

    def url(self, name: str) -> str:
        """How the bot reaches a database."""
        return f"postgresql+asyncpg://bot@/{name}?host={self._directory}"

    def _ask(self, name: str, statement: str) -> None:
        self._run("psql", "-h", str(self._directory), "-U", "bot", "-d", name, "-c", statement)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        subprocess.run(
            [*_as_somebody(), *command],
            cwd=self._directory,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C"},
        )


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The run's cluster, started for the first test that asks."""
    directory = Path(tempfile.mkdtemp(prefix="botpg"))
    if os.geteuid() == 0:
        shutil.chown(directory, _other())
    cluster = Cluster(_binaries(), directory)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(directory)


def _binaries() -> Path:
    """Where the newest installed server is."""
    for path in sorted(Path(_HOMES).glob("*/bin/initdb"), reverse=True):
        return path.parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else _none()


def _none() -> NoReturn:
    lacking("PostgreSQL's server binaries")


def _as_somebody() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", _other(), "--"] if os.geteuid() == 0 else []


def _other() -> str:
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in _OTHERS if name in known), _OTHERS[0])

"""What can go wrong in the store, and which of it is nobody's fault.

The docstring of an error is its message and says what to do; what differs is in fields. `trouble_in` is the one
place that knows how SQLite and PostgreSQL spell "busy", "full" and "gone"; the pipeline pauses on its answer.
"""

import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.model.exit import Exit, ExpectedError


class StoreError(Exception):
    """The store could not do what was asked."""

    def __init__(self, **fields: object) -> None:
        told = ", ".join(f"{name}={value}" for name, value in fields.items())
        words = " ".join((type(self).__doc__ or "").split())
        super().__init__(f"{words} ({told})" if told else words)
        self.fields = fields


class Trouble(StrEnum):
    """Why storage does not work at the moment."""

    BUSY = "busy"
    FULL = "full"
    BROKEN = "broken"
    LOST = "lost"
    SEALED = "sealed"  # another process has rotated to a master key this one was not given


class StorageTroubled(StoreError, ExpectedError):
    """The storage itself is in trouble, through no row's fault: wait, and try the same work again."""

    status = Exit.UNAVAILABLE
    advice = "Look whether the database can be reached and has room on its disk."

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble=trouble.value)
        self.trouble = trouble


class NotOpened(StoreError, ExpectedError):
    """The store can't be opened as it is."""

    status = Exit.SETTINGS


class NotMigrated(NotOpened):
    """The database is not at the version this program needs."""

    advice = "Run `bot migrate`."


class BadMasterKey(NotOpened):
    """A master key is 32 bytes in base64, and no two of them are equal."""

    advice = "Make one with `bot keys new`; while rotating, give `new,old`."


class WrongMasterKey(NotOpened):
    """The master key does not open the key file."""

    advice = "Give the key this file was made with; while rotating, `new,old`."


class NoKeyFile(NotOpened):
    """This key file does not belong to this database."""

    advice = "Restore the newest backup of the key file. Without it nothing in the database can be read."


class NoDataFile(NotOpened):
    """The database is new, but this key file belongs to another one."""

    advice = "Set BOT_DATABASE_URL to the database of this key file, or BOT_KEYS_URL to a new file."


class EqualIndexKeys(NotOpened):
    """Two index keys in the key file are equal, so rows of two kinds could be matched with each other."""

    advice = "Restore the newest backup of the key file."


class LooseSettings(NotOpened):
    """SQLite did not take a setting that a promise rests on."""

    advice = "Put the database on a local file system."


class Unopenable(StoreError):
    """A sealed value cannot be opened: its key is gone, or it was moved or changed."""


_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_PROTOCOL: Trouble.BUSY,
    sqlite3.SQLITE_NOMEM: Trouble.FULL,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_IOERR: Trouble.BROKEN,
    sqlite3.SQLITE_CORRUPT: Trouble.BROKEN,
    sqlite3.SQLITE_NOTADB: Trouble.BROKEN,
    sqlite3.SQLITE_READONLY: Trouble.BROKEN,
    sqlite3.SQLITE_CANTOPEN: Trouble.BROKEN,
}

# Longest prefix first; sources: PostgreSQL 15, appendix A.
_POSTGRES: Final = {
    "53": Trouble.FULL,
    "08": Trouble.LOST,
    "57P": Trouble.LOST,
    "58": Trouble.BROKEN,
    "XX": Trouble.BROKEN,
    "40": Trouble.BUSY,
    "55P03": Trouble.BUSY,
    "25006": Trouble.LOST,
}


def trouble_in(error: BaseException) -> Trouble | None:
    """What trouble of the storage an error tells of, or None if the work itself is at fault. Pure."""
    if isinstance(error, PoolTimeout):
        return Trouble.BUSY
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return Trouble.LOST
    for cause in _causes(error):
        trouble = _driver_trouble(cause)
        if trouble is not None:
            return trouble
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and the errors it stands for, from the outside in."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        inner = getattr(seen, "orig", None)
        seen = inner if isinstance(inner, BaseException) else seen.__cause__


def _driver_trouble(error: BaseException) -> Trouble | None:
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _SQLITE.get(code & 0xFF)
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return next((trouble for prefix, trouble in _POSTGRES.items() if state.startswith(prefix)), None)
    if isinstance(error, OSError | EOFError):
        return Trouble.LOST
    words = str(error)
    if "connection is closed" in words or "no active connection" in words or "Connection closed" in words:
        return Trouble.LOST
    return None

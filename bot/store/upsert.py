"""INSERT ... ON CONFLICT for both databases out of one description."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.link import PerDialect


def for_both(table: Table, build: Callable[[Any], Executable]) -> PerDialect:
    """`build` is given each database's own insert into `table`; their ON CONFLICT is spelled alike."""
    return PerDialect(sqlite=build(sqlite.insert(table)), postgresql=build(postgresql.insert(table)))

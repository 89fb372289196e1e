"""What is kept of what Signal brings, before it is anything else: the part of `model.retention` that is about it.

It lies in files, not in a table; `bot.spool.reader` executes its lifetime.
"""

from datetime import timedelta
from typing import Final

from bot.model.kept import DataClass, Group, Kept, Since

SIGNAL: Final = (
    Kept(
        data=DataClass.SPOOL,
        words="retention.spool",
        group=Group.WORDS,
        table="spool",
        since=Since.WRITTEN,
        ttl=timedelta(days=7),
        sooner="the bot reads it",
    ),
)

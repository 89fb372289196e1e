"""What is kept while somebody goes on in another app: the part of `model.retention` that is about that."""

from datetime import timedelta
from typing import Final

from bot.model.kept import DataClass, Group, Kept, Since

MOVE: Final = (
    Kept(
        data=DataClass.MOVE,
        words="retention.move",
        group=Group.PERSON,
        table="move",
        since=Since.WRITTEN,
        ttl=timedelta(hours=1),
        sooner="it is used or thrown away",
    ),
)

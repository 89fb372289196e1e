"""What is kept of letters of support: the part of `model.retention` that is about them."""

from datetime import timedelta
from typing import Final

from bot.model.kept import DataClass, Group, Kept, Since

SUPPORT: Final = (
    Kept(
        data=DataClass.ADDRESSEE,
        words="retention.addressee",
        table="addressee",
        since=Since.CLOSED,
        ttl=timedelta(days=30),
        unless="they can be written to",
    ),
    Kept(
        data=DataClass.SUPPORT_TEXT,
        words="retention.support_text",
        group=Group.WORDS,
        table="support",
        since=Since.WRITTEN,
        ttl=timedelta(days=30),
        sooner="it is printed, returned, refused or taken back, or nobody may be written to under that name",
    ),
    Kept(
        data=DataClass.SUPPORT_FATE,
        words="retention.support_fate",
        group=Group.WORDS,
        table="support",
        since=Since.WRITTEN,
        ttl=timedelta(days=60),
    ),
)

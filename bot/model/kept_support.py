"""What is kept of what people write for others to read in peace: letters of support, and what is wrong with a fact."""

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
    Kept(
        data=DataClass.CARD_DOUBT,
        words="retention.card_doubt",
        group=Group.WORDS,
        table="card_doubt",
        since=Since.WRITTEN,
        ttl=timedelta(days=30),
        sooner="an organizer has looked at it",
    ),
    Kept(
        data=DataClass.WORDS_KEY,
        words="retention.words_key",
        table="wrapped_key",
        since=Since.CREATED,
        ttl=timedelta(days=33),
        sooner="the words are wiped",
    ),
)

"""What is kept of a public letter: the part of `model.retention` that is about it."""

from datetime import timedelta
from typing import Final

from bot.model.kept import DataClass, Group, Kept, Since

LETTER: Final = (
    Kept(
        data=DataClass.THINKING,
        words="retention.thinking",
        group=Group.PERSON,
        table="signature",
        since=Since.CREATED,
        ttl=timedelta(days=14),
        sooner="they say yes or no",
    ),
    Kept(
        data=DataClass.SIGNATURE,
        words="retention.signature",
        group=Group.PERSON,
        table="signature",
        since=Since.CREATED,
        ttl=None,
        sooner="it is withdrawn, or its person is forgotten",
    ),
    Kept(
        data=DataClass.DRAFT,
        words="retention.draft",
        group=Group.WORDS,
        table="signature",
        since=Since.WRITTEN,
        ttl=timedelta(hours=1),
        sooner="it is confirmed, or they say no",
    ),
    Kept(
        data=DataClass.DRAFT_KEY,
        words="retention.draft_key",
        table="wrapped_key",
        since=Since.CREATED,
        ttl=timedelta(hours=48),
        sooner="the name is confirmed or wiped",
    ),
    Kept(
        data=DataClass.PUBLICATION,
        words="retention.publication",
        table="publication",
        since=Since.CREATED,
        ttl=None,
    ),
    Kept(
        data=DataClass.REMOVAL,
        words="retention.removal",
        table="removal",
        since=Since.CREATED,
        ttl=None,
    ),
)

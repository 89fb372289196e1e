"""What is kept of notices: the part of `model.retention` that is about them."""

from datetime import timedelta
from typing import Final

from bot.model.kept import DataClass, Group, Kept, Since

NOTICE: Final = (
    Kept(
        data=DataClass.NOTICE_COPY,
        words="retention.notice_copy",
        group=Group.PERSON,
        table="notice_copy",
        since=Since.CLOSED,
        ttl=timedelta(days=7),
        sooner="its person is forgotten",
    ),
    Kept(
        data=DataClass.NOTICE_ANSWER,
        words="retention.notice_answer",
        group=Group.PERSON,
        table="notice_answer",
        since=Since.CLOSED,
        ttl=timedelta(hours=1),
        sooner="its person is forgotten",
    ),
    Kept(
        data=DataClass.NOTICE_REPLY,
        words="retention.notice_reply",
        table="notice_reply",
        since=Since.CREATED,
        ttl=None,
    ),
    Kept(
        data=DataClass.NOTICE_WORDS,
        words="retention.notice_words",
        table="notice",
        since=Since.CLOSED,
        ttl=timedelta(days=7),
    ),
    Kept(
        data=DataClass.NOTICE_DRAFT,
        words="retention.notice_draft",
        table="notice",
        since=Since.WRITTEN,
        ttl=timedelta(days=14),
        sooner="it is sent or thrown away",
    ),
    Kept(
        data=DataClass.NOTICE,
        words="retention.notice",
        table="notice",
        since=Since.CREATED,
        ttl=None,
    ),
    Kept(
        data=DataClass.NOTICE_AIM,
        words="retention.notice_aim",
        table="notice_purpose",
        since=Since.CREATED,
        ttl=None,
    ),
    Kept(
        data=DataClass.NOTICE_COUNT,
        words="retention.notice_count",
        table="notice_count",
        since=Since.CREATED,
        ttl=None,
    ),
)

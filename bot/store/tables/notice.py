"""Notices, whom they are for, everybody's copy, and what is left of copies that were wiped: counts."""

from sqlalchemy import Column, Index

from bot.store.tables.shape import Big, Blob, Flag, Words, id_column, only_where, table

# content_sealed: under the service key. author: the alias of a role. look_at: when its lane is to be looked at again.
# over_at: when it is past, and what is kept about its copies begins to age. No useless_after: a draft.
# serial: its number in their order, which its code follows from.
notice = table(
    "notice",
    id_column(),
    Column("author", Words, nullable=False),
    Column("stage", Words, nullable=False),
    Column("topic", Words, nullable=False),
    Column("is_emergency", Flag, nullable=False),
    Column("corrects", Big),
    Column("content_sealed", Blob),
    Column("send_at", Big),
    Column("useless_after", Big),
    Column("changed_at", Big, nullable=False),
    Column("look_at", Big),
    Column("ended_at", Big),
    Column("over_at", Big),
    Column("serial", Big),
)
Index("ix_notice_serial", notice.c.serial, unique=True)
Index("ix_notice_look_at", notice.c.look_at, **only_where(notice.c.look_at.is_not(None)))

# reached: the last subject of this purpose that has a copy (of a correction: the last person); is_done: all have.
notice_purpose = table(
    "notice_purpose",
    Column("notice_id", Big, primary_key=True, autoincrement=False),
    Column("purpose", Words, primary_key=True),
    Column("reached", Big, nullable=False),
    Column("is_done", Flag, nullable=False),
)

# due_at: when it may go into the outbox; none once it is there, or has its fate.
notice_copy = table(
    "notice_copy",
    Column("notice_id", Big, primary_key=True, autoincrement=False),
    Column("person_id", Big, primary_key=True, autoincrement=False, index=True),
    Column("fate", Words, nullable=False),
    Column("reason", Words),
    Column("due_at", Big),
)
Index(
    "ix_notice_copy_due",
    notice_copy.c.notice_id,
    notice_copy.c.due_at,
    **only_where(notice_copy.c.due_at.is_not(None)),
)
Index("ix_notice_copy_fate", notice_copy.c.notice_id, notice_copy.c.fate)

# reason: empty where there is none.
notice_count = table(
    "notice_count",
    Column("notice_id", Big, primary_key=True, autoincrement=False),
    Column("fate", Words, primary_key=True),
    Column("reason", Words, primary_key=True),
    Column("copies", Big, nullable=False),
)

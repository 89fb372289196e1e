"""Notices: what they say, whom they are for, everybody's copy, and the outbox rows that refer to them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0018"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, the reference and the indexes."""
    _notice()
    _copies()
    op.add_column("outbox", sa.Column("notice_id", _BIG))
    _index("ix_outbox_notice_id", "outbox", ["notice_id"], "notice_id IS NOT NULL")
    _index("ix_consent_purpose", "consent", ["purpose", "subject"], "withdrawn_on IS NULL")


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_consent_purpose", "consent")
    op.drop_index("ix_outbox_notice_id", "outbox")
    op.drop_column("outbox", "notice_id")
    for name in ("notice_count", "notice_copy", "notice_purpose", "notice"):
        op.drop_table(name)


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("is_emergency", _FLAG, nullable=False),
        sa.Column("corrects", _BIG),
        sa.Column("content_sealed", sa.LargeBinary()),
        sa.Column("send_at", _BIG),
        sa.Column("useless_after", _BIG),
        sa.Column("changed_at", _BIG, nullable=False),
        sa.Column("look_at", _BIG),
        sa.Column("ended_at", _BIG),
        sa.Column("over_at", _BIG),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sqlite_strict=True,
    )
    _index("ix_notice_look_at", "notice", ["look_at"], "look_at IS NOT NULL")
    op.create_table(
        "notice_purpose",
        sa.Column("notice_id", _BIG, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reached", _BIG, nullable=False),
        sa.Column("is_done", _FLAG, nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "purpose", name="pk_notice_purpose"),
        sqlite_strict=True,
    )


def _copies() -> None:
    op.create_table(
        "notice_copy",
        sa.Column("notice_id", _BIG, nullable=False),
        sa.Column("person_id", _BIG, nullable=False),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("due_at", _BIG),
        sa.PrimaryKeyConstraint("notice_id", "person_id", name="pk_notice_copy"),
        sqlite_strict=True,
    )
    op.create_index("ix_notice_copy_person_id", "notice_copy", ["person_id"])
    op.create_index("ix_notice_copy_fate", "notice_copy", ["notice_id", "fate"])
    _index("ix_notice_copy_due", "notice_copy", ["notice_id", "due_at"], "due_at IS NOT NULL")
    op.create_table(
        "notice_count",
        sa.Column("notice_id", _BIG, nullable=False),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("copies", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "fate", "reason", name="pk_notice_count"),
        sqlite_strict=True,
    )


def _index(name: str, table: str, columns: list[str], only: str) -> None:
    where = sa.text(only)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)

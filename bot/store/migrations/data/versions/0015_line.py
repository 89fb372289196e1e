"""The messages of lines as each side has them, and which of them an outbox row carries."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "line_message",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("line", _BIG, nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("person_id", _BIG, nullable=False),
        sa.Column("address_id", _BIG, nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("message_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_line_message"),
        sa.UniqueConstraint("tag", name="uq_line_message_tag"),
        sa.UniqueConstraint("line", "person_id", name="uq_line_message_line_person_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_line_message_person_id", "line_message", ["person_id"])
    op.create_index("ix_line_message_sent_at", "line_message", ["sent_at"])
    op.add_column("outbox", sa.Column("line_id", _BIG))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("outbox", "line_id")
    op.drop_table("line_message")

"""What people said to notices: counts, and each one's own answer for as long as it can be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0023"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "notice_answer",
        sa.Column("notice_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("person_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("until", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "person_id", name="pk_notice_answer"),
    )
    for column in ("person_id", "until"):
        op.create_index(f"ix_notice_answer_{column}", "notice_answer", [column])
    op.create_table(
        "notice_reply",
        sa.Column("notice_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("people", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "answer", name="pk_notice_reply"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("notice_reply")
    op.drop_table("notice_answer")
